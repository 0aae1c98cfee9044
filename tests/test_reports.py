"""Summaries as people and programs read them."""

import csv
import io
import json
import os
import re
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_days import BERLIN, DAY_S, MONDAY, NINE, SIT, STAND, day_of, working_day, working_week
from report_days import SIGNALS as SIGNALS_OF_A_DAY
from rich.console import Console

from monitor.core.errors import ConfigError
from monitor.core.history.records import CheckInRecord, PostureTotals, Records, Session, SignalTotal
from monitor.core.posture.signals import SIGNALS
from monitor.core.reminders.kinds import SETTABLE
from monitor.core.vocabulary import Reason
from monitor.reports.bars import Bar
from monitor.reports.periods import Period, day, of_session, parse_day, week
from monitor.reports.phrases import hours, percent, span
from monitor.reports.report import Report, report_on, with_posture
from monitor.reports.summary_formats import FIGURES, as_csv, as_data, as_json
from monitor.reports.text import page
from monitor.texts.catalogue import about_sitting, activity_name, label, reason, reminder_name

GOLDEN = Path(__file__).parent / "golden"
# Nothing is judged, diagnosed or promised.
FORBIDDEN = re.compile(
    r"(?i:bad|poor|wrong|abnormal|correct posture|slouch|slump|lordosis|diagnos|disease|abortion|should|must)|\bnan\b|None"
)


def on_monday(kept: Records) -> Report:
    return while_sitting(report_on(day(MONDAY, BERLIN), lambda *_: kept), kept.signals)


def while_sitting(report: Report, signals) -> Report:
    """The report, all that was measured having been measured while sitting."""
    return with_posture(report, PostureTotals(signals, {SIT: signals}))


def monday() -> Report:
    return on_monday(working_day())


def seven_days() -> Report:
    return while_sitting(report_on(week(MONDAY, BERLIN), working_week), SIGNALS_OF_A_DAY)


def nothing(period: Period) -> Report:
    return report_on(period, lambda start, end: Records(start, end, [], [], [], []))


def printed(report: Report, width: int = 80, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding=encoding, newline="\n") as file:
        Console(file=file, width=width, color_system=None, legacy_windows=False).print(page(report, BERLIN))
        file.flush()
        text = raw.getvalue().decode(encoding)
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


# --- pages for people --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "report", "width"), [("day", monday(), 80), ("week", seven_days(), 80), ("week_60", seven_days(), 60)]
)
def test_the_page_is_the_one_that_was_looked_at(name, report, width):
    golden = GOLDEN / f"summary_{name}.txt"
    # After a wanted change: UPDATE_GOLDEN=1 python -m pytest tests/test_reports.py, then read the file.
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(printed(report, width), encoding="utf-8")

    assert golden.read_text(encoding="utf-8") == printed(report, width)


def test_the_page_says_how_often_the_lower_back_was_read_and_why_not_otherwise():
    seen = SignalTotal("lumbar_lordosis", 18.0, 4200, 0, 0, 0, Reason.BACK_HIDDEN_BY_CHAIR)
    text = " ".join(printed(on_monday(replace(working_day(), signals=[seen]))).split())

    assert label("lumbar_lordosis") in text
    assert re.search(rf"\b\d+ % [^.]*: {reason(Reason.BACK_HIDDEN_BY_CHAIR)}", text)


@pytest.mark.parametrize("width", [60, 80, 200])
@pytest.mark.parametrize("report", [monday(), seven_days()])
def test_a_page_fits_its_width_and_cuts_no_word(report, width):
    text = printed(report, width)

    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text


@pytest.mark.parametrize("report", [monday(), seven_days(), nothing(day(MONDAY, BERLIN))])
def test_a_page_judges_nothing_and_shows_no_missing_value_by_its_python_name(report):
    assert not FORBIDDEN.search(printed(report))


def test_a_console_without_unicode_gets_plain_bars():
    text = printed(monday(), encoding="ascii")

    assert "67 %  ####" in text


def test_an_empty_time_is_one_friendly_line():
    assert printed(nothing(day(MONDAY, BERLIN))) == "Monday 2 March 2026: nothing was recorded in this time.\n"


def test_assumed_sitting_and_uncompared_posture_are_said():
    kept = working_day()
    unsure = replace(
        kept,
        sessions=[replace(kept.sessions[0], cut=True)],
        bouts=[replace(b, assumed=b.activity is SIT) for b in kept.bouts],
        signals=[replace(s, judged_s=0.0, off_s=0.0) for s in kept.signals],
    )

    text = " ".join(printed(on_monday(unsure)).split())

    assert about_sitting("assumed", share="100 %") in text
    assert "Posture was measured but not compared" in text
    assert "1 session stopped unexpectedly" in text


