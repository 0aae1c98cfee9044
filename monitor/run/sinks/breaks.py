"""Stores the breaks that the person marks in a history without a queue of commands: that of a recording or a replay."""

from collections.abc import Callable, Sequence

from monitor.core.body.pose import Observation
from monitor.core.pipeline import Event, Step
from monitor.core.reminders.commands import Command, Mark


class BreakSink:
    """Passes the time (POSIX s) of each marked break to ``marked``."""

    def __init__(self, marked: Callable[[float], None]) -> None:
        self._marked = marked

    def write(self, _obs: Observation, step: Step) -> None:
        """Store those before this step."""
        for entry in step.inputs:
            if isinstance(entry, Command) and entry.what is Mark.BREAK:
                self._marked(entry.t)

    def close(self, _events: Sequence[Event]) -> None:
        """Nothing to do."""
