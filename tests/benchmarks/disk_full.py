"""A disk that fills up under a monitor, history and log both on it: who survives, and what of the stored is lost.

    python tests/benchmarks/disk_full.py [--times 20]

Needs Linux and leave to mount a small disk in memory.  A clip stands in for the camera.
"""

import argparse
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing, suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parent))

from races import command, long_clip, watching

from monitor.adapters.system.lock import holder

# Room for a history and its log, and no more; filled for some heartbeats.
SIZE, FULL_S, AGAIN_S = "700k", 25.0, 14.0


def history(data: Path) -> Path:
    """The history that a clip's run writes."""
    return next((data / "recordings").glob("*.db"))


def rows(data: Path) -> list[tuple[object, ...]]:
    """What is stored of bouts, but for the one that may go on."""
    with closing(sqlite3.connect(history(data))) as db:
        return db.execute("SELECT session, start, activity FROM bouts ORDER BY start").fetchall()


def end_of(data: Path) -> float:
    """Until when the session is stored."""
    with closing(sqlite3.connect(history(data))) as db:
        return float(db.execute("SELECT max(end) FROM sessions").fetchone()[0])


def fill(disk: Path) -> Path:
    """A file that takes all room, and what the log would need."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(512)):
            pass
    return filler


def once(clip: Path, disk: Path) -> list[str]:
    """What was wrong while the disk was full, and after it."""
    data = disk / "data"
    data.mkdir()
    (data / "settings.toml").write_text("tray = false\n")
    begun = command(data, "start", "--source", str(clip), "--notify", "console")
    process = holder(data)
    time.sleep(11)
    if begun.code or process is None:
        return [f"did not start: {begun.output}"]
    before = rows(data)
    filler = fill(disk)
    time.sleep(FULL_S)
    alive, seen = holder(data) == process, watching(clip) == {process}
    filler.unlink()
    freed = time.time()
    time.sleep(AGAIN_S)
    stopped = command(data, "stop")
    after, end = rows(data), end_of(data)
    return [
        *([] if alive and seen else [f"did not survive: {(data / 'monitor.log').read_text()[-300:]}"]),
        *([] if after[: len(before)] == before else ["what was stored is not there any more"]),
        *([] if end > freed else [f"was not written again: ends {freed - end:.0f} s before there was room"]),
        *([] if stopped.code == 0 else [f"stop: {stopped.output}"]),
    ]


def main() -> None:
    """Print what was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    clip, disk, wrong = long_clip(folder), folder / "disk", 0
    disk.mkdir()
    for number in range(chosen.times):
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(disk)], check=True)
        try:
            found = once(clip, disk)
        finally:
            with suppress(ProcessLookupError, TypeError):
                os.kill(holder(disk / "data"), 9)
            subprocess.run(["umount", "-l", str(disk)], check=True)
        wrong += bool(found)
        print("\n".join(f"{number}: {text}" for text in found), end="\n" if found else "", flush=True)
    shutil.rmtree(folder)
    print(f"{chosen.times - wrong} of {chosen.times} survived and lost nothing that was stored")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
