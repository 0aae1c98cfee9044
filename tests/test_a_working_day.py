"""Eight hours at a desk, told as people tell them, and what a person would expect to be counted and said.

The expectations were worked out by hand from the rules: sitting is mentioned after 30 and 60 minutes and then every half hour,
standing after 40; a minute elsewhere is a break, less is a pause; what nobody saw is unknown.
"""

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC

import pytest

from monitor.core.body.pose import Observation
from monitor.core.pipeline import Pipeline, Plan
from monitor.core.posture.baseline import Baseline, CalibrationStage, Reference
from monitor.core.posture.readings import measure
from monitor.core.reminders.decisions import Reminder, Response
from monitor.core.sedentary.bouts import Bout
from monitor.core.vocabulary import Activity, Reason, View
from monitor.testing import MORNING, SIT, STAND, Body, scene
from monitor.texts.reminders import why_of

DAY = """
    sit 26min,                              # 09:00 mail
    walk 4min,                              # 09:26 first break: to the printer
    sit 33min,                              # 09:30
    away 5min,                              # 10:03 second break: coffee
    sit 62min,                              # 10:08 a long meeting
    walk 3min,                              # 11:10 third break: up and down on the phone
    stand 43min,                            # 11:13 the desk goes up
    sit 19min,                              # 11:56
    away 45min,                             # 12:15 lunch
    sit 28min,                              # 13:00
    gap 50min,                              # 13:28 the laptop sleeps
    sit 22min,                              # 14:18
    stand 2min,                             # 14:40 fourth break: a stretch
    sit 10min, slouch 8min, sit 15min,      # 14:42 sinking from 14:52 to 15:00
    away 5min,                              # 15:15 fifth break: tea
    sit 25min, stand 40s, sit 74min20s      # 15:20 to 17:00, up for less than a minute at 15:45
"""
# Twenty short absences of two seconds and twenty looks to the side of three.
ABSENT_AT = (
    "09:03 09:11 09:19 09:33 09:43 10:00 10:12 10:24 10:38 10:52 11:06 11:20 11:40 12:00 12:10 13:12 14:22 14:46 15:05 16:10"
)
ASIDE_AT = (
    "09:07 09:15 09:23 09:38 09:48 09:53 10:18 10:30 10:45 11:00 11:30 11:50 12:06 13:05 13:20 14:30 14:55 15:25 15:40 16:40"
)

BOUTS = """
    09:00:00 sitting, 09:26:00 moving, 09:30:00 sitting, 10:03:00 away, 10:08:00 sitting, 11:10:00 moving, 11:13:00 standing,
    11:56:00 sitting, 12:15:00 away, 13:00:00 sitting, 13:28:00 unknown, 14:18:00 sitting, 14:40:00 standing, 14:42:00 sitting,
    15:15:00 away, 15:20:00 sitting, 15:45:00 standing, 15:45:40 sitting
"""
MINUTES = {"sitting": 322 + 1 / 3, "standing": 45 + 2 / 3, "moving": 7, "away": 55, "unknown": 50}

# When, what, how firmly, and after how many seconds something changed.  At 10:00 and 10:38 the chair is empty for two seconds.
SAID = [
    ("10:00:02", "sat_too_long", "soft", 178),
    ("10:38:02", "sat_too_long", "soft", None),
    ("11:08:00", "sat_too_long", "firm", 120),
    ("11:53:00", "stood_too_long", "soft", 180),
    ("14:57:00", "posture_held", "soft", 180),
    ("15:12:00", "sat_too_long", "soft", 180),
    ("15:50:40", "sat_too_long", "soft", None),
    ("16:20:40", "sat_too_long", "firm", None),
    ("16:50:40", "sat_too_long", "firm", None),
]
WHY = [
    "sitting for 30 min; last break at 09:30",
    "sitting for 30 min; last break at 10:08",
    "sitting for 1 h 00 min; last break at 10:08",
    "standing for 40 min; last break at 11:13",
    "head forward and leaning forward more than usual for 5 min",
    "sitting for 30 min; last break at 14:42",
    "sitting for 30 min; last break at 15:20",
    "sitting for 1 h 00 min; last break at 15:20",
    "sitting for 1 h 30 min; last break at 15:20",
]
# One picture in two seconds: a change may show in the next one, and the smoothing takes another.
PERIOD_S = 2.0
CLOSE_S = 2.0


