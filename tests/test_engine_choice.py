"""Where a library of the preferred engine is missing the other one runs, and every command says so."""

import json
import os
import subprocess
import sys

import pytest
from program import CLIP, ROOT

# A machine without the system library that MediaPipe's own needs: read by the interpreter at its start.
WITHOUT_EGL = """
import ctypes

class CDLL(ctypes.CDLL):
    def __init__(self, name, *args, **kwargs):
        if "libmediapipe" in str(name):
            raise OSError("libEGL.so.1: cannot open shared object file: No such file or directory")
        super().__init__(name, *args, **kwargs)

ctypes.CDLL = CDLL
"""


@pytest.fixture
def program(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(WITHOUT_EGL)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}

    def run(*arguments: str):
        command = [sys.executable, str(ROOT / "run_monitor.py"), *arguments, "--data", str(tmp_path / "data")]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)

    return run


def test_auto_takes_the_engine_that_loads_and_says_why(program):
    analysed, doctor = program("analyze", CLIP, "--every", "2", "--json"), program("doctor", "--json")

    assert analysed.returncode == 0, analysed.stderr
    assert any(json.loads(line)["activity"] == "sitting" for line in analysed.stdout.splitlines())
    finding = next(row for row in json.loads(doctor.stdout) if row["what"] == "pose engine")
    assert finding["verdict"] == "ok"
    assert "litert" in finding["text"]
    assert "fitted with mediapipe" in finding["text"]
    assert "libEGL.so.1" in finding["text"]


def test_an_engine_that_was_named_is_not_replaced(program, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "settings.toml").write_text('engine = "mediapipe"\n')

    refused = program("analyze", CLIP)

    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert "libEGL.so.1" in refused.stderr