def test_sitting_and_standing_stand_apart_and_the_lower_back_is_said_in_words():
    """A lean of 8 deg while sitting and of 2 deg while standing is never one of 5; 40 min rounded is a sentence."""
    lean = SignalTotal("trunk_inclination", 8.0, 3600, 3600, 60, 30, None)
    back = SignalTotal("lumbar_index", 0.78, 3000, 3000, 2400, 900, None)
    apart = {SIT: (lean, back), STAND: (replace(lean, mean=2.0),)}
    text = printed(with_posture(monday(), PostureTotals((), apart)))
    sitting, standing = (text.index(f"While {activity_name(one)}") for one in (SIT, STAND))

    assert sitting < text.index("8 deg") < standing < text.index("2 deg")
    assert "5 deg" not in text
    assert "Your lower back was rounded for 40 min" in text
    assert "0.78" not in text


def test_a_time_under_an_hour_has_no_rates():
    text = printed(on_monday(day_of([(SIT, 30), (STAND, 5), (SIT, 20)])))

    assert "per hour" not in text
    assert "at a stretch" not in text


def test_a_day_with_check_ins_and_nothing_watched_shows_them():
    report = CheckInRecord(NINE, 6, frozenset({"low_back"}))
    text = printed(on_monday(Records(NINE - 9 * 3600, NINE + 15 * 3600, [], [], [], [], [report])))

    assert text.startswith("Monday 2 March 2026: nothing was recorded")
    assert re.search(r"09:00 +pain 6: low back\n", text)


def test_a_reminder_whose_effect_is_not_known_yet_says_so():
    fresh = replace(working_day(), reminders=[replace(working_day().reminders[0], responded=None)])

    assert f"{reminder_name('sat_too_long')}  1 shown; what followed is not known\n" in printed(on_monday(fresh))


def test_a_day_on_foot_has_no_bouts_of_sitting():
    text = printed(on_monday(day_of([(STAND, 30)])))

    assert about_sitting("none") in text
    assert "Reminders" not in text


def test_twenty_completed_bouts_bring_the_pattern_figures():
    many = day_of([(SIT, 5 + k) if k % 2 else (STAND, 2) for k in range(42)])

    text = printed(on_monday(many))

    assert re.search(re.escape(about_sitting("half", length="26 min")).replace("26", r"\d+"), text)
    assert re.search(r"Pattern +Gini 0\.\d\d .*, alpha \d\.\d\d \+- 0\.\d\d\n", text)


@given(st.floats(0, 1), st.integers(1, 40), st.booleans())
def test_a_bar_keeps_to_its_width_and_shows_all_but_nothing(share, width, plain):
    def drawn(share):
        out = io.TextIOWrapper(io.BytesIO(), encoding="ascii" if plain else "utf-8")
        Console(file=out, width=width).print(Bar(share))
        out.seek(0)
        return out.read().rstrip("\n ")

    assert len(drawn(share)) <= width
    assert bool(drawn(share)) == (share > 0)
    assert drawn(1.0) in ("█" * min(width, 32), "#" * min(width, 32))


@pytest.mark.parametrize(
    ("share", "text"), [(0, "0 %"), (0.001, "< 1 %"), (0.5, "50 %"), (0.999, "> 99 %"), (1, "100 %"), (float("nan"), "-")]
)
def test_a_little_is_not_nothing_and_nearly_all_is_not_all(share, text):
    assert percent(share) == text


def test_a_microsecond_lost_between_two_clock_times_takes_no_minute():
    assert (span(2399.9999999), hours(2399.9999999)) == ("40 min", "0:40")


# --- data for programs -------------------------------------------------------------------------------------------


def test_json_has_the_documented_shape_and_null_for_what_is_not_known():
    data = json.loads(as_json(monday(), BERLIN))

    assert list(data) == [
        "posture_summary", "period", *FIGURES, "patterns_why", "unknown_why_s", "signals", "reminders", "check_ins", "days",
    ]  # fmt: skip
    assert data["period"] == {
        "kind": "day",
        "name": "Monday 2 March 2026",
        "start": "2026-03-02T00:00:00+01:00",
        "end": "2026-03-03T00:00:00+01:00",
        "first_seen": "2026-03-02T09:00:00+01:00",
        "last_seen": "2026-03-02T13:39:00+01:00",
    }
    assert (data["sitting_s"], data["breaks"], data["w50_s"]) == (186.5 * 60, 3, None)
    assert data["patterns_why"] == Reason.TOO_FEW_BOUTS
    assert data["signals"]["trunk_inclination"]["unit"] == "deg"
    assert data["signals"]["head_tilt"]["mean"] is None
    assert data["signals"]["head_tilt"]["why_not_measured"] == Reason.FRONT_VIEW_NEEDED
    assert data["reminders"]["sat_too_long"] == {
        "due": 3, "shown": 3, "response_known": 3, "change_followed": 3, "change_after_median_s": 95,
    }  # fmt: skip


