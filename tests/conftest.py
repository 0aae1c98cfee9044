"""Fixtures for every test."""

from pathlib import Path

import pytest
from desktop_session import display, dunst, session_bus  # noqa: F401 (fixtures)

from monitor.adapters.model import model_path
from monitor.config import folders


@pytest.fixture(scope="session")
def model() -> Path:
    """The verified pose model from the user's cache, fetched if it is not there yet."""
    return model_path(folders(None).cache, lambda _what, _share: None)
