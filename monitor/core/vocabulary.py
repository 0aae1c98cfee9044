"""Codes for what is stored and compared: activities, views, camera placements and reasons.

What a person reads is looked up by code in ``monitor.texts``.
"""

from collections.abc import Mapping
from enum import StrEnum


class Activity(StrEnum):
    """What the person does, as far as a camera can tell."""

    SITTING = "sitting"
    STANDING = "standing"
    MOVING = "moving"
    AWAY = "away"
    UNKNOWN = "unknown"


class View(StrEnum):
    """The direction from which the camera sees the trunk."""

    FRONT = "front"
    SIDE = "side"
    OBLIQUE = "oblique"


class Engine(StrEnum):
    """The library that runs the pose networks."""

    MEDIAPIPE = "mediapipe"
    LITERT = "litert"


class CameraPlacement(StrEnum):
    """Where the camera stands, relative to the calibration."""

    SAME = "same"
    MOVED = "moved"
    RAISED = "raised"


class Reason(StrEnum):
    """Why something was not observed, not measured or not shown."""

    # the picture; all but the first two say that somebody may be there
    NOBODY = "nobody_there"
    NOT_A_PERSON = "not_a_person"
    TOO_DARK = "too_dark"
    PARTLY_OUT = "partly_out_of_the_picture"
    NOT_CLEAR = "body_not_clear"
    SEEN_SMALL = "too_small_in_the_picture"
    BLANK = "nothing_to_see_in_the_picture"
    TOO_GRAINY = "picture_too_grainy"
    SEEN_BADLY = "seen_badly"
    TURNED = "picture_turned"
    NOT_SEEN_TO_MOVE = "not_seen_to_move_yet"
    SOMEBODY_ELSE = "somebody_else"
    SMALLER_THAN_CALIBRATED = "smaller_than_calibrated"
    NOT_SEEN = "not_seen"
    NO_PICTURES = "no_pictures"

    # why nothing is watched, or reminders are silent
    PAUSED = "paused"
    LOCKED = "screen_locked"
    SNOOZED = "snoozed"
    QUIET_HOURS = "quiet_hours"
    DAY_OFF = "not_a_working_day"
    CALL = "in_a_call"
    DO_NOT_DISTURB = "do_not_disturb"
    FULL_SCREEN = "full_screen"

    # the camera
    BUSY = "camera_busy"
    CAMERA_GONE = "no_camera"
    CAMERA_SILENT = "camera_sends_no_pictures"
    CAMERA_FROZEN = "picture_frozen"
    LENS_COVERED = "lens_covered"
    CAMERA_STARTING = "camera_starting"
    CAMERA_MOVED = "camera_moved"
    SLEPT = "machine_slept"

    # why the machine is spared
    BATTERY = "on_battery"
    MACHINE_BUSY = "the_machine_is_busy"

    # a signal
    SIDE_VIEW_NEEDED = "side_view_needed"
    FRONT_VIEW_NEEDED = "front_view_needed"
    EYES_HIDDEN = "eyes_hidden"
    EARS_HIDDEN = "ears_hidden"
    SHOULDERS_HIDDEN = "shoulders_hidden"
    HIPS_HIDDEN = "hips_hidden"
    KNEES_HIDDEN = "knees_hidden"
    FEET_HIDDEN = "feet_hidden"
    SEEN_FROM_ABOVE = "seen_from_above"
    TRUNK_TURNED = "trunk_turned"
    HEAD_TURNED = "head_turned"
    LANDMARKS_COINCIDE = "landmarks_coincide"
    NOT_MEASURED = "not_measured"

    # the person's own baseline
    NOT_CALIBRATED = "not_calibrated"
    OWN_RANGE_TOO_SMALL = "own_range_too_small"
    NOTHING_CALIBRATED_SEEN = "nothing_that_was_calibrated_can_be_seen"

    # the lower back
    NO_TRUNK = "no_trunk"
    HIPS_OR_SHOULDERS_HIDDEN = "hips_or_shoulders_hidden"
    HIPS_OR_SHOULDERS_OUT = "hips_or_shoulders_out_of_frame"
    FRONT_VIEW = "front_view"
    OBLIQUE_VIEW = "oblique_view"
    TOO_NEAR = "too_near"
    TOO_FAR = "too_far_away"
    TOO_UNCERTAIN = "too_uncertain"
    NOT_STILL = "not_still"
    NO_OUTLINE = "back_not_outlined"
    BACK_HIDDEN = "back_hidden"
    BACK_HIDDEN_BY_ARM = "back_hidden_arm"
    BACK_HIDDEN_BY_HAIR = "back_hidden_hair"
    BACK_HIDDEN_BY_CHAIR = "back_hidden_chair"
    BACK_HIDDEN_BY_BACKREST = "back_hidden_leaning_on_a_backrest"
    BACK_EDGE_UNCLEAR = "back_hidden_edge"
    BACK_TOO_DARK = "back_hidden_too_dark"
    BACK_OUT_OF_FRAME = "back_hidden_out_of_frame"

    # a stage of the calibration
    NOT_FROM_THE_SIDE = "not_seen_from_the_side"
    SEEN_OBLIQUELY = "seen_neither_from_the_side_nor_from_the_front"
    MOVING = "moving"
    SITTING_SEEN = "sitting_was_seen"
    STANDING_SEEN = "standing_was_seen"

    # a summary
    MARKED_BREAK = "marked_break"
    TOO_FEW_BOUTS = "too_few_bouts"
    BOUTS_TOO_ALIKE = "bouts_too_alike"


class Hold(StrEnum):
    """What holds a reminder back."""

    NOT_YET = "not_yet"
    SAID_BEFORE = "said_before"
    NUDGED_LATELY = "nudged_lately"
    ANSWER_AWAITED = "answer_awaited"
    JUST_SPOKEN = "just_spoken"
    SEEN_DIFFERS = "seen_differs"
    SILENT = "silent"
    SAID_AFTERWARDS = "said_afterwards"
    BUDGET = "budget"
    ANOTHER_FIRST = "another_first"


# What asks for sitting clear of the backrest.
BY_CHAIR = frozenset({Reason.BACK_HIDDEN_BY_CHAIR, Reason.BACK_HIDDEN_BY_BACKREST})


class RowCause(StrEnum):
    """What hides one row of the back's outline; a row that counts has none (empty)."""

    FREE = ""
    ARM = "arm"
    HAIR = "hair"
    CHAIR = "chair"
    EDGE = "edge"
    DARK = "too_dark"
    OUT = "out_of_frame"


_REASONS: Mapping[str, Reason] = {reason.value: reason for reason in Reason}


def code_of(written: str) -> str:
    """The code of a reason that an older version wrote as a phrase (``"back hidden: chair"``); a code stays as it is."""
    code = written.replace(": ", "_").replace(" ", "_")
    return _REASONS.get(code, code)
