"""What pictures may lose before the program is wrong: one thing spoilt at a time; right, refused and wrong for each.

    python tests/benchmarks/lumbar_renders.py RENDERER PICTURES --families val
    python tests/benchmarks/robustness.py PICTURES [--bodies 24]

Every picture goes through ``analyze --json`` as a user's would.  The lower back is wrong if it is off by more than 10 deg, the
activity if sitting is called standing or standing sitting, or if somebody who is there is called away; what is marked as assumed
counts as refused.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = next(p for p in Path(__file__).resolve().parents if (p / "monitor").is_dir())
FREE = 0.1  # share of hidden rows below which a back can be read
RIGHT_WITHIN_DEG = 10.0
JPEG = 92

Picture = Any
Truth = dict[str, Any]


def dimmed(rgb: Picture, share: float, _: Truth) -> Picture:
    """A share of the light, in linear light, with the quantisation of 8 bits."""
    return (255 * (rgb / 255.0) * share ** (1 / 2.2)).astype(np.uint8)


def noisy(rgb: Picture, sd: float, _: Truth) -> Picture:
    """Gaussian noise of this standard deviation (of 255)."""
    return np.clip(rgb + np.random.default_rng(1).normal(0, sd, rgb.shape), 0, 255).astype(np.uint8)


def blurred(rgb: Picture, px: float, _: Truth) -> Picture:
    """A Gaussian blur of this many pixels of 720 rows."""
    return cv2.GaussianBlur(rgb, (0, 0), px * len(rgb) / 720) if px else rgb


def sized(rgb: Picture, rows: float, _: Truth) -> Picture:
    """The same picture of so many rows."""
    share = rows / len(rgb)
    return cv2.resize(rgb, None, fx=share, fy=share, interpolation=cv2.INTER_AREA if share < 1 else cv2.INTER_CUBIC)


def compressed(rgb: Picture, quality: float, _: Truth) -> Picture:
    """After JPEG of this quality."""
    return cv2.imdecode(cv2.imencode(".jpg", rgb, [cv2.IMWRITE_JPEG_QUALITY, int(quality)])[1], cv2.IMREAD_COLOR)


def rolled(rgb: Picture, deg: float, _: Truth) -> Picture:
    """The camera rolled by so many degrees."""
    h, w = rgb.shape[:2]
    turn = cv2.getRotationMatrix2D((w / 2, h / 2), deg, 1.0)
    return cv2.warpAffine(rgb, turn, (w, h), borderMode=cv2.BORDER_REPLICATE)


def cropped(rgb: Picture, part: str, true: Truth) -> Picture:
    """Without the rows of a part of the body: what is left is as high as it is."""
    px = true["px"]
    hip, top = px["L5S1"][1], px["T12L1"][1]
    trunk = hip - top
    first, last = {
        "none": (0, len(rgb)),
        "feet": (0, hip + 1.5 * trunk),
        "hips": (0, hip - 0.2 * trunk),
        "head": (top - 1.2 * trunk, len(rgb)),
    }[part]
    return rgb[max(0, int(first)) : int(last)]


CHANGES: dict[str, tuple[Callable[[Picture, Any, Truth], Picture], tuple[Any, ...]]] = {
    "light, share": (dimmed, (1.0, 0.5, 0.25, 0.1, 0.05)),
    "noise, sd of 255": (noisy, (5, 10, 20, 30, 40)),
    "blur, px of 720 rows": (blurred, (1, 2, 4, 8)),
    "rows": (sized, (1080, 720, 480, 360, 240, 180)),
    "JPEG quality": (compressed, (95, 60, 30, 10)),
    "roll, deg": (rolled, (5, 10, 20, 30)),
    "cut off": (cropped, ("feet", "hips", "head")),
}  # fmt: skip


def bodies(folder: Path, number: int) -> dict[str, Truth]:
    """Name -> what is true of the first pictures of usual bodies with a free back, seen from the side in good light."""
    found: dict[str, Truth] = {}
    for path in sorted(folder.glob("val_n*.json")):
        true = json.loads(path.read_text())
        if true["truth"]["back_occl_frac"] < FREE and true["spec"]["gain"] == 1.0:
            found[path.stem] = true
    return dict(list(found.items())[:number])


def verdicts(row: dict[str, Any], true: Truth) -> tuple[str, str]:
    """What is said of the lower back and of the activity: right, refused or wrong."""
    value = (row.get("signals", {}).get("lumbar_lordosis") or {}).get("value")
    off = None if value is None else abs(value - true["truth"]["lord_S2_T12_deg"])
    back = "refused" if off is None else "right" if off <= RIGHT_WITHIN_DEG else "wrong"
    activity = row.get("activity", "unknown")
    undecided = activity in ("unknown", "moving") or row.get("assumed")
    verdict = "refused" if undecided else "right" if activity == true["spec"]["state"] else "wrong"
    return back, verdict


def main() -> None:
    """Spoil, analyse, and print the table."""
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("pictures", type=Path)
    ap.add_argument("--bodies", type=int, default=24)
    a = ap.parse_args()
    true = bodies(a.pictures, a.bodies)
    made: dict[str, tuple[str, Any, str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in true:
            rgb = cv2.imread(str(a.pictures / f"{name}.jpg"))
            for k, (what, (change, values)) in enumerate(CHANGES.items()):
                for to in values:
                    path = f"{folder}/{k}_{to}_{name}.png"
                    cv2.imwrite(path, change(rgb, to, true[name]))
                    made[path] = (what, to, name)
        run = [sys.executable, str(ROOT / "run_monitor.py"), "analyze", "--json", *made]
        lines = subprocess.run(run, stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    table: dict[tuple[str, Any], list[tuple[str, str]]] = {}
    for row in map(json.loads, lines):
        what, to, name = made[row["file"]]
        table.setdefault((what, to), []).append(verdicts(row, true[name]))
    print("| what is spoilt | to | back: right | refused | wrong | activity: right | refused | wrong |")
    print("|---|---|---|---|---|---|---|---|")
    for (what, to), pairs in table.items():
        shares = [sum(one[k] == word for one in pairs) / len(pairs) for k in (0, 1) for word in ("right", "refused", "wrong")]
        print(f"| {what} | {to} | " + " | ".join(f"{share:.2f}" for share in shares) + " |")


if __name__ == "__main__":
    main()
