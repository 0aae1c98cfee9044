"""``stage``, ``checkin``, ``redflags`` and ``explain`` as people and scripts use them."""

import json
import os
import re
import select
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from program import ROOT, Started, call, done, refused

from monitor.adapters.profiles import Profile, save
from monitor.adapters.store import History, SelfReports
from monitor.advice import library
from monitor.advice.catalogue import Does
from monitor.advice.checkin import EASED_BY, PLACES
from monitor.advice.limits import LIMITS
from monitor.advice.pregnancy import PregnancyStage
from monitor.advice.red_flags import StageWeek
from monitor.app.check_in import known_of_her
from monitor.app.home import open_home
from monitor.core.history.records import Person
from monitor.core.posture.baseline import Baseline
from monitor.core.vocabulary import View
from monitor.reports.red_flags import card_lines
from monitor.texts.catalogue import about_sitting, speaking_to

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminal and keeps permissions elsewhere")
CARD = library.card()
TODAY = datetime.now().date()  # noqa: DTZ005  # by the calendar, as a stage counts
FINE = re.compile(r"you are fine|you're fine|nothing to worry|all is well|no danger|healthy", re.IGNORECASE)


def stored_person(folder: Path):
    with History(folder / "history.db") as history:
        return history.person()


def reports(folder: Path):
    with History(folder / "history.db") as history:
        return history.records(0, 1e11).reports


# --- stage -------------------------------------------------------------------------------------------------------


def test_a_stage_that_was_not_told_is_called_so_and_leaves_no_file(tmp_path):
    output = done("stage", "--data", tmp_path / "new")

    assert output.startswith("You have not said whether you are pregnant")
    assert not (tmp_path / "new" / "history.db").exists()
    assert json.loads(done("stage", "--json", "--data", tmp_path))["stage"] is None


@pytest.mark.parametrize(
    ("arguments", "stage", "week"),
    [
        (("--week", 8), PregnancyStage.FIRST, 8),
        (("--week", 20), PregnancyStage.SECOND, 20),
        (("--due", TODAY + timedelta(30)), PregnancyStage.THIRD, 35),
        (("--birth", TODAY - timedelta(40)), PregnancyStage.AFTER_BIRTH, None),
        (("--none",), PregnancyStage.NOT_PREGNANT, None),
    ],
)
def test_a_stage_is_kept_and_its_limits_are_shown_with_their_reasons(arguments, stage, week, tmp_path):
    done("stage", *arguments, "--data", tmp_path)
    shown, page = json.loads(done("stage", "--json", "--data", tmp_path)), done("stage", "--data", tmp_path)

    assert (shown["told"], shown["stage"], shown["week"]) == (True, stage, week)
    assert {name: one["value"] for name, one in shown["limits"].items()} == LIMITS[stage]
    assert all(one["why"] in flat(page) for one in shown["limits"].values())
    assert max(map(len, page.splitlines())) <= 80


def test_an_own_limit_is_named_beside_that_of_the_stage(tmp_path):
    (tmp_path / "settings.toml").write_text("[reminders.sat_too_long]\nsoft_min = 50.0\n[reminders.stood_today]\nenabled = false")
    output = done("stage", "--week", 20, "--data", tmp_path)

    assert "50 min   your own setting (the stage has 30 min)" in output
    assert "65 min adjusted to fit your own setting (the stage has 45 min)" in flat(output)
    assert "off   turned off in your settings" in output


@pytest.mark.parametrize(
    ("options", "stage", "week"),
    [
        (("--birth", TODAY), PregnancyStage.AFTER_BIRTH, 0),
        (("--due", TODAY + timedelta(280)), PregnancyStage.FIRST, 0),
        (("--week", 28), PregnancyStage.THIRD, 28),
    ],
)
def test_a_stage_is_of_the_calendars_day_also_before_the_persons_own_day_begins(options, stage, week, tmp_path):
    (tmp_path / "settings.toml").write_text('[day]\nbegins_at = "23:59"\n')
    done("stage", *options, "--data", tmp_path)
    shown = json.loads(done("stage", "--json", "--data", tmp_path))

    assert known_of_her(open_home(tmp_path)).at == StageWeek(stage, week)
    assert json.loads(done("status", "--json", "--data", tmp_path))["stage"] == stage
    assert (shown["stage"], {name: one["value"] for name, one in shown["limits"].items()}) == (stage, LIMITS[stage])


