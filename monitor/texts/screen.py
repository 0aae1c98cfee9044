"""Makes text safe for a terminal."""

import unicodedata

# Allowed control characters; others, unpaired surrogates and direction marks are escaped.
_LAYOUT = "\n\t"
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def printable(text: str) -> str:
    """``text`` with every character that would control a terminal replaced by its code."""
    return "".join(c.encode("unicode_escape").decode("ascii") if _acts(c) else c for c in text)


def _acts(c: str) -> bool:
    return c in _DIRECTIONS or (unicodedata.category(c) in {"Cc", "Cs"} and c not in _LAYOUT)
