"""``dashboard``: the pages in the browser."""

from importlib.util import find_spec
from typing import Annotated

import typer

from monitor.adapters.system.browser import show_address
from monitor.adapters.system.clock import SystemClock
from monitor.cli.options import Data
from monitor.cli.output import home_at, notice, say
from monitor.core.errors import ConfigError

_NEEDS = ("fastapi", "uvicorn", "jinja2")
ADD = 'the dashboard needs the extra [web]; add it with: pip install "posture-monitor[web]"'

Open = Annotated[bool, typer.Option("--open/--no-open", help="Show it in the browser, or only print its address.")]
Token = Annotated[bool, typer.Option("--token", help="Print the token that programs use with the local API.")]


def dashboard(open_it: Open = True, token: Token = False, data: Data = None) -> None:
    """Open your day, history and settings in this computer's browser."""
    if missing := [name for name in _NEEDS if find_spec(name) is None]:
        raise ConfigError(f"{ADD} (missing: {', '.join(missing)})")
    home_at(data)  # a fault in the settings is told here, and on every page
    from monitor.web.access import Access
    from monitor.web.server import serve

    def ready(access: Access) -> None:
        notice("The dashboard runs until Ctrl-C, or 15 min after its last page is closed.")
        if token:
            say([f"token {access.bearer}"])
        if not open_it:
            say([access.address])
        elif not show_address(access.address):
            notice(f"No browser could be opened; open this address yourself, it works once: {access.address}")

    serve(data, SystemClock().now, ready)
