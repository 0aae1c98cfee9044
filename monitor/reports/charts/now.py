"""The live view: time sitting on a scale with both limits, and the posture as a figure with the own upright as outline."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from monitor.reports.charts.drawing import NARROW, Chart, Words, axis, chart, circle, flat, line, rect, svg, text, width_of
from monitor.reports.charts.figures import HEAD, Points, Side, Stand, draw_figure, landmarks
from monitor.reports.charts.scales import MINUTE_S, Scale, length_ticks
from monitor.reports.charts.stretches import Limits
from monitor.reports.markup import Markup, element, number
from monitor.reports.phrases import span
from monitor.texts.catalogue import about_sitting
from monitor.texts.reminders import clock

_RULER_TOP, _RULER_HEIGHT = 30.0, 34.0
_FIGURE, _FLOOR, _SCALE = 200.0, 136.0, 1.5
# How far a back that is at its own slump is drawn from a straight line (hundredths of the stature).
_SLUMP = 7.0


def sitting_ruler(sitting_s: float, limits: Limits, now: float, tz: tzinfo, key: str = "ruler") -> Chart:
    """How long the person has been sitting at ``now`` (POSIX s), on a scale with the limits."""
    sentence = ruler_sentence(sitting_s, limits, now, tz)
    return chart(key, about_sitting("heading"), sentence, lambda width, name: draw_ruler(sitting_s, limits, width, name))


def ruler_sentence(sitting_s: float, limits: Limits, now: float, tz: tzinfo) -> str:
    """The time sat, and the clock time of the next reminder."""
    coming = [(seconds, name) for seconds, name in limits.named() if seconds > sitting_s]
    if not coming:
        passed = "".join(f"; the second reminder came after {span(seconds)}" for seconds, _ in limits.named()[1:])
        return f"{about_sitting('now', length=span(sitting_s))}{passed}."
    seconds, name = coming[0]
    what = "the first reminder" if name.startswith("first") else "the second reminder"
    at = clock(now + seconds - sitting_s, tz)
    return f"{about_sitting('now', length=span(sitting_s))}; {what} comes at {at}, unless you take a break first."


def draw_ruler(sitting_s: float, limits: Limits, width: int, name: str) -> Markup:
    """A bar for the time sat, a line for each limit."""
    named = limits.named(slim=width <= NARROW)
    longest = max(sitting_s, *(seconds * 1.2 for seconds, _ in named), 15 * MINUTE_S)
    ticks = length_ticks(longest, 5 if width <= NARROW else 9)
    x = Scale(0.0, ticks[-1].value, 2.0, width - 2.0)
    base = _RULER_TOP + _RULER_HEIGHT
    marks = flat(
        [rect(x.first, _RULER_TOP, x.last - x.first, _RULER_HEIGHT, "band")],
        [rect(x.first, _RULER_TOP + 8, x(sitting_s) - x.first, _RULER_HEIGHT - 8, "sit", title=span(sitting_s))],
        (mark for n, limit in enumerate(named) for mark in _limit(limit, n, x, sitting_s, width)),
        axis(x, ticks, base, base + 22, width),
    )
    told = ", ".join(label for _, label in limits.named()) or "no reminder"
    return svg(
        name,
        Words(about_sitting("against_limits"), f"{about_sitting('now', length=span(sitting_s))}; {told}."),
        width,
        base + 30,
        marks,
    )


def _limit(limit: tuple[float, str], n: int, x: Scale, sitting_s: float, width: int) -> Iterator[Markup]:
    seconds, label = limit
    at, half = x(seconds), width_of(label) / 2
    middle = at - half - 5 if n == 0 else at + half + 5
    yield line(at, _RULER_TOP - 8, at, _RULER_TOP + _RULER_HEIGHT, "limit")
    if sitting_s > seconds:
        yield line(at, _RULER_TOP + 8, at, _RULER_TOP + _RULER_HEIGHT, "limit-on")
    yield text(min(max(middle, half), width - half), _RULER_TOP - 12, label, "m s i halo")


# --- the figure --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Angles:
    """A sitting posture from the side: trunk and neck from upright (deg, forward +), the back in the own range (1 tall, 0 slump).

    NaN is unknown: that part is drawn as in the upright.
    """

    trunk_deg: float
    neck_deg: float
    back: float = math.nan


def draw_live_figure(now: Angles | None, upright: Angles, name: str, *, pregnant: bool) -> Markup:
    """The present posture, solid, over the outline of the upright; None: unknown, only the outline is drawn."""
    at = Stand(_FIGURE / 2 - 10, _FLOOR, _SCALE)
    marks = flat(_chair(at), _ghost(_seated(upright, upright), at))
    if now:
        marks += list(draw_figure(_seated(now, upright), at, pregnant=pregnant))
    words = Words("Your posture now beside your own upright", figure_words(now, upright))
    return svg(name, words, _FIGURE, _FLOOR + 12, marks)


def figure_words(now: Angles | None, upright: Angles) -> str:
    """How the posture differs from the upright, in words."""
    if now is None:
        return "Not known now; the outline is your own upright."
    parts = [_leans("trunk", now.trunk_deg - upright.trunk_deg), _leans("neck", now.neck_deg - upright.neck_deg)]
    if not math.isnan(now.back):
        parts.append(f"the lower back at {now.back:.0%} of the way from your slump to your tall sitting".replace("%", " %"))
    return f"Against your own upright: {', '.join(part for part in parts if part) or 'nothing is known'}."


def _leans(part: str, deg: float) -> str | None:
    if math.isnan(deg):
        return None
    if abs(round(deg)) == 0:
        return f"the {part} as there"
    return f"the {part} {abs(deg):.0f}° further {'forward' if deg > 0 else 'back'}"


def _seated(angles: Angles, upright: Angles) -> Side:
    trunk, neck = (
        own if math.isnan(value) else value
        for value, own in ((angles.trunk_deg, upright.trunk_deg), (angles.neck_deg, upright.neck_deg))
    )
    back = 1.0 if math.isnan(angles.back) else min(max(angles.back, -0.5), 1.5)
    arms = (40.0 + trunk / 3, 38.0 + trunk / 3)
    return Side(trunk, (1 - back) * _SLUMP, neck - trunk, (88.0, 84.0), (88.0, 84.0), arms, (50.0, 50.0))


def _ghost(posture: Side, at: Stand) -> Iterator[Markup]:
    """The outline of trunk, head and arm."""
    p = landmarks(posture)
    for kind, more in (("ghost", 1.8), ("gap", 0.0)):
        yield _line([p["hip"], p["bend"], p["shoulder"]], at, kind, 14.0 + more)
        yield _line([p["shoulder"], p["near_elbow"], p["near_wrist"]], at, kind, 4.8 + more)
        yield _line([p["head"], (p["head"][0] + 0.01, p["head"][1])], at, kind, 2 * HEAD + more)


def _line(points: Sequence[tuple[float, float]], at: Stand, kind: str, width: float) -> Markup:
    d = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in map(at, points))
    return element("path", d=d, class_=kind, stroke_width=width * at.scale)


def _chair(at: Stand) -> Iterator[Markup]:
    hip: Points = landmarks(Side(thighs=(88.0, 84.0), knees=(88.0, 84.0)))
    x, seat = hip["hip"][0], hip["hip"][1] - 7
    for points in (((x - 12, seat), (x + 14, seat)), ((x - 13, seat), (x - 16, seat + 28)), ((x + 1, seat), (x + 1, 0))):
        yield _thing(points, at)
    yield _thing(((x - 34, -1), (x + 50, -1)), at)


def _thing(points: Sequence[tuple[float, float]], at: Stand) -> Markup:
    return element("path", d="M" + "L".join(f"{number(x)} {number(y)}" for x, y in map(at, points)), class_="thing")


@dataclass(frozen=True, slots=True)
class Range:
    """The present value (NaN: unknown), the person's own upright, and the limits of the range (infinite: none on that side)."""

    label: str
    value: float
    reference: float
    low: float
    high: float


