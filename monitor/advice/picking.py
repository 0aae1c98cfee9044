"""Selects the tip for a reminder: one that fits the person and the moment, and was not shown recently.

The selection is deterministic: the fitting tips are in a fixed order, and each day begins at another place in it.  So the same
day replays to the same tips, and the next day has others.
"""

import math
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from monitor.advice.catalogue import Does, Tip
from monitor.advice.pregnancy import PregnancyStage
from monitor.core.reminders.decisions import Reminder, Response
from monitor.core.reminders.kinds import KINDS
from monitor.core.reminders.rules import Level
from monitor.core.vocabulary import Activity

# Occasions besides the kinds of reminders: after a break has begun, and after a check-in with pain.
BREAK = "break"
RELIEF = "relief"
# Objects that most people have at work; a person can remove some.
AT_HAND = frozenset({"chair", "desk", "wall", "floor"})
# Usual busy hours [E], local time; a setting.
BUSY_HOURS = frozenset({9, 10, 11, 14, 15})
SHORT_S = 60.0
# The conditions that exclude a tip done on one's feet; such a tip is not shown to a person who has just sat down.
UP = "cannot_stand"
# The actions a tip may ask for under each title; once a break has begun, any.
_SEATED = frozenset({Does.SIT_DIFFERENTLY, Does.REST})
_ANY_CHANGE = frozenset(Does) - {Does.ASK}
FITS: Mapping[str, frozenset[Does]] = {
    "sat_too_long": frozenset({Does.MOVE}),
    "stood_too_long": frozenset({Does.MOVE, Does.REST, Does.STAND_DIFFERENTLY}),
    "stood_today": frozenset({Does.REST, Does.STAND_DIFFERENTLY}),
    "posture_held": _ANY_CHANGE,
    "too_close": _SEATED | {Does.SET_UP},
    "lumbar_flexed": _SEATED | {Does.MOVE, Does.SET_UP},
}
# A person who may not walk is asked to change position, not to move.
FITS_RESTING: Mapping[str, frozenset[Does]] = {**FITS, "sat_too_long": _SEATED | {Does.MOVE}}
_HOUR_S = 3600.0
# Steps of the golden ratio stay far from all previous steps.
_GOLDEN = (math.sqrt(5) - 1) / 2


@dataclass(frozen=True, slots=True)
class Context:
    """The context: stage, time zone, and ``conditions`` (those of the catalogue and logged symptoms).

    ``stage`` None (not entered) takes only tips for every stage.  ``shown`` says when (POSIX s) each tip was last given today.
    ``call_first``: a call advised after a check-in is still open.
    ``sore``: pain was noted today, so that tips that ease it come first.
    """

    stage: PregnancyStage | None
    tz: tzinfo
    conditions: frozenset[str] = frozenset()
    at_hand: frozenset[str] = AT_HAND
    busy_hours: frozenset[int] = BUSY_HOURS
    shown: Mapping[str, float] = field(default_factory=dict)
    call_first: bool = False
    sore: bool = False


def pick(tips: Iterable[Tip], reminder: Reminder, context: Context) -> Tip | None:
    """The tip for a reminder; None if nothing fits, or if a call comes first."""
    due = reminder.due
    moment = _Moment(reminder.t, reminder.kind, reminder.activity, due.level, frozenset(due.signals))
    return _choose(tips, moment, context)


def follow_up(tips: Iterable[Tip], response: Response, activity: Activity, context: Context) -> Tip | None:
    """One more tip after the person has changed to ``activity`` after a reminder; None without a break."""
    if response.after_s is None or not (response.kind in KINDS and KINDS[response.kind].of_time):
        return None
    return _choose(tips, _Moment(response.t + response.after_s, BREAK, activity), context)


def may_not_walk(tips: Iterable[Tip], conditions: frozenset[str]) -> bool:
    """Whether all walking tips are excluded for the person."""
    walks = [tip.forbidden_by for tip in tips if tip.subject == "walk" and not tip.only_for]
    return bool(conditions & frozenset.intersection(*walks)) if walks else False


@dataclass(frozen=True, slots=True)
class _Moment:
    t: float
    kind: str
    activity: Activity
    level: Level = Level.SOFT
    signals: frozenset[str] = frozenset()


def _choose(tips: Iterable[Tip], moment: _Moment, context: Context) -> Tip | None:
    if context.call_first:
        return None
    known = {tip.id: tip for tip in tips}
    fits = (FITS_RESTING if may_not_walk(known.values(), context.conditions) else FITS).get(moment.kind, frozenset(Does))
    suitable = (tip for tip in known.values() if tip.does in fits and suits(tip, context))
    fitting = [tip for tip in suitable if _of_the_moment(tip, moment, context)]
    if not fitting:
        return None
    last = max((key for key in context.shown if key in known), key=context.shown.__getitem__, default=None)
    subject = known[last].subject if last else None
    return min(turned(fitting, moment.t, context.tz), key=lambda tip: _rank(tip, moment, context, subject))


def _rank(tip: Tip, moment: _Moment, context: Context, subject: str | None) -> tuple[bool, float, bool, bool, bool]:
    """Sort key, lower is better: same level, longest not shown, another subject than last time, made for the signals, relief."""
    off_level = bool(tip.levels) and moment.level not in tip.levels
    heard = context.shown.get(tip.id, -math.inf)
    return off_level, heard, tip.subject == subject, not tip.signals, context.sore and not relieves(tip)


def relieves(tip: Tip) -> bool:
    """Whether the tip is a response to pain: a rest, or one that eases."""
    return tip.does is Does.REST or bool(tip.eases)


def suits(tip: Tip, context: Context) -> bool:
    """Whether the tip is allowed for the person, and its objects are available."""
    stages = frozenset(PregnancyStage) if context.stage is None else {context.stage}
    allowed = not tip.forbidden_by & context.conditions and (not tip.only_for or bool(tip.only_for & context.conditions))
    return allowed and stages <= tip.stages and tip.needs <= context.at_hand


def timely(tip: Tip, t: float, context: Context) -> bool:
    """Whether ``t`` (POSIX s) is in its hours, and long enough after it was last shown."""
    hour = datetime.fromtimestamp(t, context.tz).hour
    heard = t - context.shown.get(tip.id, -math.inf)
    return tip.hours[0] <= hour < tip.hours[1] and heard >= tip.again_after_h * _HOUR_S


def _of_the_moment(tip: Tip, moment: _Moment, context: Context) -> bool:
    """Whether the tip fits the situation."""
    hour = datetime.fromtimestamp(moment.t, context.tz).hour
    hurried = moment.level is Level.SOFT and hour in context.busy_hours
    return (
        moment.kind in tip.reminders
        and (not tip.activities or moment.activity in tip.activities)
        and not (moment.kind == BREAK and moment.activity is Activity.SITTING and UP in tip.forbidden_by)
        and (not tip.signals or bool(tip.signals & moment.signals))
        and not (hurried and tip.duration_s > SHORT_S)
        and timely(tip, moment.t, context)
    )


def turned(tips: Iterable[Tip], t: float, tz: tzinfo) -> list[Tip]:
    """The tips in a fixed mixed order, starting at the place of the day of ``t`` (POSIX s)."""
    mixed = sorted(tips, key=lambda tip: (zlib.crc32(tip.id.encode()), tip.id))
    start = int(datetime.fromtimestamp(t, tz).toordinal() * _GOLDEN % 1 * len(mixed))
    return mixed[start:] + mixed[:start]
