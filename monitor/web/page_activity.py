"""Tracks open pages and requests, so that the server ends by itself some time after the last page is closed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

# Long enough for a meeting in another window, short enough that nothing listens over night.
ENDS_AFTER_S = 900.0


@dataclass(slots=True)
class PageActivity:
    """Counts the open pages; ``now()`` is a monotonic clock (s)."""

    now: Callable[[], float]
    ends_after_s: float = ENDS_AFTER_S
    _open: int = 0
    _last: float = 0.0

    def __post_init__(self) -> None:
        self._last = self.now()

    def request_received(self) -> None:
        """Note that an accepted request arrived."""
        self._last = self.now()

    @contextmanager
    def open_page(self) -> Iterator[None]:
        """Counts one page as open inside the block."""
        self._open += 1
        try:
            yield
        finally:
            self._open -= 1
            self._last = self.now()

    @property
    def idle_too_long(self) -> bool:
        """Whether no page has been open, and no request has arrived, for ``ends_after_s``."""
        return not self._open and self.now() - self._last >= self.ends_after_s
