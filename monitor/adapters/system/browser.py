"""Shows a file or an address in the person's browser."""

import webbrowser
from pathlib import Path


def show(path: Path) -> bool:
    """Whether a browser was started to show the file; False where there is none."""
    return show_address(path.resolve().as_uri())


def show_address(address: str) -> bool:
    """Whether a browser was started to show the address; False where there is none."""
    try:
        return webbrowser.open(address)
    except webbrowser.Error:
        return False
