"""One module a page: its context, and the function that makes it from what ``monitor.app`` answers."""
