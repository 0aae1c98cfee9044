"""Unbroken times of sitting by length, with the person's own limits."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from monitor.core.sedentary.bout_metrics import Spell
from monitor.reports.charts.drawing import NARROW, Chart, Words, axis, chart, circle, flat, line, rect, svg, text, width_of
from monitor.reports.charts.scales import MINUTE_S, Scale, Tick, length_ticks
from monitor.reports.markup import Markup
from monitor.reports.phrases import many, span
from monitor.texts.catalogue import about_sitting
from monitor.texts.reminders import clock

# Up to so many, each is a bar with its time; up to so many, each is a dot; beyond, a histogram in steps of five minutes.
BARS, DOTS = 15, 80
_BIN_S = 5 * MINUTE_S
_LONGEST_S = 240 * MINUTE_S


@dataclass(frozen=True, slots=True)
class Limits:
    """When (s of sitting) the first and the second reminder are due; None if they are turned off."""

    first_s: float | None
    second_s: float | None

    def named(self, *, slim: bool = False) -> list[tuple[float, str]]:
        """The limits with their names."""
        both = ((self.first_s, "first" if slim else "first reminder"), (self.second_s, "second"))
        return [(seconds, f"{name}, {span(seconds)}") for seconds, name in both if seconds is not None]


def stretches_chart(sat: Sequence[Spell], limits: Limits, tz: tzinfo, key: str = "stretches") -> Chart:
    """At least one stretch of sitting, as bars of one day or as dots of many."""
    draw = draw_bars if len(sat) <= BARS else draw_dots
    notes = {BARS: "", DOTS: about_sitting("stretch_dot")}
    note = next((note for most, note in notes.items() if len(sat) <= most), "Counted in steps of five minutes.")
    return chart(key, about_sitting("stretches"), sentence(sat, limits), lambda w, name: draw(sat, limits, tz, (w, name)), note)


def sentence(sat: Sequence[Spell], limits: Limits) -> str:
    """How many there were, and how many went past the limits."""
    longest = f"the longest lasted {span(max(spell.seconds for spell in sat))}"
    said = many(len(sat), "stretch", "stretches")
    if limits.first_s is None:
        return f"{said}; {longest}."
    within = sum(spell.seconds < limits.first_s for spell in sat)
    if limits.second_s is None:
        return f"{within} of {said} ended before the first reminder was due; {longest}."
    past = sum(spell.seconds > limits.second_s for spell in sat)
    return f"Of {said}, {within} ended before the first reminder was due and {past} went past {span(limits.second_s)}; {longest}."


def draw_bars(sat: Sequence[Spell], limits: Limits, tz: tzinfo, to: tuple[int, str]) -> Markup:
    """One bar a stretch, longest first; ``to`` is the width (px) and the name of the drawing."""
    width, name = to
    ordered = sorted(sat, key=lambda spell: -spell.seconds)
    pitch, top = 21.0, 40.0
    x, ticks = _scale(ordered, limits, 54.0, width - 60.0, width)
    base = top + pitch * len(ordered)
    crossed = _crossing(ordered, limits, x, [(top + n * pitch, 14.0) for n in range(len(ordered))])
    marks = flat(
        _limits(limits, x, base, width), _bars(ordered, x, top, pitch, tz), crossed, axis(x, ticks, base, base + 22, width)
    )
    told = ", ".join(f"{span(spell.seconds)} from {clock(spell.start, tz)}" for spell in ordered)
    return svg(name, Words(f"{about_sitting('stretches')}, longest first", f"{told}."), width, base + 30, marks)


def draw_dots(sat: Sequence[Spell], limits: Limits, _tz: tzinfo, to: tuple[int, str]) -> Markup:
    """One dot a stretch in steps of five minutes, or bars with their number where dots would be too many."""
    width, name = to
    counts = Counter(int(min(spell.seconds, _LONGEST_S) // _BIN_S) for spell in sat)
    x, ticks = _scale(sat, limits, 8.0, width - 12.0, width)
    step = x(_BIN_S) - x(0)
    most = max(counts.values())
    pitch = min(max(step * 0.8, 6.0), 13.0) if len(sat) <= DOTS else 150.0 / most
    base = 46.0 + pitch * most
    pile = _dots if len(sat) <= DOTS else _columns
    marks = flat(_limits(limits, x, base, width), pile(counts, x, base, pitch), axis(x, ticks, base, base + 22, width))
    told = ", ".join(f"{count} of {n * 5} to {n * 5 + 5} min" for n, count in sorted(counts.items()))
    return svg(name, Words(f"{about_sitting('stretches')} by length", f"{told}."), width, base + 30, marks)


def _scale(sat: Sequence[Spell], limits: Limits, left: float, right: float, width: int) -> tuple[Scale, list[Tick]]:
    longest = min(max(*(spell.seconds for spell in sat), *(s * 1.15 for s, _ in limits.named()), 0.0), _LONGEST_S)
    ticks = length_ticks(longest, 6 if width <= NARROW else 8)
    return Scale(0.0, ticks[-1].value, left, right), ticks


def _bars(ordered: Sequence[Spell], x: Scale, top: float, pitch: float, tz: tzinfo) -> Iterator[Markup]:
    for n, spell in enumerate(ordered):
        y = top + n * pitch
        end = x(min(spell.seconds, x.high))
        yield text(0, y + 11, clock(spell.start, tz), "s i")
        yield rect(x(0), y, end - x(0), 14, "bar", title=f"{clock(spell.start, tz)} to {clock(spell.end, tz)}")
        yield text(end + 6, y + 11, span(spell.seconds) if n == 0 else f"{spell.seconds // MINUTE_S:.0f}", "s i halo")


def _limits(limits: Limits, x: Scale, base: float, width: int) -> Iterator[Markup]:
    """Each limit as a line named at its top: the first to the left of it, the second to the right."""
    for n, (seconds, name) in enumerate(limits.named(slim=width <= NARROW)):
        at, half = x(seconds), width_of(name) / 2
        middle = at - half - 5 if n == 0 else at + half + 5
        yield line(at, 26, at, base, "limit")
        yield text(min(max(middle, half), width - half), 20, name, "s i m halo")


def _crossing(ordered: Sequence[Spell], limits: Limits, x: Scale, rows: Sequence[tuple[float, float]]) -> Iterator[Markup]:
    for spell, (y, height) in zip(ordered, rows, strict=True):
        for seconds, _ in limits.named():
            if spell.seconds > seconds:
                yield line(x(seconds), y, x(seconds), y + height, "limit-on")


def _dots(counts: Counter[int], x: Scale, base: float, pitch: float) -> Iterator[Markup]:
    for n, count in sorted(counts.items()):
        for row in range(count):
            yield circle(x((n + 0.5) * _BIN_S), base - pitch * (row + 0.5) - 2, pitch * 0.42, "dot")


def _columns(counts: Counter[int], x: Scale, base: float, pitch: float) -> Iterator[Markup]:
    for n, count in sorted(counts.items()):
        start, end, height = x(n * _BIN_S), x((n + 1) * _BIN_S), pitch * count
        yield rect(start + 1, base - height, end - start - 2, height, "bar", title=f"{count}")
        yield text((start + end) / 2, base - height - 5, str(count), "s m halo")
