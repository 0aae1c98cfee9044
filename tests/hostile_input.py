"""Hostile input of every kind, as strategies, and what one try of it does: the fuzz of the tests and of the benchmark.

Each strategy is made from what the program itself says it takes: the options from its parser, the settings from its table, the
cells from the dictionary of the history; a profile, a trace or a model begins as a sound one.
"""

import enum
import io
import json
import os
import signal
import sqlite3
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
from hypothesis import strategies as st
from program import CLIP, ROOT, Outcome, call

from monitor.adapters.store.database import connect
from monitor.cli import app
from monitor.config import Settings, flat
from monitor.core.data_dictionary import KEPT, FieldKind

FORMER = ROOT / "tests" / "former"
# A camera that is nowhere: on a machine with one, nothing is to begin.
SETTINGS = ("settings.toml", b"[camera]\ndevice = 99\n")
LONGEST_S = 60


@dataclass(frozen=True, slots=True)
class Try:
    """Files of the data folder by name, cells of the history, and the command that meets them."""

    arguments: tuple[str, ...]
    files: tuple[tuple[str, bytes], ...] = (SETTINGS,)
    cells: tuple[tuple[str, str, Any], ...] = ()

    def __repr__(self) -> str:
        """Short, whatever is in it."""
        files = [f"{name}: {len(content)} bytes {content[:200]!r}" for name, content in self.files if (name, content) != SETTINGS]
        return f"{[one[:120] for one in self.arguments]} {files} {[(*one[:2], repr(one[2])[:60]) for one in self.cells]}"


# --- values ------------------------------------------------------------------------------------------------------

# fmt: off
# No device and no folder of the system: whoever tests may be allowed to replace them.
NUMBERS = (
    "nan", "inf", "-inf", "1e400", "-1e400", "1e308", "1e-320", "9" * 23, "9" * 5000, "-" + "9" * 5000, "-1", "0", "-0.0",
    "", "1", "2147483648", "9223372036854775808", "0x10", "1_0", "\u0661", "\u00b2", " 1", "1.5",
)
TEXTS = (
    "", " ", "\n", "-", "--", "x" * 300, "x" * 5000, "a\0b", "caf\udce9", "..", "../../x", "a/b", "\x1b[2J", "[bold]", "[/]",
    "{0}", "%s%n", "\U0001f4a9", "\ufeff", "e\u0301", "con", "2026-02-30", "0001-01-01", "9999-12-31", "1900-01-01", "2200-12-31",
    "0001-01-01T00:00", "9999-12-31T23:59:59", "today", "a=b", "a=", "=b", "a=b@1-2", "a=b@nan-inf", "sitting_tall=x@1-2",
    "25:00", "10m", "99999999h", "1e308m", "until tomorrow", "http://[1", "http://", "rtsp://cam:0/", "a\tb", "@x", "+1",
)
PATHS = (
    "x" * 300, "x/" * 3000, "a\0b", "caf\udce9", "", ".", "..", "/proc/x/y",
    "missing.jsonl", "missing.mp4", "no/such/folder/x", "~", "~nobody/x", "\n", "-", "\x1b[2J", "http://[1", "con",
)
FOLDERS = (
    "x" * 300, "x/" * 3000, "x/" * 2030, "a\0b", "caf\udce9", "/proc/x/y", "data/settings.toml", "new",
)
JSONS = (
    "null", "true", "-1", "0", "-0.0", "1e308", "-1e308", "1e400", "1e-320", "NaN", "-Infinity", "9" * 23, "9" * 5000, '""',
    '"x"', '"\\ud800"', '"\\u0000"', "[]", "{}", "[null]", "[" * 100_000, '{"a":' * 100_000, '"' + "x" * 100_000 + '"',
    "[1e308, 1e308]", "",
    "253402300800", "-62135596800", "1.5", '"1"', '"side"',
)
TOMLS = (
    *NUMBERS, '""', '"x"', '"\\u0000"', "true", "[]", "[1]", '["x"]', "{}", "{a = 1}", "2026-01-01", "25:00:00", "23:59:60",
    "[" * 5000,
    "{a=" * 5000, '"' + "x" * 100_000 + '"', "1979-05-27T07:32:00Z", "0001-01-01", '"~nobody/x"',
    '"caf\\u00e9"', '"04:00"',
)
CELLS = (
    None, "", "x", "nan", "a b", b"", b"\xff", "\U0001f4a9", "x" * 100_000, 0, 1, -1, 2**53, 2**63 - 1, -(2**63), 1.5, 1e308,
    -1e308, float("inf"), float("-inf"), 1e-320, -1e10, 253402300800.0, "9999-12-31", "0001-01-01", "[]", "{}",
    "[" * 5000, '{"a": 1}', "[{}]",
    '{"a": [1, 2]}', '{"a": [null, null, null]}', '{"trunk_inclination": [1e308, "x", 3]}', "red", "sitting", "pause",
    "[bold]", "\x1b[2J",
)
# fmt: on
# As text that is no text, which only SQLite itself can write.
NO_TEXT = object()


