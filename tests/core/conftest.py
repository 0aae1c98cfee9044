"""Hypothesis without a stopwatch: a slow machine is no failure, and every run tries the same cases."""

from hypothesis import settings

settings.register_profile("laws", deadline=None, max_examples=50, derandomize=True, database=None)
settings.load_profile("laws")
