"""Answers SQL over the tables of a study with DuckDB, which may read that folder alone.  Importing it may raise ConfigError."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from monitor.core.errors import ConfigError

try:
    import duckdb
except ImportError as missing:
    raise ConfigError('this needs DuckDB; install it: python -m pip install "posture-monitor[cohort]"') from missing


def answer(folder: Path, tables: Iterable[str], question: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """The names of the columns and the rows of an answer; each table is a view of ``folder``/NAME.parquet.

    Raises:
        ConfigError: the question is no SQL, or asks for what is not there.
    """
    place = str(folder.absolute())
    with duckdb.connect(":memory:", config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}) as db:
        db.execute(f"SET allowed_directories = [{_quoted(place)}]")
        db.execute("SET enable_external_access = false")
        db.execute("SET lock_configuration = true")
        try:
            for name in tables:
                path = _quoted(str(folder.absolute() / f"{name}.parquet"))
                db.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({path})")  # noqa: S608  # names of ours
            found = db.execute(question)
            return [column[0] for column in found.description or ()], found.fetchall()
        except duckdb.Error as error:
            raise ConfigError(f"the question cannot be answered: {str(error).splitlines()[0]}") from error


def _quoted(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"
