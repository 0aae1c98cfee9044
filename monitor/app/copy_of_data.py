"""A copy of everything that is kept about the person, as JSON and CSV in a folder of hers."""

import tempfile
import zipfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from monitor import __version__
from monitor.adapters import export
from monitor.adapters.store import Snapshot
from monitor.adapters.system.clock import SystemClock
from monitor.adapters.trace_list import noted
from monitor.app.home import HISTORY, Home
from monitor.core.data_dictionary import iso
from monitor.core.errors import DiskFull, StoreError


@dataclass(frozen=True, slots=True)
class Copied:
    """How many rows of each table, and how many calibrations, were copied."""

    rows: Mapping[str, int]
    profiles: int


def copy_to(home: Home, folder: Path) -> Copied:
    """Put the copy into ``folder``, a new or an empty one.  Raises StoreError where nothing is kept, ConfigError, DiskFull."""
    path = home.folders.data / HISTORY
    kept = home.folders.data / "profiles"
    profiles = tuple(sorted((*kept.glob("*.json"), *kept.glob("*.json.bak"))))
    if not path.exists() and not profiles:
        raise StoreError(f"nothing is kept in {home.folders.data} yet; there is nothing to export")
    with ExitStack() as stack:
        snapshot = stack.enter_context(Snapshot(path)) if path.exists() else None
        content = export.Content(_about(home), lambda table: snapshot.rows(table) if snapshot else (), profiles, home.tz)
        return Copied(export.write(folder, content), len(profiles))


def zipped(home: Home) -> IO[bytes]:
    """The copy as one file without a name, at its beginning: it ends with its last reader.  Raises as ``copy_to``."""
    try:
        with ExitStack() as stack:
            packed = stack.enter_context(tempfile.TemporaryFile())
            _pack(home, packed)
            stack.pop_all()
    except OSError as error:
        raise DiskFull(f"no copy can be made in {tempfile.gettempdir()} ({error.strerror}); make room there") from error
    return packed


def _pack(home: Home, packed: IO[bytes]) -> None:
    with tempfile.TemporaryDirectory() as made, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        folder = Path(made) / "copy"
        copy_to(home, folder)
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            archive.write(path, path.relative_to(folder))
            path.unlink()  # the two need room for one
    packed.seek(0)


def _about(home: Home) -> dict[str, object]:
    now = SystemClock().now()
    return {
        "exported_at": now,
        "exported_at_iso": iso(now, home.tz),
        "program": __version__,
        "zone": str(home.tz),
        "data_folder": str(home.folders.data.absolute()),
        "settings_file": str(home.folders.settings.absolute()),
        "traces": [str(trace) for trace in noted(home.folders.data)],
        "set_aside": [str(p) for p in sorted(home.folders.data.glob("history.damaged-*.db"))],
    }