def draw_range(one: Range, width: int, name: str) -> Markup:
    """A strip: the own range as a band, the upright dashed, the present value as a dot; without a dot while it is unknown."""
    ends = [end for end in (one.low, one.high) if math.isfinite(end)]
    reach = max((abs(end - one.reference) for end in ends), default=1.0) * 1.6
    x = Scale(one.reference - reach, one.reference + reach, 4.0, width - 4.0)
    low, high = (min(max(x(end), x.first), x.last) for end in (max(one.low, x.low), min(one.high, x.high)))
    at = min(max(x(one.value), x.first), x.last) if not math.isnan(one.value) else None
    outside = not one.low <= one.value <= one.high
    state = "not known now" if at is None else "outside your own range" if outside else "inside your own range"
    marks = flat(
        [text(0, 13, one.label[0].upper() + one.label[1:], "s b"), text(width, 13, state, "e s")],
        [line(x.first, 30, x.last, 30, "axis"), rect(low, 22, high - low, 16, "band")],
        [line(x(one.reference), 20, x(one.reference), 40, "reference")],
        [circle(at, 30, 6.5 if outside else 5, "point" if outside else "first")] if at is not None else [],
    )
    return svg(
        name,
        Words(one.label, f"{one.label}: {state}; the band is your own range, the dashed line your upright."),
        width,
        44,
        marks,
    )
