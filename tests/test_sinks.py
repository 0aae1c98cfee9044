"""Sinks observe: they store at once or every ten seconds, show what is due, and survive what a desktop does."""

from dataclasses import replace
from datetime import UTC
from functools import partial
from itertools import pairwise

import numpy as np
import pytest

from monitor.adapters.notify.console import ConsoleNotifier, FallbackNotifier
from monitor.adapters.store import History, Store
from monitor.adapters.trace import Trace, TraceWriter
from monitor.core.body.pose import Observation
from monitor.core.errors import DiskFull, NotifyError
from monitor.core.pipeline import Pipeline
from monitor.core.reminders.decisions import Reminder
from monitor.core.vocabulary import Reason
from monitor.ports import Frame
from monitor.run.loop import Watch, run
from monitor.run.sinks import HEARTBEAT_S, NotifySink, StoreSink, TraceSink
from monitor.testing import MORNING, SIT, RecordingNotifier, ScriptedCamera, replay, scene
from monitor.testing.memory import MemorySession, MemoryStore
from monitor.texts.reminders import Message, opening, plain, title

ABOUT = {"source": "camera 0", "profile": None, "program": "0.1.0"}
NEVER = MORNING + 86400.0


class TipMessages:
    """Messages with the reason and a tip; another tip after a response."""

    def remind(self, reminder):
        message = plain(reminder, UTC)
        return replace(message, body=f"{message.body} Walk a little.", tip="walk")

    def follow(self, response, activity):
        return None if response.after_s is None else Message("Well done", f"You are {activity}.", "stretch")


class ScriptedSource(list):
    """Observations as a source."""

    period_s = 1.0


def at_1_hz(text):
    return ScriptedSource(scene(text, period_s=1.0))


class TimedSession(MemorySession):
    """Records when it was written to."""

    __slots__ = ("times",)

    def write(self, t, running, events):
        self.times = [*getattr(self, "times", []), (t, len(events))]
        super().write(t, running, events)


def stored(observations, wrap=MemorySession):
    store = MemoryStore()

    def begin(t):
        session = store.begin(t, **ABOUT)
        store.kept[-1] = wrap(session.session, t)
        return store.kept[-1]

    sink = StoreSink(begin)
    run(observations, Pipeline(), [sink])
    return store, sink


def test_a_session_begins_with_the_first_observation_and_ends_with_the_last():
    store, sink = stored(at_1_hz("gap 30s, sit 100s"))

    session = store.session(sink.session.id)
    assert (session.start, session.end) == (MORNING + 30, MORNING + 129)


def test_a_session_begins_with_the_first_picture_even_if_what_it_shows_is_known_seconds_later():
    store, sessions = MemoryStore(), []
    sink = StoreSink(partial(store.begin, **ABOUT))

    class Undecided:
        def detect(self, frame):
            sessions.append(store.session())
            return Observation(frame.t, None, Reason.NOT_SEEN_TO_MOVE, withheld=SIT.pose())

    frames = iter([Frame(MORNING + n, np.zeros((9, 16, 3), np.uint8)) for n in range(5)])
    source = Watch(ScriptedCamera(frames, 1.0), Undecided())
    source.begins = sink.begin
    run(source, Pipeline(), [sink])

    assert [session and session.start for session in sessions] == [None, *[MORNING] * 4]
    assert (store.session().start, store.session().end) == (MORNING, MORNING + 4)


def test_a_source_that_shows_nothing_leaves_no_session():
    store, sink = stored(ScriptedSource())

    assert (store.session(), sink.session) == (None, None)


def test_it_is_written_every_ten_seconds_and_at_once_when_something_happened():
    store, _ = stored(at_1_hz("sit 100s, stand 30s"), TimedSession)

    *running, end = store.kept[0].times
    quiet = [t for t, events in running if not events]
    happened = {t for t, events in running if events}
    assert {step.t for step in replay(at_1_hz("sit 100s, stand 30s")) if step.events} == happened
    assert all(b - a <= HEARTBEAT_S for (a, _), (b, _) in pairwise(running))
    assert all(b - a >= HEARTBEAT_S for a, b in pairwise(quiet))
    assert end[0] == MORNING + 129


def test_what_the_end_completes_is_stored():
    store, _ = stored(at_1_hz("sit 42s, stand 42s"))

    records = store.records(0, NEVER)
    assert [bout.activity for bout in records.bouts] == ["sitting", "standing"]
    assert sum(bout.seconds for bout in records.bouts) == 83
    assert records.signals


