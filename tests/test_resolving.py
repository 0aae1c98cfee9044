"""What would be installed elsewhere: every platform gets an engine, from wheels alone."""

import subprocess
from pathlib import Path

import pytest
from uv import find_uv_bin

ROOT = Path(__file__).parents[1]
# Platform -> the engine that it gets without asking for one.
PLATFORMS = {
    "x86_64-unknown-linux-gnu": "mediapipe",
    "aarch64-unknown-linux-gnu": "ai-edge-litert",
    "aarch64-apple-darwin": "mediapipe",
    "x86_64-pc-windows-msvc": "mediapipe",
}
COMPILE = ("pip", "compile", "pyproject.toml", "--only-binary", ":all:", "--quiet", "--no-header")
ENGINES = ("mediapipe", "ai-edge-litert")


def resolved(platform, python, extras=()):
    where = ["--python-platform", platform, "--python-version", python]
    command = [find_uv_bin(), *COMPILE, *where, *extras]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_every_platform_gets_its_engine_and_all_extras_from_wheels_alone():
    wrong = {}
    for platform, engine in PLATFORMS.items():
        for python in ("3.11", "3.14"):
            plain, full = resolved(platform, python), resolved(platform, python, ["--all-extras"])
            lines = [line.partition("==")[0] for line in plain.stdout.splitlines() if "==" in line]
            if plain.returncode or full.returncode or [e for e in ENGINES if e in lines] != [engine]:
                wrong[platform, python] = plain.stderr or full.stderr or lines

    assert wrong == {}
