"""The break window: half a minute after the second word of a limit, unless the person has moved by then."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, Protocol

from monitor.advice.catalogue import Tip
from monitor.core.body.pose import Observation
from monitor.core.pipeline import Event, Step
from monitor.core.reminders.deferred import DeferredNotice
from monitor.core.reminders.rules import Level
from monitor.core.reminders.scheduler import Reminder, Response
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
    """Announces the window in the words of ``voice`` and opens it; as a sink it sees whether it is still wanted.

    ``tips`` are those of the catalogue by id; ``say`` hears once why there is no window.
    """

    def __init__(self, voice: MessageWriter, window: Window, tips: Mapping[str, Tip], say: Callable[[str], None]) -> None:
        self._voice, self._window, self._tips, self._say = voice, window, tips, say
        self._due: tuple[float, Message] | None = None
        self._works = True

    def remind(self, reminder: Reminder) -> Message:
        """What is said; at the second word of a limit also that the window comes."""
        said = self._voice.remind(reminder)
        if not self._works or reminder.due.level is not Level.FIRM or reminder.kind not in _LIMITS:
            return said
        self._due = (reminder.t + NOTICE_S, said)
        return replace(said, body=f"{said.body} {NOTICE}")

    def follow(self, response: Response, activity: Activity) -> Message | None:
        """What goes with a change."""
        return self._voice.follow(response, activity)

    def missed(self, missed: DeferredNotice) -> Message:
        """What a silence held back."""
        return self._voice.missed(missed)

    def write(self, _obs: Observation, step: Step) -> None:
        """Open the window when it is due and nothing has changed; take it back once something has."""
        if any(isinstance(event, Response) and event.after_s is not None for event in step.events):
            self._due = None
            self._window.close()
        if step.silent:
            self._due = None
        if self._due and step.t >= self._due[0]:
            said, self._due = self._due[1], None
            self._window.open(content(said, self._tips.get(said.tip or "")))
        if trouble := self._window.trouble():
            self._works = False
            self._say(f"No break window here ({trouble}); reminders come as notifications")

    def close(self, _events: Sequence[Event]) -> None:
        """Close what is open."""
        self._window.close()


def content(said: Message, tip: Tip | None) -> dict[str, Any]:
    """What a window shows: the tip with its figures, else the reminder itself."""
    steps = steps_of(tip) if tip else ()
    return {
        "title": tip.title if tip else said.title,
        "body": tip.body if tip else said.body,
        "seconds": max(tip.duration_s if tip else 0.0, _SHORTEST_S),
        "figures": [[asdict(stroke) for stroke in strokes(step.posture)] for step in steps],
        "words": [step.words for step in steps],
    }
