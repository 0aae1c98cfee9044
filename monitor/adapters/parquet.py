"""Writes tables as Parquet, each column described in the schema's metadata.  Importing it raises ConfigError without pyarrow."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.core.errors import ConfigError, DiskFull

try:
    import pyarrow as pa
    from pyarrow import parquet as pq
except ImportError as missing:
    raise ConfigError('this needs pyarrow; install it: python -m pip install "posture-monitor[cohort]"') from missing

# Output is the same for every run of one version of pyarrow.
_COMPRESSION = "zstd"


@dataclass(frozen=True, slots=True)
class ParquetColumn:
    """A column: ``form`` is one of text, whole number, number, true or false; ``about`` goes into the schema's metadata."""

    name: str
    form: str
    about: Mapping[str, str]


_TYPES: Mapping[str, Any] = {"text": pa.string(), "whole number": pa.int64(), "number": pa.float64(), "true or false": pa.bool_()}


class ParquetTable:
    """A table that is written piece by piece to ``path``, each piece a row group.

    Raises:
        DiskFull: no room or no permission.
    """

    def __init__(self, path: Path, columns: Sequence[ParquetColumn], about: Mapping[str, str]) -> None:
        self._path = path
        fields = [pa.field(c.name, _TYPES[c.form], metadata=dict(c.about)) for c in columns]
        self._schema = pa.schema(fields, metadata=dict(about))
        try:
            self._writer = pq.ParquetWriter(path, self._schema, compression=_COMPRESSION)
        except OSError as error:
            raise _full(path, error) from error

    def add(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Append rows by column; missing fields and NaN become null."""
        given = list(rows)
        if not given:
            return
        # from_pandas: NaN is null, too.
        columns = [pa.array([row.get(f.name) for row in given], f.type, from_pandas=True) for f in self._schema]
        try:
            self._writer.write_table(pa.table(columns, schema=self._schema))
        except OSError as error:
            raise _full(self._path, error) from error

    def close(self) -> None:
        """Finish the file; may be called twice."""
        try:
            self._writer.close()
        except OSError as error:
            raise _full(self._path, error) from error


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of the table at ``path``, None for what is missing.  Raises ConfigError if there is none that can be read."""
    try:
        return list(pq.read_table(path).to_pylist())
    except (OSError, pa.ArrowInvalid) as error:
        raise ConfigError(f"table {path} cannot be read; make it again: posture-monitor cohort run") from error


def _full(path: Path, error: OSError) -> DiskFull:
    return DiskFull(f"table {path} cannot be written ({error.strerror or error}); make room, then run again with --resume")
