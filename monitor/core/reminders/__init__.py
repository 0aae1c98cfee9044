"""When to remind, how often, and when to suppress reminders.

Decides in two steps: a rule says what is due (one row of ``REMINDERS`` each), the scheduler whether to remind now.
Limits: sitting 30 and 60 min, standing 40 and 60 (Buckley 2015; AMA 1984 for pregnancy), shorter by stage of pregnancy; the
person's own settings take precedence.  Frequency [E]: one at a time, five minutes apart, at most six an hour and fewer while they
are ignored; none without a person, none in a call, do-not-disturb, quiet hours or a locked screen; deferred reminders are summed
up in one line afterwards.
Evidence of an answer: a change of activity, or the posture back in tolerance, within five minutes, as seen.
Refuses: a reminder that is no longer due is not shown late; a pause or snooze without an end cannot be created.
"""
