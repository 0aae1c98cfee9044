"""The outermost door: joins the commands of the monitor and of the calibration, nothing else."""

import os
import sys

# The arrays here are small: threads of the linear algebra mostly wait for one another (measured: 40 ms of CPU a picture, not 8).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from monitor.cli import COMMANDS, app, run_plainly

COMMANDS |= {"calibrate": "calibration.cli", "check": "calibration.check", "demo": "calibration.demo"}


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run_plainly(app))


if __name__ == "__main__":
    main()
