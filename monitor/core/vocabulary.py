"""Codes for what is stored and compared: activities, views, places and reasons.  What a person reads is looked up elsewhere."""

from enum import StrEnum


class Activity(StrEnum):
    """What the person does, as far as a camera can tell."""

    SITTING = "sitting"
    STANDING = "standing"
    MOVING = "moving"
    AWAY = "away"
    UNKNOWN = "unknown"


class View(StrEnum):
    """From where the camera looks at the trunk."""

    FRONT = "front"
    SIDE = "side"
    OBLIQUE = "oblique"


class CameraPlacement(StrEnum):
    """Where the camera stands."""

    SAME = "same"
    MOVED = "moved"
    RAISED = "raised"


# Why an observation holds no picture: another program has the camera.
BUSY = "camera busy"
