"""Read access to the history that survives I/O errors by returning the last known answer."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from monitor.app.advice import AdviceHistory
from monitor.core.errors import StoreError
from monitor.core.history.records import CheckInRecord, Person, Records
from monitor.core.reminders.commands import Command
from monitor.run.control import CommandSource

_Answer = TypeVar("_Answer")


class ClosableHistory(AdviceHistory, Protocol):
    """A readable history that can be closed."""

    def close(self) -> None:
        """Close it."""
        ...


class FaultTolerantHistory:
    """The answers of a history; if one cannot be read, the last known answer, or an empty one if there was none.

    So tips stay suppressed after a check-in that advised a call, even when it can no longer be read.  ``opened()`` opens the
    history, again after each failure.  Raises StoreError only when it is first opened.
    """

    def __init__(self, opened: Callable[[], ClosableHistory]) -> None:
        self._opened = opened
        self._history: ClosableHistory | None = opened()
        self._person = Person()
        self._open_reports: Sequence[CheckInRecord] = ()

    def person(self) -> Person:
        """What the person entered last."""
        self._person = self._answer(lambda history: history.person(), self._person)
        return self._person

    def open_reports(self, t: float) -> Sequence[CheckInRecord]:
        """The check-ins that were not cleared at ``t`` (POSIX s)."""
        self._open_reports = self._answer(lambda history: history.open_reports(t), self._open_reports)
        return self._open_reports

    def tips_shown(self, start: float, end: float) -> Mapping[str, float]:
        """When (POSIX s) each tip was last shown in that time."""
        return self._answer(lambda history: history.tips_shown(start, end), {})

    def records(self, start: float, end: float) -> Records:
        """All records of that time (POSIX s)."""
        return self._answer(lambda history: history.records(start, end), Records(start, end, (), (), (), ()))

    def close(self) -> None:
        """Close it; may be called twice."""
        if self._history is not None:
            self._history.close()
            self._history = None

    def _answer(self, question: Callable[[ClosableHistory], _Answer], otherwise: _Answer) -> _Answer:
        try:
            self._history = self._history or self._opened()
            return question(self._history)
        except StoreError:
            self.close()
            return otherwise


class FaultTolerantQueue:
    """The commands of a queue; while it cannot be read there are none, and those that wait there are taken later."""

    def __init__(self, box: CommandSource) -> None:
        self._box = box

    def take(self, now: float) -> Sequence[Command]:
        """The new commands, oldest first."""
        return self._answer(lambda: self._box.take(now))

    def in_force(self, now: float) -> Sequence[Command]:
        """The pause and the snooze still in force."""
        return self._answer(lambda: self._box.in_force(now))

    def close(self) -> None:
        """Close it; it reopens at the next call."""
        self._box.close()

    def _answer(self, question: Callable[[], Sequence[Command]]) -> Sequence[Command]:
        try:
            return question()
        except StoreError:
            self._box.close()
            return ()
