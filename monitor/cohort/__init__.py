"""Many recordings of many people: found, worked through once each wherever there is room, and put together in tables.

One file is one job, and a job is a pure function: the same bytes, program and settings give the same result, kept under their
common hash.  So a run can be stopped, resumed, repeated and spread over processes and machines without a change in a number.
"""
