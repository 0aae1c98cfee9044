"""The summary of a period: minutes, bouts, breaks, posture, reminders.

Terms: SBRN (Tremblay 2017), see science.md 3.6.  The camera sees postures at one desk, not energy expenditure and not the whole
day, so "sedentary" here means sitting at this desk.  Unseen time is a separate kind and does not enter the shares of the others.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from monitor.core.history.records import Records, ReminderRecord, Session, SignalTotal
from monitor.core.posture.signals import BY_NAME
from monitor.core.reminders.kinds import CHECK_IN
from monitor.core.sedentary.bout_metrics import Sedentary, followed, sedentary, share, spells
from monitor.core.sedentary.bouts import STATIONARY, Bout
from monitor.core.vocabulary import Activity

PRESENT = frozenset({Activity.SITTING, Activity.STANDING, Activity.MOVING})
_UPRIGHT = frozenset({Activity.STANDING, Activity.MOVING})
_ROWS = {name: row for row, name in enumerate(BY_NAME)}
_SHOWN = frozenset({"desktop", "console"})


@dataclass(frozen=True, slots=True)
class SignalSummary:
    """The totals of one signal, with the share (0 to 1, NaN if never present) of the time present in which it was measured.

    ``off_share`` is the share of the time judged in which it was out of the person's own tolerance, ``chair_share`` that of the
    time present in which a chair hid it.
    """

    total: SignalTotal
    measured_share: float
    off_share: float
    chair_share: float = 0.0


@dataclass(frozen=True, slots=True)
class ReminderSummary:
    """One kind of reminder: how often due, shown, with a known response, and followed.

    ``followed`` means that activity or posture changed within 5 min; ``after_s`` is the median time to it (NaN without any).
    """

    kind: str
    due: int
    shown: int
    known: int
    followed: int
    after_s: float


@dataclass(frozen=True, slots=True)
class Summary:
    """All figures of the time from ``start`` to ``end`` (POSIX s).

    ``first`` and ``last`` (POSIX s) bound what was recorded, NaN if nothing was.  ``seconds`` has every activity; they add up to
    ``covered_s``.  ``session_s`` is how long the monitor ran, never less.  ``unknown_s`` gives the reasons for unknown time,
    longest first.  ``sit_to_stand`` counts the observed changes from sitting to standing or moving; leaving the picture is not
    one.  ``stationary_s`` is the longest time sitting or standing without moving about or leaving (SBRN: standing still ends a
    sedentary, not a stationary bout).  ``signals`` keep the order of their table.
    """

    start: float
    end: float
    first: float
    last: float
    sessions: int
    cut_sessions: int
    session_s: float
    seconds: Mapping[Activity, float]
    assumed_s: float
    unknown_s: Mapping[str, float]
    sedentary: Sedentary
    sit_to_stand: int
    stationary_s: float
    signals: tuple[SignalSummary, ...]
    reminders: tuple[ReminderSummary, ...]

    @property
    def covered_s(self) -> float:
        """Time with any record (s), unknown included."""
        return sum(self.seconds.values())

    @property
    def present_s(self) -> float:
        """Time in which the person was there (s)."""
        return sum(self.seconds[kind] for kind in PRESENT)

    @property
    def measurable_share(self) -> float:
        """Share (0 to 1) of the monitor's running time in which the activity or absence was known; NaN if it did not run."""
        return share(self.covered_s - self.seconds[Activity.UNKNOWN], self.session_s)

    @property
    def assumed_share(self) -> float:
        """Share (0 to 1) of the sitting that was assumed, because nothing distinguished it from standing; NaN without sitting."""
        return share(self.assumed_s, self.seconds[Activity.SITTING])


def summarize(records: Records) -> Summary:
    """The summary of all records of a period."""
    bouts = records.bouts
    seconds = {kind: math.fsum(b.seconds for b in bouts if b.activity is kind) for kind in Activity}
    present_s = sum(seconds[kind] for kind in PRESENT)
    return Summary(
        start=records.start,
        end=records.end,
        first=min((b.start for b in bouts), default=math.nan),
        last=max((b.end for b in bouts), default=math.nan),
        sessions=len(records.sessions),
        cut_sessions=sum(s.cut for s in records.sessions),
        # The last heartbeat of a cut session may be earlier than the end of its last bout.
        session_s=max(math.fsum(_ran(s, records) for s in records.sessions), sum(seconds.values())),
        seconds=seconds,
        assumed_s=math.fsum(b.seconds for b in bouts if b.assumed and b.activity is Activity.SITTING),
        unknown_s=_reasons(bouts),
        sedentary=sedentary(bouts),
        sit_to_stand=sit_to_stand(bouts),
        stationary_s=max((s.seconds for s in spells(bouts, STATIONARY)), default=math.nan),
        signals=signal_summaries(records.signals, present_s),
        reminders=_reminders(records.reminders),
    )


def signal_summaries(totals: Iterable[SignalTotal], present_s: float) -> tuple[SignalSummary, ...]:
    """The summaries of the totals, in the order of the table of signals; ``present_s`` is the time (s) they could be measured."""
    return tuple(
        SignalSummary(x, share(x.measured_s, present_s), share(x.off_s, x.judged_s), _chair_share(x, present_s))
        for x in sorted(totals, key=lambda x: _ROWS.get(x.name, len(_ROWS)))
    )


def sit_to_stand(bouts: Sequence[Bout]) -> int:
    """The number of observed changes from sitting to standing or moving; leaving the picture is not one."""
    return sum(b.activity is Activity.SITTING and n is not None and n.activity in _UPRIGHT for b, n in followed(bouts))


def _chair_share(total: SignalTotal, present_s: float) -> float:
    """At most the time present and not measured: minutes count whole, although the person may have come or gone within one."""
    return share(min(total.chair_s, max(present_s - total.measured_s, 0.0)), present_s)


def _ran(session: Session, records: Records) -> float:
    """How long (s) a session ran within the records; without an end, up to its last record."""
    later = min((s.start for s in records.sessions if s.start > session.start), default=math.inf)
    last = max((b.end for b in records.bouts if session.start <= b.start < later), default=session.start)
    end = min(last if session.end is None else session.end, records.end)
    return max(end - max(session.start, records.start), 0.0)


def _reasons(bouts: Iterable[Bout]) -> dict[str, float]:
    reasons: defaultdict[str, float] = defaultdict(float)
    for bout in bouts:
        if bout.activity is Activity.UNKNOWN:
            reasons[bout.why or "no reason kept"] += bout.seconds
    return dict(sorted(reasons.items(), key=lambda item: -item[1]))


def _reminders(records: Sequence[ReminderRecord]) -> tuple[ReminderSummary, ...]:
    # The daily question expects no response.
    kinds = dict.fromkeys(record.reminder.kind for record in records if record.reminder.kind != CHECK_IN)
    return tuple(_reminder(kind, [record for record in records if record.reminder.kind == kind]) for kind in kinds)


def _reminder(kind: str, records: Sequence[ReminderRecord]) -> ReminderSummary:
    shown = [record for record in records if record.shown in _SHOWN]
    known = [one for one in shown if one.responded is not None]
    after = [one.after_s for one in known if one.responded and one.after_s is not None]
    changed = sum(bool(one.responded) for one in known)
    return ReminderSummary(kind, len(records), len(shown), len(known), changed, median(after) if after else math.nan)