def test_what_is_told_anew_takes_the_place_of_what_was_told(tmp_path):
    done("stage", "--week", 20, "--tick", "told_to_rest", "--tick", "dizzy", "--data", tmp_path)
    output = done("stage", "--none", "--untick", "dizzy", "--data", tmp_path)

    person = stored_person(tmp_path)
    assert (person.due, person.birth, person.told, person.conditions) == (None, None, True, {"told_to_rest"})
    assert "You were told to rest (told_to_rest)" in output


def test_a_tick_alone_tells_no_stage(tmp_path):
    done("stage", "--tick", "sore_wrists", "--data", tmp_path)

    assert not stored_person(tmp_path).told
    assert {name for name in library.tips().conditions if name in done("stage", "--list")} == set(library.tips().conditions)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("--due 2026-13-01", ("--due", "'2026-13-01'")),
        ("--due 2001-01-01", ("2001-01-01", "cannot be")),
        ("--week 0", ("week 0", "1 to 42")),
        ("--week x", ("--week", "integer")),
        ("--birth 2999-01-01", ("still to come", "--due")),
        ("--week 20 --none", ("--week and --none", "one of them")),
        ("--tick told_to_rst", ("'told_to_rst'", "'told_to_rest'")),
    ],
)
def test_a_stage_that_cannot_be_is_refused_in_one_line_and_nothing_is_kept(arguments, words, tmp_path):
    refused(call("stage", *arguments.split(), "--data", tmp_path), *words)

    assert not (tmp_path / "history.db").exists()


def test_an_old_calibration_is_asked_about_where_the_person_looks(tmp_path):
    week_ago = (TODAY - timedelta(35) - date(1970, 1, 1)).total_seconds()
    save(tmp_path / "profiles", Profile("default", week_ago, "camera 0", View.SIDE, Baseline()))
    asked = "About your calibration 'default': it was made 5 weeks of pregnancy ago"

    assert asked in " ".join(done("stage", "--week", 20, "--data", tmp_path).split())
    assert asked in " ".join(done("status", "--data", tmp_path).split())
    assert json.loads(done("status", "--json", "--data", tmp_path))["questions"]


# --- redflags and explain ----------------------------------------------------------------------------------------


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_whole_card_ends_with_the_gravest_and_says_what_the_program_cannot_do(tmp_path):
    output = flat(done("redflags", "--all", "--data", tmp_path))

    assert [name for name, line in CARD.symptoms.items() if line.name not in output] == []
    assert output.index("YELLOW:") < output.index("TODAY:") < output.index("ORANGE:") < output.index("RED:")
    assert all(limit in output for limit in CARD.limits)
    assert all(rule.when in output for line in CARD.symptoms.values() for rule in line.raised)
    assert output.endswith(flat(done("redflags", "--data", tmp_path)))


@pytest.mark.parametrize(
    "numbers", [{}, dict.fromkeys(("emergency", "maternity", "doctor", "early_pregnancy", "crisis"), "+49 30 1234567 89")]
)
def test_the_card_for_a_fright_fits_twenty_lines_of_eighty_columns_at_every_stage(numbers):
    for at in (None, *(StageWeek(stage, week) for stage in PregnancyStage for week in (None, 2, 8, 24, 38))):
        lines = list(card_lines(CARD, numbers, at))

        assert len(lines) <= 20
        assert max(map(len, lines)) <= 80
        assert "Call" in lines[0]
        assert "Call" in " ".join(lines[-3:])
        assert "  - Heavy bleeding" in "\n".join(lines[:5])


def test_who_is_not_pregnant_reads_of_no_baby_and_no_womb(tmp_path):
    done("stage", "--none", "--data", tmp_path)
    output = done("redflags", "--data", tmp_path) + done("redflags", "--all", "--data", tmp_path)

    assert [word for word in ("baby", "womb") if word in output] == []


def test_who_has_no_baby_with_her_is_asked_whether_the_pregnancy_is_over(tmp_path):
    done("stage", "--week", 20, "--tick", "no_baby_with_me", "--data", tmp_path)
    asked_of = json.loads(done("stage", "--json", "--data", tmp_path))["questions"]
    after = done("stage", "--birth", TODAY, "--data", tmp_path)

    assert len(asked_of) == 1
    assert "--birth" in asked_of[0]
    assert "born" not in after
    assert json.loads(done("stage", "--json", "--data", tmp_path))["questions"] == []