def test_json_of_a_week_holds_its_days_in_the_same_shape():
    data = json.loads(as_json(seven_days(), BERLIN))

    assert len(data["days"]) == 7
    assert all(list(one) == list(data) for one in data["days"])
    for name in ("sitting_s", "session_s", "breaks", "sit_to_stand_transitions"):
        assert sum(one[name] for one in data["days"]) == pytest.approx(data[name])


def test_json_of_nothing_is_whole():
    data = json.loads(as_json(nothing(day(MONDAY, BERLIN)), BERLIN))

    assert (data["sitting_s"], data["measurable_share"], data["period"]["first_seen"]) == (0, None, None)


def test_csv_comes_back_as_it_went_with_a_row_per_day():
    text = as_csv(seven_days(), BERLIN)
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    days = [as_data(one, BERLIN) for one in seven_days().days]

    assert [row["start"][:10] for row in rows] == [f"2026-02-{d}" for d in range(24, 29)] + ["2026-03-01", "2026-03-02"]
    for row, data in zip(rows, days, strict=True):
        for name in FIGURES:
            assert row[name] == ("" if data[name] is None else str(data[name]))
    assert rows[-1]["trunk_inclination_mean_deg"] == "8.4"
    assert rows[-1]["head_tilt_mean_deg"] == ""
    assert rows[-1]["sat_too_long_shown"] == "3"


def test_csv_follows_rfc_4180_and_has_the_same_columns_on_an_empty_day():
    full, empty = as_csv(monday(), BERLIN), as_csv(nothing(day(MONDAY, BERLIN)), BERLIN)

    assert full.count("\r\n") == 2
    assert full.replace("\r\n", "").find("\n") == -1
    assert full.split("\r\n")[0] == empty.split("\r\n")[0]


def test_every_signal_and_reminder_has_its_columns():
    header = as_csv(monday(), BERLIN).split("\r\n")[0]

    assert all(f"{s.name}_off_share" in header for s in SIGNALS)
    assert all(f"{kind}_change_followed" in header for kind in SETTABLE)


# --- periods -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "d", "expected"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("Europe/Berlin", MONDAY, 24),
        ("America/New_York", date(2026, 3, 8), 23),
        ("UTC", date(2026, 3, 29), 24),
    ],
)
def test_a_day_is_as_long_as_the_clocks_make_it(zone, d, expected):
    period = day(d, ZoneInfo(zone))

    assert (period.end - period.start) / 3600 == expected


@given(st.dates(date(1990, 1, 1), date(2037, 1, 1)), st.sampled_from(["Europe/Berlin", "America/Santiago", "Asia/Beirut", "UTC"]))
def test_the_days_of_a_week_join_without_gap_or_overlap(last, zone):
    period = week(last, ZoneInfo(zone))

    assert len(period.days) == 7
    assert (period.start, period.end) == (period.days[0].start, period.days[-1].end)
    assert all(a.end == b.start for a, b in zip(period.days, period.days[1:], strict=False))
    assert day(last, ZoneInfo(zone)) == period.days[-1]


def test_a_session_lasts_until_its_end_or_until_now():
    over = Session(7, NINE, NINE + 600, "camera", None)

    assert of_session(over, NINE + DAY_S, BERLIN).end == NINE + 600
    running = of_session(replace(over, end=None), NINE + 900, BERLIN)
    assert (running.kind, running.end, running.name) == ("session", NINE + 900, "Session 7, Monday 2 March 2026, from 09:00")


@pytest.mark.parametrize(
    ("text", "expected"), [("today", MONDAY), (" Yesterday", date(2026, 3, 1)), ("2026-02-27", date(2026, 2, 27))]
)
def test_a_day_is_named_by_word_or_date(text, expected):
    assert parse_day(text, MONDAY) == expected


@pytest.mark.parametrize("text", ["", "tomorow", "2026-02-30", "9999-12-31", "0001-01-01", "27.2.2026"])
def test_what_is_no_day_is_refused_with_an_example(text):
    with pytest.raises(ConfigError, match=r"is not a date; give today, yesterday or a date such as 2026-03-02"):
        parse_day(text, MONDAY)


def test_times_are_told_on_the_person_s_clock():
    tokyo = ZoneInfo("Asia/Tokyo")
    report = report_on(day(MONDAY, tokyo), lambda *_: working_day())

    assert as_data(report, tokyo)["period"]["first_seen"] == datetime.fromtimestamp(NINE, tokyo).isoformat()
