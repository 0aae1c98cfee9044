"""Under which names people and files stand in the tables: a keyed hash of their own, or their own if that is asked for."""

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from monitor.core.errors import ConfigError, DiskFull
from monitor.regular_files import regular

KEY_BYTES = 32
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Names:
    """What stands for a person and a file; ``own`` if it is what they are called themselves."""

    person: Callable[[str], str]
    file: Callable[[str], str]
    own: bool


def own_names() -> Names:
    """Everybody under their own name."""
    return Names(str, str, own=True)


def hashed_names(key: bytes) -> Names:
    """Everybody under a hash that only who holds ``key`` can make again (HMAC-SHA256)."""

    def named(kind: str, name: str) -> str:
        return f"{kind}{hmac.digest(key, f'{kind}:{name}'.encode('utf-8', 'surrogateescape'), 'sha256').hex()[:_SHOWN]}"

    return Names(lambda name: named("p", name), lambda name: named("f", name), own=False)


def key_fingerprint(key: bytes) -> str:
    """By what a key is known again without telling it."""
    return hashlib.sha256(b"posture cohort key" + key).hexdigest()[:_SHOWN]


def key_of(path: Path) -> bytes:
    """The key in ``path``; one that is new if there is no such file.  Raises ConfigError, DiskFull."""
    try:
        with suppress(FileExistsError), os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{secrets.token_hex(KEY_BYTES)}\n")
        text = regular(path).read_text(encoding="ascii").strip()
        key = bytes.fromhex(text)
    except OSError as error:
        raise DiskFull(f"key {path} cannot be read or made ({error.strerror}); give another with --key FILE") from error
    except ValueError as error:
        raise ConfigError(f"key {path} holds no key; remove it, and a new one is made") from error
    if len(key) < KEY_BYTES:
        raise ConfigError(f"key {path} is shorter than {KEY_BYTES} bytes; remove it, and a new one is made")
    return key
