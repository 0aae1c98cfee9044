"""How reminders are shown: with buttons where they work, else without; a failure never ends the run."""

from collections.abc import Callable
from contextlib import ExitStack, closing
from functools import partial

from monitor.adapters.notify.console import ProbedNotifier
from monitor.adapters.notify.desktop import DesktopNotifier
from monitor.adapters.store import post
from monitor.adapters.system.clock import SystemClock
from monitor.app.home import HISTORY, Home
from monitor.app.open_pages import open_more
from monitor.core.errors import NotifyError
from monitor.run.notification_actions import PersistentOrders, answers, labels


def best_notifier(home: Home, snooze_s: Callable[[], float], say: Callable[[str], None], stack: ExitStack) -> ProbedNotifier:
    """The notifier with buttons if it is installed, enabled and works here; else the plain one.

    ``snooze_s()`` is how long the button silences reminders (s); ``say`` receives failures.
    """
    plain = DesktopNotifier()
    if not home.settings.buttons:
        return plain
    from monitor.adapters.notify.actions import ButtonNotifier

    def more() -> None:
        if trouble := open_more(home):
            say(trouble)

    orders = stack.enter_context(closing(PersistentOrders(partial(post, home.folders.data / HISTORY), say)))
    pressed = answers(SystemClock().now, snooze_s, orders.give, more)
    try:
        buttons = stack.enter_context(closing(ButtonNotifier(lambda: labels(snooze_s()), pressed, plain.written)))
        buttons.probe()
    except NotifyError:
        return plain
    return buttons