def test_a_birth_by_operation_is_told_beside_it_and_changes_what_answers_a_check_in(tmp_path):
    refused(call("stage", "--week", 20, "--operation", "--data", tmp_path), "--operation", "--birth")
    done("stage", "--birth", TODAY - timedelta(20), "--operation", "--data", tmp_path)
    done("stage", "--birth", TODAY - timedelta(20), "--tick", "dizzy", "--data", tmp_path)
    assert stored_person(tmp_path).conditions == {"birth_by_operation", "dizzy"}

    arguments = ("checkin", "--pain", 3, "--where", "low_back", "--eased-by", "stretching", "--json", "--data", tmp_path)
    assert json.loads(done(*arguments))["relief"]["eased"] is None
    done("stage", "--birth", TODAY - timedelta(80), "--operation", "--untick", "dizzy", "--data", tmp_path)
    assert json.loads(done(*arguments))["relief"]["eased"] == "stretching"
    done("stage", "--birth", TODAY - timedelta(9), "--data", tmp_path)
    assert stored_person(tmp_path).conditions == set()


@posix
def test_a_birth_that_is_told_on_a_terminal_asks_for_an_operation(tmp_path):
    asked(tmp_path, "1", command=("stage", "--birth", str(TODAY)))

    assert stored_person(tmp_path).conditions == {"birth_by_operation"}


def test_who_uses_a_wheelchair_sees_no_limit_for_standing(tmp_path):
    output = done("stage", "--week", 20, "--tick", "wheelchair", "--data", tmp_path)

    with speaking_to(always_seated=True):
        assert about_sitting("first_limit") in output
    assert "standing" not in output


def test_the_card_names_the_persons_own_numbers(tmp_path):
    (tmp_path / "settings.toml").write_text('[contacts]\nemergency = "112"\nmaternity = "01234 567890"')
    done("stage", "--week", 24, "--data", tmp_path)

    output = flat(done("redflags", "--data", tmp_path))
    assert output.count("112") == 2
    assert "your maternity unit or midwife (01234 567890)" in output


HOSTILE_SETTINGS = (
    *("camera = [", "\x00", "unknown = 1", "[contacts]\nemergency = true"),
    *(
        "a = " + "[" * 5000,
        "a = " + "{a = " * 3000,
        "a = " + "9" * 5000,
        "notify = 0x" + "f" * 5000,
        "notify = [0x" + "f" * 5000 + "]",
    ),
)


@pytest.mark.parametrize("settings", HOSTILE_SETTINGS, ids=range(len(HOSTILE_SETTINGS)))
def test_the_card_is_shown_whatever_the_settings_file_is(settings, tmp_path):
    (tmp_path / "settings.toml").write_text(settings)
    outcome = call("redflags", "--data", tmp_path)

    assert outcome.code == 0
    assert outcome.out == done("redflags", "--data", tmp_path / "other")
    assert "settings.toml" in outcome.err


def test_the_card_needs_no_history_no_model_no_camera_and_no_folder(tmp_path):
    (tmp_path / "taken").write_text("no folder")
    (tmp_path / "history.db").write_bytes(b"not a history" * 1000)

    assert done("redflags", "--data", tmp_path) == done("redflags", "--data", tmp_path / "taken")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["history.db", "taken"]


HOSTILE_PERSONS = (
    *((5, None, "", 1), (b"2026-01-01", None, "", 1), ("0001-01-01", None, "", 1), ("9999-12-31", None, "", 1)),
    *((None, "0001-01-01", "", 1), (None, 1e300, "", 1), (None, None, b"x", 1), (None, None, "", "told")),
)


def test_the_card_is_shown_whatever_stands_in_the_history(tmp_path):
    usual = done("redflags", "--data", tmp_path / "other")
    with SelfReports(tmp_path / "history.db") as reports:
        reports.tell(Person(told=True))
    for person in HOSTILE_PERSONS:
        with closing(sqlite3.connect(tmp_path / "history.db")) as db, db:
            db.execute("DELETE FROM person")
            db.execute("INSERT INTO person (id, due, birth, conditions, told) VALUES (1, ?, ?, ?, ?)", person)
        outcome = call("redflags", "--data", tmp_path)
        assert (outcome.code, "112" in outcome.out or "emergency" in outcome.out.lower()) == (0, True), person
        assert person[3] != 1 or outcome.out == usual, person


