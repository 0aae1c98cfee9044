"""Every command with its output cut off, full or closed, and its input closed, as real processes in a shell."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from program import COMMANDS, MOMENT, ROOT, _environment

from monitor.adapters.store import Store

pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux and some BSDs have a full disk at hand")

# Arguments with which each command ends by itself, soon, without a camera or desktop.
ARGUMENTS = {
    "run": f"--source {MOMENT} --pace fast --notify none",
    "start": "--source 99",
    "mark": "break",
    "snooze": "sitting",
    "calibrate": "--source nothing.mp4",
    "check": "--source nothing.mp4",
    "dashboard": "--help",
    "analyze": f"{MOMENT} --every 1",
    "demo": "--help",
    "replay": str(ROOT / "tests" / "golden" / "side_dev.jsonl.gz"),
    "data": "where",
    "autostart": "--help",
    "tray": "--help",
    "checkin": "--history",
    "explain": "",
    "cohort": "--help",
}
# What is done to the streams, in the shell's words.
STREAMS = {
    "none": "",
    "reader leaves": "| head -c 1 >/dev/null",
    "full": ">/dev/full",
    "closed output": ">&-",
    "closed input": "<&-",
    "closed errors": "2>&-",
    "full errors": "2>/dev/full",
    "all closed": "<&- >&- 2>&-",
}
SHORT = ("summary",)


def outcome(command, streams, data):
    """The exit code and what came on standard error, of a command in bash."""
    line = f'"$@" {streams}; echo "${{PIPESTATUS[0]}}" >&3'
    program = [sys.executable, str(ROOT / "run_monitor.py"), command, *ARGUMENTS.get(command, "").split()]
    read, write = os.pipe()
    environment = {**_environment(), "POSTURE_MONITOR_DATA": str(data)}
    try:
        done = subprocess.run(
            ["bash", "-c", f"exec 3>&{write}; {line}", "bash", *program],
            stdin=subprocess.DEVNULL, capture_output=True, pass_fds=[write], env=environment, check=False, timeout=120,
        )  # fmt: skip
    finally:
        os.close(write)
    with os.fdopen(read) as codes:
        return int(codes.read()), done.stderr.decode(), done.stdout


def faults(commands, data):
    """Every command and stream after which something is wrong: a trace, an exit code of no meaning, more than a line."""

    def tried(case):
        folder = data / "-".join(case)
        Store(folder / "history.db").close()
        return outcome(case[0], STREAMS[case[1]], folder)

    cases = [(command, name) for command in commands for name in STREAMS]
    with ThreadPoolExecutor(2) as pool:
        found = dict(zip(cases, pool.map(tried, cases), strict=True))
    return {case: seen for case, seen in found.items() if wrong(case, found[case[0], "none"], seen)}


def wrong(case, usual, seen):
    command, name = case
    code, err, _ = seen
    usual, _, output = usual
    if "Traceback" in err or "Exception ignored" in err:
        return True
    if name == "reader leaves":
        return code not in {usual, 0, 141}
    if name == "full" and usual == 0 and output and command != "run":  # which goes on, whatever becomes of its output
        return code != 2 or not err.splitlines()[-1].startswith("posture-monitor: standard output")
    return code != usual


def test_no_stream_ends_a_command_in_a_trace(tmp_path):
    assert faults(SHORT, tmp_path) == {}


@pytest.mark.slow
def test_no_stream_ends_any_command_in_a_trace(tmp_path):
    assert faults([command for command in COMMANDS if command not in SHORT], tmp_path) == {}
