"""Bodies with known lumbar angle for fitting and for the error table: a plan of specs, and pictures with their truth.

The plan is a pure function of its seeds; the pictures are made by the renderers whose folder is given: ``render.py`` (tight
clothes, simple rooms) and ``real.py`` (simulated cloth, ten kinds of seats, the faults of real cameras).  Kinds of bodies:
  n native   the renderer's own sampler
  w wide     stretched: turned cameras, far and near, other lenses, buttocks, light, rooms with upright edges
  c chair    sitting, most often before a backrest, furniture of any colour
  b dark     rooms as dark as the clothes
  s slumped  bent forward as real sitters are: far outside the renderer's own sampler
  t turned   up to 25 deg off square, every posture
  k cloth    people in simulated cloth; g: the same with a back that nothing covers; h: the same bent forward as real sitters are,
             r: as one bow, full and old bodies in loose tops; u: standing, or sitting tall, with a hollow back
  l ladder   one body whose lumbar angle alone moves
  f front    webcams on the desk
Fitting and validation use different seeds; neither uses those of the scored pictures (11, 1011, 2011).  The pictures are drawn
kind by kind in equal shares, so that a run that is broken off has some of each.
"""

# ruff: noqa: N803, N806  # capitals: matrices, and the renderer's own argument names
from __future__ import annotations

import argparse
import importlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

Spec = dict[str, Any]
SEEDS = {"fit": 70_001, "val": 80_001, "table": 90_001}  # three families of bodies that never meet


def renderer(folder: Path) -> Any:
    """The renderer's module ``render``, imported from its folder."""
    sys.path.insert(0, str(folder))
    return importlib.import_module("render")


def native(render: Any, seed: int) -> Spec:
    """One body of the renderer's own sampler."""
    rng = np.random.default_rng(seed)
    return render.spec_random(seed, rng, "sitting" if rng.random() < 0.6 else "standing", "fit")


def wide(render: Any, seed: int) -> Spec:
    """A body, camera and room stretched beyond the renderer's own sampler."""
    s = native(render, seed)
    rng = np.random.default_rng(seed + 7)
    zoom = rng.uniform(0.8, 2.2)
    s.update(
        yaw=float(rng.choice([-90, 90]) + rng.uniform(-32, 32)), dist=s["dist"] * zoom, cam_h=float(rng.uniform(0.5, 1.6)),
        hfov=float(rng.uniform(50, 72)), buttocks=float(rng.uniform(-1, 1)), weight=float(rng.uniform(-0.9, 0.95)),
        loose=float(rng.choice([0, rng.uniform(0, 1.2)])), gain=float(rng.choice([1, 0.85, 0.6, 0.35])),
        room=int(rng.integers(3)),
        arm_flex=float(rng.uniform(-15, 75)), elbow=float(rng.uniform(5, 95)),
    )  # fmt: skip
    s["noise"] = 3.0 if s["gain"] > 0.5 else 8.0
    return s


def chair(render: Any, seed: int) -> Spec:
    """A wide body sitting, most often before a backrest, with furniture of any colour: the renderer's own is always dark."""
    s = wide(render, seed)
    rng = np.random.default_rng(seed + 11)
    sitting = render.spec_random(seed, rng, "sitting", "fit")
    s.update(
        {k: sitting[k] for k in ("state", "lumbar_total", "pelvis_tilt", "thoracic_total", "thigh", "shank", "tgt_y", "tgt_z")}
    )
    s.update(chair=str(rng.choice(["back", "back", "stool"])), leg_split=0.0, dist=sitting["dist"] * float(rng.uniform(0.8, 1.6)))
    s.update(furniture=[float(x) for x in rng.uniform(0.05, 0.95) * rng.uniform(0.6, 1.0, 3)])
    return s