def reminded(notifier, how=lambda: "desktop"):
    store = MemoryStore()
    keep = StoreSink(partial(store.begin, **ABOUT))
    tell = NotifySink(notifier, TipMessages(), keep, how, None)
    run(at_1_hz("sit 31min, stand 2min"), Pipeline(), [keep, tell])
    return store.records(0, NEVER).reminders, tell


def test_a_reminder_is_shown_once_and_stored_as_shown_with_what_followed():
    notifier = RecordingNotifier()

    (record,), sink = reminded(notifier)

    (shown,) = notifier.shown
    assert shown.title == title("sat_too_long")
    assert shown.body.startswith(opening(record.reminder, UTC))
    assert (record.shown, record.responded, sink.health) == ("desktop", True, None)
    assert (record.tip, record.follow_up) == ("walk", None)


def test_what_goes_with_a_break_is_shown_quietly_once_and_stored():
    loud, quiet, store = RecordingNotifier(), RecordingNotifier(), MemoryStore()
    keep = StoreSink(partial(store.begin, **ABOUT))

    run(at_1_hz("sit 31min, stand 8min"), Pipeline(), [keep, NotifySink(loud, TipMessages(), keep, lambda: "desktop", quiet)])

    (record,) = store.records(0, NEVER).reminders
    assert [n.title for n in loud.shown] == [title("sat_too_long")]
    assert [n.body for n in quiet.shown] == ["You are standing."]
    assert (record.tip, record.follow_up) == ("walk", "stretch")


def test_a_tip_that_was_not_shown_was_not_heard():
    (record,), _ = reminded(RecordingNotifier(failure=NotifyError("no session bus")))

    assert record.tip is None


def test_a_desktop_that_fails_stops_nothing_and_is_remembered():
    (record,), sink = reminded(RecordingNotifier(failure=NotifyError("no session bus")))

    assert (record.shown, record.responded, sink.health) == ("none", True, "no session bus")


class FailingDesktop(RecordingNotifier):
    """Is there, then fails."""

    def probe(self):
        return "notify-send"


def test_what_fell_back_to_the_console_is_stored_as_shown_there():
    written = []
    notifier = FallbackNotifier(FailingDesktop(failure=NotifyError("it hangs")), ConsoleNotifier(written.append))

    (record,), sink = reminded(notifier, lambda: notifier.health.partition(":")[0])

    assert (record.shown, sink.health, len(written)) == ("console", None, 1)


def test_a_bug_in_a_notifier_is_not_swallowed():
    with pytest.raises(ZeroDivisionError):
        reminded(RecordingNotifier(failure=ZeroDivisionError("a bug")))


def test_the_real_store_and_trace_hear_the_same_as_the_person(tmp_path):
    notifier, recorder = RecordingNotifier(), TraceWriter(tmp_path / "day.jsonl.gz", period_s=1.0, source="scene")
    day = at_1_hz("sit 31min, stand 2min, sit 5min")
    with Store(tmp_path / "history.db") as store:
        keep = StoreSink(partial(store.begin, **ABOUT))
        tell = NotifySink(notifier, TipMessages(), keep, lambda: "desktop", None)
        run(day, Pipeline(), [keep, tell, TraceSink(recorder)])
    with History(tmp_path / "history.db") as history:
        records = history.records(0, NEVER)

    reminders = [e for step in replay(Trace(tmp_path / "day.jsonl.gz")) for e in step.events if isinstance(e, Reminder)]
    assert reminders == [record.reminder for record in records.reminders]
    assert len(notifier.shown) == len(reminders) == 1
    assert [bout.activity for bout in records.bouts] == ["sitting", "standing", "sitting"]


def test_a_history_that_stays_full_ends_the_run_with_its_line_and_keeps_what_it_has(tmp_path):
    path = tmp_path / "history.db"
    with Store(path) as store:
        sink = StoreSink(partial(store.begin, **ABOUT))
        with store.transaction() as db:
            db.execute("PRAGMA max_page_count = 10")
        with pytest.raises(DiskFull, match="the disk is full"):
            run(at_1_hz("face 3h"), Pipeline(), [sink])

    with Store(path), History(path) as history:
        records = history.records(0, NEVER)
    assert records.sessions[0].cut
    assert records.bouts[-1].end == records.sessions[0].end > MORNING + 60
