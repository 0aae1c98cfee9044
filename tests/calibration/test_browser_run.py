"""A calibration in the browser: its process, without a page."""

from desktop_session import wait_for

from calibration.browser import BrowserRun
from calibration.browser_messages import ENDED, RunState
from monitor.app.home import open_home


def test_files_where_the_dashboard_was_started_do_not_stand_in_for_modules(tmp_path, monkeypatch):
    (tmp_path / "random.py").write_text("raise SystemExit('not the one of Python')\n")
    monkeypatch.chdir(tmp_path)
    absent = str(tmp_path / "none.mp4")
    run = BrowserRun(open_home(tmp_path), tmp_path, absent, "default")

    run.start()
    wait_for(lambda: run.state in ENDED, "the end of the calibration")

    assert run.state is RunState.FAILED
    assert absent in run.words