def _near(values: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.sampled_from(values) | st.text(max_size=8)


# --- the command line --------------------------------------------------------------------------------------------

# What opens a browser or a window on purpose, and what starts a monitor: those meet only what they refuse.
_NOT_HERE = frozenset({"--open", "--notify-test", "--help"})
_STARTS = frozenset({"dashboard", "start", "tray", "autostart", "demo"})


def commands() -> dict[str, Any]:
    """Every command there is, by name."""
    group: Any = typer.main.get_command(app)
    return dict(group.commands)


def _annotation(parameter: Any) -> Any:
    return parameter.type_descriptor.annotation


def _values(parameter: Any) -> st.SearchStrategy[str]:
    kind = _annotation(parameter)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return st.sampled_from([str(one.value) for one in kind]) | _near(TEXTS)
    if kind in (int, float):
        return _near(NUMBERS) | st.floats().map(str) | st.integers(0, 60).map(str)
    if kind is Path or parameter.name in ("source", "profile"):
        return _near(PATHS).filter(lambda text: not text.isdigit())
    return _near(TEXTS)


@st.composite
def _parameter(draw: st.DrawFn, parameter: Any) -> list[str]:
    if not parameter.opts[-1].startswith("-"):
        return draw(st.lists(_values(parameter), max_size=3 if parameter.nargs < 0 else 1))
    if parameter.is_flag:
        return [draw(st.sampled_from([*parameter.opts, *parameter.secondary_opts]))]
    return [draw(st.sampled_from(parameter.opts)), draw(_values(parameter))]


def command_lines() -> st.SearchStrategy[Try]:
    """A command with some of its options, each with a value that may be one, or none."""
    return _command_lines(commands())


@st.composite
def _command_lines(draw: st.DrawFn, known: dict[str, Any]) -> Try:
    name = draw(st.sampled_from(sorted(known)))
    allowed = [p for p in known[name].params if p.name != "data" and not _NOT_HERE & {*p.opts}]
    chosen = draw(st.lists(st.sampled_from(allowed), max_size=4, unique_by=id)) if allowed else []
    words = [word for parameter in chosen for word in draw(_parameter(parameter))]
    if draw(st.integers(0, 9)) == 0:
        words += [draw(_near(TEXTS))]
    where = ["--data", "data/settings.toml" if name in _STARTS else draw(st.just("data") | st.sampled_from(FOLDERS))]
    return Try((name, *where, *words))


# --- files -------------------------------------------------------------------------------------------------------

_HERE = ("--data", "data")


@st.composite
def settings_files(draw: st.DrawFn) -> Try:
    """Settings by their own names, with values that may be some, or bytes."""
    names = sorted(flat(Settings()))
    lines = draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(TOMLS)), min_size=1, max_size=3))
    text = "camera.device = 99\n" + "".join(f"{name} = {value}\n" for name, value in lines)
    content = text.encode("utf-8", "surrogatepass")
    content = draw(st.just(content) | _damaged(content))
    asks = [
        ("status",),
        ("why", "--all"),
        ("summary", "--week"),
        ("redflags",),
        ("tip",),
        ("stage",),
        ("settings",),
        ("contacts",),
    ]
    asks += [("settings", "silence.quiet_from=22:00"), ("data",), ("run",), ("replay", "trace.jsonl"), ("checkin", "--pain", "3")]
    return Try(
        (*draw(st.sampled_from(asks)), *_HERE), (("settings.toml", content), ("trace.jsonl", _trace())), draw(_sound_or_not)
    )