def test_a_check_in_is_kept_if_nobody_reads_its_answer_to_the_end(tmp_path):
    command = (
        sys.executable,
        str(ROOT / "run_monitor.py"),
        "checkin",
        "--pain",
        "8",
        "--symptom",
        "saddle_numbness",
        "--data",
        str(tmp_path),
    )
    read, write = os.pipe()
    os.close(read)
    subprocess.run(command, stdout=write, stderr=subprocess.DEVNULL, timeout=60, check=False, cwd=ROOT)
    os.close(write)

    assert "RED" in done("checkin", "--history", "--data", tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such files")
@pytest.mark.parametrize("name", ["settings.toml", "history.db"])
def test_the_card_waits_for_no_pipe(name, tmp_path):
    os.mkfifo(tmp_path / name)
    command = [sys.executable, str(ROOT / "run_monitor.py"), "redflags", "--data", str(tmp_path)]

    shown = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert shown.stdout == done("redflags", "--data", tmp_path / "other")


def test_the_card_is_shown_on_a_console_that_lacks_its_signs():
    command = [sys.executable, str(ROOT / "run_monitor.py"), "redflags", "--all"]
    ended = subprocess.run(command, capture_output=True, check=True, env={**os.environ, "PYTHONIOENCODING": "ascii"}, cwd=ROOT)

    assert b"Fever of 38 ?C" in ended.stdout


@pytest.mark.parametrize("stage", [None, *PregnancyStage])
def test_the_explanation_is_that_of_the_stage(stage, tmp_path):
    tell = {PregnancyStage.NOT_PREGNANT: ("--none",), PregnancyStage.FIRST: ("--week", 8), PregnancyStage.SECOND: ("--week", 20)}
    tell |= {PregnancyStage.THIRD: ("--week", 33), PregnancyStage.AFTER_BIRTH: ("--birth", TODAY)}
    if stage:
        done("stage", *tell[stage], "--data", tmp_path)
    output = flat(done("explain", "--data", tmp_path))

    expected = [p.title for p in library.explanation() if stage is None or stage in p.stages]
    assert [p.title for p in library.explanation() if p.text in output] == expected


# --- checkin -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "first"),
    [
        (("--symptom", "heavy_bleeding", "--pain", 1), "RED: Please get help now"),
        (("--symptom", "light_bleeding", "--symptom", "waves", "--pain", 1), "RED: Please get help now"),
        (("--symptom", "fever"), "ORANGE: Please phone now"),
        (("--pain", 8), "ORANGE: Please phone now"),
        (("--pain", 3, "--limiting", "much"), "YELLOW: Please book an appointment"),
        (("--pain", 3), "Thank you"),
    ],
)
def test_the_answer_stands_above_any_other_text_and_never_says_that_all_is_well(arguments, first, tmp_path):
    done("stage", "--week", 20, "--data", tmp_path)
    output = done("checkin", *arguments, "--note", "I am fine, no bleeding", "--data", tmp_path)

    assert output.splitlines()[0] == first
    assert not FINE.search(output)
    assert len(reports(tmp_path)) == 1


def test_all_that_was_told_is_kept(tmp_path):
    sets = ["--where", "low_back", "--where", "hips", "--eased-by", "moving", "--limiting", "some", "--symptom", "sciatica"]
    done("checkin", "--pain", 4, *sets, "--note", "After the long meeting: <3 \U0001f614", "--data", tmp_path)

    (kept,) = reports(tmp_path)
    assert (kept.pain, kept.places, kept.eased_by, kept.limiting) == (4, {"low_back", "hips"}, {"moving"}, "some")
    assert (kept.symptoms, kept.note, kept.urgency) == ({"sciatica"}, "After the long meeting: <3 \U0001f614", "yellow")


def test_a_check_in_that_asks_for_no_call_answers_with_one_thing_to_do_and_keeps_it(tmp_path):
    done("stage", "--week", 24, "--data", tmp_path)
    output = done("checkin", "--pain", 4, "--where", "low_back", "--eased-by", "lying_side", "--data", tmp_path)
    data = json.loads(done("checkin", "--pain", 4, "--json", "--data", tmp_path))["relief"]
    none = json.loads(done("checkin", "--pain", 0, "--json", "--data", tmp_path))["relief"]

    titles = {tip.id: tip.title for tip in library.tips().tips}
    kept = [one.relief for one in reports(tmp_path)]
    assert "You said that lying on the side helps. One thing to try now:\n  Rest on your side" in output
    assert kept == ["lie_on_side", data["tip"], None]
    assert (data["title"], none) == (titles[data["tip"]], None)
    assert output.index("Thank you") < output.index("One thing to try now") < output.index("Saved at")
    assert data["title"] in done("tip", "--data", tmp_path)
    past = done("checkin", "--history", "--data", tmp_path)
    assert [title for title in (titles[name] for name in kept[:2]) if f"to try: {title}" not in past] == []


