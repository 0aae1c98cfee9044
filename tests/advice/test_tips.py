"""Every entry of the texts, read as a person would: whole, short, kind, and with a source."""

import re
from pathlib import Path

import pytest

from monitor.advice import library
from monitor.advice.catalogue import Does, read_explanation, read_sources, read_tips
from monitor.advice.checkin import EASED_BY, PLACES
from monitor.advice.picking import AT_HAND, BREAK, FITS, FITS_RESTING, RELIEF
from monitor.advice.pregnancy import PREGNANT, PregnancyStage
from monitor.core.errors import ConfigError
from monitor.core.posture.signals import BY_NAME
from monitor.core.reminders.kinds import SETTABLE
from monitor.texts.catalogue import label
from monitor.texts.reminders import labels

TITLE_UNITS, BODY_UNITS = 63, 255
# The longest line that says why: three signals with the longest names, for hours.
LONGEST = tuple(sorted(BY_NAME, key=lambda name: len(label(name)) if BY_NAME[name].tolerance else 0)[-3:])
LONGEST_WHY = f"{labels(LONGEST)} away from your calibrated position for 1 h 05 min. "
FORBIDDEN = re.compile(
    r"abortion|abnormal|\bnormal|you are fine|you're fine|nothing to worry|relax\w* (your )?nerves?|nerve"
    r"|prevent|avoid pain|protects? (you|your)|cures?\b|heals?\b|diagnos|guarantee|will (stop|go away|ease|help)"
    r"|good posture|bad posture|should sit",
    re.IGNORECASE,
)
SUPINE = re.compile(r"\b(lie|lying|lay|flat) (down|flat|on your back)|on your back\b|supine|sit-?up|crunch", re.IGNORECASE)
TIPS = library.tips().tips
CARD = library.card()


def units(text: str) -> int:
    """UTF-16 code units, as notification systems count."""
    return len(text.encode("utf-16-le")) // 2


def all_texts() -> dict[str, str]:
    """Everything a person may read, but for the line that says what the program cannot detect."""
    texts = {f"tip {t.id}": f"{t.title}. {t.body} {t.more}" for t in TIPS}
    texts |= {f"symptom {s.id}": s.name for s in CARD.symptoms.values()}
    texts |= {f"action {a.title}": f"{a.title}. {a.body} {a.more}" for a in CARD.actions.values()}
    texts |= {f"explanation {p.title}": f"{p.title}. {p.text} {p.alone}" for p in library.explanation()}
    return texts | {f"condition {key}": words for key, words in library.tips().conditions.items()}


def breaking(rule):
    """The tips that break a rule, by id."""
    return [tip.id for tip in TIPS if not rule(tip)]


def test_who_is_not_pregnant_hears_nothing_of_a_bump_or_a_baby():
    def silent(tip):
        spoken = re.search(r"bump|bab(y|ies)|your midwife(?! or doctor)|pregnan", f"{tip.title} {tip.body}", re.IGNORECASE)
        added = re.search(r"your (bump|baby|midwife(?! or doctor))", tip.more, re.IGNORECASE)
        return PregnancyStage.NOT_PREGNANT not in tip.stages or not (spoken or added)

    assert breaking(silent) == []


def test_there_are_at_least_sixty_tips_and_their_names_differ():
    assert len(TIPS) >= 60
    assert len(TIPS) == len({tip.id for tip in TIPS}) == len({tip.title for tip in TIPS}) == len({tip.body for tip in TIPS})


def test_every_subject_is_there():
    asked = {
        "walk",
        "shift",
        "tilt",
        "calves",
        "ankles",
        "shoulders",
        "chest",
        "cat",
        "footrest",
        "cushion",
        "knees",
        "stool",
        "shoes",
    }
    asked |= {"rise", "water", "eyes", "desk", "screen", "belt", "warmth", "supplements"}

    assert asked <= {tip.subject for tip in TIPS}


