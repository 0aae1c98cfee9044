"""Empty rooms with things that look like people: who is seen there, and for how long it is said that somebody may be there.

    python tests/benchmarks/empty_rooms.py --rooms PICTURE... --portraits PICTURE... [--film VIDEO] [--minutes 5]

Each room (a picture or video whose first picture shows nobody) is shown for so many minutes, four pictures a second, through the
engine of a run: with a framed photograph of a person, a curtain in the wind, a screen that plays a film (of coloured fields, or
the one given), the noise of a webcam, light that drifts, and a lamp that is switched.  A ghost is a picture in which a person
is seen.
"""

from __future__ import annotations

import argparse
import collections
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

ROOT = next(p for p in Path(__file__).resolve().parents if (p / "monitor").is_dir())
sys.path.insert(0, str(ROOT))

from monitor.app import composition  # noqa: E402
from monitor.app.home import open_home  # noqa: E402
from monitor.app.scene import Scene  # noqa: E402
from monitor.ports import Frame  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

RATE_HZ, WIDTH, HEIGHT = 4.0, 960, 540
NOISE, DRIFT, LAMP_EVERY_S = 3.0, 0.15, 75.0
Picture = Any


def first(path: Path) -> Picture:
    """The first picture of a file (H, W, 3; red first)."""
    read = cv2.VideoCapture(str(path)).read()
    bgr = read[1] if read[0] else cv2.imread(str(path))
    return cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)


def furnished(room: Picture, portrait: Picture, number: int) -> Picture:
    """The room with a framed photograph on its wall, as large as a head and shoulders at a desk or smaller."""
    shown = cv2.resize(room, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    height = (150, 220, 300)[number % 3]
    width = min(round(height * portrait.shape[1] / portrait.shape[0]), 300)
    x, y = (60, 330, 600)[number % 3], 30 + 20 * (number % 4)
    shown[y - 8 : y + height + 8, x - 8 : x + width + 8] = (60, 40, 25)
    shown[y : y + height, x : x + width] = cv2.resize(portrait, (width, height), interpolation=cv2.INTER_AREA)
    return shown


def in_the_wind(rgb: Picture, t: float) -> Picture:
    """The right edge of the picture as a curtain that the wind moves."""
    wide = WIDTH // 6
    across = np.arange(wide)[None, :] + 12 * np.sin(np.arange(HEIGHT)[:, None] / 90 + 1.7 * t) * np.sin(0.4 * t)
    folds = (150 + 60 * np.sin(across / 9)).astype(np.uint8)
    rgb[:, -wide:] = folds[..., None] * np.array((0.9, 0.8, 0.7))
    return rgb


def pictures(room: Picture, film: Path | None, minutes: float, seed: int) -> Iterator[Frame]:
    """The room as a webcam shows it for so many minutes."""
    rng = np.random.default_rng(seed)
    noise = rng.normal(0, NOISE, (8, HEIGHT, WIDTH, 1)).astype(np.float32)
    video = cv2.VideoCapture(str(film)) if film else None
    for n in range(round(60 * minutes * RATE_HZ)):
        t = n / RATE_HZ
        rgb = in_the_wind(room.copy(), t)
        rgb[-170:-40, 40:271] = _scenery(t) if video is None else _next(video, str(film))
        light = 1 + DRIFT * np.sin(2 * np.pi * t / 120) - 0.3 * (int(t / LAMP_EVERY_S) % 2)
        yield Frame(t, np.clip(rgb * np.float32(light) + noise[rng.integers(8)], 0, 255).astype(np.uint8))


def _scenery(t: float) -> Picture:
    """Another film of three seconds after each cut: coloured fields that pan and zoom."""
    rng = np.random.default_rng(int(t / 3))
    small = rng.integers(0, 255, (12, 20, 3), dtype=np.uint8)
    shift = int(10 * (t % 3))
    return cv2.resize(np.roll(small, shift // 10, axis=1), (231, 130), interpolation=cv2.INTER_CUBIC)


def _next(video: Any, film: str) -> Picture:
    good, bgr = video.read()
    if not good:
        video.open(film)
        good, bgr = video.read()
    return cv2.cvtColor(cv2.resize(bgr, (231, 130), interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2RGB)


def main() -> None:
    """Show every room, and print what was seen in it."""
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--rooms", nargs="+", type=Path, required=True)
    ap.add_argument("--portraits", nargs="+", type=Path, required=True)
    ap.add_argument("--film", type=Path, default=None)
    ap.add_argument("--minutes", type=float, default=5.0)
    a = ap.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        model = composition.model(open_home(Path(folder)), None, lambda *_: None)
        for number, room in enumerate(a.rooms):
            portrait = a.portraits[number % len(a.portraits)]
            messages: list[str] = []
            engine = composition.engine(model, 1 / RATE_HZ, Scene(say=messages.append))
            shown = furnished(first(room), first(portrait), number)
            seen = [engine.detect(frame) for frame in pictures(shown, a.film, a.minutes, number)]
            engine.close()
            ghosts = sum(obs.pose is not None for obs in seen)
            away = sum(obs.nobody for obs in seen) / len(seen)
            doubts = collections.Counter(str(obs.why) for obs in seen if not obs.nobody)
            found = f"ghosts {ghosts} of {len(seen)}, away {away:.3f}, named {len(messages)}, {dict(doubts)}"
            print(f"{room.name} with {portrait.name}: {found}", flush=True)


if __name__ == "__main__":
    main()
