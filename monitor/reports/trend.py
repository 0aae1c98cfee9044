"""The person's own standing checks over the weeks: a small plot, a line each, and the same for programs.

Wording (science.md 1.8, 1.9): a change is told beside what two readings may differ by; nothing is called right or wrong, and no
cause or effect is named.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Any

from monitor.core.back.standing_checks import Check, change

_WIDTH, _HEIGHT = 60, 10
# A smaller span would draw the noise of a reading as a mountain.
_LEAST_SPAN_DEG = 20.0
_MARK, _SPREAD = "o", "|"


def sentence(check: Check, before: Sequence[Check], tz: tzinfo) -> str:
    """What a check shows, in one or two sentences."""
    curve = f"{check.lordosis_deg:.0f} +- {check.sd_deg:.0f} deg"
    told = f"Lower back curve {curve}, hollow {check.depth:.0f} % ({check.frames} frames)."
    moved = change(check, before)
    if moved is None:
        return f"{told} This is your first check; later ones are held against it."
    day = f"your first check on {_day(moved.since, tz)}"
    if not moved.clear:
        return f"{told} About as in {day} ({moved.deg:+.0f} deg, within what two readings may differ by)."
    return f"{told} {abs(moved.deg):.0f} deg {'more' if moved.deg > 0 else 'less'} hollow than in {day}."


def trend_lines(checks: Sequence[Check], tz: tzinfo) -> Iterator[str]:
    """A plot of all checks, and a line for each."""
    yield "Your standing checks: curve of the lower back (deg, + = hollow), o with its spread"
    yield from plot(checks, tz)
    yield ""
    for check in checks:
        moved = change(check, checks)
        since = (
            "first" if moved is None else f"{moved.deg:+.0f} deg since the first" + ("" if moved.clear else ", within the spread")
        )
        week = "" if check.week is None else f"  (week {check.week} of pregnancy)"
        yield f"{_day(check.t, tz)}  {check.lordosis_deg:4.0f} +- {check.sd_deg:.0f} deg  {since}{week}"


def plot(checks: Sequence[Check], tz: tzinfo) -> Iterator[str]:
    """The rows of a plot over time, plain characters, at most 70 columns wide."""
    low = min(check.lordosis_deg - check.sd_deg for check in checks)
    high = max(check.lordosis_deg + check.sd_deg for check in checks)
    missing = max(_LEAST_SPAN_DEG - (high - low), 0.0) / 2
    low, high = low - missing, high + missing
    rows = [[" "] * _WIDTH for _ in range(_HEIGHT)]

    def row_of(deg: float) -> int:
        return round((high - deg) / (high - low) * (_HEIGHT - 1))

    span = checks[-1].t - checks[0].t
    for check in checks:
        column = round((check.t - checks[0].t) / span * (_WIDTH - 1)) if span else _WIDTH // 2
        for row in range(row_of(check.lordosis_deg + check.sd_deg), row_of(check.lordosis_deg - check.sd_deg) + 1):
            rows[row][column] = _SPREAD if rows[row][column] != _MARK else _MARK
        rows[row_of(check.lordosis_deg)][column] = _MARK
    for i, line in enumerate(rows):
        yield f"{high - i * (high - low) / (_HEIGHT - 1):5.0f} {''.join(line).rstrip()}"
    first, last = _day(checks[0].t, tz), _day(checks[-1].t, tz)
    yield " " * 6 + (first if first == last else first + last.rjust(_WIDTH - len(first)))


def values(check: Check, before: Sequence[Check], tz: tzinfo) -> dict[str, Any]:
    """A check for programs (docs/machine-interface.md)."""
    moved = change(check, before)
    return {
        "t": datetime.fromtimestamp(check.t, tz).isoformat(timespec="seconds"),
        "lordosis_deg": round(check.lordosis_deg, 2),
        "sd_deg": round(check.sd_deg, 2),
        "depth_percent": round(check.depth, 2),
        "frames": check.frames,
        "source": check.source,
        "week_of_pregnancy": check.week,
        "change_since_first_deg": round(moved.deg, 2) if moved else None,
        "change_is_clear": moved.clear if moved else None,
    }


def _day(t: float, tz: tzinfo) -> str:
    return datetime.fromtimestamp(t, tz).date().isoformat()
