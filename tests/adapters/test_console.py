"""Notifications on the console, and falling back to it."""

import pytest

from monitor.adapters.notify.console import ConsoleNotifier, FallbackNotifier
from monitor.core.errors import NotifyError
from monitor.ports import Notification

NOTE = Notification("Time for a change", "Sitting for 31 min; last break at 10:12.")


class Desktop:
    """Works until ``fails`` is set; counts."""

    def __init__(self, fails: str = "") -> None:
        self.fails = fails
        self.asked: list[Notification] = []

    def probe(self) -> str:
        self._fail()
        return "notify-send"

    def notify(self, notification: Notification) -> None:
        self.asked.append(notification)
        self._fail()

    def _fail(self) -> None:
        if self.fails:
            raise NotifyError(self.fails)


def test_the_console_shows_title_and_body_as_one_block():
    written: list[str] = []

    ConsoleNotifier(written.append).notify(NOTE)

    assert written == ["> Time for a change\n  Sitting for 31 min; last break at 10:12."]


def test_a_long_body_is_wrapped_and_control_characters_do_nothing():
    written: list[str] = []

    ConsoleNotifier(written.append).notify(Notification("A\a\x1b[31m\nB", "word " * 60 + "\nnew line\r"))

    assert written[0].startswith("> A [31m B\n  word")
    assert written[0].endswith("\n  new line")
    assert max(len(line) for line in written[0].splitlines()) <= 80
    assert not set("\a\x1b\r") & set(written[0])


def test_a_desktop_that_works_is_used_and_named():
    desktop, written = Desktop(), []

    notifier = FallbackNotifier(desktop, ConsoleNotifier(written.append))
    notifier.notify(NOTE)

    assert (notifier.health, desktop.asked, written) == ("desktop: notify-send", [NOTE], [])


def test_a_desktop_that_is_not_there_is_never_asked():
    desktop, written = Desktop(fails="no session"), []

    notifier = FallbackNotifier(desktop, ConsoleNotifier(written.append))
    notifier.notify(NOTE)

    assert (notifier.health, desktop.asked, len(written)) == ("console: no session", [], 1)


def test_a_desktop_that_fails_once_loses_no_notification_and_is_not_asked_again():
    desktop, written = Desktop(), []
    notifier = FallbackNotifier(desktop, ConsoleNotifier(written.append))

    desktop.fails = "it hangs"
    notifier.notify(NOTE)
    desktop.fails = ""
    notifier.notify(NOTE)

    assert (notifier.health, len(desktop.asked), len(written)) == ("console: it hangs", 1, 2)


def test_when_the_second_fails_too_the_caller_is_told():
    notifier = FallbackNotifier(Desktop(fails="no session"), Desktop(fails="no console"))

    with pytest.raises(NotifyError, match="no console"):
        notifier.notify(NOTE)