def dark(render: Any, seed: int) -> Spec:
    """A wide body in a room whose walls and floor may be as dark as its clothes: darkness behind a back is not yet a chair."""
    s = wide(render, seed) if seed % 2 else chair(render, seed)
    rng = np.random.default_rng(seed + 13)
    s.update(
        wall=float(rng.uniform(0.08, 0.7)),
        floor=float(rng.uniform(0.1, 0.9)),
        gain=float(rng.choice([1.0, 0.85, 0.6])),
        noise=3.0,
    )
    s.update(dist=s["dist"] / 1.3, buttocks=0.5 * s["buttocks"])
    return s


def slumped(render: Any, seed: int) -> Spec:
    """A sitter bent forward, elbows on the knees or hands far out: 3 to 5 standard deviations outside the native bodies."""
    s = native(render, seed)
    rng = np.random.default_rng(seed + 17)
    sitting = render.spec_random(seed, rng, "sitting", "fit")
    s.update({k: sitting[k] for k in ("state", "dist", "cam_h", "tgt_y", "tgt_z", "desk", "leg_split")})
    s.update(
        lumbar_total=float(rng.uniform(-60, 15)), thoracic_total=float(rng.uniform(-65, 0)),
        pelvis_tilt=float(rng.uniform(-22, 30)),
        thigh=float(rng.uniform(72, 96)), shank=float(rng.uniform(-25, 20)), arm_flex=float(rng.uniform(0, 95)),
        elbow=float(rng.uniform(5, 120)), yaw=float(rng.choice([-90, 90]) + rng.uniform(-25, 25)),
        loose=float(rng.choice([0, rng.uniform(0, 1.2)])), hfov=float(rng.uniform(52, 70)), room=int(rng.integers(3)),
        buttocks=float(rng.uniform(-1, 1)), weight=float(rng.uniform(-0.9, 0.95)), chair=str(rng.choice(["stool", "back"])),
    )  # fmt: skip
    s.update(gain=float(rng.choice([1, 0.85, 0.6])), noise=3.0, dist=s["dist"] * float(rng.uniform(0.85, 1.5)))
    s.update(desk=bool(rng.random() < 0.3), furniture=[float(x) for x in rng.uniform(0.05, 0.95) * rng.uniform(0.6, 1.0, 3)])
    return s


def turned(render: Any, seed: int) -> Spec:
    """A wide or slumped body up to 25 deg off square."""
    s = (wide, slumped, wide)[seed % 3](render, seed)
    rng = np.random.default_rng(seed + 19)
    s.update(yaw=float(rng.choice([-90, 90]) + rng.uniform(-25, 25)), gain=max(s["gain"], 0.6), noise=3.0)
    return s