_sound_or_not = st.sampled_from([(), (("looks", "id", 1),)])


def _trace() -> bytes:
    return (FORMER / "trace_1.jsonl").read_bytes()


@st.composite
def _damaged(draw: st.DrawFn, content: bytes) -> bytes:
    """``content`` cut off, with bytes changed, doubled, or put before."""
    at, length = draw(st.integers(0, len(content))), draw(st.integers(0, 40))
    new = draw(st.sampled_from([b"", b"\0", b"\xff\xfe", b"\n", b"{", b"[" * 100_000, b'"', b"\x1f\x8b"]) | st.binary(max_size=8))
    return draw(st.sampled_from([content[:at], content[:at] + new + content[at + length :], content * 2, new, new + content]))


def _places(document: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    inside = document.items() if isinstance(document, dict) else enumerate(document[:2]) if isinstance(document, list) else ()
    for key, value in inside:
        yield from _places(value, (*path, key))


_MARK = "@here@"


@st.composite
def _changed(draw: st.DrawFn, document: Any) -> str:
    """The JSON of ``document`` with something in it replaced, removed or added."""
    path = draw(st.sampled_from(list(_places(document))))
    new = draw(st.sampled_from(JSONS))
    if not path:
        return new
    document = json.loads(json.dumps(document))
    parent = document
    for key in path[:-1]:
        parent = parent[key]
    how = draw(st.integers(0, 4))
    if how == 0:
        del parent[path[-1]]
    elif how == 1 and isinstance(parent, dict):
        parent[draw(_near(TEXTS)).encode("utf-8", "replace").decode() + "+"] = _MARK
    else:
        parent[path[-1]] = _MARK
    return json.dumps(document).replace(f'"{_MARK}"', new)


_PROFILE = json.loads((FORMER / "profile_demo.json").read_text())


@st.composite
def profiles(draw: st.DrawFn) -> Try:
    """A calibration with something wrong in it."""
    content = draw(_changed(_PROFILE)).encode("utf-8", "surrogatepass")
    content = draw(st.just(content) | st.just(content) | _damaged(content))
    asks = [
        ("replay", "trace.jsonl"),
        ("status",),
        ("stage",),
        ("data",),
        ("data", "export", "named/copy"),
        ("doctor", "--privacy"),
    ]
    asks += [("replay", "trace.jsonl", "--profile", "default"), ("run",), ("calibrate", "--source", "missing.mp4")]
    files = (SETTINGS, ("profiles/default.json", content), ("trace.jsonl", _trace()))
    return Try((*draw(st.sampled_from(asks)), *_HERE), files, draw(_sound_or_not))


_LINES = [json.loads(line) for line in _trace().splitlines()]
_MORE_LINES = (
    {"t": 1772442003.0, "kind": "command", "order": "pause", "until": 1772442010.0, "what": None},
    {"t": 1772442003.0, "kind": "command", "order": "mark", "until": None, "what": "break"},
    {"t": 1772442003.0, "held": True},
    {"t": 1772442003.0, "why": "nobody_there", "shift": {"dx": 0.0, "dy": 0.0, "scale": 1.0, "angle_deg": 0.0}},
)


@st.composite
def traces(draw: st.DrawFn) -> Try:
    """A trace with something wrong in a line or two."""
    lines = [json.dumps(line) for line in _LINES]
    for _ in range(draw(st.integers(1, 2))):
        at = draw(st.integers(0, 4))
        lines[at] = draw(_changed(draw(st.sampled_from([_LINES[at], *_MORE_LINES]))))
    content = "\n".join(lines).encode("utf-8", "surrogatepass") + b"\n"
    content = draw(st.just(content) | st.just(content) | _damaged(content))
    packed = draw(st.booleans())
    if packed:
        content = draw(st.just(_gzip(content)) | _damaged(_gzip(content)) | st.just(content))
    name = "trace.jsonl.gz" if packed else "trace.jsonl"
    command = draw(st.sampled_from([("replay", name), ("analyze", name), ("replay", name, "--profile", "default")]))
    return Try((*command, *_HERE), (SETTINGS, (name, content), ("profiles/default.json", json.dumps(_PROFILE).encode())))


def _gzip(content: bytes) -> bytes:
    import gzip

    return gzip.compress(content, 1, mtime=0)


@st.composite
def models(draw: st.DrawFn) -> Try:
    """A ``.task`` file: a ZIP with the right names and other content, or a damaged one."""
    packed, names = io.BytesIO(), ("pose_detector.tflite", "pose_landmarks_detector.tflite")
    with zipfile.ZipFile(packed, "w", draw(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))) as bundle:
        for name in draw(st.lists(st.sampled_from([*names, "x", "../x", "a\\b"]), max_size=3, unique=True)):
            bundle.writestr(
                zipfile.ZipInfo(name), draw(st.binary(max_size=64) | st.just(b"\0" * 10_000) | st.just(b"\x1c\0\0\0TFL3"))
            )
    content = packed.getvalue()
    content = draw(st.just(content) | _damaged(content))
    asks = [("doctor",), ("analyze", CLIP, "--every", "99"), ("analyze", CLIP, "--every", "99", "--model", "model.task")]
    asks += [("run", "--source", CLIP, "--pace", "fast", "--model", "model.task"), ("check", "--source", CLIP)]
    command = draw(st.sampled_from(asks))
    return Try((*command, *_HERE), (("settings.toml", b'camera.device = 99\nmodel = "model.task"\n'), ("model.task", content)))


