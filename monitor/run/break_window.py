"""The break window: opens half a minute after the firm reminder of a limit, unless the person has moved by then."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, Protocol

from monitor.advice.catalogue import Tip
from monitor.core.body.pose import Observation
from monitor.core.pipeline import Event, Step
from monitor.core.reminders.decisions import Reminder, Response
from monitor.core.reminders.deferred import DeferredNotice
from monitor.core.reminders.rules import Level
from monitor.core.vocabulary import Activity
from monitor.reports.charts.exercises import steps_of
from monitor.reports.charts.figures import strokes
from monitor.run.sinks import MessageWriter
from monitor.texts.reminders import Message

# Time to finish a sentence.
NOTICE_S = 30.0
NOTICE = f"A break window opens in {NOTICE_S:.0f} s."
_LIMITS = frozenset({"sat_too_long", "stood_too_long"})
# A tip may take ten seconds; a break that counts takes a minute.
_SHORTEST_S = 60.0


class Window(Protocol):
    """Shows one break window."""

    def open(self, content: Mapping[str, Any]) -> None:
        """Show it."""
        ...

    def trouble(self) -> str | None:
        """Why it could not be shown, once."""
        ...

    def close(self) -> None:
        """Close it; never fails."""
        ...


class BreakWindowSink:
    """Announces the window in the words of ``messages`` and opens it; as a sink it sees whether it is still due.

    ``tip_of`` gives the tip that the window may show with a message; ``say`` receives once the reason why no window can be shown.
    """

    def __init__(
        self, messages: MessageWriter, window: Window, tip_of: Callable[[Message], Tip | None], say: Callable[[str], None]
    ) -> None:
        self._messages, self._window, self._tip_of, self._say = messages, window, tip_of, say
        self._due: tuple[float, Message] | None = None
        self._works = True

    def remind(self, reminder: Reminder) -> Message:
        """The message of a reminder; for the firm reminder of a limit it announces the window."""
        message = self._messages.remind(reminder)
        if not self._works or reminder.due.level is not Level.FIRM or reminder.kind not in _LIMITS:
            return message
        self._due = (reminder.t + NOTICE_S, message)
        return replace(message, body=f"{message.body} {NOTICE}")

    def follow(self, response: Response, activity: Activity) -> Message | None:
        """The message that goes with a change of activity."""
        return self._messages.follow(response, activity)

    def missed(self, missed: DeferredNotice) -> Message:
        """The message about reminders that were due while suppressed."""
        return self._messages.missed(missed)

    def write(self, _obs: Observation, step: Step) -> None:
        """Open the window when it is due and the activity has not changed; close it once it has."""
        if any(isinstance(event, Response) and event.after_s is not None for event in step.events):
            self._due = None
            self._window.close()
        if step.silent:
            self._due = None
        if self._due and step.t >= self._due[0]:
            message, self._due = self._due[1], None
            self._window.open(content(message, self._tip_of(message)))
        if trouble := self._window.trouble():
            self._works = False
            self._say(f"No break window here ({trouble}); reminders come as notifications")

    def close(self, _events: Sequence[Event]) -> None:
        """Close what is open."""
        self._window.close()


def content(message: Message, tip: Tip | None) -> dict[str, Any]:
    """The content of a window: the tip with its figures, else the reminder itself."""
    steps = steps_of(tip) if tip else ()
    return {
        "title": tip.title if tip else message.title,
        "body": tip.body if tip else message.body,
        "seconds": max(tip.duration_s if tip else 0.0, _SHORTEST_S),
        "figures": [[asdict(stroke) for stroke in strokes(step.posture)] for step in steps],
        "words": [step.words for step in steps],
    }
