"""The share of time in which a quantity could be measured, and the reasons for the rest."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from monitor.reports.charts.drawing import NARROW, Chart, Words, chart, flat, hatched, rect, svg, text
from monitor.reports.charts.scales import Scale
from monitor.reports.markup import Markup
from monitor.reports.phrases import percent


@dataclass(frozen=True, slots=True)
class Measured:
    """Time (s) in which something was measured, and the time in which it was not, by reason as text.

    ``what`` and ``of`` are parts of the sentence: ``the lower back``, ``the time you were there``.
    """

    what: str
    of: str
    measured_s: float
    missed_s: Mapping[str, float]

    @property
    def whole_s(self) -> float:
        """The total time (s)."""
        return self.measured_s + sum(self.missed_s.values())

    def reasons(self) -> list[tuple[str, float]]:
        """The reasons with their time (s), longest first."""
        return sorted(self.missed_s.items(), key=lambda item: (-item[1], item[0]))


def measurable_chart(seen: Measured, key: str = "measurable") -> Chart:
    """The share of a time in which something could be measured."""
    return chart(key, f"How much of {seen.what} could be seen", sentence(seen), lambda w, name: draw_measurable(seen, w, name))


def sentence(seen: Measured) -> str:
    """The share, and the commonest reason for the rest."""
    known = percent(seen.measured_s / seen.whole_s)
    said = f"{seen.what[0].upper()}{seen.what[1:]} could be seen in {known} of {seen.of}"
    reasons = seen.reasons()
    return f"{said}. The commonest reason why not: {reasons[0][0]}." if reasons else f"{said}."


def draw_measurable(seen: Measured, width: int, name: str) -> Markup:
    """One bar for what was measured, a hatched one for each reason."""
    slim = width <= NARROW
    pitch = 44.0 if slim else 28.0
    rows = [("seen", seen.measured_s), *seen.reasons()]
    x = Scale(0.0, seen.whole_s, 0.0 if slim else 250.0, width - 60.0)
    marks = [
        _row(label, seconds / seen.whole_s, x(seconds), (name, x.first, n * pitch, slim))
        for n, (label, seconds) in enumerate(rows)
    ]
    told = ", ".join(f"{label} {percent(seconds / seen.whole_s)}" for label, seconds in rows)
    return svg(
        name,
        Words(f"Share of {seen.of} in which {seen.what} could be seen", f"{told}."),
        width,
        pitch * len(rows),
        flat(*marks),
    )


def _row(label: str, part: float, end: float, at: tuple[str, float, float, bool]) -> Iterator[Markup]:
    name, left, y, slim = at
    top, length = y + (20 if slim else 4), max(end - left, 2.0)
    yield text(0, y + 15, label[0].upper() + label[1:], "s b" if label == "seen" else "s i")
    yield rect(left, top, length, 16, "bar") if label == "seen" else hatched(name, left, top, length, 16)
    yield text(left + length + 8, top + 13, percent(part), "s i")
