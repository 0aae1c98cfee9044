"""The entry that starts the monitor at login: valid on each system, written whole, removed without a trace."""

import os
import plistlib
import shlex
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from desktop_session import need
from hypothesis import given
from hypothesis import strategies as st
from program import call, done, refused

from monitor.adapters.system.autostart import entry
from monitor.adapters.system.processes import command
from monitor.core.errors import ConfigError, DiskFull

PLATFORMS = ["linux", "darwin", "win32"]
RUN = command("run", "--data", "/home/anna/her data")


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in ("XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def files(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if not p.is_dir())


@pytest.mark.parametrize("platform", PLATFORMS)
def test_what_is_enabled_says_so_and_what_is_disabled_leaves_no_file(home, platform):
    ours = entry(RUN, home, platform)

    assert ours.state() == "disabled"
    for _ in range(2):
        ours.enable()
        assert ours.state() == "enabled"
    assert entry(command("run"), home, platform).state() == "outdated"
    for _ in range(2):
        ours.disable()
        assert (ours.state(), files(home)) == ("disabled", [])


def test_systemd_takes_the_unit(home):
    need("systemd-analyze")
    ours = entry(command("run", "--data", str(home / '50 % "her" $data\\')), home, "linux")
    ours.enable()

    checked = subprocess.run(
        ["systemd-analyze", "--user", "verify", str(ours.path)],
        env={**os.environ, "XDG_RUNTIME_DIR": str(home), "HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (checked.returncode, [line for line in checked.stderr.splitlines() if ours.path.name in line]) == (0, [])


def test_the_unit_belongs_to_the_screen_and_not_to_every_login(home):
    ours = entry(RUN, home, "linux")

    assert ours.path == home / ".config/systemd/user/posture-monitor.service"
    assert ours.link == home / ".config/systemd/user/graphical-session.target.wants/posture-monitor.service"
    assert "WantedBy=graphical-session.target\n" in ours.text
    # Refused settings do not mend themselves.
    assert "RestartPreventExitStatus=2\n" in ours.text


@given(st.lists(st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1), min_size=1))
def test_the_unit_starts_exactly_these_words(words):
    (line,) = [text for text in entry(words, Path("/home/anna"), "linux").text.splitlines() if text.startswith("ExecStart=")]
    # systemd's own quoting is that of a shell, with % and $ doubled.
    arguments = [w.replace("$$", "$").replace("%%", "%") for w in shlex.split(line.removeprefix("ExecStart="))]

    assert arguments == words


def test_the_launch_agent_is_a_property_list(home):
    ours = entry(RUN, home, "darwin")
    agent = plistlib.loads(ours.text.encode())

    assert ours.path == home / "Library/LaunchAgents/posture-monitor.plist"
    assert (agent["ProgramArguments"], agent["RunAtLoad"]) == (RUN, True)


def test_windows_finds_it_in_its_start_up_folder(home):
    ours = entry(["C:\\Python\\python.exe", "-m", "monitor", "run", "--data", "C:\\her data"], home, "win32")

    assert ours.path.parts[-3:] == ("Programs", "Startup", "posture-monitor.cmd")
    line = '"C:\\Python\\python.exe" "-m" "monitor" "run" "--data" "C:\\her data"'
    assert ours.text == f'@echo off\r\nchcp 65001 >nul\r\nstart "" /min {line}\r\n'


def test_no_word_can_become_an_instruction_of_its_own(home):
    taken = {}
    for platform in PLATFORMS:
        for word in ("a\nExecStartPre=evil", "a\r\nevil", "a\x00b", "a\x1b[2J"):
            with suppress(ConfigError):
                taken[platform, word] = entry(["run", word], home, platform)
    with suppress(ConfigError):
        taken["quote"] = entry(["run", 'a" & evil "'], home, "win32")

    assert taken == {}
    assert 'start "" /min "run" "a&b|c %%d ^e"' in entry(["run", "a&b|c %d ^e"], home, "win32").text


def test_a_path_that_is_no_text_is_started_where_the_system_can(home):
    ours = entry(["run", "caf\udce9"], home, "linux")
    ours.enable()

    assert (ours.state(), b'"caf\xe9"' in ours.path.read_bytes()) == ("enabled", True)
    with pytest.raises(ConfigError):
        entry(["run", "caf\udce9"], home, "darwin")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_what_starts_at_login_is_its_owners_alone(home):
    before = os.umask(0)
    try:
        (ours := entry(RUN, home, "linux")).enable()
    finally:
        os.umask(before)

    assert ours.path.stat().st_mode & 0o777 == 0o600


def test_another_system_is_told(home):
    with pytest.raises(ConfigError, match="autostart is not known for plan9"):
        entry(RUN, home, "plan9")


def test_a_folder_that_cannot_be_written_is_told(home):
    (home / ".config").write_text("a file")

    with pytest.raises(DiskFull, match="cannot be written"):
        entry(RUN, home, "linux").enable()


# --- the command -------------------------------------------------------------------------------------------------


def test_it_is_shown_before_it_is_written_and_nobody_who_cannot_be_asked_gets_it(home, monkeypatch):
    with Path(os.devnull).open() as nobody:
        monkeypatch.setattr("sys.stdin", nobody)
        asked = call("autostart", "enable", "--data", home / "data")

    refused(asked, "--yes")
    assert "ExecStart=" in asked.out
    assert files(home) == []


def test_the_command_goes_there_and_back(home):
    shown = done("autostart", "enable", "--yes", "--data", home / "data")
    assert "ExecStart=" in shown
    assert str(home / "data") in shown
    assert done("autostart", "status", "--data", home / "data").startswith("Autostart is enabled")
    assert done("autostart", "status").startswith("Autostart is outdated")
    with_source = ("autostart", "enable", "--yes", "--source", "rtsp://ann@cam/live", "--notify", "none")
    assert '"--source" "rtsp://ann@cam/live" "--notify" "none"' in done(*with_source)
    refused(call("autostart", "enable", "--yes", "--source", "rtsp://ann:secret@cam/live"), "password", "settings")
    done("autostart", "disable", "--yes")
    assert done("autostart").startswith("Autostart is disabled")
    assert "nothing to remove" in done("autostart", "disable")
    shutil.rmtree(home / ".config")
