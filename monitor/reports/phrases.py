"""Formats figures for people; an unknown value is a dash."""

import math
import re
import textwrap
from datetime import date

from monitor.core.history.records import SignalTotal
from monitor.core.posture.signals import BY_NAME
from monitor.texts.reminders import duration

NOTHING = "-"
# Readable on the narrowest usual terminal.
WIDTH = 78
# Units to show; the other signals are shares of a length in the picture.
_UNITS = {"deg": " deg", "%": " %", "ratio": " x"}
_QUANTITY = re.compile(r"\d+ h \d+ min\b|\d+ (?:h|min|s|%|deg|of \d+)(?!\w)|\d+ (?=[JFMASOND][a-z]{2})")
_WHOLE = frozenset({"deg", "%"})


def span(seconds: float) -> str:
    """A length of time: ``31 min``."""
    # The difference of two POSIX times is off by less than a microsecond; 39.9999999 min are 40.
    return NOTHING if math.isnan(seconds) else duration(round(seconds, 3))


def hours(seconds: float) -> str:
    """A length of time for a narrow column: ``1:05`` (h:min)."""
    if math.isnan(seconds) or seconds <= 0:
        return NOTHING
    minutes = int(round(seconds, 3) // 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


def percent(part: float) -> str:
    """A share (0 to 1) in per cent; a small share is not shown as 0, and nearly all not as 100."""
    if math.isnan(part):
        return NOTHING
    shown = round(part * 100)
    if shown == 0 and part > 0:
        return "< 1 %"
    return "> 99 %" if shown == 100 and part < 1 else f"{shown} %"  # noqa: PLR2004


def rate(per_hour: float) -> str:
    """A number per hour: ``1.7``."""
    return NOTHING if math.isnan(per_hour) else f"{per_hour:.1f}"


def many(count: int, noun: str, plural: str = "") -> str:
    """A number of things: ``1 bout``, ``2 bouts``."""
    return f"{count} {noun}" if count == 1 else f"{count} {plural or noun + 's'}"


def mean(total: SignalTotal) -> str:
    """A signal's mean in its unit: ``12 deg``."""
    unit = BY_NAME[total.name].unit if total.name in BY_NAME else ""
    return NOTHING if math.isnan(total.mean) else f"{total.mean:.{0 if unit in _WHOLE else 2}f}{_UNITS.get(unit, '')}"


def unbroken(text: str) -> str:
    """The text with its quantities kept on one line on a page: ``2 h 12 min``, ``5 of 10``, ``27 November``."""
    return _QUANTITY.sub(lambda found: found[0].replace(" ", "\u00a0"), text)


def day_of(d: date) -> str:
    """A day: ``2 March 2026``."""
    # No %-d, which Windows does not support.
    return f"{d.day} {d:%B %Y}"


def wrapped(text: str) -> list[str]:
    """A paragraph as lines that fit a terminal; a command is not broken at its hyphen."""
    return textwrap.wrap(text, WIDTH, break_on_hyphens=False)


def bullet(text: str) -> list[str]:
    """An entry of a list as lines that fit a terminal."""
    return textwrap.wrap(text, WIDTH, initial_indent="  - ", subsequent_indent="    ", break_on_hyphens=False)
