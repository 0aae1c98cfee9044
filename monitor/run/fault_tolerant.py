"""A history that can be asked while its disk is full or its file damaged: nobody who asks must fall over it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from monitor.app.advice import AdviceHistory
from monitor.core.errors import StoreError
from monitor.core.history.records import CheckInRecord, Person, Records
from monitor.core.reminders.commands import Command
from monitor.run.control import CommandSource

_Answer = TypeVar("_Answer")


class ClosableHistory(AdviceHistory, Protocol):
    """A history that can be closed."""

    def close(self) -> None:
        """Close it."""
        ...


class FaultTolerantHistory:
    """What a history answers; what it cannot tell is taken from its last answer, and is nothing if there was none.

    So a call that was asked for keeps tips away even when the check-in can no longer be read.  ``opened()`` opens it, and does so
    anew after a failure.  Raises StoreError only when it is first opened.
    """

    def __init__(self, opened: Callable[[], ClosableHistory]) -> None:
        self._opened = opened
        self._book: ClosableHistory | None = opened()
        self._person = Person()
        self._open_reports: Sequence[CheckInRecord] = ()

    def person(self) -> Person:
        """What the person told of herself last."""
        self._person = self._asked(lambda book: book.person(), self._person)
        return self._person

    def open_reports(self, t: float) -> Sequence[CheckInRecord]:
        """The check-ins that were not cleared at ``t`` (POSIX s)."""
        self._open_reports = self._asked(lambda book: book.open_reports(t), self._open_reports)
        return self._open_reports

    def tips_shown(self, start: float, end: float) -> Mapping[str, float]:
        """When (POSIX s) each tip came last in that time."""
        return self._asked(lambda book: book.tips_shown(start, end), {})

    def records(self, start: float, end: float) -> Records:
        """Everything kept about that time (POSIX s)."""
        return self._asked(lambda book: book.records(start, end), Records(start, end, (), (), (), ()))

    def close(self) -> None:
        """Close it; may be called twice."""
        if self._book is not None:
            self._book.close()
            self._book = None

    def _asked(self, question: Callable[[ClosableHistory], _Answer], otherwise: _Answer) -> _Answer:
        try:
            self._book = self._book or self._opened()
            return question(self._book)
        except StoreError:
            self.close()
            return otherwise


class FaultTolerantQueue:
    """The orders of a box; while it cannot be read or written there are none, and those that wait there are taken later."""

    def __init__(self, box: CommandSource) -> None:
        self._box = box

    def take(self, now: float) -> Sequence[Command]:
        """The new ones, oldest first."""
        return self._asked(lambda: self._box.take(now))

    def in_force(self, now: float) -> Sequence[Command]:
        """The pause and the snooze that still hold from before."""
        return self._asked(lambda: self._box.in_force(now))

    def close(self) -> None:
        """Close it; it opens again when it is asked."""
        self._box.close()

    def _asked(self, question: Callable[[], Sequence[Command]]) -> Sequence[Command]:
        try:
            return question()
        except StoreError:
            self._box.close()
            return ()
