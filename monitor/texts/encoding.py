"""Decodes text as saved by editors, and shortens values for messages."""

import codecs

# Byte order marks.
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
          (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip


def decoded(saved: bytes) -> str:
    """The text in the bytes ``saved`` by an editor, with line feeds.  Raises UnicodeDecodeError."""
    encoding = next((name for mark, name in _MARKS if saved.startswith(mark)), "utf-8")
    return saved.decode(encoding).replace("\r\n", "\n")


# Longer values would push the advice off the screen.
_LONGEST = 60


def shortened(value: object) -> str:
    """``value`` as its repr, cut to one short line; "too large" if Python cannot write it."""
    try:
        shown = repr(value)
    except (ValueError, RecursionError):  # more than 4,300 digits, or brackets in brackets
        return "a value far too large to show"
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}..."
