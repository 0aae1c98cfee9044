"""The camera as a shared device: when to hold it, when to run the pose model, who is the user, where the camera stands.

Decides four things, each a state machine without a device: hold or release (``arbitration``), whether a frame is worth an
inference (``inference_gate``), whether the person is the user (``user_tracking``), and whether the camera was moved or the desk
raised (``registration``).
Evidence: the device's answers, how much of the picture changed, position, size and continuity of the body (no face recognition),
and the similarity that maps the calibrated background onto today's.
Refuses: a single background comparison is unreliable (a curtain, a hand), so a change of placement needs three that agree.  A
lost camera is retried at bounded intervals and never ends a run.  Limits are engineering choices, marked [E].
"""
