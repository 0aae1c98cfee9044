"""The laws of belief, on made-up bodies; the real ghosts and the real people are in tests/adapters/test_landmarker.py."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from monitor.core.body.landmarks import LANDMARKS, L
from monitor.core.body.plausibility import ALONE_AFTER_S, FirstSighting, PlausibilityReport, is_too_far, why_not_a_person
from monitor.core.body.pose import Observation, Pose
from monitor.core.vocabulary import Reason

WIDE = 16 / 9
# A seated person facing the camera, in picture heights, the middle of the shoulders at (0, 0).
FRONT = {
    L.NOSE: (0.0, -0.17),
    L.LEFT_EAR: (0.07, -0.18),
    L.RIGHT_EAR: (-0.07, -0.18),
    L.LEFT_SHOULDER: (0.17, 0.0),
    L.RIGHT_SHOULDER: (-0.17, 0.0),
    L.LEFT_HIP: (0.1, 0.42),
    L.RIGHT_HIP: (-0.1, 0.42),
}
# The same person from the side.
SIDE = FRONT | {L.NOSE: (0.1, -0.17), L.LEFT_EAR: (0.03, -0.18), L.RIGHT_EAR: (0.02, -0.18)}
SIDE |= {L.LEFT_SHOULDER: (0.0, 0.0), L.RIGHT_SHOULDER: (0.01, 0.0), L.LEFT_HIP: (0.0, 0.42), L.RIGHT_HIP: (0.01, 0.42)}


def body(shape=FRONT, *, at=(0.9, 0.4), size=1.0, share=0.2, aspect=WIDE, visible=0.8):
    """A report of this body, its shoulders at ``at``, all of it on its silhouette; other landmarks sit between the shoulders."""
    xy = np.tile(np.array(at, dtype=float), (LANDMARKS, 1))
    for landmark, place in shape.items():
        xy[landmark] += np.multiply(place, size)
    pose = Pose(xy, np.ones(LANDMARKS), aspect, 0.0)
    return PlausibilityReport(pose, np.ones(LANDMARKS), pose.in_frame(), share * size**2, visible * size)


def mirrored(report):
    twin = np.arange(LANDMARKS)
    for left, right in [(7, 8), (2, 5), *((i, i + 1) for i in range(11, LANDMARKS, 2))]:
        twin[[left, right]] = right, left
    pose = report.pose
    xy = np.column_stack([pose.aspect - pose.xy[twin, 0], pose.xy[twin, 1]])
    return PlausibilityReport(
        Pose(xy, pose.visibility[twin], pose.aspect, -pose.turn_deg),
        report.presence[twin],
        report.on_body[twin],
        report.mask_share,
        report.mask_height,
    )


@st.composite
def any_report(draw):
    """Bodies bent and shaken to every verdict there is."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    base = body(draw(st.sampled_from([FRONT, SIDE])), at=rng.uniform(0, 1.5, 2), size=rng.uniform(0.1, 1.2))
    xy = base.pose.xy + rng.normal(0, rng.choice([0.0, 0.01, 0.1]), (LANDMARKS, 2))
    pose = Pose(xy, base.pose.visibility, WIDE, 0.0)
    on_body = pose.in_frame() & (rng.random(LANDMARKS) < rng.choice([1.0, 0.8]))
    presence = rng.uniform(rng.choice([0.1, 0.5]), 1, LANDMARKS)
    return PlausibilityReport(pose, presence, on_body, rng.uniform(0, 0.4), rng.uniform(0, 1))


# Metres: the trunk of ``FRONT``, which is 0.42 long there, and what a desk leaves to be seen of an adult.
TRUNK_M, ABOVE_DESK_M = 0.5, 0.9


@given(st.floats(0.4, 2.5), st.floats(36, 52), st.sampled_from([FRONT, SIDE]))
def test_who_sits_within_a_webcams_reach_is_never_too_far(distance_m, lens_deg, shape):
    metre = 1 / (2 * distance_m * np.tan(np.radians(lens_deg) / 2))

    sitter = body(shape, size=TRUNK_M * metre / 0.42, visible=0.42 * ABOVE_DESK_M / TRUNK_M)

    assert not is_too_far(sitter)


@given(any_report(), st.floats(1, 5))
def test_who_comes_nearer_is_never_too_far_because_of_it(report, nearer):
    larger = replace(report.pose, xy=report.pose.xy * nearer)
    near = replace(report, pose=larger, mask_height=report.mask_height * nearer)

    assert is_too_far(report) or not is_too_far(near)


@given(any_report())
def test_a_mirrored_camera_changes_no_verdict(report):
    assert why_not_a_person(report) == why_not_a_person(mirrored(report))


@given(any_report(), st.floats(-0.5, 0.5), st.floats(-0.5, 0.5))
def test_where_in_the_picture_a_whole_body_stands_changes_no_verdict(report, right, down):
    pose = Pose(report.pose.xy + np.round((right, down), 3), report.pose.visibility, WIDE, 0.0)
    moved = replace(report, pose=pose)

    if report.pose.in_frame().all() and pose.in_frame().all():
        assert why_not_a_person(report) == why_not_a_person(moved)


@given(st.sampled_from([FRONT, SIDE]), st.floats(0.24, 1.0))
def test_a_person_is_believed_near_and_far(shape, size):
    assert why_not_a_person(body(shape, size=size)) is None


@given(st.sampled_from([FRONT, SIDE]), st.floats(0.01, 0.15))
def test_a_tiny_body_on_a_table_leg_is_no_person(shape, size):
    assert why_not_a_person(body(shape, size=size)) == Reason.NOT_A_PERSON


