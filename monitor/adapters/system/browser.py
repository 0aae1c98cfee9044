"""Shows a file in the person's browser."""

import webbrowser
from pathlib import Path


def show(path: Path) -> bool:
    """Whether a browser was asked to show the file; False where there is none."""
    try:
        return webbrowser.open(path.resolve().as_uri())
    except webbrowser.Error:
        return False
