"""The pages that a button, the tray and two commands open: the last tip in full, and the warning signs."""

from pathlib import Path

from monitor.adapters.store import History
from monitor.adapters.system.browser import show
from monitor.adapters.system.clock import SystemClock
from monitor.advice import library
from monitor.advice.catalogue import Tip
from monitor.app.advice import shown_pregnant, told_in
from monitor.app.check_in import contacts_in, known_of_her
from monitor.app.home import HISTORY, Home
from monitor.app.report import REPORTS, write_page
from monitor.core.errors import MonitorError
from monitor.reports.card import levels_of, stage_in_words, to_say
from monitor.reports.pages.red_flags import red_flags_page
from monitor.reports.pages.tips import tip_page

WARNING_SIGNS = "warning-signs.html"
_MONTH_S = 30 * 86400.0


def last_tip(home: Home) -> Tip | None:
    """The tip that was shown last within a month; None if there was none.  Raises StoreError."""
    path, now = home.folders.data / HISTORY, SystemClock().now()
    if not path.exists():
        return None
    with History(path) as history:
        heard = history.tips_shown(now - _MONTH_S, now)
    known = {one.id: one for one in library.tips().tips}
    return known.get(max((name for name in heard if name in known), key=heard.__getitem__, default=""))


def tip_file(home: Home, tip: Tip) -> Path:
    """The page of the tip, written for its owner alone, the warning signs first.  Raises DiskFull, StoreError."""
    path = home.folders.data / REPORTS / "tip.html"
    pregnant = shown_pregnant(told_in(home), home.calendar_date(SystemClock().now()))
    warning_signs_file(home)
    write_page(path, tip_page(tip, pregnant=pregnant, warning_signs=WARNING_SIGNS))
    return path


def warning_signs_file(home: Home) -> Path:
    """The page of the warning signs for her stage.  Raises DiskFull."""
    (at, alone), (numbers, _), card = known_of_her(home), contacts_in(home.folders.settings), library.card()
    path = home.folders.data / REPORTS / WARNING_SIGNS
    stage = stage_in_words(at, alone=alone) if at else ""
    said = " ".join(to_say(at, alone=alone))
    write_page(path, red_flags_page(card, stage, levels_of(card, at, numbers, alone=alone), said))
    return path


def open_page(path: Path) -> str | None:
    """Show the page in the browser; what to say where there is none."""
    return None if show(path) else f"No browser could be opened; open this file yourself: {path.resolve().as_uri()}"


def open_more(home: Home) -> str | None:
    """Show the last tip in full, the warning signs where there was none; what to say where that fails."""
    try:
        tip = last_tip(home)
        return open_page(tip_file(home, tip) if tip else warning_signs_file(home))
    except MonitorError as error:
        return str(error)
