"""``doctor``: what works here, and what to do about the rest."""

import json
from contextlib import ExitStack
from typing import Annotated

import typer

from monitor.app.diagnostics import Finding, Outcome, examine
from monitor.app.home import Home, usable_home
from monitor.app.privacy import facts
from monitor.cli.options import AsJson, Data
from monitor.cli.output import home_at, notice, out, say
from monitor.core.errors import NotifyError
from monitor.ports import Notification
from monitor.reports.privacy import privacy_lines, privacy_values
from monitor.run.notifiers import best_notifier

Privacy = Annotated[bool, typer.Option("--privacy", help="Show what is written, kept and never kept, and why.")]
NotifyTest = Annotated[bool, typer.Option("--notify-test", help="Show a test notification.")]
_MARKS = {Outcome.OK: "[green]ok[/]     ", Outcome.NOTE: "[yellow]note[/]   ", Outcome.PROBLEM: "[red]problem[/]"}
TEST = Notification("Posture Monitor", "This is a test. Reminders will look like this.", answers=True)


def doctor(as_json: AsJson = False, notify_test: NotifyTest = False, privacy: Privacy = False, data: Data = None) -> None:
    """Check camera, model, notifications, folders and versions."""
    if privacy:
        _tell_privacy(home_at(data), as_json=as_json)
        return
    home, trouble = usable_home(data)
    findings = examine(home, trouble)
    if notify_test:
        findings.append(_notify(home))
    if as_json:
        print(json.dumps([finding.as_dict() for finding in findings]))
        return
    for finding in findings:
        out.print(f"{_MARKS[finding.verdict]} {finding.what}: ", end="")
        out.print(finding.text, markup=False, soft_wrap=True)


def _tell_privacy(home: Home, *, as_json: bool) -> None:
    told = facts(home)
    if as_json:
        print(json.dumps(privacy_values(told)))
    else:
        say(privacy_lines(told))


def _notify(home: Home) -> Finding:
    """Show a notification of the same kind as a reminder, with buttons."""
    try:
        with ExitStack() as stack:
            notifier = best_notifier(home, lambda: home.settings.silence.snooze_min * 60, notice, stack)
            way = notifier.probe()
            notifier.notify(TEST)
    except NotifyError as error:
        return Finding("test notification", Outcome.PROBLEM, str(error))
    seen = "sent; if you did not see it, look for a focus or do-not-disturb mode"
    return Finding("test notification", Outcome.OK, f"{seen} (through {way})")
