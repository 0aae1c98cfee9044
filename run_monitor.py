"""The outermost door: joins the commands of the monitor and of the calibration, nothing else."""

import sys

from monitor.cli import COMMANDS, app, run_plainly
from monitor.web import MORE_PAGES

MORE_PAGES += ["calibration.web"]
COMMANDS |= {"dashboard": "monitor.web.command"}
COMMANDS |= {"calibrate": "calibration.cli", "check": "calibration.check", "demo": "calibration.demo"}


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run_plainly(app))


if __name__ == "__main__":
    main()
