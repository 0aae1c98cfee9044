"""The texts that ship with the program, read once from the files in this folder."""

from functools import cache
from importlib import resources

from monitor.advice.catalogue import Citation, Paragraph, Tips, read_explanation, read_sources, read_tips
from monitor.advice.red_flags import Card, read_card


@cache
def tips() -> Tips:
    """All tips and the conditions that exclude some."""
    return read_tips(_text("tips"))


@cache
def sources() -> dict[str, Citation]:
    """The sources of the statements, by key."""
    return read_sources(_text("sources"))


@cache
def card() -> Card:
    """The card of warning signs."""
    return read_card(_text("redflags"))


@cache
def explanation() -> tuple[Paragraph, ...]:
    """The explanation of back pain in pregnancy."""
    return read_explanation(_text("explain"))


def _text(name: str) -> str:
    return resources.files("monitor.advice").joinpath(f"{name}.toml").read_text(encoding="utf-8")
