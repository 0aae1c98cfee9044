"""What several looks at one picture, each in another size, agree on: the view, and where the legs are.

The networks answer a little differently where a picture is a tenth smaller: the turn of the trunk by a few degrees, the
likelihood of a knee by 0.1 and more, and one that is hidden by a tenth of a trunk.  Near a limit that changes what is said.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from monitor.core.body.landmarks import L
from monitor.core.body.plausibility import same_body
from monitor.core.body.pose import Pose

_LEGS = [L.LEFT_KNEE, L.RIGHT_KNEE, L.LEFT_ANKLE, L.RIGHT_ANKLE]


def agreed(measured: Pose, looks: Sequence[Pose]) -> Pose:
    """The body ``measured``, with the median turn and legs of the ``looks``, which decide on view and activity.

    Itself where a look shows another body: of two people alike in size either may be the larger.
    """
    if not all(same_body(measured, look) for look in looks):
        return measured
    xy, likely = measured.xy.copy(), measured.visibility.copy()
    xy[_LEGS] = np.median([look.xy[_LEGS] for look in looks], axis=0)
    likely[_LEGS] = np.median([look.visibility[_LEGS] for look in looks], axis=0)
    return replace(measured, xy=xy, visibility=likely, turn_deg=float(np.median([look.turn_deg for look in looks])))
