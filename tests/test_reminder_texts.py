"""What a reminder says fits every desktop, is plain, and judges nobody."""

from dataclasses import replace
from datetime import UTC, timedelta, timezone
from itertools import chain, combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.posture.signals import SIGNALS
from monitor.core.reminders.decisions import Reminder
from monitor.core.reminders.deferred import DeferredNotice
from monitor.core.reminders.kinds import KINDS, REMINDERS, ReminderClock
from monitor.core.reminders.rules import Due, Level
from monitor.core.vocabulary import Activity, Reason
from monitor.testing import MORNING
from monitor.texts.catalogue import known, text
from monitor.texts.reminders import clock, duration, labels, plain, plain_missed, title, why_of

JUDGED = [s.name for s in SIGNALS if s.tolerance is not None]
SIDE_OR_FRONT = [[s.name for s in SIGNALS if s.tolerance is not None and s.view in (view, None)] for view in ("side", "front")]
# science.md 4.6 and 8: nothing is judged, ordered, diagnosed, promised or threatened.
FORBIDDEN = (
    "bad", "wrong", "poor", "incorrect", "abnormal", "unhealthy", "must", "should ", "danger", "risk", "harm", "injur", "damage",
    "pain", "disease", "diagnos", "treat", "cure", "prevent", "lordosis", "miscarriage", "abort", "warning", "!",
)  # fmt: skip
ACTIVITY_OF = {"stood_too_long": Activity.STANDING, "stood_today": Activity.STANDING}


def reminder(kind, level, *, signals=(), seconds=1860.0, after_break=True):
    step = None if signals else 1
    due = Due(seconds, MORNING + 720, step, level, tuple(signals), after_break=after_break)
    return Reminder(MORNING + 2580, kind, due, ACTIVITY_OF.get(kind, Activity.SITTING))


def units(text):
    return len(text.encode("utf-16-le")) // 2


def title_and_body():
    return ((message.title, message.body) for message in all_messages())


def all_messages():
    for kind, level in product(KINDS, Level):
        if kind not in ("posture_held", "too_close"):
            for seconds, after in ((1800.0, True), (35940.0, False)):
                yield plain(reminder(kind, level, seconds=seconds, after_break=after), UTC)
        else:
            names = ["screen_distance"] if kind == "too_close" else None
            for some in [names] if names else chain.from_iterable(combinations(v, n) for v in SIDE_OR_FRONT for n in range(1, 8)):
                yield plain(reminder(kind, level, signals=sorted(some), seconds=300.0), UTC)


def test_every_kind_has_a_title_of_its_own_and_a_firmer_one_where_it_has_steps():
    kinds = [row for row in REMINDERS if row.clock in {ReminderClock.SITTING, ReminderClock.STANDING}]

    assert [row.code for row in REMINDERS if not known(f"reminders.{row.code}", "title")] == []
    assert [row.code for row in kinds if title(row.code, Level.FIRM) == title(row.code)] == []
    assert [row.code for row in REMINDERS if row.of_time and not known(f"reminders.{row.code}", "spent")] == []


def test_a_kind_without_a_text_has_a_plain_title_and_a_plain_reason():
    unknown = reminder("look_away", Level.FIRM, seconds=1200.0)

    assert plain(unknown, UTC).title == "Look away"
    assert plain(unknown, UTC).body.startswith(text("activities", Activity.SITTING).capitalize())
    assert "20 min" in plain(unknown, UTC).body
    assert plain_missed(DeferredNotice(MORNING, Reason.CALL, {"look_away": 1200.0})).title.endswith("look away 20 min")


def test_every_text_fits_a_windows_balloon():
    texts = list(title_and_body())

    assert max(units(title) for title, _ in texts) <= 63
    assert max(units(body) for _, body in texts) <= 255


def test_no_text_judges_orders_or_frightens():
    for above, body in title_and_body():
        assert [word for word in FORBIDDEN if word in f"{above} {body}".lower()] == []


def test_every_text_is_one_line_of_plain_letters_that_starts_with_a_capital():
    for above, body in title_and_body():
        assert above[0].isupper()
        assert body[0].isupper()
        assert f"{above} {body}".isascii()
        assert f"{above} {body}".isprintable()
        assert "  " not in body
        assert ".." not in body


def test_why_a_reminder_came_in_the_words_of_the_catalogue():
    """The reminders' golden words: a second language has its own."""
    head = ("head_tilt", "neck_inclination", "shoulder_tilt")
    cases = {
        "sitting for 31 min; last break at 09:12": reminder("sat_too_long", Level.SOFT),
        "standing for 31 min; no break since 09:12": reminder("stood_too_long", Level.SOFT, after_break=False),
        "you have been on your feet for 3 h 00 min today": reminder("stood_today", Level.SOFT, seconds=3 * 3600.0),
        # Of many signals three are named, so that a tip has room.
        "head tilted, head forward and one shoulder down more than usual for 31 min": reminder(
            "posture_held", Level.SOFT, signals=(*head, "trunk_inclination")
        ),
        "leaning forward and head forward more than usual for a minute or two": reminder(
            "posture_held", Level.SOFT, signals=("trunk_inclination", "neck_inclination"), seconds=75.0
        ),
    }

    assert {words: why_of(event, UTC) for words, event in cases.items()} == {words: words for words in cases}


@given(st.sets(st.sampled_from(JUDGED), min_size=1))
def test_labels_name_each_signal_once(names):
    assert labels(tuple(names)).count(" and ") == (len(names) > 1)


@given(st.integers(0, 100_000))
def test_a_duration_reads_as_the_whole_minutes_that_have_passed(seconds):
    text = duration(float(seconds))
    number = [int(part) for part in text.split() if part.isdigit()]

    if text.endswith(" s"):
        assert number == [seconds]
        assert seconds < 120
    else:
        assert number[-1] + 60 * sum(number[:-1]) == seconds // 60


@pytest.mark.parametrize(("seconds", "text"), [(45, "45 s"), (1860, "31 min"), (3900, "1 h 05 min"), (119.9, "120 s")])
def test_durations_are_said_as_people_say_them(seconds, text):
    assert duration(seconds) == text


def test_a_microsecond_lost_between_two_clock_times_takes_no_minute():
    assert (duration(599.9999999), duration(1799.9999999)) == ("10 min", "30 min")


def test_the_clock_is_the_persons_own():
    assert (clock(MORNING, UTC), clock(MORNING, timezone(timedelta(hours=5, minutes=30)))) == ("09:00", "14:30")
    assert "14:42" in why_of(replace(reminder("sat_too_long", Level.SOFT)), timezone(timedelta(hours=5, minutes=30)))
