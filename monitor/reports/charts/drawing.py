"""The parts that every chart is drawn with, and the frame around it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from monitor.reports.charts.scales import Scale, Tick
from monitor.reports.markup import Attribute, Markup, element, join

# Text has the same size on both: a phone gets a drawing of its own.
WIDE, NARROW = 760, 342
_TICK = 7.0
# Widths of a character (px) at 13 px, on the safe side.
_CHARACTER = 7.4


@dataclass(frozen=True, slots=True)
class Words:
    """The title and description of a drawing, for screen readers."""

    title: str
    description: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart for a page: its heading, the sentence that says what it shows, the drawing in two widths, a note.

    ``key`` is unique on the page.
    """

    key: str
    heading: str
    sentence: str
    wide: Markup
    narrow: Markup
    note: str = ""


def chart(key: str, heading: str, sentence: str, draw: Callable[[int, str], Markup], note: str = "") -> Chart:
    """The chart of a function that draws for a width (px) under a name that is unique on the page."""
    return Chart(key, heading, sentence, draw(WIDE, f"{key}-wide"), draw(NARROW, f"{key}-narrow"), note)


def svg(name: str, words: Words, width: float, height: float, marks: Iterable[Markup | None]) -> Markup:
    """A drawing with its title and description; ``name`` is unique on the page."""
    inside = join(marks)
    pattern = _hatch(name) if f"url(#{name}-h)" in inside else None
    return element(
        "svg",
        element("title", words.title, id=f"{name}-t"),
        element("desc", words.description, id=f"{name}-d"),
        pattern,
        inside,
        class_="c",
        role="img",
        aria_labelledby=f"{name}-t {name}-d",
        viewBox=f"0 0 {width:g} {height:g}",
        width=width,
        height=height,
    )


def _hatch(name: str) -> Markup:
    line = element("line", x1=0, y1=0, x2=0, y2=6, class_="hatchline")
    box: dict[str, Attribute] = {"width": 6, "height": 6, "patternUnits": "userSpaceOnUse", "patternTransform": "rotate(45)"}
    return element("defs", element("pattern", line, id=f"{name}-h", **box))


def hatched(name: str, x: float, y: float, width: float, height: float, title: str | None = None) -> Markup:
    """A hatched box, which means unknown."""
    fill = f"url(#{name}-h)"
    return rect(x, y, width, height, "unknown", title=title, fill=fill)


def rect(x: float, y: float, width: float, height: float, kind: str, **more: Attribute) -> Markup:
    """A box; ``title`` is its tooltip."""
    title = more.pop("title", None)
    inside = element("title", str(title)) if title else None
    return element("rect", inside, x=x, y=y, width=width, height=height, class_=kind, **more)


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    """A straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=kind)


def path(d: str, kind: str, title: str | None = None) -> Markup:
    """A path."""
    return element("path", element("title", title) if title else None, d=d, class_=kind)


def circle(x: float, y: float, r: float, kind: str, title: str | None = None) -> Markup:
    """A circle."""
    return element("circle", element("title", title) if title else None, cx=x, cy=y, r=r, class_=kind)


def text(x: float, y: float, words: str, kind: str | None = None) -> Markup:
    """A line of text that begins at ``x``; of the kind ``m`` it is centred there, of ``e`` it ends there."""
    return element("text", words, x=x, y=y, class_=kind or None)


def width_of(words: str) -> float:
    """About how wide (px) a line of small text is."""
    return _CHARACTER * len(words)


def axis(scale: Scale, ticks: Sequence[Tick], y: float, labels_y: float, width: float) -> list[Markup]:
    """A line from left to right with ticks below it; a label at an edge is kept inside the drawing of that ``width``."""
    marks = [line(scale.first, y, scale.last, y, "axis")]
    for tick in ticks:
        x = scale(tick.value)
        half = width_of(tick.label) / 2
        marks.append(line(x, y, x, y + _TICK, "axis"))
        marks.append(text(min(max(x, half), width - half), labels_y, tick.label, "m s"))
    return marks


def flat(*groups: Iterable[Markup]) -> list[Markup]:
    """All marks of some groups, one after the other: what comes later lies above."""
    return list(chain.from_iterable(groups))
