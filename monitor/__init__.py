"""Posture Monitor: times sitting and standing at a desk and compares posture with the person's own."""

import os

# Before numpy is loaded anywhere.  The arrays here are small: threads of the linear algebra mostly wait for one another
# (measured: 40 ms of CPU a picture, not 8).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