@given(any_report())
def test_visibility_convinces_nobody(report):
    # Which way is up is told by the legs that are seen.
    assume(why_not_a_person(report) != Reason.TURNED)
    unseen = replace(report, pose=replace(report.pose, visibility=np.zeros(LANDMARKS)))

    assert why_not_a_person(report) == why_not_a_person(unseen)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        pytest.param({}, None, id="as it is"),
        pytest.param({L.LEFT_HIP: (0.1, 0.9), L.RIGHT_HIP: (-0.1, 0.9)}, None, id="hips below the picture"),
        pytest.param(
            {L.NOSE: (0.0, 0.03), L.LEFT_EAR: (0.07, -0.04), L.RIGHT_EAR: (-0.07, -0.04)}, None, id="head sunk before the chest"
        ),
        pytest.param({L.LEFT_HIP: (0.5, 0.1), L.RIGHT_HIP: (0.5, 0.0)}, None, id="reclining"),
        pytest.param({L.LEFT_HIP: (0.1, -0.42), L.RIGHT_HIP: (-0.1, -0.42)}, Reason.NOT_CLEAR, id="upside down"),
        pytest.param(
            {L.LEFT_EAR: (0.4, -0.2), L.RIGHT_EAR: (-0.4, -0.2)}, Reason.NOT_A_PERSON, id="a head wider than the shoulders"
        ),
        pytest.param(
            dict.fromkeys((L.NOSE, L.LEFT_EAR, L.RIGHT_EAR), (0.0, -0.2)), Reason.NOT_A_PERSON, id="no head to speak of"
        ),
        pytest.param({p: (0.05 * p, -0.45) for p in (L.NOSE, L.LEFT_EAR, L.RIGHT_EAR)}, Reason.NOT_A_PERSON, id="a giraffe"),
    ],
)
def test_proportions_decide(change, why):
    assert why_not_a_person(body(FRONT | change)) == why


def test_half_a_body_at_the_edge_is_somebody_who_cannot_be_judged():
    assert why_not_a_person(body(at=(0.1, 0.4))) is None  # one shoulder out
    assert why_not_a_person(body(at=(0.0, 0.4))) == Reason.PARTLY_OUT
    assert why_not_a_person(body(at=(0.9, 0.1))) == Reason.PARTLY_OUT  # the head above the picture: standing at a desk's webcam


def test_a_body_beside_its_silhouette_is_not_clear():
    assert why_not_a_person(replace(body(), on_body=np.zeros(LANDMARKS, dtype=bool))) == Reason.NOT_CLEAR


def test_a_body_without_a_silhouette_is_no_person_and_one_lost_in_it_is_not_clear():
    assert why_not_a_person(replace(body(), mask_share=0.005)) == Reason.NOT_A_PERSON
    assert why_not_a_person(replace(body(size=0.3), mask_share=0.2)) == Reason.NOT_CLEAR


def test_fading_shoulders_are_not_clear():
    presence = np.ones(LANDMARKS)
    presence[L.LEFT_SHOULDER] = 0.1

    assert why_not_a_person(replace(body(), presence=presence)) == Reason.NOT_CLEAR


# --- the first sight ---------------------------------------------------------------------------------------------


def believed(observations):
    first_sight = FirstSighting()
    return [first_sight.consider(obs) for obs in observations]


def seen(t, at=(0.9, 0.4), size=1.0):
    return Observation(t, body(at=at, size=size).pose)


def empty(t):
    return Observation(t, None, Reason.NOBODY)


@given(st.floats(0.03, ALONE_AFTER_S * 0.99), st.integers(1, 5))
def test_an_arrival_costs_a_stream_one_sample_at_any_rate(period_s, empties):
    times = [i * period_s for i in range(empties + 4)]
    got = believed([empty(t) if i < empties else seen(t) for i, t in enumerate(times)])

    assert [o.pose is not None for o in got] == [False] * (empties + 1) + [True] * 3
    assert got[empties].nobody


@given(st.floats(ALONE_AFTER_S * 1.01, 600.0))
def test_a_time_lapse_loses_no_sample(period_s):
    observations = [empty(0.0), seen(period_s), empty(2 * period_s), seen(3 * period_s)]

    assert believed(observations) == observations


@given(st.lists(st.sampled_from([None, Reason.TOO_DARK, Reason.NOT_CLEAR]), max_size=9))
def test_without_an_empty_picture_everything_is_believed_at_once(reasons):
    observations = [Observation(0.2 * i, None, why) if why else seen(0.2 * i) for i, why in enumerate(reasons)]

    assert believed(observations) == observations


@given(st.lists(st.booleans(), max_size=12))
def test_belief_never_makes_a_person_out_of_nothing(present):
    observations = [seen(0.2 * i) if home else empty(0.2 * i) for i, home in enumerate(present)]

    assert all(o.pose is not None or b.pose is None for o, b in zip(observations, believed(observations), strict=True))


def test_a_body_that_jumps_about_after_an_empty_picture_is_never_believed():
    jumps = [seen(0.2 * i, at=(0.4 + 0.9 * (i % 2), 0.5), size=0.4) for i in range(1, 9)]
    swells = [seen(0.2 * i, size=0.3 + 0.5 * (i % 2)) for i in range(1, 9)]

    for ghosts in (jumps, swells):
        assert not any(o.pose for o in believed([empty(0.0), *ghosts]))


def test_somebody_who_walks_in_is_believed_at_the_second_step():
    walk = [seen(0.2 * i, at=(0.3 + 0.1 * i, 0.4), size=0.5) for i in range(1, 6)]

    assert [bool(o.pose) for o in believed([empty(0.0), *walk])] == [False, False, True, True, True, True]
