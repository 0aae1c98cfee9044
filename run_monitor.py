"""The outermost door: joins the commands of the monitor and of the calibration, nothing else."""

import os
import sys

# The arrays here are small: threads of the linear algebra mostly wait for one another (measured: 40 ms of CPU a picture, not 8).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from calibration.check import check
from calibration.cli import calibrate
from calibration.demo import demo
from monitor.cli import app, run_plainly

app.command()(calibrate)
app.command()(check)
app.command()(demo)


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run_plainly(app))


if __name__ == "__main__":
    main()
