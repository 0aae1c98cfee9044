"""The lines of a trace: observations and run inputs as rows of JSON, and back."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields, replace
from itertools import groupby
from typing import Any, NoReturn

import numpy as np

from monitor.core.body.landmarks import Floats
from monitor.core.body.outline import HEIGHTS, BackOutline, outline_at, outward_of, trunk_frame
from monitor.core.body.pose import Observation, Pose, Registration
from monitor.core.reminders.commands import Command, CommandKind, Mark
from monitor.core.reminders.suppression import DesktopState, RunInput
from monitor.core.vocabulary import code_of


def row_of(obs: Observation) -> dict[str, Any]:
    """The row of an observation."""
    row: dict[str, Any] = {"t": obs.t}
    if obs.carried_forward:
        return row | {"held": True}
    if obs.shift is not None:
        row["shift"] = asdict(obs.shift)
    if obs.pose is None or obs.why is not None:
        row["why"] = obs.why
    if obs.pose is not None:
        pose = obs.pose
        turn = None if math.isnan(pose.turn_deg) else pose.turn_deg
        row |= {"aspect": pose.aspect, "turn": turn, "xy": _numbers(pose.xy), "visibility": _numbers(pose.visibility)}
        if not math.isnan(pose.pitch_deg):
            row["pitch"] = pose.pitch_deg
        if pose.back is not None:
            row["back"] = _back_row(pose.back, pose.xy)
    return row


def _back_row(back: BackOutline, xy: Floats) -> dict[str, Any]:
    outward, doubt = 1e4 * outward_of(back, trunk_frame(xy)), np.rint(100 * back.doubt)
    runs = [[why, len(list(rows))] for why, rows in groupby(back.reasons)]
    places = [None if math.isnan(place) else round(place) for place in outward.tolist()]
    return {"px": back.picture_px, "out": places, "doubt": doubt.astype(int).tolist(), "why": runs}


def _back(row: dict[str, Any], xy: Floats) -> BackOutline:
    outward, doubt = (_within(name, row[name]) for name in ("out", "doubt"))
    if not outward.shape == doubt.shape == HEIGHTS.shape or sum(count for _, count in row["why"]) != HEIGHTS.size:
        raise ValueError(f"a back has {HEIGHTS.size} rows")
    if not all(count > 0 for _, count in row["why"]):
        raise ValueError("a number is too small")
    reasons = tuple(code_of(str(why)) for why, count in row["why"] for _ in range(count))
    return outline_at(trunk_frame(xy), outward / 1e4, doubt / 100, reasons, int(_number("px", row["px"])))


def input_row(entry: RunInput) -> dict[str, Any]:
    """The row of a run input."""
    if isinstance(entry, Command):
        return {"kind": "command", "t": entry.t, "order": entry.kind, "until": entry.until, "what": entry.what}
    return {"kind": "surroundings", **asdict(entry)}


def _command(row: dict[str, Any]) -> Command:
    until = None if row["until"] is None else float(row["until"])
    return Command(float(row["t"]), CommandKind(row["order"]), until, Mark(row["what"]) if row["what"] else None)


def _surroundings(row: dict[str, Any]) -> DesktopState:
    known = {f.name: row[f.name] for f in fields(DesktopState)}
    if not all(value in (None, True, False) for name, value in known.items() if name != "t"):
        raise ValueError("a desktop state is neither true, false nor null")
    return DesktopState(**{**known, "t": float(row["t"])})


# What reads a row of each kind of run input.
INPUTS: Mapping[str, Callable[[dict[str, Any]], RunInput]] = {"command": _command, "surroundings": _surroundings}


def _numbers(values: Floats) -> list[float | None]:
    # JSON has no NaN; numpy reads null as NaN.
    return [None if math.isnan(number) else number for number in values.ravel().tolist()]


def observation_of(row: Any, before: Observation | None) -> Observation:
    """The observation of a row, after the one ``before``.  Raises the errors of its wrong values."""
    if "kind" in row:
        raise ValueError(f"unknown kind {row['kind']!r}")
    t, why = float(row["t"]), code_of(str(row["why"])) if row.get("why") is not None else None
    if "held" in row:
        if before is None:
            raise ValueError("nothing was seen that could be held")
        return replace(before, t=t, carried_forward=True, shift=None)
    shift = _shift(row["shift"]) if "shift" in row else None
    if "xy" not in row:
        return Observation(t, None, code_of(str(row["why"])), shift=shift)
    xy, visibility = _within("xy", row["xy"]), _within("visibility", row["visibility"])
    aspect, turn = _number("aspect", row["aspect"]), _number("turn", row["turn"])
    pose = Pose(xy.reshape(-1, 2), visibility, aspect, turn, pitch_deg=_number("pitch", row.get("pitch")))
    pose = replace(pose, back=_back(row["back"], pose.xy)) if "back" in row else pose
    return Observation(t, pose, why, shift=shift)


def _shift(row: dict[str, Any]) -> Registration:
    dx, dy, scale, roll_deg, *counts = (_number(field.name, row[field.name]) for field in fields(Registration))
    return Registration(dx, dy, scale, roll_deg, int(counts[0]), int(counts[1]))


# Valid ranges: coordinates in picture heights, far outside the picture too; outward distances in 1e-4 trunk lengths.
_RANGES: Mapping[str, tuple[float, float]] = {
    "xy": (-1e3, 1e3), "visibility": (0, 1), "aspect": (1e-3, 1e3), "turn": (-360, 360), "pitch": (-180, 180),
    "out": (-1e8, 1e8), "doubt": (0, 1e6),
}  # fmt: skip
_ANY = (-1e6, 1e6)


def _within(name: str, value: Any) -> Floats:
    """``value`` as numbers, null as NaN.  Raises ValueError where one is none, or is outside what it can be."""
    numbers = np.asarray(value, dtype=np.float64)
    low, high = _RANGES.get(name, _ANY)
    # These leave NaN out.
    if numbers.size and (np.fmin.reduce(numbers, axis=None) < low or np.fmax.reduce(numbers, axis=None) > high):
        raise ValueError(f"{name} is out of range")
    return numbers


def _number(name: str, value: Any) -> float:
    """The same of one number."""
    low, high = _RANGES.get(name, _ANY)
    number = math.nan if value is None else float(value)
    if number < low or number > high:
        raise ValueError(f"{name} is out of range")
    return number


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


class _Numbers(dict[str, float]):
    """The number of a text, remembered: coordinates have four decimals, so the same texts come again and again (3 MB at most)."""

    def __missing__(self, text: str) -> float:
        number = float(text)
        if len(text) <= _LONGEST_TEXT:  # no time
            if len(self) == _REMEMBERED:
                self.clear()
            self[text] = number
        return number


_LONGEST_TEXT, _REMEMBERED = 8, 20_000
# NaN and Infinity are not JSON, although Python accepts them; every comparison with them is False.
JSON = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_Numbers().__getitem__)
