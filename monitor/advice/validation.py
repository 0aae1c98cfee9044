"""Validates values against fixed lists; an error names the nearest valid one."""

import difflib
from collections.abc import Collection

from monitor.core.errors import ConfigError


def one_of(what: str, value: str, allowed: Collection[str]) -> str:
    """``value``, if it is one of ``allowed``.

    Raises:
        ConfigError: it is not; the message names the nearest that is.
    """
    if value in allowed:
        return value
    close = difflib.get_close_matches(value, list(allowed), n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"choose from {', '.join(sorted(allowed))}"
    raise ConfigError(f"unknown {what} {value!r}; {hint}")
