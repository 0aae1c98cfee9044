"""The lumbar curve, read from the outline of the back in a side view.

Decides: the angle between the back's tangents at the sacrum and at T12/L1, the two-inclinometer method on a picture (tangents: de
Oliveira 2012), with the standard deviation that comparable outlines had on rendered bodies of known angle.
Evidence: 111 points of the outline, each with a probability of being hidden; hips and shoulders for the levels; several frames of
a still trunk.
Correction: a fit on rendered bodies for what skin, buttock, turn and cloth do to the outline (``lumbar_model``).
Refuses instead of guessing: no trunk, hips hidden, front or oblique view, too far away, hidden rows, a standard deviation too
large.
Skin is not bone: expect about 10 deg of difference from an X-ray (science note 1.3), so people are compared with themselves only.
"""
