"""What axe-core finds on a page.  axe-core 4.14.1 (Deque Systems, MPL 2.0) lies beside this file as it was published."""

from functools import cache
from hashlib import sha256
from pathlib import Path

AXE = Path(__file__).parent / "axe" / "axe-4.14.1.min.js"
SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
WIDTHS, THEMES = (390, 1280), ("light", "dark")


@cache
def axe() -> str:
    """The library's text, the very bytes that were published."""
    published = AXE.read_bytes()
    assert sha256(published).hexdigest() == SHA256
    return published.decode()


def violations(page):
    """Every rule that is broken on the page as it stands: its name, how bad it is, the first places."""
    page.evaluate(axe())
    found = page.evaluate("axe.run()")["violations"]
    return [(one["id"], one["impact"], [node["target"] for node in one["nodes"]][:3]) for one in found]
