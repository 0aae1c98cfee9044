"""What answers a camera that asks for a password: Basic (RFC 7617) or Digest (RFC 7616)."""

import hashlib
import re
import secrets
from base64 import b64encode
from collections.abc import Callable, Sequence

# A name and its value, quoted or not.
_WORD = re.compile(r'([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))')
_HASHES: dict[str, Callable[[bytes], str]] = {
    "md5": lambda data: hashlib.md5(data, usedforsecurity=False).hexdigest(),
    "sha-256": lambda data: hashlib.sha256(data).hexdigest(),
}


def authorization(asked: Sequence[str], user: str, password: str, path: str) -> dict[str, str]:
    """The header for one more try; ``asked`` are the camera's WWW-Authenticate headers.  The safest scheme first.

    An empty value is sent where no scheme is known: the camera then refuses once more, and for good.
    """
    schemes = {word.partition(" ")[0].lower(): word.partition(" ")[2] for word in reversed(asked)}
    said = _digest(schemes["digest"], user, password, path) if "digest" in schemes else None
    if said is None and "basic" in schemes:
        said = "Basic " + b64encode(f"{user}:{password}".encode()).decode()
    return {"Authorization": said or ""}


def _digest(asked: str, user: str, password: str, path: str) -> str | None:
    """The answer to a digest's challenge, None where it asks for a hash or a protection that is not known."""
    told = {key.lower(): quoted or plain for key, quoted, plain in _WORD.findall(asked)}
    algorithm, realm, nonce = told.get("algorithm", "MD5"), told.get("realm", ""), told.get("nonce", "")
    kinds = [kind.strip() for kind in told.get("qop", "").split(",")]
    hashed = _HASHES.get(algorithm.lower())
    if hashed is None or not ({"", "auth"} & set(kinds)):
        return None

    def of(*words: str) -> str:
        return hashed(":".join(words).encode())

    who, what, count, own = of(user, realm, password), of("GET", path), "00000001", secrets.token_hex(8)
    protected = "auth" in kinds
    response = of(who, nonce, count, own, "auth", what) if protected else of(who, nonce, what)
    words = {"username": re.sub(r'(["\\])', r"\\\1", user), "realm": realm, "nonce": nonce, "uri": path, "response": response}
    words |= {"opaque": told["opaque"]} if "opaque" in told else {}
    quoted = ", ".join(f'{key}="{value}"' for key, value in words.items())
    tail = f', qop=auth, nc={count}, cnonce="{own}"' if protected else ""
    return f"Digest {quoted}, algorithm={algorithm}{tail}"
