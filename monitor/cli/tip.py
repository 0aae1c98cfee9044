"""``tip``: the last tip in full."""

from typing import Annotated

import typer

from monitor.adapters.system.browser import show
from monitor.adapters.system.clock import SystemClock
from monitor.advice import library
from monitor.advice.pregnancy import PREGNANT
from monitor.app.advice import stage, told_in
from monitor.app.home import open_home
from monitor.app.open_history import history_of
from monitor.app.report import REPORTS, write_page
from monitor.cli.options import Data
from monitor.cli.output import notice, say
from monitor.core.errors import ConfigError
from monitor.reports.pages.tips import tip_page
from monitor.reports.phrases import wrapped

Open = Annotated[bool, typer.Option("--open", help="Show it in the browser, with drawings where there are some.")]
_MONTH_S = 30 * 86400.0


def tip(show_it: Open = False, data: Data = None) -> None:
    """Show the last tip in full."""
    home, now = open_home(data), SystemClock().now()
    with history_of(home) as history:
        heard = history.tips_shown(now - _MONTH_S, now)
    known = {one.id: one for one in library.tips().tips}
    last = max((name for name in heard if name in known), key=heard.__getitem__, default=None)
    if last is None:
        raise ConfigError("no tip was shown yet; the reminders of a running monitor bring them: posture-monitor run")
    one = known[last]
    say([one.title, *wrapped(one.body), *wrapped(one.more), "", "Warning signs come first: posture-monitor redflags"])
    if show_it:
        path = home.folders.data / REPORTS / "tip.html"
        write_page(path, tip_page(one, pregnant=stage(told_in(home), home.date_of(now)) in PREGNANT))
        say([str(path)])
        if not show(path):
            notice(f"No browser could be opened; open this file yourself: {path.resolve().as_uri()}")
