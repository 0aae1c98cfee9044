"""Values that no option can have: names of no file or folder (too long, a forbidden character), numbers that are none."""

import math
import os
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from monitor.core.errors import ConfigError
from monitor.texts.encoding import shortened

# Longer than any name that the program makes below a folder.
_BELOW = "x" * 100


def check_values(parameters: Iterable[Any], values: Mapping[str, Any]) -> None:
    """Raises ConfigError for the first path of these parameters' ``values`` that can be none, or number that is not finite."""
    for parameter in parameters:
        given = values.get(parameter.name)
        for value in given if isinstance(given, list | tuple) else [given]:
            if isinstance(value, Path):
                _check(parameter.opts[-1], value)
            if isinstance(value, float) and not math.isfinite(value):
                raise ConfigError(f"{parameter.opts[-1]} {value}: give a finite number")


def check_paths(parameters: Iterable[Any], values: Mapping[str, Any], words: Collection[str]) -> None:
    """Raises ConfigError for the first path of these parameters' ``values`` that was written in ``words`` as an empty one."""
    here = any(word and Path(word.rpartition("=")[2] or "-") == Path() for word in words)
    for parameter in parameters:
        given, name = values.get(parameter.name), parameter.opts[-1]
        paths = given if isinstance(given, list | tuple) else [given]
        empty = not here and ("" in words or f"{name}=" in words)
        if empty and Path() in [one for one in paths if isinstance(one, Path)]:
            raise ConfigError(f"{name}: the path is empty; write one, . for this folder, or leave it out")


def _check(option: str, path: Path) -> None:
    try:
        os.lstat(path / _BELOW)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise ConfigError(f"{option} {shortened(str(path))}: {error.strerror}; give another path") from error
    except ValueError as error:  # NUL, or what the system's encoding lacks
        raise ConfigError(f"{option} {shortened(str(path))}: {error}; give another path") from error
