"""What is kept, and what a stretch of time amounts to.

Holds the values that the store keeps (sessions, bouts, minutes, reminders, check-ins) and the arithmetic of summaries over them.
Evidence: only what was seen; the share of unseen time stands beside every number, and totals of seen kinds add up to seen time.
Pain beside sitting is a description over days: nothing here says what causes what (science note 4.5), and no coefficient is made.
Refuses: rates from less than an hour and patterns from less than a week of bouts are not given.
"""
