"""What the lens and the tilt of a camera do to a body's landmarks, and how that is undone.

A camera that looks down leans upright bodies beside the middle of its picture, and a fish-eye bends them.  Where field of view
and tilt are known, each landmark's ray is turned level and projected onto an upright plane around the body, where vertical lines
are vertical again.  Where they are not known, the depths of the landmarks say roughly whether the camera looks down.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from monitor.core.body.geometry import hip_middle, midpoint, shoulder_middle
from monitor.core.body.landmarks import Floats
from monitor.core.body.outline import HEIGHTS, BackOutline, outline_at, trunk_frame
from monitor.core.body.pose import Pose

# Of webcams and telephones (deg across) [E].
USUAL_FOV_DEG = 70.0
# Rays farther than this (deg) off the level axis are nearly parallel to the plane.
STEEPEST_DEG = 75.0
# Off the middle by a quarter of a focal length (14 deg), under a camera that looks down by 20 deg or more, the trunk's lean is
# off by 5 to 20 deg; the landmarks' depths show such a tilt as 5 deg and more, a level camera as -4 to 4 (docs/lumbar.md).
BESIDE, SEEN_FROM_ABOVE_DEG = 0.25, 5.0


@dataclass(frozen=True, slots=True)
class Lens:
    """``fov_deg`` is the horizontal field of view, ``tilt_deg`` how far the camera looks down (negative: up).

    ``fisheye`` lenses are equidistant: a ray's distance from the middle of the picture is proportional to its angle.
    """

    fov_deg: float = USUAL_FOV_DEG
    tilt_deg: float = 0.0
    fisheye: bool = False

    def levelled(self, pose: Pose) -> Pose:
        """The pose as a level camera with a straight lens, turned to it, sees it; the middle of its trunk stays where it is.

        Landmarks outside the picture stay unseen (visibility 0).
        """
        middle = _trunk_middle(pose.xy)
        if not np.isfinite(middle).all():
            return pose
        azimuth = math.atan2(*self._rays(middle[None], pose.aspect)[0, [0, 2]])
        moved = self._level(pose.xy, pose.aspect, azimuth)
        shift = middle - _trunk_middle(moved)
        xy = moved + shift
        back = pose.back and _carried(pose.back, self._level(pose.back.points, pose.aspect, azimuth) + shift, xy)
        visibility = np.where(pose.in_frame(), pose.visibility, 0.0)
        return replace(pose, xy=xy, visibility=visibility, back=back, pitch_deg=math.nan)

    def _level(self, points: Floats, aspect: float, azimuth: float) -> Floats:
        """Points (n, 2) on the upright plane across the direction ``azimuth`` (rad), in picture heights from its middle."""
        x, y, z = self._rays(points, aspect).T
        right, ahead = x * math.cos(azimuth) - z * math.sin(azimuth), x * math.sin(azimuth) + z * math.cos(azimuth)
        depth = np.maximum(ahead, math.cos(math.radians(STEEPEST_DEG)))
        return self._focal(aspect) * np.stack([right / depth, y / depth], axis=1)

    def _rays(self, points: Floats, aspect: float) -> Floats:
        """The rays (n, 3) of points (n, 2): right, down and ahead of a level camera, of length 1."""
        off = (points - (aspect / 2, 0.5)) / self._focal(aspect)
        distance = np.hypot(off[:, 0], off[:, 1])
        angle = distance if self.fisheye else np.arctan(distance)
        across = np.divide(np.sin(angle), distance, out=np.ones_like(distance), where=distance > 0)
        tilt, (x, down), ahead = math.radians(self.tilt_deg), (off * across[:, None]).T, np.cos(angle)
        return np.stack(
            [x, down * math.cos(tilt) + ahead * math.sin(tilt), ahead * math.cos(tilt) - down * math.sin(tilt)], axis=1
        )

    def _focal(self, aspect: float) -> float:
        half = math.radians(self.fov_deg) / 2
        return aspect / 2 / (half if self.fisheye else math.tan(half))


def leans_by_tilt(pose: Pose) -> bool:
    """Whether a camera of unknown tilt seems to look down on a body beside the middle of its picture."""
    if not pose.pitch_deg > SEEN_FROM_ABOVE_DEG:
        return False
    x = float(_trunk_middle(pose.xy)[0])
    return abs(x - pose.aspect / 2) * 2 * math.tan(math.radians(USUAL_FOV_DEG / 2)) / pose.aspect > BESIDE


def _trunk_middle(xy: Floats) -> Floats:
    return midpoint(shoulder_middle(xy), hip_middle(xy))


def _carried(back: BackOutline, points: Floats, xy: Floats) -> BackOutline:
    """The outline through moved points (n, 2), on the rows of the moved trunk's frame; rows without a point stay without."""
    frame = trunk_frame(xy)
    known = np.isfinite(points).all(axis=1)
    if frame is None or not known.any():
        return back
    height, outward = frame.coordinates(points[known]).T
    order = np.argsort(height)
    places = np.where(known, np.interp(HEIGHTS, height[order], outward[order]), np.nan)
    return outline_at(frame, places, back.doubt, back.reasons, back.picture_px)
