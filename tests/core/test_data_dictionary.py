"""Every field that the history keeps has its sentence, and the sentences tell of the real tables."""

import sqlite3
from contextlib import closing
from zoneinfo import ZoneInfo

import pytest

from monitor.adapters.store import Store
from monitor.core.data_dictionary import KEPT, NEVER_KEPT, FieldKind, header, iso, with_iso
from monitor.testing import MORNING

AFFINITY = {
    FieldKind.TIME: "REAL",
    FieldKind.NUMBER: "REAL",
    FieldKind.COUNT: "INTEGER",
    FieldKind.FLAG: "INTEGER",
    FieldKind.TEXT: "TEXT",
}


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """Columns as (name, type, optional) by table, from a file that the store has just made."""
    path = tmp_path_factory.mktemp("data") / "history.db"
    with Store(path), closing(sqlite3.connect(path)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: [(c[1], c[2], not (c[3] or c[5])) for c in db.execute(f"PRAGMA table_info({name})")] for name in names}


def test_every_table_and_every_field_has_its_sentence(tables):
    assert {name: [column for column, *_ in columns] for name, columns in tables.items()} == {
        name: list(table.fields) for name, table in KEPT.items()
    }


def test_what_is_said_of_a_field_is_what_the_file_holds(tables):
    documented = {name: [(column, AFFINITY[f.kind], f.optional) for column, f in t.fields.items()] for name, t in KEPT.items()}

    assert documented == tables


def test_every_sentence_is_one_plain_sentence():
    sentences = [text for t in KEPT.values() for text in (t.what, *(f.what for f in t.fields.values()))]

    assert [text for text in (*sentences, *NEVER_KEPT) if not text.endswith(".") or "\n" in text] == []
    assert [text for text in sentences if len(text) > 90] == []


def test_a_time_stands_beside_its_seconds_with_the_zone():
    row = dict.fromkeys(KEPT["checkins"].fields) | {"t": MORNING}

    columns = dict(zip(header("checkins"), with_iso("checkins", zip(row.values()), ZoneInfo("Europe/Berlin")), strict=True))

    assert [*columns["t"], *columns["t_iso"]] == [MORNING, "2026-03-02T10:00:00.000+01:00"]
    assert [*columns["cleared"], *columns["cleared_iso"]] == [None, None]
    assert list(columns)[:2] == ["t", "t_iso"]


def test_the_hour_that_comes_twice_is_told_apart_by_its_offset():
    berlin = ZoneInfo("Europe/Berlin")
    night = 1792888200.0  # 2026-10-25 00:30 UTC

    assert [iso(night + s, berlin)[-18:] for s in (0, 3600)] == ["02:30:00.000+02:00", "02:30:00.000+01:00"]
