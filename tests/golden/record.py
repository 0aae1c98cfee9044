"""How the traces beside this file were made: the real model over the demo's clips and over footage; landmarks only, no pictures.

Run by hand where the footage is, when the engine or its plausibility rules have changed:

    python tests/golden/record.py FOOTAGE_FOLDER

one_by_one_walk_through_empty_room: landmarks of "one-by-one-person-detection.mp4" by Intel, sample-videos, licence CC BY 4.0.

moment.mp4: every second of the first thirty pictures of "demo_sit_tall.mp4", five a second.

A trace that is there already is not overwritten; remove it first, and read the difference in what test_golden.py says.
"""

import sys
from contextlib import closing
from pathlib import Path

from monitor.adapters.camera.video import Clip, VideoFile
from monitor.adapters.trace import TraceWriter
from monitor.adapters.vision.landmarker import Landmarker
from monitor.adapters.vision.pose_model import bundle_of
from monitor.app.composition import NETWORKS
from monitor.config import folders
from monitor.run.loop import Watch
from monitor.testing import MORNING

HERE = Path(__file__).parent
DEMO = HERE.parents[1] / "monitor" / "data" / "demo"
# The demo morning is a time-lapse: 20 pictures a second, each 10 s of recorded time.
TIME_SCALES = {"demo_morning": 200.0}
CLIPS = ("demo_sit_tall", "demo_sit_slumped", "demo_stand", "demo_morning")
FOOTAGE = ("clips/side_dev.mp4", "clips/front_dev.mp4", "videos/one_by_one_walk_through_empty_room.mp4")


def record(clip: Path, model: Path) -> Path:
    """The new trace of a clip: 5 Hz of its own time, which begins on a Monday at 9:00 UTC."""
    path = HERE / f"{clip.stem}.jsonl.gz"
    scenario = Clip(clip, time_scale=TIME_SCALES.get(clip.stem, 1.0))
    with (
        closing(VideoFile(scenario, start_t=MORNING)) as video,
        closing(Landmarker(model, period_s=video.period_s)) as engine,
        closing(TraceWriter(path, period_s=video.period_s, source=clip.name)) as trace,
    ):
        for obs in Watch(video, engine):
            trace.write(obs)
    return path


def main() -> None:
    """Record whatever is missing."""
    shared = Path(sys.argv[1])
    model = bundle_of(NETWORKS, folders(None).cache, lambda _what, _share: None)
    for clip in [*(DEMO / f"{name}.mp4" for name in CLIPS), *(shared / name for name in FOOTAGE)]:
        if not (HERE / f"{clip.stem}.jsonl.gz").exists():
            path = record(clip, model)
            print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