def test_what_she_may_not_do_is_no_answer_and_an_open_call_comes_before_any(tmp_path):
    done("stage", "--week", 24, "--tick", "told_to_rest", "--data", tmp_path)
    rest = json.loads(done("checkin", "--pain", 4, "--eased-by", "moving", "--json", "--data", tmp_path))["relief"]
    called = json.loads(done("checkin", "--symptom", "fever", "--pain", 4, "--json", "--data", tmp_path))["relief"]
    later = json.loads(done("checkin", "--pain", 4, "--json", "--data", tmp_path))

    kinds = {tip.id: tip.does for tip in library.tips().tips}
    assert kinds[rest["tip"]] is not Does.MOVE
    assert (called, later["relief"]) == (None, None)
    assert "--clear" in later["more"]
    done("checkin", "--clear", "--yes", "--data", tmp_path)
    assert "--clear" not in json.loads(done("checkin", "--pain", 4, "--json", "--data", tmp_path))["more"]


def test_a_stage_that_was_not_told_takes_the_most_careful_answer(tmp_path):
    assert json.loads(done("checkin", "--symptom", "vision_changes", "--json", "--data", tmp_path))["urgency"] == "red"
    done("stage", "--week", 8, "--data", tmp_path)
    assert json.loads(done("checkin", "--symptom", "vision_changes", "--json", "--data", tmp_path))["urgency"] == "orange"


def test_programs_get_the_answer_as_json(tmp_path):
    (tmp_path / "settings.toml").write_text('[contacts]\ndoctor = "030 99"')
    done("stage", "--none", "--data", tmp_path)
    data = json.loads(done("checkin", "--pain", 2, "--symptom", "fever", "--symptom", "waves", "--json", "--data", tmp_path))

    assert (data["urgency"], data["call_first"], data["because"], data["unlisted"]) == ("orange", True, ["fever"], ["waves"])
    assert "your doctor's urgent line (030 99)" in data["body"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("--pain 3 --symptom fevr", ("'fevr'", "'fever'")),
        ("--pain 11", ("pain 11", "0 to 10")),
        ("--pain x", ("--pain", "integer")),
        ("--pain 3 --where lowback", ("'lowback'", "'low_back'")),
        ("--pain 3 --eased-by hope", ("'hope'",)),
        ("--pain 3 --limiting little", ("'little'", "'some'")),
        ("--clear --pain 3", ("--clear", "alone")),
        ("", ("--pain N", "--list")),
    ],
)
def test_what_is_not_on_the_lists_is_refused_in_one_line_and_not_kept(arguments, words, tmp_path):
    refused(call("checkin", *arguments.split(), "--data", tmp_path / "data"), *words)

    assert not (tmp_path / "data" / "history.db").exists()


def test_every_name_can_be_listed():
    output = done("checkin", "--list")

    assert [name for name in (*PLACES, *EASED_BY, *CARD.symptoms) if f"  {name} " not in output] == []


def test_an_open_call_is_shown_by_status_until_it_is_cleared(tmp_path):
    done("checkin", "--symptom", "fever", "--data", tmp_path)
    assert done("status", "--data", tmp_path).startswith("ORANGE: Please phone now.")
    assert json.loads(done("status", "--json", "--data", tmp_path))["open_call"] == "orange"

    refused(Started(tmp_path, "checkin", "--clear", "--data", tmp_path).outcome(), "--clear", "--yes")
    done("checkin", "--pain", 2, "--data", tmp_path)
    output = done("checkin", "--clear", "--yes", "--data", tmp_path)
    assert CARD.symptoms["fever"].name in output
    assert "1 call closed" in output
    assert json.loads(done("status", "--json", "--data", tmp_path))["open_call"] is None
    assert done("checkin", "--clear", "--yes", "--data", tmp_path) == "No call is open.\n"


def test_a_folder_that_is_none_keeps_no_answer_back(tmp_path):
    (tmp_path / "taken").write_text("mine")
    outcome = call("checkin", "--symptom", "chest_pain", "--data", tmp_path / "taken")
    mild = call("checkin", "--pain", 3, "--data", tmp_path / "taken")

    assert outcome.out.startswith("RED: Please get help now")
    assert "aved" not in mild.out
    assert outcome.code == 2
    assert (tmp_path / "taken").read_text() == "mine"