def clock(text):
    """POSIX seconds of a time of that day: ``10:38`` or ``15:50:40``."""
    hours, minutes, *seconds = (int(part) for part in text.split(":"))
    return MORNING + (hours - 9) * 3600 + minutes * 60 + sum(seconds)


def written(script):
    """The scene without its remarks; ``74min20s`` is two phases."""
    bare = re.sub(r"#.*", "", script)
    return re.sub(r"(\w+) (\d+min)(\d+s)", r"\1 \2, \1 \3", bare)


def glancing(observations):
    absent, aside = ({clock(text) for text in times.split()} for times in (ABSENT_AT, ASIDE_AT))
    for obs in observations:
        if any(t <= obs.t < t + 2 for t in absent):
            yield Observation(obs.t, None, Reason.NOBODY)
        elif obs.pose and any(t <= obs.t < t + 3 for t in aside):
            yield Observation(obs.t, with_head_aside(obs.pose))
        else:
            yield obs


def with_head_aside(pose):
    """A head that turns toward the camera and looks over the shoulder: all of it goes back by a quarter of a trunk."""
    xy = pose.xy.copy()
    xy[:9, 0] -= 0.25 * SIT.torso
    return replace(pose, xy=xy)


def calibrated(body: Body):
    return {name: Reference(r.value, 0.0, 25) for name, r in measure(body.pose(), View.SIDE).items() if r.measured}


@pytest.fixture(scope="module")
def events():
    baseline = Baseline({CalibrationStage.SITTING_TALL: calibrated(SIT), CalibrationStage.STANDING: calibrated(STAND)})
    pipeline = Pipeline(Plan(baseline, period_s=PERIOD_S))
    seen = [e for obs in glancing(scene(written(DAY), PERIOD_S)) for e in pipeline.step(obs).events]
    return [*seen, *pipeline.finish()]


def test_the_day_has_eight_hours_and_forty_glances():
    observations = list(scene(written(DAY), PERIOD_S))

    assert (observations[0].t, observations[-1].t + PERIOD_S) == (clock("09:00"), clock("17:00"))
    assert len({*ABSENT_AT.split(), *ASIDE_AT.split()}) == 40


def test_the_bouts_are_those_a_person_would_note_down(events):
    bouts = [e for e in events if isinstance(e, Bout)]
    expected = [entry.split() for entry in BOUTS.split(",")]

    assert [b.activity.value for b in bouts] == [what for _, what in expected]
    assert [b.start for b in bouts] == pytest.approx([clock(at) for at, _ in expected], abs=CLOSE_S)
    assert bouts[-1].end == clock("17:00") - PERIOD_S
    assert not any(b.assumed for b in bouts)


def test_the_minutes_are_those_of_the_story(events):
    minutes = Counter(
        {str(kind): sum(b.seconds for b in events if isinstance(b, Bout) and b.activity is kind) for kind in Activity}
    )

    assert {what: seconds / 60 for what, seconds in minutes.items()} == pytest.approx(MINUTES, abs=0.1)


def test_the_reminders_are_those_a_person_would_expect(events):
    reminders = [e for e in events if isinstance(e, Reminder)]

    assert [(r.kind, r.due.level.value) for r in reminders] == [(kind, level) for _, kind, level, _ in SAID]
    assert [r.t for r in reminders] == pytest.approx([clock(at) for at, *_ in SAID], abs=CLOSE_S)


def test_each_reminder_says_why_in_one_plain_line(events):
    assert [why_of(e, UTC) for e in events if isinstance(e, Reminder)] == WHY


def test_what_followed_is_what_happened(events):
    after = [e.after_s for e in events if isinstance(e, Response)]
    expected = [seconds for *_, seconds in SAID]

    assert [seconds is None for seconds in after] == [seconds is None for seconds in expected]
    assert [s for s in after if s is not None] == pytest.approx([s for s in expected if s is not None], abs=2 * CLOSE_S)
