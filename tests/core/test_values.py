"""Values that cannot be are refused when they are made, and a value of another kind is never the same."""

import math
from dataclasses import replace

import numpy as np
from backs import standing

from monitor.core.back.lumbar_window import pooled_reading, sample_of
from monitor.core.body.outline import outward_of
from monitor.core.body.pose import Observation
from monitor.core.camera.presence import same_body
from monitor.core.reminders.commands import Command, CommandKind
from monitor.core.vocabulary import Reason

BACK = standing()
IMPOSSIBLE = {
    "landmarks of another number": lambda: replace(BACK, xy=BACK.xy[:9]),
    "visibility of another number": lambda: replace(BACK, visibility=BACK.visibility[:9]),
    "points of another number": lambda: replace(BACK.back, points=BACK.back.points[:9]),
    "a command at no time": lambda: Command(math.nan, CommandKind.RESUME),
    "a pause without an end": lambda: Command(0.0, CommandKind.PAUSE),
    "a mark of nothing": lambda: Command(0.0, CommandKind.MARK),
}


def accepted(make):
    try:
        make()
    except ValueError:
        return False
    return True


def test_what_cannot_be_is_refused_when_it_is_made():
    assert [name for name, make in IMPOSSIBLE.items() if accepted(make)] == []


def test_a_value_of_another_kind_is_never_the_same():
    assert [value for value in (BACK, BACK.back) if value == "x" or value != replace(value)] == []


def test_without_a_trunk_a_back_has_no_place_and_no_reading():
    flat = replace(BACK, xy=np.full_like(BACK.xy, 0.5))
    sample = sample_of(BACK)

    assert np.isnan(outward_of(BACK.back, None)).all()
    assert pooled_reading([replace(sample, xy=flat.xy)]).why == Reason.NO_TRUNK
    assert pooled_reading([]).why == Reason.NO_OUTLINE


def test_nobody_is_no_body_to_compare_with():
    seen, unseen = Observation(0.0, BACK), Observation(1.0, None, Reason.NOBODY)

    assert [pair for pair in ((seen, unseen), (unseen, seen), (unseen, unseen)) if same_body(*pair, lost=False)] == []
