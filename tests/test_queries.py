"""What commands, tray and pages ask and order: the history's own values, and a plain refusal where there is nothing."""

from datetime import UTC, datetime
from functools import partial

import pytest

from monitor.adapters.store import Store
from monitor.adapters.system.lock import folder_lock
from monitor.app import queries, remote
from monitor.app.home import HISTORY, Home
from monitor.app.recordings import announce, recording_of
from monitor.config import folders
from monitor.core.errors import ConfigError, StoreError
from monitor.core.history.live_state import LiveState
from monitor.core.pipeline import Pipeline, Plan
from monitor.core.reminders.commands import LONGEST_S, Mark
from monitor.core.sedentary.bouts import RUNS, Bout
from monitor.core.vocabulary import Activity
from monitor.reports.status import RunRestrictions, now_lines, now_values
from monitor.run.loop import run
from monitor.run.sinks import StoreSink
from monitor.testing import MORNING, scene


class ScriptedSource(list):
    """Observations as a source."""

    period_s = 1.0


@pytest.fixture
def home(tmp_path):
    return Home(folders(tmp_path), tz=UTC)


def lived(home, script):
    with Store(home.folders.data / HISTORY) as store:
        pipeline = Pipeline(Plan(period_s=1.0))
        begin = partial(store.begin, source="camera 0", profile="desk", program="0.1.0")
        run(ScriptedSource(scene(script, 1.0)), pipeline, [StoreSink(begin)])


def test_without_a_history_nothing_runs_nothing_was_seen_and_a_series_says_so(home):
    now = queries.status(home, MORNING)

    assert (now.process, now.hold, now.today.bouts) == (None, RunRestrictions(), ())
    assert now.today.start == queries.start_of_day(home, MORNING) == MORNING - 5 * 3600
    for question in (partial(queries.series, start=0.0, end=MORNING), queries.last_reminder, partial(queries.today, now=MORNING)):
        with pytest.raises(StoreError, match="nothing has been recorded yet"):
            question(home)
    assert not any(home.folders.data.glob("history*"))


def test_a_day_is_told_bout_by_bout_and_minute_by_minute(home):
    lived(home, "sit 31min, stand 2min, away 3min, sit 10min")
    day = queries.series(home, MORNING, MORNING + 3600)
    lean = queries.series(home, MORNING, MORNING + 3600, {"trunk_inclination"})

    assert [bout.activity for bout in day.records.bouts] == [Activity(a) for a in ("sitting", "standing", "away", "sitting")]
    assert [record.reminder.kind for record in day.records.reminders] == ["sat_too_long"]
    assert len(day.minutes) == 43 + 1  # nobody was there for three; the last minute is a single instant
    assert {name for minute in lean.minutes for name in minute.signals} == {"trunk_inclination"}
    # As text: since Python 3.13 a mean that is NaN is no longer equal to itself.
    one, every = (repr([m.signals["trunk_inclination"] for m in series.minutes]) for series in (lean, day))
    assert one == every
    assert queries.status(home, MORNING + 3600).today.bouts == queries.today(home, MORNING + 3600).bouts == day.records.bouts
    assert queries.last_reminder(home) == day.records.reminders[0]


def test_an_order_needs_a_monitor_and_an_end(home):
    orders = (remote.resume, remote.pause_or_resume, partial(remote.mark, what=Mark.BREAK))
    for order in orders:
        with pytest.raises(StoreError, match="no monitor is running"):
            order(home)
    for until in (0.0, 1e12):
        with pytest.raises(ConfigError, match="must end by itself within 7 days"):
            remote.pause(home, until)
    assert remote.stop(home) is None
    assert LONGEST_S == 7 * 86400


def test_a_monitor_that_runs_is_known_by_its_process(home):
    with folder_lock(home.folders.data):
        lived(home, "sit 1min")

        assert queries.status(home, MORNING + 60).process is not None


def test_what_an_earlier_run_saw_last_is_not_what_is_seen_now(home):
    """Neither after a kill, which ends a session where it was last stored, nor after a clean end; one that runs tells its own."""
    lived(home, "sit 5min")

    def told(now):
        seen = queries.status(home, now)
        about = (seen.today, seen.process, "none", UTC, seen.hold, seen.live)
        return now_values(*about)["state"], next(now_lines(*about)).endswith("; nothing has been seen yet.")

    with folder_lock(home.folders.data):
        found = [told(MORNING + 400)]
        with Store(home.folders.data / HISTORY) as store:
            session = store.begin(MORNING + 400, source="camera 0", profile=None, program="0.1.0")
            found.append(told(MORNING + 401))
            session.write(MORNING + 460, Bout(Activity.STANDING, MORNING + 400, MORNING + 460), [])
            found.append(told(MORNING + 461))

    assert found == [(None, True), (None, True), ("standing", False)]


def test_a_break_that_is_marked_while_a_file_plays_is_told_by_status_until_it_ends(home):
    lived(home, "sit 5min")
    path = recording_of(home, "clip")
    with folder_lock(home.folders.data), Store(path) as store:
        announce(home, path)
        session = store.begin(MORNING - 86400, source="clip.mp4", profile=None, program="0.1.0")
        marked = MORNING - 86400 + 60
        session.write(marked + 60, Bout(Activity.SITTING, MORNING - 86400, marked + 60), [])
        session.marked_break(marked)
        playing = queries.status(home, MORNING + 400).hold.marked_break
        session.end(marked + 90)
        ended = queries.status(home, MORNING + 400).hold.marked_break

    assert (playing, ended) == (marked, None)


def test_over_the_beginning_of_a_day_status_says_since_when_and_hours_without_a_monitor_are_no_sitting(home):
    """Sitting from half an hour before the day begins until ten minutes after; then nobody watched for three hours."""
    day = queries.start_of_day(home, MORNING)
    begun, end = day - 1800, day + 600
    live = LiveState(
        end, end, Activity.SITTING, begun, None, None, "ok", frozenset(), dict.fromkeys(RUNS, 2400.0), {}
    )  # fmt: skip

    def told(now):
        seen = queries.status(home, now)
        return now_values(seen.today, seen.process, "none", UTC, seen.hold, seen.live)

    with folder_lock(home.folders.data), Store(home.folders.data / HISTORY) as store:
        session = store.begin(begun, source="camera 0", profile=None, program="0.1.0")
        session.write(end, Bout(Activity.SITTING, begun, end), [])
        session.present(live)
        while_it_runs = told(end)
        session.end(end)
    after = told(end + 3 * 3600)

    assert while_it_runs["since"] == datetime.fromtimestamp(begun, UTC).isoformat(timespec="seconds")
    assert while_it_runs["run_s"] == dict.fromkeys(RUNS, 2400.0)
    assert (after["state"], after["run_s"]) == (None, dict.fromkeys(RUNS, 0.0))
