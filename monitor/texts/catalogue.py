"""The text catalogue of one language: code to text.  An unknown code is shown as words."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

LANGUAGE = "english"


@cache
def _texts(language: str) -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(resources.files("monitor.texts").joinpath(f"{language}.toml").read_text(encoding="utf-8"))


def known(section: str, code: str) -> str | None:
    """The text of ``code`` in a section (``"reminders.too_close"``) of the catalogue; None if it has none."""
    found = _texts(LANGUAGE)
    for part in section.split("."):
        found = found.get(part, {})
    return found.get(code)  # type: ignore[return-value]  # a leaf is a text


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
