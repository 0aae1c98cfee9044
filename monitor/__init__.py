"""Posture Monitor: times sitting and standing at a desk and compares posture with the person's own."""

from monitor.process_limits import begin

__version__ = "0.1.0"

begin()
