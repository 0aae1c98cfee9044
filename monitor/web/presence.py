"""Whether anybody still has a page open: after the last one is closed the server ends by itself."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

# Long enough for a meeting in another window, short enough that nothing listens over night.
ENDS_AFTER_S = 900.0


@dataclass(slots=True)
class Presence:
    """Counts the open pages; ``now()`` is a clock (s) that never goes back."""

    now: Callable[[], float]
    ends_after_s: float = ENDS_AFTER_S
    _open: int = 0
    _last: float = 0.0

    def __post_init__(self) -> None:
        self._last = self.now()

    def seen(self) -> None:
        """A page was asked for."""
        self._last = self.now()

    @contextmanager
    def page(self) -> Iterator[None]:
        """A page is open while this is."""
        self._open += 1
        try:
            yield
        finally:
            self._open -= 1
            self._last = self.now()

    @property
    def over(self) -> bool:
        """Whether nobody has had a page open for so long."""
        return not self._open and self.now() - self._last >= self.ends_after_s
