"""Posture as numbers with units, compared with the person's own baseline only.

Decides: the value of each row of ``SIGNALS``, its average over a second or so, and whether it has left the person's own
calibrated value by more than its tolerance, in the direction that a source names.
Evidence: the landmarks of one view (ISO 11226:2000, which subtracts the person's own upright reference) and the lumbar reading.
There is no right posture: studies do not find that one curve or angle causes pain (Swain 2020), so nothing is compared with a
norm, and "too hollow" is reported for standing only.
Refuses: a signal whose view or landmarks are missing is NaN with a reason code, never zero; without a baseline no signal is out
of tolerance.
"""
