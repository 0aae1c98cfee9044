"""The buttons of a reminder, and the order that each one gives."""

from collections.abc import Callable, Mapping

from monitor.core.reminders.commands import Command, CommandKind, Mark
from monitor.texts.reminders import duration

SNOOZE, MOVED, NOT_NOW = "snooze", "moved", "not now"


def labels(snooze_s: float) -> Mapping[str, str]:
    """What stands on each button, by its name."""
    return {SNOOZE: f"Snooze {duration(snooze_s)}", MOVED: "I moved", NOT_NOW: "Not now"}


def answers(now: Callable[[], float], snooze_s: float, give: Callable[[Command], object]) -> Callable[[str], None]:
    """What to call with the name of a pressed button: it gives the order."""

    def pressed(name: str) -> None:
        t = now()
        orders = {
            SNOOZE: Command(t, CommandKind.SNOOZE, until=t + snooze_s),
            MOVED: Command(t, CommandKind.MARK, what=Mark.BREAK),
            NOT_NOW: Command(t, CommandKind.NOT_NOW),
        }
        give(orders[name])

    return pressed
