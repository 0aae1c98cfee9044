"""The error table of docs/lumbar.md: one thing changed at a time on bodies that neither fit nor validation has seen.

    python tests/benchmarks/lumbar_table.py RENDERER PICTURES MODEL.task > table.md

Sixteen bodies (half sitting, half standing) with a free back; each is drawn turned, far and near, dark, in a loose top and
pregnant.  "read" is the share of pictures given a value; error and spread are of those.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import cv2
import fit_lumbar
import lumbar_renders
import numpy as np

from monitor.adapters.vision import silhouette
from monitor.core.back import lumbar

BODIES = 16
TABLE_SEED = lumbar_renders.SEEDS["table"]
TURNS = (0, 5, 10, 15, 20, 25, 30)  # deg off square
TRUNK_PX = (80, 110, 160, 220, 300, 400)
GAINS = (1.0, 0.6, 0.35, 0.2, 0.12)
LOOSE = (0.0, 0.5, 1.0, 1.5)
PREGNANT = (0.0, 0.5, 1.0)


def body(render: Any, k: int) -> lumbar_renders.Spec:
    """A body with nothing before or behind its back, square to the camera, in good light, in a tight top."""
    rng = np.random.default_rng(TABLE_SEED + k)
    s = render.spec_random(k, rng, "sitting" if k % 2 else "standing", "table")
    s.update(
        yaw=float(rng.choice([-90, 90])), loose=0.0, gain=1.0, noise=3.0, hairstyle="short", pregnant=0.0, desk=False,
        leg_split=0.0,
        chair="stool" if k % 2 else "none", arm_flex=float(rng.uniform(40, 62)), elbow=float(rng.uniform(45, 75)),
        sex="female" if k % 4 < 3 else "male",
    )  # fmt: skip
    return s


def variants(render: Any) -> dict[str, lumbar_renders.Spec]:
    """Name -> spec; names say table_CONDITION_VALUE_BODY."""
    out = {}
    for k in range(BODIES):
        s = body(render, k)
        side = float(np.sign(s["yaw"]))
        lean = 1 if k % 4 < 2 else -1
        changes: dict[str, list[tuple[float, dict[str, Any]]]] = {
            "turn": [(v, {"yaw": side * (90 + lean * v)}) for v in TURNS],
            # About 410 px of trunk at 1 m with the renderer's lens.
            "px": [(v, {"dist": 410 / v, "cam_h": 0.95}) for v in TRUNK_PX],
            "light": [(v, {"gain": v, "noise": 3.0 if v > 0.5 else 8.0}) for v in GAINS],
            "loose": [(v, {"loose": v}) for v in LOOSE],
            "pregnant": [(v, {"pregnant": v, "sex": "female", "loose": 0.5}) for v in PREGNANT],
        }
        for condition, values in changes.items():
            for value, change in values:
                out[f"table_{condition}_{value:g}_{k:02d}"] = {**s, **change}
    return out


def seen(folder: Path, name: str) -> fit_lumbar.Picture | None:
    """As ``fit_lumbar.look``; None for a picture that the program refuses as too dark, too."""
    dark = np.median(cv2.imread(str(folder / f"{name}.jpg"))[::16, ::16]) < silhouette.DARKEST
    return None if dark else fit_lumbar.look(folder, name)


def line(label: str, pictures: list[fit_lumbar.Picture | None]) -> str:
    """One row of the table."""
    group = [p for p in pictures if p]
    got = [lumbar.lordosis(p.traced.judged(), p.xy, p.visibility) for p in group]
    e = np.array([g.lordosis_deg - p.angle for g, p in zip(got, group, strict=True)])
    sd = np.array([g.sd_deg for g in got])
    ok = np.isfinite(e)
    px = np.median([p.traced.frame.length * p.traced.height for p in group]) if group else np.nan
    if not ok.any():
        return f"| {label} | {px:.0f} | 0 | | | | |"
    inside = np.mean(np.abs(e[ok]) <= sd[ok])
    return (f"| {label} | {px:.0f} | {ok.sum() / len(pictures):.2f} | {np.abs(e[ok]).mean():.1f} | {e[ok].mean():+.1f} | "
            f"{np.median(sd[ok]):.1f} | {inside:.2f} |")  # fmt: skip


def main() -> None:
    """Draw what is missing, look, and print the table."""
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("renderer", type=Path)
    ap.add_argument("pictures", type=Path)
    ap.add_argument("model", type=Path)
    a = ap.parse_args()
    a.pictures.mkdir(parents=True, exist_ok=True)
    render = lumbar_renders.renderer(a.renderer)
    lumbar_renders.upright_edges(render)
    lumbar_renders.shade_once(render)
    specs = variants(render)
    for name, spec in specs.items():
        if not (a.pictures / f"{name}.json").exists():
            lumbar_renders.draw(render, name, spec, a.pictures)
    fit_lumbar.landmarks(a.pictures, a.model)
    looked = {name: seen(a.pictures, name) for name in specs}
    print("| | trunk px | read | mean error | bias | median sd | inside 1 sd |\n|---|---|---|---|---|---|---|")
    keys = dict.fromkeys(name.rsplit("_", 1)[0] for name in specs)
    for key in sorted(keys, key=lambda k: (k.split("_")[1], float(k.split("_")[2]))):
        _, condition, value = key.split("_")
        print(line(f"{condition} {value}", [p for n, p in looked.items() if n.rsplit("_", 1)[0] == key]))
    for state in ("sitting", "standing"):
        group = [p for n, p in looked.items() if specs[n]["state"] == state and n.split("_")[1] in {"loose", "pregnant"}]
        print(line(state, group))


if __name__ == "__main__":
    main()
