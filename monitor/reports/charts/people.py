"""Participants of a study side by side: how each spent the time at the desk, and how much of it was unseen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.reports.charts.drawing import NARROW, Chart, Words, chart, circle, flat, hatched, line, rect, svg, text
from monitor.reports.charts.scales import Scale
from monitor.reports.markup import Markup
from monitor.reports.phrases import percent

_PITCH = 24.0


@dataclass(frozen=True, slots=True)
class PersonShares:
    """One person: a name, and the time (s) sitting, standing, moving and unseen on the days that count."""

    name: str
    sitting_s: float
    standing_s: float
    moving_s: float
    unseen_s: float

    @property
    def whole_s(self) -> float:
        """Observed and unseen time (s)."""
        return self.sitting_s + self.standing_s + self.moving_s + self.unseen_s

    def told(self) -> str:
        """The times as text."""
        parts = (("sitting", self.sitting_s), ("standing", self.standing_s), ("moving", self.moving_s), ("unseen", self.unseen_s))
        return f"{self.name}: {', '.join(f'{name} {percent(seconds / self.whole_s)}' for name, seconds in parts)}"


@dataclass(frozen=True, slots=True)
class Box:
    """A group's name, how many people it has, its quartiles and median; None where it has too few people to show any."""

    name: str
    people: int
    quartiles: tuple[float, float, float] | None


def people_chart(people: Sequence[PersonShares], key: str = "people") -> Chart:
    """At least one person with some time, a row each."""
    sitting = sorted(one.sitting_s / max(one.whole_s - one.unseen_s, 1e-9) for one in people)
    said = f"Sitting took {percent(sitting[0])} to {percent(sitting[-1])} of the time that each was seen at the desk."
    note = "Dark: sitting. Middle: standing. Light: moving. Hatched: the monitor ran, and nobody knows."
    return chart(key, "Time at the desk, person by person", said, lambda w, name: draw_people(people, w, name), note)


def draw_people(people: Sequence[PersonShares], width: int, name: str) -> Markup:
    """A bar a person, as long as all the time seen and unseen: parts add up to the whole."""
    x = Scale(0.0, 1.0, 116.0 if width <= NARROW else 130.0, width - 4.0)
    marks = [_bar(one, x, n * _PITCH, name) for n, one in enumerate(people)]
    told = "; ".join(one.told() for one in people)
    return svg(name, Words("Time at the desk by person", f"{told}."), width, _PITCH * len(people) + 4, flat(*marks))


def _bar(one: PersonShares, x: Scale, top: float, name: str) -> Iterator[Markup]:
    yield text(0, top + 15, one.name[:14], "s i")
    at = 0.0
    for kind, seconds in (("sit", one.sitting_s), ("stand", one.standing_s), ("move", one.moving_s), ("", one.unseen_s)):
        start, end = x(at / one.whole_s), x((at + seconds) / one.whole_s)
        at += seconds
        if end - start > 0:
            title = one.told()
            box = (start, top + 3, end - start, _PITCH - 8)
            yield rect(*box, kind, title=title) if kind else hatched(name, *box, title)


def boxes_chart(title: str, unit: str, boxes: Sequence[Box], key: str) -> Chart | None:
    """Groups side by side in one figure, None if each is too small to show."""
    known = [(box, box.quartiles) for box in boxes if box.quartiles]
    if not known:
        return None
    said = "; ".join(f"{box.name}: {q[1]:.3g} {unit} ({q[0]:.3g} to {q[2]:.3g})" for box, q in known)
    note = "Line: from the lower to the upper quartile. Dot: median. Groups of fewer than five people are withheld."
    return chart(
        key, f"{title[0].upper()}{title[1:]}, by group", f"{said}.", lambda w, name: draw_boxes(boxes, unit, w, name), note
    )


def draw_boxes(boxes: Sequence[Box], unit: str, width: int, name: str) -> Markup:
    """A line from quartile to quartile with a dot at the median, a row a group."""
    values = [value for box in boxes for value in box.quartiles or ()]
    low, high = min(values), max(values)
    slack = (high - low) * 0.05 or abs(high) * 0.05 or 1.0
    x = Scale(low - slack, high + slack, 130.0, width - 40.0)
    marks = [_box(box, x, n * 30.0) for n, box in enumerate(boxes)]
    base = 30.0 * len(boxes)
    ends = [text(x(v), base + 14, f"{v:.3g} {unit}".strip(), "s m") for v in dict.fromkeys((low, high))]
    told = "; ".join(f"{box.name}, {box.people} people" for box in boxes)
    return svg(name, Words("Quartiles by group", f"{told}."), width, base + 20, flat(*marks, ends))


def _box(box: Box, x: Scale, top: float) -> Iterator[Markup]:
    yield text(0, top + 19, f"{box.name[:12]} ({box.people})", "s i")
    if box.quartiles is None:
        yield text(x.first, top + 19, "withheld", "s i")
        return
    lower, middle, upper = box.quartiles
    yield line(x(lower), top + 14, x(upper), top + 14, "inside")
    yield circle(x(middle), top + 14, 5, "dot")