def cloth(seed: int, split: str, **fixed: Any) -> Spec:
    """A person in simulated cloth; ``split`` as the renderer's own: "heldout" has garments, seats and bodies of its own."""
    spec: Spec = importlib.import_module("real").sample(seed % 1000, seed // 1000, split, **fixed)
    if spec["width"] > LARGEST:
        spec.update(width=1280, height=720)
    return spec


def uncovered(seed: int, split: str) -> Spec:
    """A person in cloth whose back most likely is free: no backrest, arms before the trunk, enough light, from the side."""
    rng = np.random.default_rng(seed + 23)
    seat, arms = str(rng.choice(["stool", "stool", "ball"])), str(rng.choice(["desk", "phone", "crossed"]))
    light, gain = (("good", 1.0), ("warm", 1.0), ("dim", 0.6))[int(rng.integers(3))]
    yaw = float(rng.choice([-90, 90]) + rng.uniform(-15, 15))
    spec = cloth(seed, split, light=light, gain=gain, yaw=yaw, arms=arms, hair="short", recline=False, armrests=False)
    spec["chair"] = "none" if spec["state"] == "standing" else seat
    return spec


def hunched(seed: int, split: str) -> Spec:
    """As ``uncovered``, sitting bent forward with a rounded back: cloth lies on a rounded back, where it bridges a hollow one."""
    rng = np.random.default_rng(seed + 29)
    seat, arms = str(rng.choice(["stool", "ball"])), str(rng.choice(["desk", "phone", "crossed", "lap"]))
    light, gain = (("good", 1.0), ("warm", 1.0), ("dim", 0.6))[int(rng.integers(3))]
    lumbar, pelvis = float(rng.uniform(-60, -5)), float(rng.uniform(-22, 22))
    return cloth(
        seed, split, state="sitting", chair=seat, arms=arms, light=light, gain=gain, hair="short", recline=False, armrests=False,
        gap=0.15, yaw=float(rng.choice([-90, 90]) + rng.uniform(-20, 20)), lumbar_total=lumbar, pelvis_tilt=pelvis,
        thoracic_total=float(rng.uniform(-60, -5)), thigh=float(rng.uniform(74, 95)), tgt_y=float(rng.uniform(0.62, 0.78)),
    )  # fmt: skip


def rounded(seed: int, split: str) -> Spec:
    """As ``hunched``, farther: a full or old body in a loose top, the whole back one bow, leaning up to 45 deg forward."""
    rng = np.random.default_rng(seed + 31)
    bow = float(rng.uniform(25, 120))
    share = float(rng.uniform(0.3, 0.65))
    lumbar, thoracic = max(-75.0, -share * bow), max(-75.0, -(1 - share) * bow)
    body = str(rng.choice(["average", "average", "heavy", "heavy", "veryheavy", "muscular", "older", "second", "third"]))
    seat, arms = str(rng.choice(["stool", "ball"])), str(rng.choice(["desk", "phone", "crossed", "lap", "lap"]))
    light, gain = (("good", 1.0), ("warm", 1.0), ("dim", 0.6))[int(rng.integers(3))]
    return cloth(
        seed, split, state="sitting", body=body, chair=seat, arms=arms, light=light, gain=gain, hair="short", recline=False,
        armrests=False, gap=0.15, yaw=float(rng.choice([-90, 90]) + rng.uniform(-20, 20)), lumbar_total=lumbar,
        thoracic_total=thoracic, pelvis_tilt=float(rng.uniform(-20, 5) + rng.uniform(0, 0.5) * bow),
        thigh=float(rng.uniform(70, 98)), looseness=float(rng.uniform(0.7, 1.4)), tgt_y=float(rng.uniform(0.58, 0.75)),
    )  # fmt: skip


def upright(seed: int, split: str) -> Spec:
    """As ``uncovered``, standing or sitting tall with a hollow back: cloth bridges it most, and the other families have few."""
    rng = np.random.default_rng(seed + 37)
    state, arms = str(rng.choice(["standing", "sitting"])), str(rng.choice(["desk", "phone", "crossed", "hang"]))
    light, gain = (("good", 1.0), ("warm", 1.0), ("dim", 0.6))[int(rng.integers(3))]
    low, high, drop, seat = (0, 38, 0, "none") if state == "standing" else (-8, 22, 8, str(rng.choice(["stool", "ball"])))
    lumbar = float(rng.uniform(low, high))
    return cloth(
        seed, split, state=state, chair=seat, arms=arms, light=light, gain=gain, hair="short", recline=False, armrests=False,
        yaw=float(rng.choice([-90, 90]) + rng.uniform(-15, 15)), lumbar_total=lumbar, thigh=float(rng.uniform(*THIGH[state])),
        pelvis_tilt=0.5 * lumbar - drop + float(rng.normal(0, 4)),
    )  # fmt: skip


THIGH = {"standing": (-3, 7), "sitting": (78, 94)}  # deg from hanging down


def ladder(render: Any, seed: int, state: str, values: list[int], kind: str) -> list[Spec]:
    """One body with its lumbar angle moved; ``kind`` as the renderer's two ladders: "dev" tight, "test" loose and pregnant."""
    s = render.spec_random(0, np.random.default_rng(seed), state, "fit")
    dev = kind == "dev"
    s.update(
        yaw=90.0 if dev else -90.0, loose=0.0 if dev else 0.5, gain=1.0, noise=3.0, hairstyle="bob", sex="female",
        chair="stool" if state == "sitting" else "none", desk=state == "sitting", pregnant=0.0 if dev else 0.8,
        head_pitch=5.0, thoracic_total=-8.0, leg_split=0.0, arm_flex=62.0, elbow=55.0,
    )  # fmt: skip
    drop = 6 if state == "sitting" else 0
    return [{**s, "lumbar_total": float(v), "pelvis_tilt": 0.5 * v - drop} for v in values]


def front(render: Any, seed: int) -> Spec:
    """A webcam on the desk before the person, up to 40 deg off the front."""
    rng = np.random.default_rng(seed)
    s = render.spec_random(0, rng, "sitting", "fit")
    eye = 1.17 * (1.0 if s["sex"] == "female" else 1.06)
    s.update(
        hairstyle="short", yaw=float(rng.uniform(-40, 40)), desk=False, chair="stool", hfov=70.0, tgt_y=eye - 0.13, tgt_z=0.05,
        cam_h=eye - 0.02, dist=float(rng.uniform(0.75, 1.5)), lumbar_total=float(rng.uniform(-40, 5)),
    )  # fmt: skip
    return s


def plan(render: Any, family: str) -> dict[str, Spec]:
    """Name -> spec of every picture of a family ("fit" or "val")."""
    base, big = SEEDS[family], family == "fit"
    out: dict[str, Spec] = {}
    for kind, (draw_spec, start, fit, val) in KINDS.items():
        for i in range(fit if big else val):
            out[f"{family}_{kind}{i:03d}"] = draw_spec(render, base + start + i)
    for kind, (worn, family_seed, fit, val) in CLOTHED.items():
        for i in range(fit if big else val):
            split = "dev" if big or i % 2 else "heldout"
            out[f"{family}_{kind}{i:03d}"] = {"cloth": True, **worn(1000 * (base + family_seed) + i, split)}
    for i in range(9 if big else 3):
        values = list(range(-40, 31, 20 if big else 10))
        kind, state = ("dev", "test")[i % 2], ("sitting", "standing")[i // 2 % 2]
        for v, s in zip(values, ladder(render, base + 5000 + i, state, values, kind), strict=True):
            out[f"{family}_l{i:02d}_{v:+03d}"] = s
    for i in range(6):
        out[f"{family}_f{i:02d}"] = front(render, base + 7000 + i)
    return out


def in_equal_shares(specs: dict[str, Spec]) -> list[str]:
    """The names in an order in which every kind of every family is through at the same time."""
    kinds: dict[str, list[str]] = {}
    for name in specs:
        kinds.setdefault(name[:5], []).append(name)
    place = {name: (i / len(names), name) for names in kinds.values() for i, name in enumerate(names)}
    return sorted(specs, key=lambda name: place[name])


# Kind: sampler, first seed, pictures to fit and to check.
KINDS: dict[str, tuple[Callable[[Any, int], Spec], int, int, int]] = {
    "n": (native, 0, 900, 53), "w": (wide, 3000, 260, 24), "c": (chair, 4000, 720, 38), "b": (dark, 6000, 420, 38),
    "s": (slumped, 8000, 460, 39), "t": (turned, 9000, 360, 38),
}  # fmt: skip
# The same of people in cloth; of each, thousands between the seeds of two families.
CLOTHED: dict[str, tuple[Callable[[int, str], Spec], int, int, int]] = {
    "k": (cloth, 1, 289, 48), "g": (uncovered, 2, 265, 11), "h": (hunched, 3, 220, 20), "r": (rounded, 4, 158, 20),
    "u": (upright, 6, 90, 10),
}  # fmt: skip
LARGEST = 1280  # pixels wide: a bigger picture costs more and shows no more


def paint_furniture(render: Any, colour: list[float] | None) -> None:
    """Give chair and stool another colour (None: the renderer's own); the desk keeps its wood."""
    boxes = render.Rr.Scene
    plain = getattr(boxes, "plain_box", boxes.box)
    boxes.plain_box = plain
    dark = 0.33  # every chair part of the renderer is darker

    def box(scene: Any, c: Any, h: Any, C: Any, ID: Any, turn: Any = UPRIGHT) -> None:
        plain(scene, c, h, C if colour is None or max(C) > dark else colour, ID, turn)

    boxes.box = box


def shade_room(render: Any, wall: float, floor: float) -> None:
    """Darken wall and floor by these factors (1: the renderer's own)."""
    scene = render.Rr.Scene
    plain = getattr(scene, "plain_mesh", scene.mesh)
    scene.plain_mesh = plain

    def mesh(s: Any, V: Any, T: Any, C: Any, ID: Any, N: Any = None) -> None:
        plain(s, V, T, np.asarray(C) * (floor if ID == FLOOR else 1.0), ID, N)

    scene.mesh, render.wall = mesh, wall


UPRIGHT = np.eye(3)
FLOOR = 3  # the renderer's object id of the floor


def upright_edges(render: Any) -> None:
    """Add door frames and stripes to the renderer's rooms: upright edges are what a back's edge is mistaken for."""
    plain = render.background

    def background(cam: Any, W: int, H: int, ss: int, kind: int, rng: Any, hip: Any) -> Any:  # noqa: PLR0913
        tall = plain(cam, W, 1280, 1, kind % 10, rng, hip)  # a poster of the renderer's is up to 500 px high
        bg = np.float32(tall[:H])
        if kind >= 10:
            for x in rng.integers(0, W, 4 + 20 * (kind >= 20)):
                bg[:, x : x + int(rng.integers(3, 30))] *= rng.uniform(0.5, 1.25)
        return cv2.GaussianBlur(bg * getattr(render, "wall", 1.0), (0, 0), 0.7)

    render.background = background


def shade_once(render: Any) -> None:
    """Shade only the pixels that something covers, compiled, over the room: a third of the renderer's time."""
    mix = importlib.import_module("numba").njit(fastmath=True)(shade)

    def shaded(scene: Any, cam: Any, W: int, H: int, ss: int, *, bg: Any, light: Any, **rest: Any) -> Any:  # noqa: PLR0913
        V, T, C, N = (np.vstack(part) for part in (scene.V, scene.T, scene.C, scene.N))
        turn, shift, f = cam
        X = V @ turn.T + shift
        deep = np.maximum(X[:, 2], 1e-3)
        at = np.stack([f * ss * X[:, 0] / deep + W * ss / 2, f * ss * X[:, 1] / deep + H * ss / 2], 1)
        size = (H * ss, W * ss)
        zb, nb, cb = np.zeros(size), np.zeros((*size, 3), np.float32), np.zeros((*size, 3), np.float32)
        ids = np.zeros(size, np.int32)
        render.Rr.zraster(at, X[:, 2].copy(), T.astype(np.int64), N, C, np.concatenate(scene.I), zb, nb, cb, ids)
        sun = np.array(light, float) / np.linalg.norm(light)
        picture, mask = mix(ids, nb, cb, np.stack([sun, -turn[2]]), bg, ss)
        grain = np.random.default_rng(rest["seed"]).standard_normal(picture.shape, dtype=np.float32)
        picture = np.clip(picture * rest["gain"] + grain * rest["noise"] / 255, 0, 1)
        return (picture * 255).astype(np.uint8), mask, ids[::ss, ::ss].copy()

    render.Rr.Scene.render = shaded


def shade(ids: Any, nb: Any, cb: Any, sun_and_view: Any, bg: Any, ss: int) -> Any:
    """The picture (h, w, 3), of a grid ``ss`` times as fine, over the room ``bg``, and the person's mask."""
    h, w = bg.shape[:2]
    picture, mask = np.zeros((h, w, 3), np.float32), np.zeros((h, w), np.float32)
    part, sun, view = 1.0 / (ss * ss), sun_and_view[0], sun_and_view[1]
    for y in range(h * ss):
        for x in range(w * ss):
            to, at = (y // ss, x // ss), ids[y, x]
            if at == 0:
                for k in range(3):
                    picture[to[0], to[1], k] += part * bg[to[0], to[1], k]
                continue
            nx, ny, nz = nb[y, x, 0], nb[y, x, 1], nb[y, x, 2]
            size = np.sqrt(nx * nx + ny * ny + nz * nz) + 1e-9
            lit = (nx * sun[0] + ny * sun[1] + nz * sun[2]) / size
            facing = (nx * view[0] + ny * view[1] + nz * view[2]) / size
            turned = -1.0 if facing < 0 else 1.0
            light = 0.5 * (0.75 + 0.25 * ny / size * turned) + 0.65 * max(0.0, lit * turned)
            for k in range(3):
                picture[to[0], to[1], k] += part * light * cb[y, x, k]
            if at == 1 or at >= 4:  # the renderer's ids of a person's parts
                mask[to[0], to[1]] += part
    return picture, mask


def draw(render: Any, name: str, s: Spec, out: Path) -> None:
    """Write NAME.jpg, NAME.png (object ids) and NAME.json (truth, key points, spec)."""
    spec = {**s, "bgkind": s["bgkind"] + 10 * s.get("room", 0)}
    paint_furniture(render, s.get("furniture"))
    shade_room(render, s.get("wall", 1.0), s.get("floor", 1.0))
    img, mask, ids, truth, px, back, _, _ = render.make(spec)
    px["_dir"] = 1.0 if s["yaw"] > 0 else -1.0
    truth["sil_lord_deg"], truth["back_occl_frac"] = render.sil_lordosis(mask, px)[0], render.occl(mask, ids, px)
    keep(Drawn(img, mask, ids, truth, px, back, s), out / name)


def draw_cloth(name: str, s: Spec, out: Path) -> None:
    """As ``draw``, of a person in cloth; a specification that cannot be posed is drawn with the next seed."""
    real = importlib.import_module("real")
    scene, seen = real.safe({k: v for k, v in s.items() if k != "cloth"})
    real.measures(scene, seen)
    img = importlib.import_module("lens").develop(seen["lin"], vars(scene)["dev"], np.random.default_rng(scene.sp["seed"] + 77))
    keep(Drawn(img, seen["mask"], seen["idm"], seen["truth"], seen["px"], seen["back"], {**scene.sp, "cloth": True}), out / name)


@dataclass
class Drawn:
    """A picture with everything that is true of it."""

    rgb: Any
    mask: Any
    ids: Any
    truth: dict[str, float]
    px: dict[str, Any]
    back: Any
    spec: Spec


def keep(drawn: Drawn, path: Path) -> None:
    """Write the picture and its truth under ``path`` with three endings."""
    cv2.imwrite(f"{path}.jpg", drawn.rgb[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 88])
    layers = [drawn.ids, (drawn.mask * 255).round(), drawn.ids * 0]
    cv2.imwrite(f"{path}.png", np.dstack(layers).astype(np.uint8), [cv2.IMWRITE_PNG_COMPRESSION, 1])
    data = {
        "spec": drawn.spec,
        "truth": {k: float(v) for k, v in drawn.truth.items()},
        "px": {k: [float(v) for v in p] for k, p in drawn.px.items() if k != "_dir"},
        "dir": drawn.px["_dir"],
        "back": np.round(drawn.back, 1).tolist(),
    }
    Path(f"{path}.json").write_text(json.dumps(data))


def main() -> None:
    """Render the families asked for; pictures already there are kept."""
    ap = argparse.ArgumentParser()
    ap.add_argument("renderer", type=Path)
    ap.add_argument("out", type=Path)
    ap.add_argument("--families", nargs="+", default=["fit", "val"])
    a = ap.parse_args()
    render = renderer(a.renderer)
    upright_edges(render)
    shade_once(render)
    a.out.mkdir(parents=True, exist_ok=True)
    specs = {k: v for f in a.families for k, v in plan(render, f).items()}
    for name in in_equal_shares(specs):
        if not (a.out / f"{name}.json").exists():
            if specs[name].get("cloth"):
                draw_cloth(name, specs[name], a.out)
            else:
                draw(render, name, specs[name], a.out)


if __name__ == "__main__":
    main()