FITS_A_NOTIFICATION = {
    "its title has a length": lambda tip: 0 < units(tip.title) <= TITLE_UNITS,
    "its body has a length": lambda tip: 0 < units(tip.body) <= BODY_UNITS,
    "it has room for the longest reason": lambda tip: units(LONGEST_WHY + tip.body) <= BODY_UNITS,
    "its title is no option of notify-send": lambda tip: not tip.title.startswith("-"),
    "there is more to read": lambda tip: bool(tip.more),
    "its body is whole": lambda tip: tip.body.endswith((".", "?")),
}
IS_THERE = {
    "it goes with a reminder": lambda tip: bool(tip.reminders),
    "its reminders": lambda tip: tip.reminders <= {*SETTABLE, BREAK, RELIEF},
    "it is for a stage": lambda tip: bool(tip.stages),
    "its signals": lambda tip: tip.signals <= BY_NAME.keys(),
    "what forbids it": lambda tip: tip.forbidden_by <= {*library.tips().conditions, *CARD.symptoms},
    "what it needs": lambda tip: tip.needs <= AT_HAND,
    "what it is only for": lambda tip: tip.only_for <= {*library.tips().conditions, *CARD.symptoms},
    "what it eases": lambda tip: tip.eases <= EASED_BY.keys() and bool(tip.eases) == (RELIEF in tip.reminders),
    "where it must hurt": lambda tip: tip.places <= PLACES.keys() and (not tip.places or RELIEF in tip.reminders),
    "its source": lambda tip: tip.source in library.sources(),
    "its hours": lambda tip: 0 <= tip.hours[0] < tip.hours[1] <= 24,
    "its length": lambda tip: 0 < tip.duration_s <= 300,
    "when it comes again": lambda tip: 4 <= tip.again_after_h <= 24,
}


def test_a_tip_fits_a_notification():
    assert {what: found for what, rule in FITS_A_NOTIFICATION.items() if (found := breaking(rule))} == {}


def test_a_tip_names_only_what_there_is():
    assert {what: found for what, rule in IS_THERE.items() if (found := breaking(rule))} == {}


def test_whatever_asks_for_effort_is_forbidden_to_who_was_told_to_rest_or_is_dizzy():
    active = {"walk", "rise", "march", "sway", "tilt", "cat", "calves", "ankles", "chest", "stool"}
    unfit = {"told_to_rest", "dizzy", "fainting", "dizziness", "low_placenta"}

    assert breaking(lambda tip: tip.subject not in active or unfit <= tip.forbidden_by) == []


def test_whatever_asks_for_effort_says_in_its_body_when_to_stop():
    stop = re.compile(r"stop if|don't stretch|call now|feel faint|feel dizzy|had enough|rest when|only as far as", re.IGNORECASE)
    careful = {tip.id for tip in TIPS if "told_to_rest" in tip.forbidden_by}

    assert len(careful) > 40
    assert breaking(lambda tip: tip.id not in careful or stop.search(tip.body)) == []


def test_a_tip_does_what_the_title_of_its_reminder_asks_for():
    assert breaking(lambda tip: all(tip.does in FITS_RESTING.get(kind, frozenset(Does)) for kind in tip.reminders)) == []
    assert FITS.keys() == {code for code, kind in SETTABLE.items() if kind.tip}


def test_what_speaks_of_a_baby_is_kept_from_who_has_none_with_her():
    speaks = re.compile(r"\bbab(y|ies)\b|\bbump|pregnan|\bbirth|\bfeed(ing)?\b|midwife|little one|pram", re.IGNORECASE)
    about_babies = [tip for tip in TIPS if speaks.search(f"{tip.title} {tip.body} {tip.more}")]

    assert about_babies
    assert [tip.id for tip in about_babies if "no_baby_with_me" not in tip.forbidden_by] == []


def test_who_uses_a_wheelchair_or_cannot_stand_is_not_asked_to_get_up():
    up = re.compile(
        r"\b(get|gets|got|getting) up\b|\bstand(ing)?\b|\bstood\b|\bwalk|on your feet|hands and knees|\bkneel|stairs|feet, not",
        re.IGNORECASE,
    )
    asked = [tip for tip in TIPS if up.search(f"{tip.title} {tip.body} {tip.more}")]

    assert len(asked) > 30
    assert [tip.id for tip in asked if not {"wheelchair", "cannot_stand"} <= tip.forbidden_by] == []


def test_who_works_at_night_hears_nothing_of_the_hour_and_has_tips_of_her_own():
    hour = re.compile(r"tonight|afternoon|evening|morning|lunch", re.IGNORECASE)
    bound = [tip for tip in TIPS if tip.hours != (0, 24) or hour.search(f"{tip.title} {tip.body} {tip.more}")]

    assert len(bound) > 4
    assert [tip.id for tip in bound if "night_shift" not in tip.forbidden_by] == []
    assert {tip.subject for tip in TIPS if tip.only_for == {"night_shift"}} >= {"walk", "sleep"}


def test_nothing_is_done_on_the_back():
    assert breaking(lambda tip: not SUPINE.search(f"{tip.title} {tip.body} {tip.more}")) == []


def test_belts_warmth_and_supplements_are_only_something_to_ask_about():
    def careful(tip):
        named = re.search(r"belt|warmth|heat|supplement|pills|powders", f"{tip.title} {tip.body}", re.IGNORECASE)
        return not named or re.search(r"ask (your midwife|about)", tip.body, re.IGNORECASE)

    assert breaking(careful) == []


