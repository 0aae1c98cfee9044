"""Cameras above and below, and lenses that bend: what is right, refused and wrong on rendered bodies seen from the side.

    python tests/benchmarks/lenses.py PICTURES --draw RENDERER [--bodies 12]
    python tests/benchmarks/lenses.py PICTURES

RENDERER is the folder of ``render.py``; drawing needs its own packages.  Every picture goes through ``analyze --json``.  The
trunk is wrong if its lean is off by more than 10 deg, the lower back if it is off by more than 10 deg, the activity if sitting
is called standing or standing sitting; what is marked as assumed counts as refused.
"""

from __future__ import annotations

import argparse
import importlib
import json
import math
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

# What was changed and to what, sitting or standing, and the renderer's truth.
Made = tuple[str, float, str, dict[str, float]]

ROOT = next(p for p in Path(__file__).resolve().parents if (p / "monitor").is_dir())
SEED = 95_001  # bodies that no other table has
OFF_DEG = 10.0
WIDTH, HEIGHT, HFOV = 1280, 720, 75.0
PITCHES = (-30, -20, -10, 0, 10, 20, 30)
# Real horizontal field of an equidistant lens (deg).
FISH_EYES = (90, 110, 130, 150)
LOWEST_M = 0.1
# How far beside the middle of the picture the body is: there lenses bend most.
OFF_MIDDLE_M = 0.4


def body(render: Any, number: int) -> dict[str, Any]:
    """One usual body in good light, square to the camera, beside the middle of its picture; two of three sit on a stool."""
    state = "standing" if number % 3 == 0 else "sitting"
    spec = render.spec_random(SEED + number, np.random.default_rng(SEED + number), state, "lenses")
    spec.update(yaw=90.0 if number % 2 else -90.0, gain=1.0, noise=3.0, desk=False, hfov=HFOV, loose=0.0)
    spec["tgt_z"] = spec.get("tgt_z", 0.1) + (OFF_MIDDLE_M if number % 4 < 2 else -OFF_MIDDLE_M)
    spec["chair"] = "stool" if state == "sitting" else "none"
    return spec


def pitched(spec: dict[str, Any], pitch: float) -> dict[str, Any]:
    """The body from a camera that looks down by ``pitch`` (deg; negative: up), at the same distance."""
    across = spec["dist"] * math.cos(math.radians(pitch))
    rise = across * math.tan(math.radians(pitch))
    height = max(spec["tgt_y"] + rise, LOWEST_M)
    return {**spec, "dist": across, "cam_h": height, "tgt_y": height - rise}


def bent(render: Any, spec: dict[str, Any], field_deg: float) -> tuple[Any, ...]:
    """A body drawn for an equidistant lens of this horizontal field, and its truth."""
    half = math.radians(field_deg) / 2
    focal = WIDTH / 2 / half
    x, y = np.meshgrid(np.arange(WIDTH) + 0.5 - WIDTH / 2, np.arange(HEIGHT) + 0.5 - HEIGHT / 2)
    angle = np.hypot(x, y) / focal
    stretch = np.where(angle > 0, np.tan(np.minimum(angle, 1.4)) / np.maximum(angle, 1e-9), 1.0)
    # A pinhole picture that shows the middle 120 deg, as large as the lens has it there; what is outside is repeated.
    canvas_w = int(2 * math.tan(min(half, math.radians(60))) * focal) // 2 * 2
    canvas_h = int(2 * float(np.abs(y * stretch).max())) // 2 * 2
    canvas_h = min(canvas_h, canvas_w)
    wide = {**spec, "hfov": 2 * math.degrees(math.atan(canvas_w / 2 / focal)), "dist": spec["dist"] * 0.75, "bgkind": 0}
    img, _, _, true, *_ = render.make(wide, canvas_w, canvas_h, 1)
    at = [(c * stretch + size / 2 - 0.5).astype(np.float32) for c, size in ((x, canvas_w), (y, canvas_h))]
    return cv2.remap(img, *at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), true


def main() -> None:
    """Draw, or analyse what was drawn and print the table."""
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("pictures", type=Path)
    ap.add_argument("--draw", type=Path, metavar="RENDERER", help="the folder of render.py: draw and end")
    ap.add_argument("--bodies", type=int, default=12)
    a = ap.parse_args()
    if a.draw is None:
        _tell({str(a.pictures / name): made for name, made in json.loads((a.pictures / "truth.json").read_text()).items()})
        return
    sys.path.insert(0, str(a.draw))
    a.pictures.mkdir(exist_ok=True)
    made = dict(_drawn(importlib.import_module("render"), a.pictures, a.bodies))
    (a.pictures / "truth.json").write_text(json.dumps(made))


def _drawn(render: Any, folder: Path, bodies: int) -> Iterator[tuple[str, Made]]:
    """The name of each picture drawn into ``folder``, with what was changed in it and its truth."""
    for n in range(bodies):
        spec = body(render, n)
        for pitch in PITCHES:
            img, _, _, true, *_ = render.make(pitched(spec, pitch), WIDTH, HEIGHT, 2)
            yield _kept(folder, f"pitch_{pitch}_{n}.png", img), ("camera looks down, deg", pitch, spec["state"], true)
        for wide in FISH_EYES:
            img, true = bent(render, spec, wide)
            yield _kept(folder, f"fish_{wide}_{n}.png", img), ("fish-eye, field in deg", wide, spec["state"], true)


def _kept(folder: Path, name: str, img: Any) -> str:
    cv2.imwrite(str(folder / name), np.ascontiguousarray(img[..., ::-1]))
    return name


def _tell(made: dict[str, Made]) -> None:
    command = [sys.executable, str(ROOT / "run_monitor.py"), "analyze", "--json", *made]
    out = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)  # our own program
    rows = {row["file"]: row for row in map(json.loads, out.stdout.splitlines())}
    print(
        "| | | trunk right | off, deg | refused | wrong | lower back right | refused | wrong | activity right | refused | wrong |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    for what, to in dict.fromkeys((what, to) for what, to, _, _ in made.values()):
        found = [(rows[path], state, true) for path, (w, value, state, true) in made.items() if (w, value) == (what, to)]
        trunk = [_angle(row, "trunk_inclination", true["trunk_lean_deg"]) for row, _, true in found]
        back = [_angle(row, "lumbar_lordosis", true["lord_S2_T12_deg"]) for row, _, true in found]
        activities = [_activity(row, state) for row, state, _ in found]
        off = np.median([abs(one) for one in trunk if one is not None]) if any(one is not None for one in trunk) else math.nan
        cells = [*_shares(map(_verdict, trunk)), *_shares(map(_verdict, back)), *_shares(activities)]
        cells.insert(1, f"{off:.1f}")
        print(f"| {what} | {to} | {' | '.join(cells)} |")


def _angle(row: dict[str, Any], signal: str, true: float) -> float | None:
    value = (row["signals"].get(signal) or {}).get("value")
    return None if value is None else value - true


def _verdict(off: float | None) -> str:
    return "refused" if off is None else "right" if abs(off) <= OFF_DEG else "wrong"


def _activity(row: dict[str, Any], state: str) -> str:
    undecided = row["activity"] in ("unknown", "moving") or row["assumed"]
    return "refused" if undecided else "right" if row["activity"] == state else "wrong"


def _shares(verdicts: Any) -> list[str]:
    found = list(verdicts)
    return [f"{found.count(kind) / len(found):.2f}" for kind in ("right", "refused", "wrong")]


if __name__ == "__main__":
    main()
