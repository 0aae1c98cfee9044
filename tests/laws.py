"""How many cases a law is tried with: few by default, ten times as many in CI; ``HYPOTHESIS_PROFILE`` names another profile."""

import os

from hypothesis import settings

# Times what a law tries by default.
FACTORS = {"few": 1, "many": 10}
PROFILE = os.environ.get("HYPOTHESIS_PROFILE") or ("many" if os.environ.get("CI") else "few")
DEFAULT = 6


def load_profile() -> None:
    """Without a stopwatch: a slow machine is no failure, and every run tries the same cases."""
    for name, factor in FACTORS.items():
        settings.register_profile(name, deadline=None, max_examples=DEFAULT * factor, derandomize=True, database=None)
    settings.load_profile(PROFILE)


def examples(few: int) -> settings:
    """For a law whose single case takes long, or whose cases are many: so many by default, more in CI as everywhere."""
    return settings(max_examples=few * FACTORS[PROFILE])
