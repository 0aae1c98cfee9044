"""Bodies with known lumbar angle for fitting and for the error table: a plan of specs, and pictures with their truth.

The plan is a pure function of its seeds; the pictures are made by the renderer whose folder is given (``render.py`` and
``body.py`` of the shared renderer).  "native" bodies follow the renderer's own sampler; "wide" ones stretch it (turned
cameras, far and near, other lenses, buttocks, light, rooms with upright edges); ladders move the lumbar angle of one body only.
Fitting and validation use different seeds; neither uses those of the scored pictures (11, 1011, 2011).
"""

# ruff: noqa: N803  # capitals: matrices, and the renderer's own argument names
from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np

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
    for i in range(1000 if big else 420):
        out[f"{family}_n{i:03d}"] = native(render, base + i)
    for i in range(520 if big else 160):
        out[f"{family}_w{i:03d}"] = wide(render, base + 3000 + i)
    for i in range(400 if big else 140):
        out[f"{family}_c{i:03d}"] = chair(render, base + 4000 + i)
    for i in range(320 if big else 100):
        out[f"{family}_b{i:03d}"] = dark(render, base + 6000 + i)
    for i in range(36 if big else 12):
        values = list(range(-40, 31, 20 if big else 10))
        kind, state = ("dev", "test")[i % 2], ("sitting", "standing")[i // 2 % 2]
        for v, s in zip(values, ladder(render, base + 5000 + i, state, values, kind), strict=True):
            out[f"{family}_l{i:02d}_{v:+03d}"] = s
    for i in range(24):
        out[f"{family}_f{i:02d}"] = front(render, base + 7000 + i)
    return out


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
        bg = plain(cam, W, H, ss, kind % 10, rng, hip)
        if kind >= 10:
            for x in rng.integers(0, W * ss, 4 + 20 * (kind >= 20)):
                bg[:, x : x + int(rng.integers(6, 60))] *= rng.uniform(0.5, 1.25)
        return cv2.GaussianBlur(bg * getattr(render, "wall", 1.0), (0, 0), 1.0)

    render.background = background


def draw(render: Any, name: str, s: Spec, out: Path) -> None:
    """Write NAME.jpg, NAME.png (object ids) and NAME.json (truth, key points, spec)."""
    spec = {**s, "bgkind": s["bgkind"] + 10 * s.get("room", 0)}
    paint_furniture(render, s.get("furniture"))
    shade_room(render, s.get("wall", 1.0), s.get("floor", 1.0))
    img, mask, ids, truth, px, back, _, _ = render.make(spec)
    px["_dir"] = 1.0 if s["yaw"] > 0 else -1.0
    truth["sil_lord_deg"], truth["back_occl_frac"] = render.sil_lordosis(mask, px)[0], render.occl(mask, ids, px)
    cv2.imwrite(str(out / f"{name}.jpg"), img[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 88])
    cv2.imwrite(str(out / f"{name}.png"), np.dstack([ids, (mask * 255).round(), ids * 0]).astype(np.uint8))
    points = {k: [float(v) for v in p] for k, p in px.items() if k != "_dir"}
    data = {
        "spec": s,
        "truth": {k: float(v) for k, v in truth.items()},
        "px": points,
        "dir": px["_dir"],
        "back": np.round(back, 1).tolist(),
    }
    (out / f"{name}.json").write_text(json.dumps(data))


def main() -> None:
    """Render the families asked for, in a fixed shuffled order; pictures already there are kept."""
    ap = argparse.ArgumentParser()
    ap.add_argument("renderer", type=Path)
    ap.add_argument("out", type=Path)
    ap.add_argument("--families", nargs="+", default=["fit", "val"])
    a = ap.parse_args()
    render = renderer(a.renderer)
    upright_edges(render)
    a.out.mkdir(parents=True, exist_ok=True)
    specs = {k: v for f in a.families for k, v in plan(render, f).items()}
    for name in np.random.default_rng(1).permutation(sorted(specs)):
        if not (a.out / f"{name}.json").exists():
            draw(render, str(name), specs[str(name)], a.out)


if __name__ == "__main__":
    main()
