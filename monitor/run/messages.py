"""The words of a run: those of the adviser that fits the settings in force, and as little of them as the person wants shown."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from monitor.advice import library
from monitor.advice.adviser import Adviser
from monitor.advice.catalogue import Tip
from monitor.advice.picking import may_not_walk
from monitor.app.home import Home
from monitor.core.reminders.decisions import Reminder, Response
from monitor.core.reminders.deferred import DeferredNotice
from monitor.core.vocabulary import Activity
from monitor.texts.catalogue import known, speaking_to, text
from monitor.texts.reminders import Message, opening


@dataclass(slots=True)
class CurrentMessages:
    """A MessageWriter by the settings of ``home``; ``adviser_of(home)`` finds the words, and both may change while it runs.

    Where ``notifications.discreet`` is set, nothing of pain, pregnancy or a tip is shown, beside a notification neither.
    """

    home: Home
    adviser_of: Callable[[Home], Adviser]
    adviser: Adviser

    def use(self, home: Home) -> None:
        """Go on with the settings of this home."""
        self.home, self.adviser = home, self.adviser_of(home)

    def remind(self, reminder: Reminder) -> Message:
        """The message of a reminder."""
        said = self.adviser.remind(reminder)
        if not self._discreet:
            return said
        facts = self.adviser.known(reminder.t)
        if facts.call is not None:
            return _call()
        resting = may_not_walk(self.adviser.tips, facts.conditions)
        title = known("discreet", reminder.kind) or text("discreet", "resting" if resting else "move")
        with speaking_to(always_seated=facts.always_seated):
            return replace(said, title=title, body=opening(reminder, self.adviser.tz))

    def follow(self, response: Response, activity: Activity) -> Message | None:
        """The message once the person has changed to ``activity``; a discreet one has none."""
        return None if self._discreet else self.adviser.follow(response, activity)

    def missed(self, missed: DeferredNotice) -> Message:
        """The message about what was due while reminders were suppressed."""
        hidden = self._discreet and self.adviser.known(missed.t).call is not None
        return _call() if hidden else self.adviser.missed(missed)

    def tip_of(self, said: Message) -> Tip | None:
        """The tip that may be shown with a message."""
        return None if self._discreet else next((tip for tip in library.tips().tips if tip.id == said.tip), None)

    def snooze_s(self) -> float:
        """How long the button of a reminder silences them (s)."""
        return self.home.settings.silence.snooze_min * 60

    @property
    def _discreet(self) -> bool:
        return self.home.settings.notifications.discreet


def _call() -> Message:
    """That there is something to read, and where; what it is stands there."""
    return Message(text("discreet", "call"), text("discreet", "call_where"))
