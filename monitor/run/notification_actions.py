"""The buttons of a reminder, and what each one does."""

import threading
from collections import deque
from collections.abc import Callable, Mapping

from monitor.core.errors import StoreError
from monitor.core.reminders.commands import Command, CommandKind, Mark
from monitor.texts.reminders import duration

SNOOZE, MOVED, MORE = "snooze", "moved", "more"


def labels(snooze_s: float) -> Mapping[str, str]:
    """The label of each button, by its name."""
    return {SNOOZE: f"Snooze {duration(snooze_s)}", MOVED: "I moved", MORE: "More"}


def answers(
    now: Callable[[], float], snooze_s: Callable[[], float], give: Callable[[Command], object], more: Callable[[], object]
) -> Callable[[str], None]:
    """The callback for a pressed button's name: it sends the command, or calls ``more``."""

    def pressed(name: str) -> None:
        if name == MORE:
            more()
            return
        t = now()
        orders = {
            SNOOZE: Command(t, CommandKind.SNOOZE, until=t + snooze_s()),
            MOVED: Command(t, CommandKind.MARK, what=Mark.BREAK),
        }
        give(orders[name])

    return pressed


# A command that cannot be stored is retried after this (s).
AGAIN_S = 5.0


class PersistentOrders:
    """Sends commands through ``post``; a failure of the history is reported once and retried until it succeeds."""

    def __init__(self, post: Callable[[Command], object], say: Callable[[str], None], again_s: float = AGAIN_S) -> None:
        self._post, self._say, self._again_s = post, say, again_s
        self._waiting: deque[Command] = deque()
        self._giving = threading.RLock()
        self._timer: threading.Timer | None = None

    def give(self, order: Command) -> None:
        """Send it now or later; never fails."""
        with self._giving:
            self._waiting.append(order)
            self._try()

    def close(self) -> None:
        """Stop retrying; may be called twice."""
        with self._giving:
            if self._timer:
                self._timer.cancel()

    def _try(self) -> None:
        with self._giving:
            try:
                while self._waiting:
                    self._post(self._waiting[0])
                    self._waiting.popleft()
            except StoreError as error:
                if self._timer is None:
                    self._say(f"{error}. Your answer waits and is tried again.")
                self._timer = threading.Timer(self._again_s, self._try)
                self._timer.daemon = True
                self._timer.start()
            else:
                if self._timer is not None:
                    self._say("Your answer was taken.")
                self._timer = None
