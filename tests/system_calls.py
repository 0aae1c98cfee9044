"""What a program really did, told by the system: a trace of its calls, every thread and child followed."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from desktop_session import need
from program import ROOT

# What opens a connection, starts a program, or makes, names or fills a file.
CALLS = (
    "execve,socket,connect,bind,open,openat,openat2,creat,rename,renameat,renameat2,mkdir,mkdirat,link,linkat,symlink,symlinkat,"
    "mknod,mknodat,truncate,memfd_create,io_uring_setup,write,pwrite64,writev,pwritev"
)
FOLLOWED = ("strace", "--seccomp-bpf", "-f", "-qq")
_CALL = re.compile(r"^(?:\d+ +)?(\w+)\((.*)\) += +(-?\d+|\?)(?:<(.*)>)?")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_OPENS = {"open", "openat", "openat2", "creat"}
_NAMES = {"rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "mkdir", "mkdirat", "mknod", "mknodat"}
_WRITES = {"write", "pwrite64", "writev", "pwritev"}


@dataclass(frozen=True, slots=True)
class Call:
    """One that succeeded: its name, its arguments as written, the file that it returned."""

    name: str
    arguments: str
    returned: str | None

    def paths(self):
        """The paths it was given, unresolved."""
        return [Path(path.encode().decode("unicode_escape")) for path in _QUOTED.findall(self.arguments)]


@dataclass(frozen=True, slots=True)
class Traced:
    """The calls of one program, what it said, and the folder that it had for temporary files."""

    calls: list[Call]
    out: str
    temporary: Path

    def families(self):
        """The kinds of sockets that were opened."""
        return {call.arguments.split(",")[0] for call in self.calls if call.name == "socket"}

    def programs(self):
        """The names of the programs that were started."""
        return {call.paths()[0].name for call in self.calls if call.name == "execve"}

    def opened(self):
        """Every file that was opened, to read or to write."""
        return {Path(call.returned) for call in self.calls if call.name in _OPENS and call.returned}

    def written(self):
        """Every file that was opened to be written, made, or given a name; temporary files apart."""
        to_write = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC")
        opened = {
            Path(call.returned)
            for call in self.calls
            if call.name in _OPENS and call.returned and (call.name == "creat" or to_write.search(call.arguments))
        }
        named = {self._absolute(call.paths()[-1]) for call in self.calls if call.name in _NAMES and call.paths()}
        return {path for path in opened | named if self.temporary not in (path, *path.parents)}

    def beginnings(self):
        """The first bytes of everything that was written anywhere."""
        texts = [_QUOTED.search(call.arguments.partition(">,")[2]) for call in self.calls if call.name in _WRITES]
        return {match[1].encode("latin-1").decode("unicode_escape").encode("latin-1") for match in texts if match}

    def _absolute(self, path):
        return path if path.is_absolute() else self.temporary.parent / path


def traced(folder: Path, *arguments: object, **environment: str) -> Traced:
    """What a command of ours did, run in ``folder``; it must end well."""
    return traced_program(folder, str(ROOT / "run_monitor.py"), *map(str, arguments), **environment)


def traced_program(folder: Path, script: str, *arguments: str, **environment: str) -> Traced:
    """What a Python script did, run in ``folder``; it must end well."""
    need("strace")
    log, temporary = folder / "calls.txt", folder / "temporary"
    temporary.mkdir()
    # Python's own cache of compiled modules lies beside them, not in a place of ours.
    own = {"TMPDIR": str(temporary), "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "80"}
    command = [*FOLLOWED, "-y", "-s", "12", "-e", f"trace={CALLS}", "-o", str(log), sys.executable, script, *arguments]
    every = os.environ | own | environment
    ended = subprocess.run(command, env=every, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    calls = [call for line in whole(log.read_text(errors="replace")) if (call := parsed(line))]
    # A trace that saw nothing would prove nothing.
    assert sum(call.name == "openat" for call in calls) > 20
    return Traced(calls, ended.stdout, temporary)


def whole(text):
    """The lines, those that another thread has cut in two joined again."""
    begun = {}
    for line in text.splitlines():
        thread = line.split(" ", 1)[0]
        if line.endswith("<unfinished ...>"):
            begun[thread] = line.removesuffix("<unfinished ...>")
        elif (match := re.search(r"<\.\.\. \w+ resumed>(.*)", line)) and thread in begun:
            yield begun.pop(thread) + match[1]
        else:
            yield line


def parsed(line):
    """The call, None if it failed or is none."""
    match = _CALL.match(line)
    return Call(match[1], match[2], match[4]) if match and not match[3].startswith("-") else None


@cache
def namespace():
    """What runs a command where there is no network but an idle loopback; empty where the system does not allow that."""
    for way in (("unshare", "-n"), ("unshare", "-rn")):
        if shutil.which(way[0]) and subprocess.run([*way, "true"], capture_output=True, check=False).returncode == 0:
            return way
    return ()


def refused():
    """What runs a command whose every socket is refused as if there were no network."""
    need("strace")
    return (*FOLLOWED, "-o", os.devnull, "-e", "trace=socket", "-e", "inject=socket:error=ENETUNREACH")
