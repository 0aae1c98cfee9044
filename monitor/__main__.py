"""``python -m monitor``: the commands of the monitor alone; the way it starts itself in the background."""

import sys

from monitor.cli import app, run_plainly

sys.exit(run_plainly(app))
