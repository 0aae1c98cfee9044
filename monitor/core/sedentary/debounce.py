"""Debouncing: how long (s) each change of activity must last before the state changes."""

from collections.abc import Mapping

from monitor.core.vocabulary import Activity

_SIT, _STAND, _MOVE, _AWAY, _UNKNOWN = Activity.SITTING, Activity.STANDING, Activity.MOVING, Activity.AWAY, Activity.UNKNOWN

_PRESENT = frozenset({_SIT, _STAND, _MOVE})

# Seconds (science.md 3.3 [E]): tentative from 2 s; stretching is not standing; bending to the drawer is not leaving, and a short
# occlusion is bridged.  A person who comes back or reappears is accepted soon.
DEFAULT_DWELL_S = 2.0
DWELL_S: Mapping[tuple[Activity, Activity], float] = {
    (_SIT, _STAND): 3.0,
    (_STAND, _SIT): 3.0,
    **{(state, _AWAY): 10.0 for state in (_SIT, _STAND, _MOVE)},
    **{(state, _UNKNOWN): 10.0 for state in (_SIT, _STAND, _MOVE, _AWAY)},
}
# Tolerance (s) for the rounding of POSIX seconds: two samples 10 s apart are 10 s apart.
_EXACT_S = 1e-3


class Debounce:
    """Holds the state until another activity has lasted its dwell and was seen at least twice."""

    def __init__(self) -> None:
        self.state: Activity | None = None
        self._since = 0.0
        self._left: dict[bool, float] = {}
        self._candidate: Activity | None = None
        self._seen = 0

    def update(self, t: float, activity: Activity, *, carried_forward: bool = False) -> tuple[Activity, float]:
        """The state after this sample, and since when (s); a ``carried_forward`` sample does not count as a second one.

        The change dates from the first sample that left the old state.  Samples that show nobody are timed apart from those that
        show somebody: a short absence or occlusion is not part of the standing after it.
        """
        if self.state is None or activity is self.state:
            self._settle(activity, t if self.state is None else self._since)
            return activity, self._since
        left = self._left.setdefault(activity in _PRESENT, t)
        self._seen = (self._seen if activity is self._candidate else 0) + (not carried_forward)
        self._candidate = activity
        dwell = DWELL_S.get((self.state, activity), DEFAULT_DWELL_S)
        if self._seen >= 2 and t - left >= dwell - _EXACT_S:  # noqa: PLR2004
            self._settle(activity, left)
        return self.state, self._since

    def _settle(self, state: Activity, since: float) -> None:
        self.state, self._since = state, since
        self._left, self._candidate, self._seen = {}, None, 0
