"""The outermost door: joins the commands of the monitor and of the calibration, nothing else."""

import sys

from calibration.cli import calibrate
from calibration.demo import demo
from monitor.cli import app, run_plainly

app.command()(calibrate)
app.command()(demo)


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run_plainly(app))


if __name__ == "__main__":
    main()
