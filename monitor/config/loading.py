"""Reads ``settings.toml``; each mistake in it is one line that names the key and what to do."""

import difflib
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from monitor.config.settings import Settings
from monitor.core.errors import ConfigError, InvalidSettings
from monitor.regular_files import regular
from monitor.texts.encoding import decoded, shortened


def load(path: Path) -> Settings:
    """The settings in ``path``, the defaults if there is no such file.  Raises ConfigError."""
    try:
        text = decoded(regular(path).read_bytes())
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise ConfigError(f"settings {path} cannot be read ({error.strerror}); correct or remove the file") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"settings {path} is no TOML text; open it in an editor and save it as UTF-8") from error
    return checked(text, path)


def checked(text: str, path: Path) -> Settings:
    """The settings in ``text``, which stands or is to stand in ``path``.  Raises ConfigError."""
    try:
        return Settings.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"settings {path} is not valid TOML: {error}; correct that line") from error
    except ValidationError as error:
        raise InvalidSettings(f"settings {path}: {_explain(error)}") from error
    except RecursionError as error:
        raise ConfigError(f"settings {path} is nested too deeply; remove the brackets") from error
    except ValueError as error:  # Python reads no number of more than 4,300 digits
        raise ConfigError(f"settings {path} holds a number that is far too large; correct it") from error


def _explain(error: ValidationError) -> str:
    first = error.errors()[0]
    *parents, key = [str(part) for part in first["loc"]] or ["settings"]
    name = ".".join([*parents, key])
    if first["type"] == "extra_forbidden":
        return f"unknown key {name!r}{nearest(key, _names(parents))}; remove or rename it"
    value = first.get("input")
    shown = "" if isinstance(value, dict) else f" = {shortened(value)}"
    return f"{name}{shown}: {first['msg'].removeprefix('Value error, ').lower()}; correct it"


def _names(parents: Iterable[str]) -> list[str]:
    model: Any = Settings
    for part in parents:
        model = model.model_fields[part].annotation
    return list(model.model_fields)


def nearest(name: str, names: Iterable[str]) -> str:
    """`` (did you mean 'x'?)`` or nothing, for an error message."""
    close = difflib.get_close_matches(name, list(names), n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""
