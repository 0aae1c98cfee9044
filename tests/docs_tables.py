"""The tables of the pages, made from the program's own rows: ``python tests/docs_tables.py`` writes them into docs/."""

import re
from collections.abc import Iterable
from pathlib import Path

from monitor.advice import library
from monitor.advice.catalogue import Citation
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


def sources() -> str:
    """Every source: how sure we are of it, and what in the texts it says itself or only lies behind."""
    rows = (
        (f"`{key}`", _who(one), one.title, _where(one), one.supports, one.sure, _used(key))
        for key, one in library.sources().items()
    )
    return _table(("key", "author", "title", "where", "supports", "sure", "used for (P: the page says it)"), rows)


def _who(one: Citation) -> str:
    return f"{one.author}, {one.year}" if one.year else one.author


def _where(one: Citation) -> str:
    return one.where or "-"


def _used(key: str) -> str:
    one, card = library.sources()[key], library.card()
    signs = [f"{sign.id} ({sign.mark})" for sign in card.symptoms.values() if sign.source == key]
    texts = [tip.id for tip in library.tips().tips if tip.source == key]
    texts += [f'"{part.title}"' for part in library.explanation() if part.source == key]
    return ", ".join([*signs, *(f"{name} ({one.mark(name.strip(chr(34)))})" for name in texts)]) or "see above"


TABLES = {"signals": signals, "reminders": reminders, "reasons": reasons, "holds": holds, "sources": sources}
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
    """The text of a page with its tables regenerated."""
    return _PLACE.sub(lambda place: f"{place[1]}{TABLES[place[2]]()}{place[4]}", page)


if __name__ == "__main__":
    for path in DOCS.glob("*.md"):
        path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")
