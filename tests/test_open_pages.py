"""The button "More" and the tray show the last tip in full and the warning signs, as pages for their owner alone."""

import time

from monitor.adapters.store import Store
from monitor.app.home import Home
from monitor.app.open_pages import open_more
from monitor.config import folders
from monitor.core.reminders.decisions import Reminder
from monitor.core.reminders.rules import Due
from monitor.core.vocabulary import Activity


def test_more_shows_the_last_tip_with_the_warning_signs_first_and_those_alone_where_no_tip_came(tmp_path, monkeypatch):
    opened, now = [], time.time()
    monkeypatch.setattr("webbrowser.open", lambda address: opened.append(address) or True)
    home = Home(folders(tmp_path))

    assert open_more(home) is None
    with Store(tmp_path / "history.db") as store:
        session = store.begin(now - 60, source="0", profile=None, program="1")
        session.write(now, None, [Reminder(now, "sat_too_long", Due(1860.0, now - 1860, 1), Activity.SITTING)])
        session.shown(now, "desktop", "walk_window")
    assert open_more(home) is None
    tip = (tmp_path / "reports" / "tip.html").read_text(encoding="utf-8")

    assert [address.rsplit("/", 1)[1] for address in opened] == ["warning-signs.html", "tip.html"]
    assert 0 < tip.index('href="warning-signs.html"') < tip.index("<h1")
    assert (tmp_path / "reports" / "warning-signs.html").exists()
