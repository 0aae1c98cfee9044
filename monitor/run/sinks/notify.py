"""Shows reminders and the messages that go with a change of activity."""

from collections.abc import Callable, Sequence
from typing import Protocol

from monitor.core.body.pose import Observation
from monitor.core.errors import NotifyError
from monitor.core.pipeline import Event, Step
from monitor.core.reminders.decisions import Reminder, Response
from monitor.core.reminders.deferred import DeferredNotice
from monitor.core.vocabulary import Activity
from monitor.ports import Notification, Notifier
from monitor.texts.reminders import Message


class ReminderLog(Protocol):
    """Keeps how a reminder was shown and which tips went with it."""

    def shown(self, t: float, how: str, tip: str | None = None) -> None:
        """Note how the reminder of ``t`` was shown, and the tip that went with it."""
        ...

    def followed_up(self, t: float, tip: str) -> None:
        """Note the tip that came with the change after the reminder of ``t``."""
        ...


class MessageWriter(Protocol):
    """Finds the words for what is shown."""

    def remind(self, reminder: Reminder) -> Message:
        """The message of a reminder."""
        ...

    def follow(self, response: Response, activity: Activity) -> Message | None:
        """The message once the person has changed to ``activity`` after a reminder, None for none."""
        ...

    def missed(self, missed: DeferredNotice) -> Message:
        """The message about reminders that were due while suppressed."""
        ...


class NotifySink:
    """Shows reminders in the words of ``messages`` and records them in ``log``; ``how()`` names the channel used, after each.

    A reminder that the person has answered by moving is withdrawn.  The message that goes with a change is shown through
    ``quiet``, and not at all without one.  ``health`` is the last failure, None while there was none; a failure never stops the
    loop.
    """

    def __init__(
        self, notifier: Notifier, messages: MessageWriter, log: ReminderLog, how: Callable[[], str], quiet: Notifier | None
    ) -> None:
        self._notifier, self._messages, self._log, self._how, self._quiet = notifier, messages, log, how, quiet
        self.health: str | None = None

    def write(self, _obs: Observation, step: Step) -> None:
        """Show the reminders of this step, and what goes with a break that has just begun."""
        for event in step.events:
            if isinstance(event, Reminder):
                self._remind(event)
            elif isinstance(event, DeferredNotice):
                self._show(self._notifier, self._messages.missed(event))
            elif isinstance(event, Response):
                self._answered(event, step.state)

    def close(self, _events: Sequence[Event]) -> None:
        """Withdraw what is still shown."""
        self._notifier.withdraw()

    def _remind(self, reminder: Reminder) -> None:
        message = self._messages.remind(reminder)
        if self._show(self._notifier, message, answers=True):
            self._log.shown(reminder.t, self._how(), message.tip)
        else:
            self._log.shown(reminder.t, "none")

    def _answered(self, response: Response, activity: Activity) -> None:
        if response.after_s is not None:
            self._notifier.withdraw()
        message = self._messages.follow(response, activity) if self._quiet else None
        if message is not None and self._quiet and self._show(self._quiet, message) and message.tip is not None:
            self._log.followed_up(response.t, message.tip)

    def _show(self, notifier: Notifier, message: Message, *, answers: bool = False) -> bool:
        try:
            notifier.notify(Notification(message.title, message.body, answers))
        except NotifyError as error:
            self.health = str(error)
            return False
        return True
