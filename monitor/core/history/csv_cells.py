"""Cells of a CSV file that no spreadsheet runs as a formula."""

import re
from collections.abc import Iterable
from typing import Any

# A cell that begins with one of these is a formula to spreadsheets (OWASP, "CSV Injection"); the last four are full-width forms.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-](inf|nan)")
# What marks a cell as text in every spreadsheet.
_TEXT = "'"


def cells(row: Iterable[Any]) -> list[Any]:
    """The row, with an apostrophe before text that a spreadsheet would run.  Numbers stay numbers."""
    return [defused(value) if isinstance(value, str) else value for value in row]


def defused(text: str) -> str:
    """The text as a cell, behind an apostrophe if a spreadsheet would run it."""
    return _TEXT + text if _runs(text) else text


def _runs(text: str) -> bool:
    return text.startswith(_FORMULA) and not _NUMBER.fullmatch(text)
