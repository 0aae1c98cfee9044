"""The records of the history, and summaries over a period.

Holds the values that the store keeps (sessions, bouts, minutes, reminders, check-ins) and the arithmetic of summaries over them.
Evidence: only observed time; every number comes with the share of unseen time, and the totals of observed kinds add up to the
observed time.  Pain relative to sitting is a description over days: no statement about causes (science note 4.5), and no
correlation coefficient.
Refuses: no rates from less than an hour, no pattern metrics from less than a week of bouts.
"""
