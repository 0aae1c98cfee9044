"""Test doubles, so that no part of the program has to be patched.

``scene("sit 31min, stand 2min, away 5min")`` gives the observations of such a period, so that a test reads like the day it
describes.
"""

from monitor.testing.doubles import ManualClock, RecordingNotifier, ScriptedCamera
from monitor.testing.memory import MemoryStore
from monitor.testing.scenes import MORNING, SIT, STAND, Body, Bust, assemble, replay, scene

__all__ = [
    "MORNING",
    "SIT",
    "STAND",
    "Body",
    "Bust",
    "ManualClock",
    "MemoryStore",
    "RecordingNotifier",
    "ScriptedCamera",
    "assemble",
    "replay",
    "scene",
]
