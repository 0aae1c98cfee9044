"""When to suggest a change, how often, and when to stay silent.

Decides in two steps: a rule says what is due (one row of ``REMINDERS`` each), the scheduler whether this is the moment.
Limits: sitting 30 and 60 min, standing 40 and 60 (Buckley 2015; AMA 1984 for pregnancy), shorter by stage; the person's own win.
Manners [E]: one at a time, five minutes apart, at most six an hour and fewer while nothing follows; none to an empty chair, none
in a call, do-not-disturb, quiet hours or a locked screen; what was held back is said in one line afterwards.
Evidence of an answer: a change of activity, or the posture back in tolerance, within five minutes, as seen.
Refuses: what is no longer due is not said late; a pause or snooze that would never end cannot be made.
"""
