"""Notifications on the console, for systems without a desktop or after its failure."""

import textwrap
from collections.abc import Callable
from typing import Protocol

from monitor.core.errors import NotifyError
from monitor.ports import Notification, Notifier

# Fits the narrowest usual terminal (80) beside the indent.
WIDTH = 76
# Control characters must not ring the bell, move the cursor or change a colour.
_NO_CONTROLS = dict.fromkeys((*range(0x0A), *range(0x0B, 0x20), *range(0x7F, 0xA0)), " ")


class ConsoleNotifier:
    """A Notifier that passes one block of plain text (title, then the body indented) to ``write``, such as ``print``.

    The text is not rich's markup: give a rich console as ``partial(console.print, markup=False, highlight=False)``.
    """

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write

    def notify(self, notification: Notification) -> None:
        """Write the notification."""
        body = notification.body.translate(_NO_CONTROLS).splitlines()
        lines = [line for part in body for line in textwrap.wrap(part, WIDTH)]
        title = " ".join(notification.title.translate(_NO_CONTROLS).split())
        self._write("\n".join([f"> {title}", *(f"  {line}" for line in lines)]))

    def withdraw(self) -> None:
        """Nothing to do: printed text stays."""


class ProbedNotifier(Notifier, Protocol):
    """A Notifier that can check beforehand whether it will work."""

    def probe(self) -> str:
        """The name of the back-end to be used; shows nothing.  Raises NotifyError with the reason when it cannot work."""
        ...


class FallbackNotifier:
    """A Notifier that shows through ``first``, and from its first NotifyError on, for good, through ``second``.

    ``first`` is probed at once; ``health`` then says "desktop: <back-end>" or "console: <reason>" for status and doctor.
    """

    def __init__(self, first: ProbedNotifier, second: Notifier) -> None:
        self._now: Notifier = first
        self._second = second
        try:
            self.health = f"desktop: {first.probe()}"
        except NotifyError as reason:
            self._fall_back(reason)

    def notify(self, notification: Notification) -> None:
        """Show it, on the second notifier if the first fails."""
        try:
            self._now.notify(notification)
        except NotifyError as reason:
            if self._now is self._second:
                raise
            self._fall_back(reason)
            self._second.notify(notification)

    def withdraw(self) -> None:
        """Withdraw the last one, where that is possible."""
        self._now.withdraw()

    def _fall_back(self, reason: NotifyError) -> None:
        self._now = self._second
        self.health = f"console: {reason}"
