"""The person's own standing checks over the weeks: a small plot, a line each, and the same for programs.

Wording (science.md 1.8, 1.9): a change is reported together with the measurement error; nothing is called right or wrong, and no
cause or effect is named.  A change below the person's own smallest detectable change is drawn in grey.
"""

import math
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Any

from rich.text import Text

from monitor.core.back.repeatability import Agreement, Repeatability, repeatability
from monitor.core.back.standing_checks import Check, change

_WIDTH, _HEIGHT = 60, 10
# The smallest range (deg) of the axis: a smaller one would exaggerate noise.
_LEAST_SPAN_DEG = 20.0
_MARK, _SPREAD = "o", "|"
_LABEL = 6  # characters before the plot
_GREY = "bright_black"


def sentence(check: Check, before: Sequence[Check], tz: tzinfo) -> str:
    """The result of a check, in one or two sentences."""
    curve = f"{check.lordosis_deg:.0f} +- {check.sd_deg:.0f} deg"
    told = f"Lower back curve {curve}, hollow {check.depth:.0f} % ({check.frames} frames)."
    moved = change(check, before, _smallest({*before, check}, tz))
    if moved is None:
        return f"{told} This is your first check; later ones are compared with it. {REPEAT}"
    day = f"your first check on {_day(moved.since, tz)}"
    if not moved.clear:
        return f"{told} About as in {day} ({moved.deg:+.0f} deg, within what two readings may differ by)."
    return f"{told} {abs(moved.deg):.0f} deg {'more' if moved.deg > 0 else 'less'} hollow than in {day}."


def trend_lines(checks: Sequence[Check], tz: tzinfo) -> Iterator[Text]:
    """A plot of all checks, and a line for each; grey if the change is within the measurement error."""
    known = repeatability(checks, tz)
    moves = [change(check, checks, known.mdc90_deg if known else None) for check in checks]
    small = [moved is not None and not moved.clear for moved in moves]
    yield Text("Your standing checks: curve of the lower back (deg, + = hollow), o with its spread")
    greys = {column for column, grey in zip(_columns(checks), small, strict=True) if grey}
    greys -= {column for column, grey in zip(_columns(checks), small, strict=True) if not grey}
    for row in plot(checks, tz):
        text = Text(row)
        for column in greys if row[:_LABEL].strip() else ():
            text.stylize(_GREY, _LABEL + column, _LABEL + column + 1)
        yield text
    yield Text()
    for check, moved, grey in zip(checks, moves, small, strict=True):
        since = "first" if moved is None else f"{moved.deg:+.0f} deg since the first" + (", within the spread" if grey else "")
        week = "" if check.week is None else f"  (week {check.week} of pregnancy)"
        line = f"{_day(check.t, tz)}  {check.lordosis_deg:4.0f} +- {check.sd_deg:.0f} deg  {since}{week}"
        yield Text(line, style=_GREY if grey else "")
    yield Text()
    yield Text(repeatability_line(known))


def repeatability_line(known: Repeatability | None) -> str:
    """The smallest detectable change from the person's own checks of one day; or how to find it out."""
    if known is None:
        return REPEAT
    days = "one day" if known.days == 1 else f"{known.days} days"
    return (
        f"Your smallest detectable change is {known.mdc90_deg:.1f} deg (MDC90, of {known.checks} checks on {days}); smaller ones "
        "are grey. More repeated checks make it surer."
    )


REPEAT = "Take the check twice or more on one day: their difference gives the smallest change that can be seen in you."


def agreement_lines(agreed: Agreement) -> Iterator[str]:
    """How the checks agree with the inclinometer, a figure a line."""
    icc = "not known: all readings are alike" if math.isnan(agreed.icc) else f"{agreed.icc:.2f}"
    yield f"{agreed.pairs} checks beside inclinometer readings of the same day (check minus inclinometer)"
    yield f"Mean difference      {agreed.bias_deg:+.1f} deg"
    yield f"Limits of agreement  {agreed.low_deg:+.1f} to {agreed.high_deg:+.1f} deg (Bland-Altman, 95 %)"
    yield f"ICC(2,1)             {icc}"
    yield f"MDC90                {agreed.mdc90_deg:.1f} deg (1.645 x sd of the differences)"


def agreement_values(agreed: Agreement) -> dict[str, Any]:
    """The agreement for programs (docs/machine-interface.md)."""
    return {
        "pairs": agreed.pairs,
        "bias_deg": round(agreed.bias_deg, 3),
        "limits_of_agreement_deg": [round(agreed.low_deg, 3), round(agreed.high_deg, 3)],
        "icc_2_1": None if math.isnan(agreed.icc) else round(agreed.icc, 4),
        "mdc90_deg": round(agreed.mdc90_deg, 3),
    }


def _smallest(checks: Collection[Check], tz: tzinfo) -> float | None:
    known = repeatability(tuple(checks), tz)
    return known.mdc90_deg if known else None


def plot(checks: Sequence[Check], tz: tzinfo) -> Iterator[str]:
    """The rows of a plot over time, plain characters, at most 70 columns wide."""
    low = min(check.lordosis_deg - check.sd_deg for check in checks)
    high = max(check.lordosis_deg + check.sd_deg for check in checks)
    missing = max(_LEAST_SPAN_DEG - (high - low), 0.0) / 2
    low, high = low - missing, high + missing
    rows = [[" "] * _WIDTH for _ in range(_HEIGHT)]

    def row_of(deg: float) -> int:
        return round((high - deg) / (high - low) * (_HEIGHT - 1))

    for check, column in zip(checks, _columns(checks), strict=True):
        for row in range(row_of(check.lordosis_deg + check.sd_deg), row_of(check.lordosis_deg - check.sd_deg) + 1):
            rows[row][column] = _SPREAD if rows[row][column] != _MARK else _MARK
        rows[row_of(check.lordosis_deg)][column] = _MARK
    for i, line in enumerate(rows):
        yield f"{high - i * (high - low) / (_HEIGHT - 1):5.0f} {''.join(line).rstrip()}"
    first, last = _day(checks[0].t, tz), _day(checks[-1].t, tz)
    yield " " * _LABEL + (first if first == last else first + last.rjust(_WIDTH - len(first)))


def _columns(checks: Sequence[Check]) -> list[int]:
    """Each check's column of the plot, by its time."""
    first, span = checks[0].t, checks[-1].t - checks[0].t
    return [round((check.t - first) / span * (_WIDTH - 1)) if span else _WIDTH // 2 for check in checks]


def values(check: Check, before: Sequence[Check], tz: tzinfo) -> dict[str, Any]:
    """A check for programs (docs/machine-interface.md)."""
    smallest = _smallest({*before, check}, tz)
    moved = change(check, before, smallest)
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
        "smallest_detectable_change_deg": None if smallest is None else round(smallest, 2),
    }


def _day(t: float, tz: tzinfo) -> str:
    return datetime.fromtimestamp(t, tz).date().isoformat()
