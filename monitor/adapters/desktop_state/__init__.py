"""The desktop state: call, do-not-disturb, full screen, screen lock.  One module for each query; None means unknown."""

from monitor.adapters.desktop_state.poller import DesktopStatePoller, look

__all__ = ["DesktopStatePoller", "look"]
