"""What a person reports, and what the card says to it."""

import pytest

from monitor.advice import library
from monitor.advice.checkin import EASED_BY, LIMITS_LIFE, PLACES, CheckIn, Limiting, judge
from monitor.advice.pregnancy import PregnancyStage
from monitor.advice.red_flags import StageWeek, Urgency
from monitor.core.errors import ConfigError

CARD = library.card()


def test_a_report_of_mild_pain_has_no_level():
    report = CheckIn(0.0, 3, frozenset({"low_back"}), frozenset({"moving"}), Limiting.SOME)

    assert judge(CARD, report, StageWeek(PregnancyStage.SECOND)).urgency is None


def test_pain_that_keeps_from_sleep_or_work_asks_for_a_visit():
    verdict = judge(CARD, CheckIn(0.0, 3, limiting=Limiting.MUCH), StageWeek(PregnancyStage.SECOND))

    assert (verdict.urgency, verdict.because) == (Urgency.YELLOW, (LIMITS_LIFE,))


@pytest.mark.parametrize("stage", [None, *PregnancyStage])
def test_a_note_is_never_read(stage):
    note = "heavy bleeding, chest pain, I cannot feel my legs"

    at = StageWeek(stage) if stage else None
    assert judge(CARD, CheckIn(0.0, 2, note=note), at) == judge(CARD, CheckIn(0.0, 2), at)


def test_places_and_reliefs_come_from_fixed_lists():
    CheckIn(0.0, 0, frozenset(PLACES), frozenset(EASED_BY))
    with pytest.raises(ConfigError, match="unknown place 'lowback'; did you mean 'low_back'"):
        CheckIn(0.0, 2, frozenset({"lowback"}))
    with pytest.raises(ConfigError, match="unknown relief 'hope'; choose from"):
        CheckIn(0.0, 2, eased_by=frozenset({"hope"}))


def test_a_symptom_that_is_not_on_the_card_is_refused():
    with pytest.raises(ConfigError, match="unknown symptom"):
        judge(CARD, CheckIn(0.0, 2, symptoms=frozenset({"doom"})), StageWeek(PregnancyStage.SECOND))


def test_a_pain_outside_the_scale_is_refused():
    with pytest.raises(ConfigError, match="pain 12 cannot be"):
        judge(CARD, CheckIn(0.0, 12), StageWeek(PregnancyStage.SECOND))
