"""Changes single settings in the person's file; comments and order are kept, and an invalid file is never written."""

import tomllib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from monitor.config import Settings, checked, load
from monitor.core.errors import ConfigError, InvalidSettings
from monitor.regular_files import write_private


def change(path: Path, changes: Mapping[str, str]) -> Settings:
    """The settings after ``changes`` (full name -> value as typed; empty: back to the default) to the file at ``path``.

    Raises:
        ConfigError: an unknown name or an invalid value, also one that was in the file before and stays; the file is unchanged.
    """
    with suppress(InvalidSettings):  # the change may mend it
        load(path)
    try:
        document = tomlkit.parse(path.read_text(encoding="utf-8-sig")) if path.exists() else tomlkit.document()
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        raise ConfigError(f"settings {path} cannot be changed here; correct them in an editor") from error
    for name, text in changes.items():
        _put(document, name.split("."), text)
    new = tomlkit.dumps(document)
    settings = checked(new, path)
    _write(path, new)
    return settings


def _put(table: Any, keys: list[str], text: str) -> None:
    *parents, key = keys
    for parent in parents:
        if not text and parent not in table:
            return
        table = table.setdefault(parent, tomlkit.table())
        if not isinstance(table, dict):
            raise ConfigError(f"{'.'.join(keys)}: {parent} is a value and no section; correct the name")
    if text:
        table[key] = _value(text)
    else:
        table.pop(key, None)


def _value(text: str) -> Any:
    """A TOML value as typed; anything else is text."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _write(path: Path, text: str) -> None:
    """Write the file atomically, readable by its owner only."""
    try:
        write_private(path, text)
    except OSError as error:
        raise ConfigError(f"settings {path} cannot be written ({error.strerror}); check the folder") from error
