"""Cleans and shortens text for a notification."""

import unicodedata
from itertools import accumulate

_ZERO_WIDTH_JOINER = "\u200d"


def clean(text: str) -> str:
    """``text`` with a space for each control character (except line feed) and each unpaired surrogate, which cannot be sent."""
    return "".join(" " if unicodedata.category(c) in {"Cc", "Cs"} and c != "\n" else c for c in text)


def clip(text: str, units: int) -> str:
    """``text`` in at most ``units`` UTF-16 code units (one or more): as it is, or its beginning and an ellipsis.

    Cut between grapheme clusters only, so that no accent, emoji or flag is split.
    """
    ends = list(accumulate(1 + (c > "\uffff") for c in text))
    if not ends or ends[-1] <= units:
        return text
    cut = sum(end < units for end in ends)
    while cut and _joined(text[cut - 1], text[cut]):
        cut -= 1
    return text[:cut].rstrip() + "…"


def _joined(left: str, right: str) -> bool:
    """Whether the two characters belong to one grapheme cluster (the part of UAX 29 that occurs in our texts)."""
    return (
        _ZERO_WIDTH_JOINER in (left, right)
        or unicodedata.category(right).startswith("M")
        or "\U0001f3fb" <= right <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= right <= "\U000e007f"  # tags: the flags of regions
        or ("\U0001f1e6" <= left <= "\U0001f1ff" and "\U0001f1e6" <= right <= "\U0001f1ff")  # two letters make a flag
    )
