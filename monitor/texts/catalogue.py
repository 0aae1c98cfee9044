"""The text catalogue of one language: code to text.  An unknown code is shown as words.

For a person who always sits (a wheelchair user, or who cannot stand) some texts take the place of others: "in one position for
30 min" instead of "sitting for 30 min".  ``speaking_to`` says who reads, for as long as its block lasts.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib import resources
from typing import Any

LANGUAGE, ALWAYS_SEATED = "english", "english_always_seated"
_seated: ContextVar[bool] = ContextVar("always_seated", default=False)


@cache
def _texts(language: str) -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(resources.files("monitor.texts").joinpath(f"{language}.toml").read_text(encoding="utf-8"))


def known(section: str, code: str) -> str | None:
    """The text of ``code`` in a section (``"reminders.too_close"``) of the catalogue; None if it has none."""
    own = _found(ALWAYS_SEATED, section, code) if always_seated() else None
    return own or _found(LANGUAGE, section, code)


def _found(language: str, section: str, code: str) -> str | None:
    found = _texts(language)
    for part in section.split("."):
        found = found.get(part, {})
    return found.get(code)  # type: ignore[return-value]  # a leaf is a text


@contextmanager
def speaking_to(*, always_seated: bool) -> Iterator[None]:
    """Within the block texts are for a person who always sits, or for anybody."""
    before = _seated.set(always_seated)
    try:
        yield
    finally:
        _seated.reset(before)


def always_seated() -> bool:
    """Whether texts are for a person who always sits."""
    return _seated.get()


def about_sitting(code: str, **values: object) -> str:
    """The text about time spent sitting, with its ``values``."""
    return text("sitting", code).format(**values)


def activity_name(code: str) -> str:
    """What an activity is called on pages and in charts."""
    return text("activities_seen", code) if known("activities_seen", code) else text("activities", code)


def text(section: str, code: str) -> str:
    """The text of ``code`` in a section of the catalogue, else the code itself as words."""
    return known(section, code) or code.replace("_", " ")


def reason(code: str) -> str:
    """The text of a reason code, as used after a colon."""
    return text("reasons", code)


def label(signal: str) -> str:
    """The name of a signal."""
    return text("signals", signal)


def reminder_name(kind: str) -> str:
    """What a kind of reminder is called in tables and sentences."""
    return known(f"reminders.{kind}", "name") or kind.replace("_", " ")


def mode(codes: str) -> str:
    """The text of a source's mode, such as ``interval on_battery``: how the camera is used, and why it saves power."""
    how, _, why = codes.partition(" ")
    return ", ".join([text("modes", how), *([reason(why)] if why else [])])


def joined(parts: Iterable[str]) -> str:
    """The parts as a sentence lists them: ``a, b and c``."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
