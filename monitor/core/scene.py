"""Whether the camera stands where it stood when the person calibrated, and whether the desk went up with it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shift:
    """How the background lies now beside the calibration's: right, down (picture heights), scale, roll (deg).

    ``agreeing`` of the ``features`` that were compared say so; too few tell nothing but that the scene is another.
    """

    dx: float
    dy: float
    scale: float
    roll_deg: float
    agreeing: int
    features: int
