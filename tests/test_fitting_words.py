"""Words that fit: after a loss nothing speaks of a baby; who always sits reads of no sitting that should end."""

import re
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from program import done

sys.path.insert(0, str(Path(__file__).parent / "reports"))
from simulated import FRIDAY, write

from monitor.advice import library
from monitor.advice.adviser import Adviser, Known
from monitor.advice.pregnancy import PregnancyStage
from monitor.app.advice import always_seated
from monitor.app.home import open_home
from monitor.core.reminders.decisions import Reminder
from monitor.core.reminders.deferred import DeferredNotice
from monitor.core.reminders.kinds import REMINDERS
from monitor.core.reminders.rules import Due, Level
from monitor.core.vocabulary import Activity, Reason
from monitor.reports.periods import day as period_of
from monitor.texts.catalogue import about_sitting, speaking_to, text
from monitor.web.pages.check_in import check_in_page
from monitor.web.pages.history import history_page
from monitor.web.pages.now import now_page
from monitor.web.pages.settings import settings_page
from monitor.web.pages.today import day_page
from monitor.web.pages.warning_signs import warning_signs_page

TODAY = (datetime.now() - timedelta(hours=4)).date()  # noqa: DTZ005  # as the program counts, from four in the morning
OF_A_BABY = re.compile(r"\b(?:bab(?:y|ies)|bump)\b", re.IGNORECASE)
OF_SITTING = re.compile(r"\b(?:sit|[Ss]its|[Ss]itting|sat)\b")


def words_in(text: str) -> str:
    """The text without tags, attributes and codes."""
    return re.sub(r"<style>.*?</style>|<[^>]*>|\w*_\w*", " ", text, flags=re.DOTALL)


def found(texts: dict[str, str], words: re.Pattern[str]) -> dict[str, list[str]]:
    return {name: hits for name, text in texts.items() if (hits := words.findall(words_in(text)))}


def test_after_a_loss_nothing_speaks_of_a_baby(tmp_path):
    wrong = {}
    for stage in (("--week", 20), ("--week", 38), ("--birth", TODAY - timedelta(20))):
        folder = tmp_path / str(stage[1])
        done("stage", *stage, "--data", folder)
        done("checkin", "--pain", 6, "--symptom", "baby_moves_less", "--symptom", "pelvic_pressure", "--data", folder)
        texts = {"stage": done("stage", "--tick", "no_baby_with_me", "--data", folder)}
        for command in ("redflags", "redflags --all", "explain", "status", "checkin --history", "checkin --pain 8"):
            texts[command] = done(*command.split(), "--data", folder)
        done("report", "--visit", "--notes", "--out", folder / "visit.html", "--data", folder)
        texts["visit"] = (folder / "visit.html").read_text(encoding="utf-8")
        home = open_home(folder)
        now = period_of(TODAY, home.tz, home.day_begins).start + 43200.0
        texts |= {f"the card, {whole}": str(warning_signs_page(home, whole=whole)) for whole in (False, True)}
        texts |= {
            "questions": str(check_in_page(home, now)),
            "settings": str(settings_page(home)),
            "now": str(now_page(home, now)),
        }
        wrong |= {f"{stage}: {name}": hits for name, hits in found(texts, OF_A_BABY).items()}

    assert wrong == {}


@pytest.mark.parametrize("tick", ["wheelchair", "cannot_stand"])
def test_who_always_sits_reads_of_one_position_and_not_of_sitting(tmp_path, monkeypatch, tick):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    folder = tmp_path / "home"
    write(folder, 14)
    texts = {"stage": done("stage", "--tick", tick, "--data", folder)}
    texts["stage"] = texts["stage"].partition("Because you ticked")[0]
    for command in ("status", "why", "summary --week", "summary"):
        at = ("--day", FRIDAY.isoformat()) if command.startswith("summary") else ()
        texts[command] = done(*command.split(), *at, "--data", folder)
    for period in ("--week", "--day"):
        path = folder / f"report{period}.html"
        done("report", "--day", FRIDAY.isoformat(), *[period] * (period == "--week"), "--out", path, "--data", folder)
        texts[f"report {period}"] = path.read_text(encoding="utf-8")
    home = open_home(folder)
    now = period_of(FRIDAY, home.tz, home.day_begins).start + 43200.0
    assert always_seated(home)
    with speaking_to(always_seated=True):
        pages = (now_page(home, now), day_page(home, FRIDAY, now), history_page(home, FRIDAY - timedelta(13), FRIDAY, now))
        texts |= {type(one).__name__ + str(n): str(one) for n, one in enumerate(pages)}
    known = Known(PregnancyStage.SECOND, frozenset({tick}))
    adviser = Adviser((), library.card(), lambda _t: known, ZoneInfo("UTC"))
    for kind in REMINDERS:
        for level in Level:
            due = Due(1860.0, now - 1860, 1, level, ("neck_inclination",) if kind.code == "posture_held" else ())
            message = adviser.remind(Reminder(now, kind.code, due, Activity.SITTING))
            texts[f"reminder {kind.code} {level}"] = f"{message.title}. {message.body}"
    texts["missed"] = adviser.missed(DeferredNotice(now, Reason.CALL, {"sat_too_long": 1860.0})).title

    assert found(texts, OF_SITTING) == {}
    # Not of status, which tells of today: these days are of one November.
    with speaking_to(always_seated=True):
        sitting, for_31_min = text("activities", Activity.SITTING), about_sitting("now", length="31 min")
    assert [name for name in ("summary", "summary --week") if sitting not in texts[name].lower()] == []
    assert for_31_min in texts[f"reminder sat_too_long {Level.SOFT}"]
