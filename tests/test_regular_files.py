"""A file of the person's own is written whole or not at all, and what is no regular file blocks no command."""

import os
import signal
import stat
import sys
from pathlib import Path

import pytest
from program import CLIP, ROOT, call

from monitor.regular_files import regular, write_private

TRACE = str(ROOT / "tests" / "golden" / "side_dev.jsonl.gz")
# What may be no regular file, and a command that meets it, {} being the file: it is refused, or else passed over.
REFUSED = {
    "history.db": "summary",
    "settings.toml": "settings",
    "profiles/default.json": f"replay {TRACE} --profile default",
    "clip.mp4": "analyze {}",
    "picture.jpg": "analyze {}",
    "trace.jsonl": "replay {}",
    "model.task": f"analyze {CLIP} --model {{}}",
    "page.html": "report --out {}",
    "readings.csv": "check --validate {}",
    "monitor.log": "start --source 99",
}
PASSED_OVER = {
    "recordings/current.txt": "summary",
    "monitor.pid": "status",
    "traces.txt": "data",
    "profiles/other.json": "data",
    "profiles/more.json.bak": "data delete --yes",
    "monitor.old": "data",
}


@pytest.fixture
def patience():
    """A command that hangs ends as a failure."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def over(*_: object) -> None:
        pytest.fail("hangs")

    signal.signal(signal.SIGALRM, over)
    signal.alarm(120)
    yield
    signal.alarm(0)


def test_a_file_is_replaced_whole_and_for_its_owner_only(tmp_path):
    path = tmp_path / "new" / "settings.toml"
    for data in ("first", b"second"):
        write_private(path, data)

    assert path.read_text(encoding="utf-8") == "second"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_failure_leaves_nothing_behind(tmp_path):
    (tmp_path / "settings.toml" / "in the way").mkdir(parents=True)

    with pytest.raises(OSError, match=r"settings\.toml"):
        write_private(tmp_path / "settings.toml", "text")

    assert [one.name for one in tmp_path.iterdir()] == ["settings.toml"]


def test_what_is_not_there_may_become_a_regular_file(tmp_path):
    assert regular(tmp_path / "new") == tmp_path / "new"


@pytest.mark.usefixtures("patience")
@pytest.mark.parametrize("made", [os.mkdir, *([] if sys.platform == "win32" else [os.mkfifo])])
def test_no_command_waits_for_what_is_no_regular_file(tmp_path, made):
    def met(name, command):
        data = tmp_path / name.replace("/", "-")
        path = data / name
        path.parent.mkdir(parents=True)
        made(path)
        outcome = call(*command.replace("{}", str(path)).split(), "--data", data)
        return outcome, path

    refused = {name: met(name, command) for name, command in REFUSED.items()}
    passed = {name: met(name, command)[0] for name, command in PASSED_OVER.items()}

    assert {name: one for name, (one, path) in refused.items() if not in_one_line(one, path)} == {}
    # What the program did not write is left where it is.
    assert (tmp_path / "profiles-more.json.bak" / "profiles" / "more.json.bak").exists()
    assert {name: one for name, one in passed.items() if one.code not in {0, 2} or "Traceback" in one.err} == {}


def in_one_line(outcome, path: Path) -> bool:
    return outcome.code == 2 and outcome.err.count("\n") == 1 and path.name in outcome.err
