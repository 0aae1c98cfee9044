"""Every code has a text, every text a code, and what is not known is still readable."""

import re
import tomllib
from pathlib import Path

import monitor.texts
from monitor.core.posture.signals import SIGNALS
from monitor.core.vocabulary import Activity, Reason, code_of
from monitor.texts.catalogue import ALWAYS_SEATED, LANGUAGE, joined, label, mode, reason, text

CATALOGUES = sorted(Path(monitor.texts.__file__).parent.glob("*.toml"))


def codes():
    return {"reasons": set(Reason), "activities": set(Activity), "signals": {signal.name for signal in SIGNALS}}


def test_each_catalogue_has_a_text_for_each_code_and_none_for_another():
    assert {path.stem for path in CATALOGUES} == {LANGUAGE, ALWAYS_SEATED}
    for path in (one for one in CATALOGUES if one.stem != ALWAYS_SEATED):
        sections = tomllib.loads(path.read_text(encoding="utf-8"))
        assert {section: set(sections[section]) ^ known for section, known in codes().items()} == {
            section: set() for section in codes()
        }
        assert [(s, k) for s, texts in sections.items() for k, v in texts.items() if isinstance(v, str) and not v.strip()] == []


def test_what_takes_the_place_of_a_text_belongs_to_one_and_brings_no_value_of_its_own():
    usual, fitting = (read(name) for name in (LANGUAGE, ALWAYS_SEATED))

    assert fitting.keys() - usual.keys() == set()
    gaps = {name: set(re.findall(r"{\w+}", words)) - set(re.findall(r"{\w+}", usual[name])) for name, words in fitting.items()}
    assert {name: more for name, more in gaps.items() if more} == {}


def read(name):
    """The texts of a catalogue by section and code."""
    found, waiting = {}, [((), tomllib.loads(next(path for path in CATALOGUES if path.stem == name).read_text(encoding="utf-8")))]
    while waiting:
        above, part = waiting.pop()
        for key, value in part.items():
            if isinstance(value, dict):
                waiting.append(((*above, key), value))
            else:
                found[*above, key] = value
    return found


def test_a_code_is_one_word_and_a_phrase_of_an_older_version_becomes_it():
    assert [code for code in Reason if not code.replace("_", "").isalnum() or code != code.lower()] == []
    assert [code_of(phrase) for phrase in ("nobody there", "back hidden: chair", "nobody_there")] == [
        Reason.NOBODY, Reason.BACK_HIDDEN_BY_CHAIR, Reason.NOBODY,
    ]  # fmt: skip
    assert isinstance(code_of("nobody there"), Reason)
    assert code_of("something that only a newer version knows") == "something_that_only_a_newer_version_knows"


def test_a_code_without_a_text_is_shown_in_plain_letters():
    assert reason("seen_by_a_newer_version") == "seen by a newer version"
    assert text("no_such_section", "a_b") == "a b"
    assert label("a_new_signal") == "a new signal"


def test_parts_are_joined_as_a_sentence_lists_them():
    assert [joined(parts) for parts in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a and b", "a, b and c"]
    assert mode("interval on_battery").endswith(reason(Reason.BATTERY))
    assert mode("steady") == text("modes", "steady")
