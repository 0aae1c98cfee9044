"""The user notification state of Windows; None on other systems."""

import ctypes
import sys

# QUERY_USER_NOTIFICATION_STATE: 2 a full-screen program, 3 a game, 4 a presentation, 6 the quiet time after an installation.
FULL, QUIET_TIME = frozenset({2, 3, 4}), 6


def notification_state() -> int | None:
    """The number that SHQueryUserNotificationState gives, None where it fails."""
    if sys.platform != "win32":
        return None
    state = ctypes.c_int()
    failed = ctypes.windll.shell32.SHQueryUserNotificationState(ctypes.byref(state))
    return None if failed else state.value