def test_help_waits_neither_for_a_history_nor_for_a_settings_file(tmp_path):
    (tmp_path / "history.db").write_bytes(b"not a history" * 1000)
    (tmp_path / "settings.toml").write_text("camera = [")
    outcome = call("checkin", "--symptom", "chest_pain", "--data", tmp_path)

    assert outcome.out.startswith("RED: Please get help now")
    assert outcome.code == 2
    assert "history.db" in outcome.err


@posix
def test_what_was_told_is_the_owners_alone(tmp_path):
    before = os.umask(0)
    try:
        done("checkin", "--pain", 3, "--data", tmp_path / "data")
        done("stage", "--week", 20, "--data", tmp_path / "data")
    finally:
        os.umask(before)

    modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "data").iterdir()}
    assert (modes, (tmp_path / "data").stat().st_mode & 0o777) == ({0o600}, 0o700)


def asked(folder: Path, *lines: str, options: tuple[str, ...] = (), command: tuple[str, ...] = ("checkin",)) -> str:
    """What ``checkin``, or another command, says on a terminal to who answers with these lines, each when it is asked for."""
    import pty

    ours, its = pty.openpty()
    line = [sys.executable, str(ROOT / "run_monitor.py"), *command, *options, "--data", str(folder)]
    narrow = {**os.environ, "COLUMNS": "80"}
    with subprocess.Popen(line, stdin=its, stdout=its, stderr=its, cwd=ROOT, env=narrow) as person:
        os.close(its)
        output, answers = "", list(lines)
        while select.select([ours], [], [], 60)[0]:
            try:
                output += os.read(ours, 65536).decode()
            except OSError:  # Linux's word for the end
                break
            if answers and output.endswith(": "):
                os.write(ours, f"{answers.pop(0)}\n".encode())
                output += "\n"
    os.close(ours)
    assert (person.returncode, answers) == (0, [])
    return output.replace("\r\n", "\n")


def pages(stage: PregnancyStage) -> list[str]:
    """A zero for each screen of the signs that the first question does not settle."""
    settled = {name for group in CARD.gravest(StageWeek(stage)) for name in group.named}
    lines = [name for name, line in CARD.symptoms.items() if line.belongs(stage) and name not in settled]
    return ["0"] * -(-len(lines) // 8)


@posix
def test_on_a_terminal_it_asks_the_stage_once_and_asks_again_whatever_was_not_answered(tmp_path):
    rest = pages(PregnancyStage.NOT_PREGNANT)
    output = asked(tmp_path, "3", "", "0", "a lot", "3", "99", "4 8", *rest, "2", "1", "Slept badly")

    assert output.count("type the numbers; 0 if none") == 1
    assert output.count("give a number from 0 to 10") == 1
    assert "99: give numbers from 1 to" in output
    assert stored_person(tmp_path).told
    (kept,) = reports(tmp_path)
    assert (kept.pain, kept.places, kept.eased_by) == (3, {"low_back", "hips"}, {"changing"})
    assert (kept.limiting, kept.symptoms, kept.note) == ("some", frozenset(), "Slept badly")
    assert "You noted: pain 3 of 10, low back, hips" in output


@posix
def test_what_asks_for_a_call_ends_the_questions(tmp_path):
    done("stage", "--week", 24, "--data", tmp_path)
    output = asked(tmp_path, "1", "1")

    assert "RED: Please get help now" in output
    assert "Pain now" not in output
    assert reports(tmp_path)[0].urgency == "red"


@posix
def test_a_sore_calf_asks_about_swelling(tmp_path):
    done("stage", "--week", 24, "--data", tmp_path)
    output = asked(tmp_path, "0", "3", "12", "1")

    assert "ORANGE: Please phone now" in output
    assert reports(tmp_path)[0].symptoms == {"swollen_leg"}


@posix
def test_a_call_is_closed_only_by_who_has_spoken_to_someone_and_rest_is_asked_for(tmp_path):
    done("checkin", "--symptom", "fever", "--data", tmp_path)
    assert "stays open" in asked(tmp_path, "0", options=("--clear",))
    asked(tmp_path, "1", "1", options=("--clear",))

    assert reports(tmp_path)[0].cleared
    assert "told_to_rest" in stored_person(tmp_path).conditions