# --- the history -------------------------------------------------------------------------------------------------

_ASKS = (
    *(
        ("status",),
        ("status", "--json"),
        ("why", "--all"),
        ("summary",),
        ("summary", "--week", "--json"),
        ("summary", "--session", "0"),
    ),
    *(
        ("summary", "--csv"),
        ("report", "--out", "named/r.html"),
        ("report", "--visit", "--out", "named/v.html"),
        ("checkin", "--history"),
    ),
    *(
        ("data",),
        ("data", "export", "named/copy"),
        ("tip",),
        ("stage",),
        ("stage", "--tick", "no_floor"),
        ("redflags",),
        ("explain",),
    ),
    *(
        ("checkin", "--clear"),
        ("checkin", "--pain", "4"),
        ("check", "--history"),
        ("stop",),
        ("pause", "10m"),
        ("doctor", "--privacy"),
    ),
    *(("resume",), ("mark", "break"), ("replay", "trace.jsonl"), ("report", "--month", "--out", "named/m.html"), ("run",)),
    ("run", "--source", "missing.mp4", "--into-history"),
)


@st.composite
def histories(draw: st.DrawFn) -> Try:
    """A history with cells that are none of ours."""
    cells = []
    for _ in range(draw(st.integers(1, 3))):
        table = draw(st.sampled_from(sorted(KEPT)))
        value = draw(st.sampled_from(CELLS) | st.floats() | st.just(NO_TEXT))
        cells.append((table, draw(st.sampled_from(sorted(KEPT[table].fields))), value))
    return Try((*draw(st.sampled_from(_ASKS)), *_HERE), (SETTINGS, ("trace.jsonl", _trace())), tuple(cells))


_WORDS = {
    "ended": "clean", "activity": "sitting", "state": "sitting", "level": "soft", "limiting": "some", "kind": "sat_too_long",
    "posture": "ok", "due": "2027-03-02", "birth": None, "urgency": None, "what": None, "signal": "trunk_inclination",
    "runs": '{"sitting": 900.0}', "readings": '{"trunk_inclination": [1.5, 0.5, null]}', "decisions": "[]",
    "places": "low_back",
    "eased_by": "walk", "symptoms": "", "conditions": "no_floor", "note": "x",
}  # fmt: skip


def make_history(path: Path, now: float) -> None:
    """A history with rows in every table, of the last hours before ``now`` (POSIX s)."""
    with closing(connect(path)) as db, db:
        for table, kept in KEPT.items():
            for number in range(1, 2 if "id" in kept.fields and table in ("now", "person", "looks") else 4):
                row = {name: _value(name, field.kind, number, now) for name, field in kept.fields.items()}
                row |= {"commands": {"kind": "resume"}, "now": {"session": 3}}.get(table, {})
                row |= {"ended": None} if table == "sessions" and number == 3 else {}
                row |= dict.fromkeys({"until", "cleared"} & row.keys())
                places = ", ".join("?" * len(row))
                db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", tuple(row.values()))  # noqa: S608


