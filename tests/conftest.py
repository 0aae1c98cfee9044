"""Fixtures for every test, how many cases a law tries, and how the tests are shared out among processes."""

import gc
import os
import sys
from pathlib import Path

import pytest
from desktop_session import display, dunst, session_bus  # noqa: F401 (fixtures)
from filelock import FileLock
from laws import load_profile
from morning import Morning, lived_through

from monitor.adapters.vision.pose_model import bundle_of
from monitor.app.composition import NETWORKS
from monitor.config import folders

HERE = Path(__file__).parent
# What is collected lives as long as the run: the collector need not walk through it again and again.
gc.disable()
load_profile()
# As on most machines: else each of the hundreds of programs that are started here compiles all of ours again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Four processes more than cores (eight at most) for the whole suite, as the tests wait half of their time; else this one."""
    named = config.args_source is pytest.Config.ArgsSource.ARGS
    return 0 if named else min(8, 4 + (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of the whole program and of its pages first: they are the long ones, and what is short fills the end evenly."""
    items.sort(key=lambda item: item.path.parent not in (HERE, HERE / "web"))


def pytest_collection_finish() -> None:
    """From here on the collector looks at what the tests make, and only at that."""
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def common(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def model(common: Path) -> Path:
    """MediaPipe's bundle of the networks in the user's cache, built if it is not there yet."""
    with FileLock(common / "model.lock"):
        return bundle_of(NETWORKS, folders(None).cache, lambda _what, _share: None)


@pytest.fixture(scope="session")
def morning(common: Path, model: Path) -> Morning:
    """The one pass of the demo morning through the real model that a run makes, beside somebody's own history; only to read."""
    with FileLock(common / "morning.lock"):
        return lived_through(common / "morning")
