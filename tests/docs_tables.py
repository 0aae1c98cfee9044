"""The tables of the pages, made from the program's own rows: ``python tests/docs_tables.py`` writes them into docs/."""

import re
from collections.abc import Iterable
from pathlib import Path

from monitor.core.posture.signals import SIGNALS, Signal
from monitor.core.reminders.kinds import REMINDERS
from monitor.core.vocabulary import Hold, Reason
from monitor.texts.catalogue import known, label, reason, text

DOCS = Path(__file__).parents[1] / "docs"


def signals() -> str:
    """Every signal: what it is called and is, from where it is seen, and when it is out of the person's range."""
    rows = ((f"`{s.name}`", label(s.name), s.unit, s.view or "any", text("signals_what", s.name), _range(s)) for s in SIGNALS)
    return _table(("signal", "shown as", "unit", "view", "what it is", "out of your range when"), rows)


def reminders() -> str:
    """Every kind of reminder that can be set: when it comes, and when again."""
    rows = (
        (
            f"`{kind.code}`",
            *(known(f"reminders.{kind.code}", key) or "-" for key in ("when", "again")),
            "yes" if kind.on else "no",
        )
        for kind in REMINDERS
        if kind.settable
    )
    return _table(("reminder", "comes", "then", "on by default"), rows)


def reasons() -> str:
    """Every reason: the code that programs get, and what people read."""
    return _table(("code", "people read"), ((f"`{code}`", reason(code)) for code in Reason))


def holds() -> str:
    """Everything that holds a reminder back."""
    return _table(("code", "people read"), ((f"`{code}`", text("holds", code)) for code in Hold))


TABLES = {"signals": signals, "reminders": reminders, "reasons": reasons, "holds": holds}
_PLACE = re.compile(r"(<!-- (\w+): made from the rows by `python tests/docs_tables.py` -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def _range(signal: Signal) -> str:
    if signal.tolerance is None:
        return "-"
    share = 100 * signal.tolerance
    sentence = text("signals_range", signal.name)
    return sentence.format(tolerance=f"{signal.tolerance:g}", percent=f"{share:.0f} %", below=f"{100 - share:.0f} %")


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = tuple(head)
    lines = (head, ("---",) * len(head), *rows)
    return "".join(f"| {' | '.join(line)} |\n".replace("| --- ", "|---").replace("--- |", "---|") for line in lines)


def renewed(page: str) -> str:
    """The text of a page with its tables made anew."""
    return _PLACE.sub(lambda place: f"{place[1]}{TABLES[place[2]]()}{place[4]}", page)


if __name__ == "__main__":
    for path in DOCS.glob("*.md"):
        path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")
