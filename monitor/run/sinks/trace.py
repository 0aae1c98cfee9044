"""Writes observations to a trace."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol

from monitor.core.body.pose import Observation
from monitor.core.errors import StoreError
from monitor.core.pipeline import Event, Step
from monitor.core.reminders.suppression import RunInput


class Recorder(Protocol):
    """Writes observations, and the run inputs between them; both verbs may raise StoreError."""

    def write(self, entry: Observation | RunInput) -> None:
        """Append one."""
        ...

    def close(self) -> None:
        """Finish."""
        ...


class TraceSink:
    """Hands every observation to a recorder, after the run inputs that came before it.

    A failure of the recorder is reported once and ends the trace; its StoreError is raised at the end.
    """

    def __init__(self, recorder: Recorder, say: Callable[[str], None] = lambda _text: None) -> None:
        self._recorder, self._say = recorder, say
        self._failure: StoreError | None = None

    def write(self, obs: Observation, step: Step) -> None:
        """Append the inputs and the observation of this step."""
        if self._failure is None:
            try:
                for entry in (*step.inputs, obs):
                    self._recorder.write(entry)
            except StoreError as error:
                self._failure = error
                self._say(f"{error}. The trace ends here; the monitor goes on.")

    def close(self, _events: Sequence[Event]) -> None:
        """Finish the trace.  Raises StoreError if it is not whole."""
        if self._failure is None:
            self._recorder.close()
            return
        with suppress(StoreError):
            self._recorder.close()
        raise self._failure