def test_no_text_promises_judges_or_alarms():
    assert {what: found[0] for what, text in all_texts().items() if (found := FORBIDDEN.search(text))} == {}


def test_the_card_says_what_the_program_cannot_do():
    assert "This program cannot detect miscarriage, labour or nerve damage." in CARD.limits


def test_every_stage_has_its_part_of_the_explanation():
    for stage in PregnancyStage:
        assert [p for p in library.explanation() if stage in p.stages]


def test_the_explanation_speaks_of_no_baby_to_who_has_none_with_her():
    speaks = re.compile(r"\bbab(y|ies)\b|\bbump|\bfeed|\bborn\b|\byour birth", re.IGNORECASE)
    found = [p.title for p in library.explanation() if speaks.search(f"{p.title} {p.words(alone=True)}")]

    assert found == []
    assert [p.title for p in library.explanation() if p.alone and p.words(alone=False) == p.alone] == []


def test_the_explanation_answers_what_the_article_says_of_miscarriage_vitamins_and_the_end():
    for stage in (*PREGNANT, PregnancyStage.AFTER_BIRTH):
        words = " ".join(p.text for p in library.explanation() if stage in p.stages)
        assert [word for word in ("does not cause a miscarriage", "vitamin B1", "calcium", "7 in 100") if word not in words] == []


def test_every_paragraph_and_symptom_has_a_source():
    known = library.sources()

    assert {p.source for p in library.explanation()} <= known.keys()
    assert {s.source for s in CARD.symptoms.values()} <= known.keys()
    assert {s.sure for s in known.values()} <= {"read", "reported", "memory", "own"}


def test_a_page_is_named_for_whatever_is_said_to_stand_there_and_all_else_is_marked_as_our_own_words():
    resting = [(tip.id, tip.source) for tip in TIPS] + [(part.title, part.source) for part in library.explanation()]
    known = library.sources()

    assert [key for key, source in known.items() if source.says and not (source.sure == "read" and source.where)] == []
    assert [(key, name) for key, source in known.items() for name in source.says if (name, key) not in resting] == []
    assert [sign.id for sign in CARD.symptoms.values() if sign.mark == "P" and known[sign.source].sure != "read"] == []
    assert [key for key, source in known.items() if source.sure == "read" and not source.where] == []
    marks = {name: known[key].mark(name) for name, key in resting}
    assert set(marks.values()) == {"P", "K", "own words"}
    assert {name for name, mark in marks.items() if mark == "P"} == {name for source in known.values() for name in source.says}
    assert {"tilt_wall": "P", "cat_floor": "P", "tilt_seated": "own words", "cat_desk": "own words"}.items() <= marks.items()


WHOLE = """
[conditions]
[groups]
[[tip]]
id = "a"
subject = "walk"
title = "A"
body = "B."
more = "C."
does = "move"
reminders = ["sat_too_long"]
stages = ["any"]
forbidden_by = []
needs = []
duration_s = 60
source = "own_proposal"
"""


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('title = "A"', "tip 'a' lacks title"),
        ('stages = ["any"]', "tip 'a' lacks stages"),
    ],
)
def test_a_tip_that_lacks_something_is_named(line, says):
    with pytest.raises(ConfigError, match=says):
        read_tips(WHOLE.replace(line, ""))


@pytest.mark.parametrize(
    ("added", "says"),
    [
        ('titel = "A"', "tip 'a' has unknown titel"),
        ('levels = ["loud"]', "tip 'a': 'loud' is not a valid Level"),
        ('activities = ["dancing"]', "'dancing' is not a valid Activity"),
        ("hours = [1, 2, 3]", "tip 'a'"),
    ],
)
def test_a_tip_with_a_slip_is_named(added, says):
    with pytest.raises(ConfigError, match=says):
        read_tips(WHOLE + added)


def test_an_unknown_stage_is_named():
    with pytest.raises(ConfigError, match="unknown stage 'fourth'"):
        read_tips(WHOLE.replace('"any"', '"fourth"'))


def test_a_source_or_paragraph_that_is_not_whole_is_named():
    with pytest.raises(ConfigError, match="source 'x' lacks"):
        read_sources('[x]\nauthor = "A"')
    with pytest.raises(ConfigError, match="explanation lacks"):
        read_explanation('[[paragraph]]\ntitle = "A"')


def test_the_page_on_advice_names_every_source_and_every_statement_of_the_article():
    page = (Path(__file__).parents[2] / "docs" / "advice.md").read_text(encoding="utf-8")

    assert [key for key in library.sources() if f"| `{key}` |" not in page] == []
    assert [number for number in range(1, 14) if f"\n| {number} | " not in page] == []