def _value(name: str, kind: FieldKind, number: int, now: float) -> Any:
    if kind is FieldKind.TEXT:
        return _WORDS.get(name, "nobody_there" if name == "why" else "x")
    if kind is FieldKind.TIME:
        began = (now - 7200) // 60 * 60 + 1200 * number
        return began + 900 if name == "end" else began
    if kind is FieldKind.NUMBER:
        return 20.0
    return 1 if kind is FieldKind.FLAG else number


def spoil(path: Path, cells: tuple[tuple[str, str, Any], ...]) -> None:
    """Put each value, as far as SQLite takes it, into that column of the last row of that table."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA synchronous = OFF")
        for table, column, value in cells:
            first = next(iter(KEPT[table].fields))
            new, given = ("CAST(x'ff41' AS TEXT)", ()) if value is NO_TEXT else ("?", (value,))
            with suppress(sqlite3.Error, OverflowError), db:
                last = f"{first} = (SELECT max({first}) FROM {table})"  # noqa: S608
                db.execute(f"UPDATE {table} SET {column} = {new} WHERE {last}", given)  # noqa: S608


# --- one try -----------------------------------------------------------------------------------------------------

KINDS: dict[str, Callable[[], st.SearchStrategy[Try]]] = {
    "command line": command_lines,
    "settings": settings_files,
    "profile": profiles,
    "trace": traces,
    "model": models,
    "history": histories,
}
CODES = frozenset({0, 1, 2})


class HangError(BaseException):
    """A command that did not end."""


def prepare(root: Path, one: Try, now: float) -> None:
    """The folders of a try under ``root``, which is new."""
    for name in ("home", "tmp", "cwd/data", "cwd/named"):
        (root / name).mkdir(parents=True)
    if one.cells:
        make_history(root / "cwd/data/history.db", now)
        spoil(root / "cwd/data/history.db", one.cells)
    for name, content in one.files:
        for folder in ("data", ".") if name.startswith(("trace", "model")) else ("data",):
            path = root / "cwd" / folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)


def environment(root: Path) -> dict[str, str]:
    """What a try sees of the person's own things: nothing."""
    home = {
        name: str(root / "home") for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR")
    }
    cache = str(root.parent / "cache")
    return home | {"XDG_CACHE_HOME": cache, "TMPDIR": str(root / "tmp"), "DBUS_SESSION_BUS_ADDRESS": "", "DISPLAY": ""}


def wrong(root: Path, one: Try, outcome: Outcome) -> str | None:
    """What a try should not have done, if anything."""
    if outcome.code not in CODES:
        return f"exit code {outcome.code}"
    if "Traceback" in outcome.err:
        return f"traceback: {outcome.err[-600:]}"
    lines = [line for line in outcome.err.splitlines() if "are skipped" not in line]
    if outcome.code == 2 and len([line for line in lines if line.startswith("posture-monitor: ")]) < 1:
        return f"refused without a line: {outcome.err[:300]!r}"
    given = {name for name, _ in one.files}
    made = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file() or path.is_symlink()}
    outside = [
        path for path in made if not path.startswith(("cwd/data/", "cwd/named/")) and path.removeprefix("cwd/") not in given
    ]
    named = [word for word in one.arguments if word not in ("", ".", "/")]
    strange = [path for path in outside if not any(path.removeprefix("cwd/").startswith(word) for word in named)]
    return f"wrote {strange}" if strange else None


def in_process(root: Path, one: Try, now: float) -> str | None:
    """What went wrong in a try of ``one``, run here."""
    prepare(root, one, now)
    before, folder, stdin, temporary = dict(os.environ), Path.cwd(), sys.stdin, tempfile.tempdir
    os.environ.update(environment(root))
    os.chdir(root / "cwd")
    tempfile.tempdir = str(root / "tmp")
    try:
        with Path(os.devnull).open() as sys.stdin, _bounded():
            outcome = call(*one.arguments)
    except HangError:
        return "hangs"
    finally:
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(before)
        sys.stdin, tempfile.tempdir = stdin, temporary
    return wrong(root, one, outcome)


@contextmanager
def _bounded() -> Iterator[None]:
    def over(*_: object) -> None:
        raise HangError

    if not hasattr(signal, "SIGALRM"):  # Windows
        yield
        return
    before = signal.signal(signal.SIGALRM, over)
    signal.alarm(LONGEST_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
