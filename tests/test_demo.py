"""The demo with the real model: what the recorded morning really holds is what it tells."""

from pathlib import Path

import pytest
from program import done

from monitor.adapters.store import History
from monitor.adapters.system.zone import local_zone
from monitor.texts.reminders import opening, title

# The morning's own script (s): how long she sits, is on her feet (standing or walking) and is away.
SITS = ((0, 2275), (2567, 3715), (5879, 6300))
ON_HER_FEET = ((2275, 2311), (2538, 2567), (3715, 5838), (5855, 5879))
AWAY = ((2311, 2538), (5838, 5855))
# One picture every ten seconds, and a change is sure after two.
FEW_SAMPLES_S = 50


def total(phases):
    return sum(end - start for start, end in phases)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def summary(morning):
    """The summary of the demo's session."""
    return morning.summary()


def test_the_demo_works_without_a_word_of_trouble(morning):
    assert (morning.outcome.code, morning.outcome.err) == (0, "")


def test_it_calibrates_watches_reminds_and_ends_with_the_summary(morning):
    output = morning.outcome.out
    steps = (
        "Calibrating",
        "Calibrated from the side",
        f"> {title('sat_too_long')}",
        "Session 1, ",
        "Look again",
        "In pregnancy",
        "stage --week 24",
        "Next, with",
    )
    places = [output.index(words) for words in steps]

    assert places == sorted(places)
    assert [output.count(f"> {title(kind)}") for kind in ("lumbar_flexed", "posture_held")] == [1, 1]


def test_times_equal_the_phases_of_the_morning_within_a_few_samples(summary):
    assert summary["sitting_s"] == pytest.approx(total(SITS), abs=FEW_SAMPLES_S)
    assert summary["standing_s"] + summary["moving_s"] == pytest.approx(total(ON_HER_FEET), abs=FEW_SAMPLES_S)
    assert summary["away_s"] == pytest.approx(total(AWAY), abs=FEW_SAMPLES_S)
    assert (summary["unknown_s"], summary["assumed_sitting_s"], summary["measurable_share"]) == (0, 0, 1)


def test_bouts_and_breaks_are_those_of_the_morning(summary):
    assert (summary["sedentary_bouts"], summary["breaks"], summary["sit_to_stand_transitions"]) == (3, 2, 2)
    assert summary["sedentary_bout_longest_s"] == pytest.approx(2275, abs=FEW_SAMPLES_S)


def test_reminders_come_where_the_morning_calls_for_them(morning):
    with History(morning.history) as history:
        session = history.session()
        records = history.records(session.start, session.end, session.id)
    came = [(one.reminder.kind, one.reminder.t - session.start) for one in records.reminders]
    kinds, times = zip(*came, strict=True)
    shown = [opening(one.reminder, local_zone()) for one in records.reminders]

    assert kinds == ("sat_too_long", "lumbar_flexed", "posture_held")
    assert times[0] == pytest.approx(1740, abs=10)  # the person's own 29 minutes
    assert 1740 < times[1] < 2275  # she has slumped
    assert 3000 < times[2] < 3715  # and again after the break
    assert {one.shown for one in records.reminders} == {"console"}
    assert [why for why in shown if why not in morning.outcome.out] == []


def test_posture_is_out_while_she_is_slumped_and_not_while_she_sits_tall(summary):
    off = summary["signals"]["neck_inclination"]

    assert 715 - FEW_SAMPLES_S <= off["off_s"] <= 715 + (2275 - 720)
    assert summary["signals"]["thigh_inclination"]["off_share"] is None


def test_ones_own_history_is_left_alone(morning):
    before, after = contents(morning.before), contents(morning.folder)
    mine = {name: content for name, content in before.items() if not name.startswith("demo")}

    assert {name: content for name, content in after.items() if not name.startswith(("demo", "recordings"))} == mine
    assert "history.db" in mine


def test_each_demo_begins_anew(morning):
    assert (morning.before / "demo" / "left_over").exists()
    assert not (morning.data / "left_over").exists()


def test_the_page_is_shown_again_as_the_demo_says(morning):
    output = morning.outcome.out
    command = output.partition("Look again: posture-monitor ")[2].splitlines()[0].split()

    assert done(*command) in output
