"""The name of a source for screens, logs and files, with the password removed."""

import re

# What stands for a secret.
HIDDEN = "***"
_ADDRESS = re.compile(r"(?P<scheme>[^:/?#]+://)(?P<rest>.*)", re.DOTALL)
# Some cameras take the password within the path: /user=admin&password=secret&channel=1
_NAMED = re.compile(r"(?i)((?:pass|pwd|pw|token|key|secret|auth)\w*=)[^&;/?#]*")


def shown(source: str) -> str:
    """``source`` for screens, logs and histories: an address without password and query, non-printable characters replaced.

    Whatever may be a password is removed: ``http://host:80/a@b`` loses more than needed rather than another address too little.
    """
    match = _ADDRESS.fullmatch(source)
    return _printable(match["scheme"] + _without_secrets(match["rest"]) if match else source)


def _without_secrets(rest: str) -> str:
    place, asked, _ = rest.partition("?") if "@" not in rest.partition("?")[2] else (rest, "", "")
    user, at, host = place.rpartition("@")
    name, colon, _ = user.partition(":")
    host, question, _ = host.partition("?")
    who = f"{name}:{HIDDEN}@" if colon else user + at
    return who + _NAMED.sub(rf"\1{HIDDEN}", host) + (f"?{HIDDEN}" if asked or question else "")


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode("ascii") for c in text)
