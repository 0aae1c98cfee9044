"""Fixtures for every test."""

import os
from pathlib import Path

import pytest
from desktop_session import display, dunst, session_bus  # noqa: F401 (fixtures)
from hypothesis import settings

from monitor.adapters.vision.pose_model import model_path
from monitor.config import folders

# Without a stopwatch: a slow machine is no failure, and every run tries the same cases.  LAWS=500 tries more.
settings.register_profile("laws", deadline=None, max_examples=int(os.environ.get("LAWS", "30")), derandomize=True, database=None)
settings.load_profile("laws")


@pytest.fixture(scope="session")
def model() -> Path:
    """The verified pose model from the user's cache, fetched if it is not there yet."""
    return model_path(folders(None).cache, lambda _what, _share: None)
