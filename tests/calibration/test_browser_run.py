"""A calibration in the browser: its process, without a page."""

import os
import subprocess
import sys

import psutil
from desktop_session import PATIENCE_S, wait_for
from program import ROOT

from calibration.browser import BrowserRun
from calibration.browser_messages import ENDED, RunState
from monitor.app.home import open_home


def test_files_where_the_dashboard_was_started_do_not_stand_in_for_modules(tmp_path, monkeypatch):
    (tmp_path / "random.py").write_text("raise SystemExit('not the one of Python')\n")
    monkeypatch.chdir(tmp_path)
    absent = str(tmp_path / "none.mp4")
    run = BrowserRun(open_home(tmp_path), tmp_path, absent, "default")

    others = {*psutil.Process().children()}  # of other tests in this process
    run.start()
    wait_for(lambda: {*psutil.Process().children()} - others or run.state in ENDED, "the process of the calibration")
    groups = {os.getpgid(child.pid) for child in {*psutil.Process().children()} - others}
    wait_for(lambda: run.state in ENDED, "the end of the calibration")

    assert run.state is RunState.FAILED
    assert absent in run.words
    assert os.getpgrp() not in groups  # Ctrl-C is for the server alone


def test_a_server_that_is_gone_before_it_said_what_to_do_leaves_no_traceback():
    command = [sys.executable, "-P", "-m", "calibration.browser_process"]
    ended = subprocess.run(
        command, cwd=ROOT, input=b'{"folder": null, "sou', capture_output=True, check=False, timeout=PATIENCE_S
    )

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")
