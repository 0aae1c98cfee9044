"""``tip``: the last tip in full."""

from typing import Annotated

import typer

from monitor.app.open_pages import last_tip, open_page, tip_file
from monitor.cli.options import Data
from monitor.cli.output import home_at, notice, say
from monitor.core.errors import ConfigError
from monitor.reports.phrases import wrapped

Open = Annotated[bool, typer.Option("--open", help="Show it in the browser, with drawings where there are some.")]


def tip(show_it: Open = False, data: Data = None) -> None:
    """Show the last tip in full."""
    home = home_at(data)
    one = last_tip(home)
    if one is None:
        raise ConfigError(
            "no tip was shown yet; reminders and check-ins bring them: posture-monitor run, posture-monitor checkin"
        )
    say(["Warning signs come first: posture-monitor redflags", "", one.title, *wrapped(one.body), *wrapped(one.more)])
    if show_it:
        path = tip_file(home, one)
        say([str(path)])
        if unopened := open_page(path):
            notice(unopened)
