"""Calibration from recordings: the file, or part of one, for each stage."""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TypeAlias

from calibration.consistency import check_against
from calibration.fit import baseline_of, fit
from calibration.samples import Take, samples_of
from calibration.stages import RULES, STAGES
from monitor.core.body.pose import Observation
from monitor.core.errors import ConfigError, NotEnoughData
from monitor.core.posture.baseline import Baseline, CalibrationStage
from monitor.core.posture.signals import SIGNALS, Signal


@dataclass(frozen=True, slots=True)
class Part:
    """A recording of one stage: a picture, or a clip from ``start_s`` to ``end_s`` of its own time."""

    stage: CalibrationStage
    path: Path
    start_s: float = 0.0
    end_s: float = math.inf


# Opens a file, or its part from start to end (s), as observations; a picture gives one.  Raises SourceError.
Observe: TypeAlias = Callable[[Path, float, float], Iterable[Observation]]

_RANGE = re.compile(r"(.*)@(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)", re.DOTALL)
# Digits after the last @ are an invalid range, not part of a name.
_LIKE_A_RANGE = re.compile(r"@-?\d*\.?\d*-?\d*\.?\d*$")


def part_of(text: str) -> Part:
    """The recording given by ``STAGE=FILE`` or ``STAGE=FILE@START-END`` (s); the file name may contain = and @.

    Raises:
        ConfigError: names the invalid part of the text, and what is allowed.
    """
    name, equals, rest = text.partition("=")
    if not equals or not rest:
        raise ConfigError(f"--stage {text!r} is not STAGE=FILE or STAGE=FILE@START-END, such as sitting_tall=me.mp4@2-9")
    return Part(_stage(name), *_file(text, rest))


def from_files(parts: Sequence[Part], observe: Observe, signals: Sequence[Signal] = SIGNALS) -> Baseline:
    """The baseline of these recordings; a stage may have many.

    Raises:
        SourceError: a recording cannot be read.
        CalibrationError: a stage is unusable, or sitting tall is missing.
    """
    given = {part.stage for part in parts}
    for rule in STAGES:  # before minutes are spent on the others
        if rule.required and rule.stage not in given:
            raise NotEnoughData(f"{rule.title} is needed; add --stage {rule.stage}=FILE")
    takes: dict[CalibrationStage, list[Take]] = {}
    for part in parts:
        observations = observe(part.path, part.start_s, part.end_s)
        takes.setdefault(part.stage, []).append(samples_of(RULES[part.stage], observations, signals))
    fitted = [fit(rule, takes[rule.stage], signals) for rule in STAGES if rule.stage in takes]
    for i, new in enumerate(fitted):
        check_against(new, fitted[:i], signals)
    return baseline_of(fitted)


def _stage(name: str) -> CalibrationStage:
    try:
        return CalibrationStage(name)
    except ValueError:
        near = get_close_matches(name.lower().replace(" ", "_").replace("-", "_"), list(CalibrationStage), n=1)
        meant = f"; did you mean {near[0]}?" if near else ""
        raise ConfigError(f"stage {name!r} is not one of {', '.join(CalibrationStage)}{meant}") from None


def _file(text: str, rest: str) -> tuple[Path, float, float]:
    match = None if Path(rest).is_file() else _RANGE.fullmatch(rest)
    if match is None:
        if _LIKE_A_RANGE.search(rest) and not Path(rest).is_file():
            raise ConfigError(f"--stage {text!r}: {rest[rest.rindex('@') :]!r} is not @START-END in seconds, such as @2-9.5")
        return Path(rest), 0.0, math.inf
    start_s, end_s = float(match[2]), float(match[3])
    if end_s <= start_s or not match[1]:
        raise ConfigError(f"--stage {text!r}: {match[0][len(match[1]) :]!r} must follow a file and end after it starts")
    return Path(match[1]), start_s, end_s
