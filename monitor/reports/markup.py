"""HTML and SVG with automatic escaping: every string is escaped unless it is markup already.

A template engine would need a library in the base install, and a second language for charts and pages.  ``Markup`` has
``__html__``, so that Jinja does not escape it.
"""

from collections.abc import Iterable
from html import escape
from typing import TypeAlias


class Markup(str):
    """Text that is markup already; made by ``element`` and ``join``."""

    __slots__ = ()

    def __html__(self) -> str:
        """The markup itself, the protocol by which template engines skip escaping."""
        return self


Child: TypeAlias = str | Iterable["Child"] | None
Attribute: TypeAlias = str | float | bool | None

NOTHING = Markup("")
# Elements of HTML that have no content and no end.
_VOID = frozenset({"br", "hr", "link", "meta"})


def element(tag: str, *children: Child, **attributes: Attribute) -> Markup:
    """An element as markup; strings in it are escaped, None is left out.

    An attribute ``class_`` is written ``class``, ``stroke_width`` ``stroke-width``; True gives a bare name, None and False omit
    it; numbers have one decimal at most.
    """
    written = "".join(_attribute(name.rstrip("_").replace("_", "-"), value) for name, value in attributes.items())
    if tag in _VOID:
        return Markup(f"<{tag}{written}>")
    inside = join(children)
    return Markup(f"<{tag}{written}>{inside}</{tag}>")


def join(children: Iterable[Child]) -> Markup:
    """The children, concatenated."""
    return Markup("".join(_child(child) for child in children))


def number(value: float) -> str:
    """A number with one decimal at most, a tenth of a pixel."""
    # Adding zero turns -0.0 into 0.0.
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


def _child(child: Child) -> str:
    if child is None or isinstance(child, Markup):
        return child or ""
    return escape(child, quote=False) if isinstance(child, str) else join(child)


def _attribute(name: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return f" {name}"
    return f' {name}="{escape(value) if isinstance(value, str) else number(value)}"'
