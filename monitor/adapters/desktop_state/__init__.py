"""What the machine says of the person's surroundings; each module asks one kind of thing, and None means that nobody can tell."""

from monitor.adapters.desktop_state.poller import DesktopStatePoller, look

__all__ = ["DesktopStatePoller", "look"]
