"""What the process of a calibration tells the pages, as lines of JSON: landmarks and words, never a picture."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from calibration.wizard import Progress, WizardCommand
from monitor.adapters.trace.lines import JSON, observation_of, row_of
from monitor.core.body.pose import Observation, Pose

# A line holds 33 landmarks and a few sentences: 2 kB.
LONGEST_LINE = 65_536


class RunState(StrEnum):
    """The state of a calibration in the browser."""

    WAITING = "waiting"
    GUIDING = "guiding"
    KEPT = "kept"
    STOPPED = "stopped"
    FAILED = "failed"


ENDED = frozenset({RunState.KEPT, RunState.STOPPED, RunState.FAILED})


@dataclass(frozen=True, slots=True)
class Job:
    """What to calibrate: the data folder (None: the system's), the camera ("": that of the settings), the profile's name.

    ``paused``: a monitor lets the camera go for this, and has to go on even if the pages' server is killed.
    """

    data: str | None
    source: str
    name: str
    paused: bool

    @property
    def folder(self) -> Path | None:
        """The data folder."""
        return None if self.data is None else Path(self.data)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page shows of a stage: its heading, what to do, seconds left of a countdown or hold ("" else), its share (%).

    ``actions`` are a command, its words, and whether it is the main one; ``pose`` is None where nobody is seen.
    """

    heading: str
    words: str
    hint: str
    count: str
    share: int
    actions: Sequence[tuple[WizardCommand, str, bool]]
    pose: Pose | None


@dataclass(frozen=True, slots=True)
class Told:
    """A line: the state with its words, and what is seen while it guides."""

    state: RunState
    words: str
    seen: Seen | None = None


def job_line(job: Job) -> bytes:
    """The line that begins a calibration."""
    return _line(asdict(job))


def job_of(line: bytes) -> Job:
    """The job of the line."""
    return Job(**json.loads(line))


def told_line(state: RunState, words: str) -> bytes:
    """The line of a state without a picture."""
    return _line({"state": state, "words": words})


def seen_line(obs: Observation, progress: Progress, count: str) -> bytes:
    """The line of what is seen, and where the wizard is."""
    bare = replace(obs, pose=replace(obs.pose, back=None) if obs.pose else None, shift=None)
    return _line(
        {
            "state": RunState.GUIDING,
            "words": progress.message,
            "heading": f"{progress.number} of {progress.total}: {progress.rule.title}",
            "hint": progress.hint or "",
            "count": count,
            "share": round(100 * progress.share),
            "actions": list(progress.actions.items()),
            "seen": row_of(bare),
        }
    )


def told_of(line: bytes) -> Told:
    """What the line tells.  Raises ValueError, KeyError or TypeError for what is none."""
    row = JSON.decode(line.decode())
    state, words = RunState(row["state"]), str(row["words"])
    return Told(state, words, _seen(row, words) if state is RunState.GUIDING else None)


def _seen(row: dict[str, Any], words: str) -> Seen:
    named = [(WizardCommand(code), str(name).capitalize()) for code, name in row["actions"]]
    actions = [(code, name, code is WizardCommand.NEXT) for code, name in named]
    heading, hint, count = (str(row[name]) for name in ("heading", "hint", "count"))
    return Seen(heading, words, hint, count, int(row["share"]), actions, observation_of(row["seen"], None).pose)


def _line(row: dict[str, Any]) -> bytes:
    return json.dumps(row).encode() + b"\n"
