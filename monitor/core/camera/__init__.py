"""The camera as a device that others want too: when to hold it, when to run the model, who is the user, where it stands.

Decides four things, each a state machine without a device: hold or release (``arbitration``), whether a frame is worth an
inference (``inference_gate``), whether the person is the user (``user_tracking``), and whether the camera was moved or the desk
raised (``registration``).
Evidence: what the device answered, how much of the picture changed, place, size and continuity of the body (no face is looked
at), and the similarity that maps the calibrated background onto today's.
Refuses: one comparison proves little (a curtain, a hand), so changes of place need three that agree.  A lost camera is tried
again at bounded intervals and never ends a run.  Limits are engineering choices, marked [E] where they stand.
"""
