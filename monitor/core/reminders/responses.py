"""Whether a reminder was followed: a change of activity, or a posture that is back, within five minutes.

It counts from the first instant of the change.  Where the person was lost from view the response is unknown, which is not
ignoring.
"""

import math
from collections.abc import Container

from monitor.core.reminders.decisions import Reminder, Response
from monitor.core.reminders.kinds import ReminderClock, clock_of
from monitor.core.reminders.rules import MIN, Situation
from monitor.core.vocabulary import Activity

# How long to wait for a response (s), which is also the shortest time between two reminders.
QUIET_AFTER_S = 5 * MIN
# A change within the five minutes may be confirmed only after the slowest dwell.
_LATE_S = 15.0
# The posture must be back for this long (s) to count as a response.
SETTLED_S = 5.0


class ResponseObserver:
    """Observes the response to the last reminder: ``awaited`` until there is one, or it is too late."""

    def __init__(self) -> None:
        self.awaited: Reminder | None = None
        self._unchanged_until = self._off_until = -math.inf

    def expect(self, reminder: Reminder) -> None:
        """Wait for the response to ``reminder`` from now on; one about the camera asks for none."""
        self._off_until = self._unchanged_until = reminder.t
        self.awaited = None if clock_of(reminder.kind) is ReminderClock.CAMERA else reminder

    def keep(self, kinds: Container[str]) -> None:
        """Wait no longer for the response to a reminder of a kind that is not among ``kinds``."""
        if self.awaited is not None and self.awaited.kind not in kinds:
            self.awaited = None

    def observe(self, now: Situation) -> Response | None:
        """The response that is certain now, None if there is none yet or it is unknown."""
        reminder = self.awaited
        if reminder is None:
            return None
        changed_at = self._changed_at(reminder, now)
        if changed_at is None and now.t - reminder.t <= QUIET_AFTER_S + _LATE_S:
            return None
        self.awaited = None
        if changed_at is not None and changed_at - reminder.t <= QUIET_AFTER_S:
            return Response(reminder.t, reminder.kind, max(changed_at - reminder.t, 0.0))
        if self._unchanged_until - reminder.t < QUIET_AFTER_S:
            return None  # the person was lost from view
        return Response(reminder.t, reminder.kind, None)

    def moved(self, t: float) -> Response | None:
        """The response that follows from the person's own mark (at ``t``) of having moved."""
        reminder, self.awaited = self.awaited, None
        if reminder is None:
            return None
        return Response(reminder.t, reminder.kind, min(max(t - reminder.t, 0.0), QUIET_AFTER_S))

    def _changed_at(self, reminder: Reminder, now: Situation) -> float | None:
        if now.activity not in (reminder.activity, Activity.UNKNOWN):
            return now.since
        signals = set(reminder.due.signals)
        # A signal that cannot be measured has not returned.
        if not signals & now.posture.judged or signals & now.posture.sustained:
            self._off_until = now.t
        if now.activity is reminder.activity and now.since <= reminder.t:
            self._unchanged_until = now.t
        return self._off_until if now.t - self._off_until >= SETTLED_S else None
