"""A change of the settings reaches the running monitor, no clock is lost, a broken file changes nothing; and discreet words."""

import signal
import sys
from dataclasses import replace
from itertools import product

import pytest
from mjpeg import jpegs, serving
from program import SITTING, Started, done

from monitor.advice import library
from monitor.advice.adviser import Adviser, Known
from monitor.advice.pregnancy import PregnancyStage
from monitor.advice.red_flags import Urgency
from monitor.app.home import Home
from monitor.config import LIVE, Settings, flat, folders, is_live
from monitor.core.history.records import Person
from monitor.core.pipeline import Pipeline, Plan
from monitor.core.reminders.decisions import Reminder
from monitor.core.reminders.deferred import DeferredNotice
from monitor.core.reminders.kinds import KINDS, REMINDERS
from monitor.core.reminders.rules import Due, Level
from monitor.core.reminders.suppression import SuppressionPolicy
from monitor.core.vocabulary import Activity, Reason
from monitor.run.break_window import content
from monitor.run.live_settings import LiveSettings
from monitor.run.messages import CurrentMessages
from monitor.testing import MORNING, scene
from monitor.texts.catalogue import about_sitting, text

MIN = 60.0
HEALTH = (
    "pain",
    "pregnan",
    "midwife",
    "matern",
    "doctor",
    "baby",
    "bump",
    "birth",
    "your back",
    "pelvi",
    "sore",
    "emergency",
    "phone",
)


def test_the_sitting_clock_and_what_was_said_outlive_a_change_of_the_limits():
    """At 31 minutes the first reminder was said; the limits are then 20 and 40, and one kind is switched off."""
    pipeline, reminders = Pipeline(Plan(period_s=10.0)), []
    sooner = {"sat_too_long": KINDS["sat_too_long"].make(soft_min=20, firm_min=40)}
    for obs in scene("sit 62min", 10.0):
        if obs.t == MORNING + 31 * MIN:
            pipeline.replace_settings(Plan().signals, sooner, SuppressionPolicy(per_hour=3))
        step = pipeline.step(obs)
        reminders += [((e.t - MORNING) // MIN, e.due.level) for e in step.events if isinstance(e, Reminder)]

    assert reminders == [(30, Level.SOFT), (40, Level.FIRM)]
    assert pipeline.rules == sooner
    assert step.runs[Activity.SITTING].seconds == pytest.approx(62 * MIN, abs=30)
    assert {one.kind for one in step.decisions} == {"sat_too_long"}


EDITS = [
    ("[reminders.sat_too_long]\nsoft_min = 12", {"reminders.sat_too_long.soft_min": 12.0}, ["In force now", "soft_min"]),
    ("[contacts]\ndoctor = '1'", {"contacts.doctor": "1"}, ["In force now: contacts.doctor"]),
    ("[camera]\nrate_hz = 2", {}, ["Needs a restart", "camera.rate_hz"]),
    ("profile = 'b'\n[silence]\nmeetings = false", {"silence.meetings": False}, ["In force now", "restart", "profile"]),
    ("[reminders.sat_too_long]\nsoft_min = 'x'", {}, ["soft_min", "stay in force"]),
    ("[reminders", {}, ["not valid TOML", "stay in force"]),
    ("# a remark", {}, []),
]


@pytest.mark.parametrize(("text", "in_force", "words"), EDITS)
def test_an_edit_is_taken_over_named_or_refused_in_one_line(tmp_path, text, in_force, words):
    home, applied, lines = Home(folders(tmp_path)), [], []
    live = LiveSettings(home, Person, applied.append, lines.append)
    live.look()
    home.folders.settings.write_text(text)
    live.look()
    live.look()

    standard, now = flat(Settings()), flat(live.home.settings)
    assert {name: value for name, value in now.items() if value != standard[name]} == in_force
    assert [one.settings for one in applied] == ([live.home.settings] if in_force else [])
    assert len(lines) == bool(words)
    assert [word for word in words if word not in lines[0]] == []


def test_a_new_stage_or_tick_is_taken_over_once_without_a_restart(tmp_path):
    home, entries, applied, lines = Home(folders(tmp_path)), [Person()], [], []
    live = LiveSettings(home, lambda: entries[-1], applied.append, lines.append)
    live.look()
    entries.append(Person(told=True, conditions=frozenset({"wheelchair"})))
    live.look()
    live.look()

    assert (applied, len(lines)) == ([home], 1)


def test_every_section_is_either_taken_over_or_named_as_needing_a_restart():
    assert set(LIVE) <= set(Settings.model_fields)
    assert {name for name in flat(Settings()) if is_live(name)} >= {"contacts.maternity", "silence.quiet_from"}
    assert not any(is_live(name) for name in ("camera.device", "engine", "profile", "notify", "data.keep_days"))


def test_nothing_of_pain_or_pregnancy_is_shown_where_that_is_wished(tmp_path):
    """Every kind, level, stage and open call: title, body, what a silence held back, what follows, and the break window."""
    home = Home(folders(tmp_path), Settings.model_validate({"notifications": {"discreet": True}}))
    texts = []
    for stage, call in product([None, *PregnancyStage], [None, Urgency.RED, Urgency.ORANGE]):
        known = Known(stage, call=call)
        adviser = Adviser(library.tips().tips, library.card(), lambda _t, known=known: known, home.tz)
        messages = CurrentMessages(home, lambda _home, adviser=adviser: adviser, adviser)
        for kind, level in product(REMINDERS, Level):
            reminder = Reminder(MORNING, kind.code, Due(1860.0, MORNING - 1860, 1, level), Activity.SITTING)
            message = messages.remind(reminder)
            texts += [f"{message.title}. {message.body}", str(content(message, messages.tip_of(message))["body"])]
        texts.append(messages.missed(DeferredNotice(MORNING, Reason.CALL, {"sat_too_long": 1860.0})).title)
    loud = replace(home, settings=Settings())
    messages.use(loud)

    assert {word: line for line in texts for word in HEALTH if word in line.lower()} == {}
    assert any(line.startswith(f"{text('discreet', 'move')}. {about_sitting('now', length='31 min')}") for line in texts)
    assert "phone" in messages.remind(Reminder(MORNING, "sat_too_long", Due(1.0, MORNING, 1), Activity.SITTING)).title.lower()


@pytest.mark.usefixtures("model")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_a_running_monitor_takes_over_what_is_set_and_refuses_what_is_broken(tmp_path):
    """A limit of two seconds is set while it watches a camera of this machine; then the file is broken."""
    with serving(jpegs()) as camera:
        started = Started(tmp_path, "run", "--source", camera.url, "--notify", "console", "--data", tmp_path)
        started.await_word(SITTING)
        done("stage", "--tick", "sore_wrists", "--data", tmp_path)
        started.await_word("In force now: your stage")
        done("settings", "set", "notifications.discreet", "true", "--data", tmp_path)
        output = done("settings", "set", "reminders.sat_too_long.soft_min", "0.03", "--data", tmp_path)
        started.await_word(r"In force now: .*sat_too_long\.soft_min")
        started.await_word(f"> {text('discreet', 'move')}\n")
        with (tmp_path / "settings.toml").open("a") as file:
            file.write("[broken")
        started.await_word("stay in force")
        started.tell(signal.SIGTERM)
        outcome = started.outcome()

    assert "soft_min" in output
    assert (outcome.code, outcome.err) == (0, "")
