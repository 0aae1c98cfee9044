"""The files and data that the program stores, for people and for programs; from given facts and ``core/data_dictionary.py``."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from monitor.core.data_dictionary import KEPT, NEVER_KEPT

WIDTH = 80
# Why the version of an engine's package is pinned.
REASONS = {
    "mediapipe": "From 0.10.35 on, its published wheels report usage metrics to a server and offer no way to turn that off; ",
}
EXPORT, DELETE, TRACE = "posture-monitor data export DIR", "posture-monitor data delete", "posture-monitor run --trace FILE"


@dataclass(frozen=True, slots=True)
class File:
    """A file: its path, its purpose, its present permissions, its size; ``mode`` is None if it does not exist."""

    path: str
    what: str
    mode: str | None
    bytes: int | None


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts about this machine.

    ``engine_ok`` is False if the installed engine is not the pinned one.
    """

    package: str
    engine: str
    pinned: str
    engine_ok: bool
    files: Sequence[File]
    elsewhere: Sequence[str]
    keep: str


def why_pinned(facts: Facts) -> str:
    """The engine's version, and why it is pinned."""
    state = "as pinned" if facts.engine_ok else f"NOT the pinned {facts.pinned}: pip install {facts.package}=={facts.pinned}"
    return f"{facts.package} {facts.engine}, {state}. {REASONS.get(facts.package, '')}{facts.pinned} opens no internet socket."


def privacy_lines(facts: Facts) -> Iterator[str]:
    """The page, in 80 columns; a path may be longer."""
    yield "THE POSE ENGINE"
    yield from _text(why_pinned(facts))
    yield from ("", "THE NETWORK")
    yield from _text(
        "Used for a network camera, if you name one. The dashboard, while you have it open, listens on this computer alone "
        "(127.0.0.1). Nothing is sent."
    )
    yield from ("", "EVERY FILE THAT THE PROGRAM WRITES")
    for file in facts.files:
        yield f"  {file.path}"
        now = f"{file.mode}, {size(file.bytes or 0)}" if file.mode else "not there now"
        yield from _text(f"{now}: {file.what}", 4)
    for place in facts.elsewhere:
        yield from _text(f"also {place}", 2)
    yield from ("", "EVERY FIELD THAT THE HISTORY KEEPS")
    for name, table in KEPT.items():
        yield from ("", f"  {name}")
        yield from _text(table.what, 4)
        for column, field in table.fields.items():
            yield from _text(field.what, 21, first=f"    {column:<17}")
    yield from ("", "WHAT IS NEVER KEPT")
    for thing in NEVER_KEPT:
        yield from _text(thing)
    yield from ("", "YOURS TO TAKE AND TO DELETE")
    yield from _text(facts.keep)
    yield f"  A copy of everything:  {EXPORT}"
    yield f"  Delete all of it:      {DELETE}"


def privacy_values(facts: Facts) -> dict[str, Any]:
    """The same for programs."""
    return {
        "engine": {
            "package": facts.package,
            "installed": facts.engine,
            "pinned": facts.pinned,
            "ok": facts.engine_ok,
            "why": why_pinned(facts),
        },
        "files": [asdict(file) for file in facts.files],
        "elsewhere": list(facts.elsewhere),
        "tables": {name: {"what": t.what, "fields": {c: f.what for c, f in t.fields.items()}} for name, t in KEPT.items()},
        "never_kept": list(NEVER_KEPT),
        "retention": facts.keep,
        "export": EXPORT,
        "delete": DELETE,
    }


def retention(days: int, *, told_too: bool) -> str:
    """How long records are kept, in words."""
    if days == 0:
        return "Records are kept until you delete them (setting data.keep_days is 0)."
    told = "check-ins and standing checks too" if told_too else "check-ins and standing checks stay"
    return f"Records older than {days} days are deleted, {told} (setting data.keep_days)."


def size(count: int) -> str:
    """``count`` bytes in words: ``12 kB``."""
    for unit, one in (("MB", 1_000_000), ("kB", 1000)):
        if count >= one:
            return f"{count / one:.3g} {unit}" if count < 1000 * one else f"{count / one:.0f} {unit}"
    return f"{count} bytes"


def _text(text: str, indent: int = 2, first: str | None = None) -> Iterable[str]:
    space = " " * indent
    begin = space if first is None else first.ljust(indent)
    return textwrap.wrap(text, WIDTH, initial_indent=begin, subsequent_indent=space, break_long_words=False)
