"""Silences the engines' log output, and keeps MediaPipe from loading its plotting library."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


@contextmanager
def silence() -> Iterator[None]:
    """Standard error is discarded inside: the libraries' C++ code writes to the descriptor, and no setting disables that."""
    if sys.stderr is not None:
        sys.stderr.flush()
    try:
        saved = os.dup(2)
    except OSError:  # no standard error: started without a console
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nowhere)


@contextmanager
def without_plots() -> Iterator[None]:
    """An empty stand-in for matplotlib, which MediaPipe imports and this program never needs (37 MB, 0.3 s, a font cache)."""
    absent = [name for name in ("matplotlib", "matplotlib.pyplot") if name not in sys.modules]
    sys.modules.update({name: ModuleType(name) for name in absent})
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]
