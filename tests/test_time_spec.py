"""How long and until when: always later than now, never longer than a week, and right where the clocks change."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import examples

from monitor.app.home import Home
from monitor.app.time_spec import MOST_S, end_of
from monitor.config import Settings, folders
from monitor.core.errors import ConfigError
from monitor.reports.periods import date_of
from monitor.texts.reminders import moment

BERLIN, NEW_YORK, LORD_HOWE = (ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe"))
ZONES = st.sampled_from([BERLIN, NEW_YORK, LORD_HOWE, ZoneInfo("Asia/Kolkata")])
instants = st.floats(1.5e9, 1.9e9)
# Half the laws' days are those on which the clocks change.
changes = st.sampled_from([1774746000.0, 1792890000.0]).flatmap(lambda t: st.floats(t - 86400, t + 86400))


def at(text, tz=BERLIN, fold=0):
    return datetime.fromisoformat(text).replace(tzinfo=tz, fold=fold).timestamp()


def until(text, now, tz=BERLIN):
    return end_of(text.split(), now, Home(folders(None), Settings(), tz), 3600.0)


@examples(30)
@given(st.integers(0, 23), st.integers(0, 59), instants | changes, ZONES)
def test_a_time_of_day_is_the_next_that_the_clock_shows(hour, minute, now, tz):
    end = until(f"until {hour}:{minute:02d}", now, tz)

    assert now < end <= now + 25.01 * 3600
    shown = datetime.fromtimestamp(end, tz)
    skipped = datetime(shown.year, shown.month, shown.day, hour, minute, tzinfo=tz)
    exists = datetime.fromtimestamp(skipped.timestamp(), tz).hour == hour
    assert (shown.hour, shown.minute) == (hour, minute) or not exists


@examples(20)
@given(instants | changes, ZONES)
def test_tomorrow_is_the_next_days_morning(now, tz):
    end = until("until tomorrow", now, tz)
    today, shown = date_of(now, tz, time(4)), datetime.fromtimestamp(end, tz)

    assert ((shown.date() - today).days, shown.hour, shown.minute) == (1, 6, 0)


@examples(20)
@given(st.text(max_size=20) | st.from_regex(r"(until |for )?\d{1,4}[.:hmsd]?\d{0,3}[a-z]?", fullmatch=True), instants)
def test_whatever_is_typed_ends_within_a_week_or_is_refused_in_one_line(text, now):
    errors = []
    try:
        end = end_of([text], now, Home(folders(None), Settings(), BERLIN), 3600.0)
    except ConfigError as error:
        errors, end = str(error).splitlines(), now + 1

    assert now < end <= now + MOST_S
    assert len(errors) <= 1


LENGTHS = {"": 3600, "30m": 1800, "30": 1800, "1h30m": 5400, "2 h": 7200, "90s": 90, "for 20 minutes": 1200, "1.5h": 5400}
NONE = ["yesterday", "until", "until 25:00", "until 12:60", "0m", "8 days", "-5m", "until noon", "30 parsecs", "1e3"]


@pytest.mark.parametrize(("text", "seconds"), LENGTHS.items())
def test_a_length_is_one(text, seconds):
    assert until(text, 1.7e9) - 1.7e9 == seconds


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_length_is_refused(text):
    with pytest.raises(ConfigError, match=r"until 14:00, or until tomorrow"):
        until(text, 1.7e9)


def test_an_hour_that_comes_twice_is_the_first_that_is_not_over():
    # 2026-10-25: at 3:00 the clocks go back to 2:00.
    assert until("until 2:30", at("2026-10-25 01:00")) == at("2026-10-25 02:30")
    assert until("until 2:30", at("2026-10-25 02:45")) == at("2026-10-25 02:30", fold=1)
    assert until("until 2:30", at("2026-10-25 02:45", fold=1)) == at("2026-10-26 02:30")


def test_an_hour_that_is_left_out_is_the_one_after():
    # 2026-03-29: at 2:00 the clocks go on to 3:00.
    assert datetime.fromtimestamp(until("until 2:30", at("2026-03-29 01:00")), BERLIN).hour == 3


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("2026-11-20 23:30", "23:30"),
        ("2026-11-21 06:00", "tomorrow 06:00"),
        ("2026-11-23 06:00", "Monday 06:00"),
        ("2026-11-27 23:00", "2026-11-27 23:00"),
    ],
)
def test_the_end_is_told_as_people_tell_it(end, expected):
    assert moment(at(end), at("2026-11-20 22:00"), BERLIN) == expected
