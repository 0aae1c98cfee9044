"""``demo``: a calibration and a working morning from recordings; only person and time are not real."""

import shutil
from dataclasses import replace
from datetime import datetime, time
from importlib.resources import as_file, files
from pathlib import Path

from calibration.cli import from_parts, keep, view_of_stages
from calibration.files import Part
from monitor.adapters.profiles import Profile
from monitor.adapters.store.recovery import COMPANIONS
from monitor.adapters.system.clock import SystemClock
from monitor.adapters.system.lock import FILES, folder_lock
from monitor.advice.limits import LIMITS, SIT_FIRM, SIT_SOFT, STAND_FIRM, STAND_SOFT
from monitor.advice.pregnancy import PregnancyStage
from monitor.app import composition
from monitor.app.home import Home, Pace, WatchOptions, open_home
from monitor.app.recordings import recording_of
from monitor.cli.history import show_session
from monitor.cli.options import Data, Model, Notify
from monitor.cli.output import out, progress, say
from monitor.config import SilenceSettings, folders
from monitor.core.errors import DiskFull
from monitor.core.posture.baseline import CalibrationStage
from monitor.reports.phrases import wrapped
from monitor.run.restarts import watch
from monitor.run.session import RunPlan, record

CLIPS = files("monitor.data") / "demo"
STAGES = {
    CalibrationStage.SITTING_TALL: "demo_sit_tall.mp4",
    CalibrationStage.SITTING_RELAXED: "demo_sit_slumped.mp4",
    CalibrationStage.STANDING: "demo_stand.mp4",
}
MORNING = "demo_morning.mp4"
# The name of its history, which is created anew each time.
RECORDING = "demo"
# The morning is a time-lapse: 20 pictures a second, each standing for 10 s.
TIME_SCALE = 200.0
SIT, STAND = (SIT_SOFT, SIT_FIRM), (STAND_SOFT, STAND_FIRM)
NEXT = "Next, with your own camera: posture-monitor calibrate"


def demo(notify: Notify = None, model: Model = None, data: Data = None) -> None:
    """Show the program at work on a recorded morning. Your own history is left alone."""
    own = open_home(data)
    home, kept = _apart(own), recording_of(own, RECORDING)
    with progress() as report:
        file = composition.model(home, model, report)
    with folder_lock(home.folders.data), as_file(CLIPS) as clips:
        _empty(home.folders.data)
        for end in COMPANIONS:
            kept.with_name(f"{kept.name}{end}").unlink(missing_ok=True)
        out.print("Calibrating from three short clips: sitting tall, sitting relaxed, standing.")
        baseline = from_parts(home, file, [Part(s, clips / name) for s, name in STAGES.items()])
        view = view_of_stages(baseline)
        profile = Profile("demo", SystemClock().now(), "demo clips", view, baseline, engine=file.engine)
        keep(home, profile)
        out.print("A recorded working morning from nine o'clock on, one picture every 10 seconds:\n")
        morning = WatchOptions(str(clips / MORNING), file, Pace.FAST, TIME_SCALE, _nine_o_clock(home))
        told = RunPlan("demo morning", profile, notify or home.settings.notify, history=kept)
        for number in watch(home, morning, lambda at, seen, control: record(at, seen, told, control)):
            show_session(home, number, kept)
    where = f" --data {data}" if data else ""
    say([f"Look again: posture-monitor summary --recording {RECORDING}{where}", "", *_in_pregnancy(), "", NEXT])


def _in_pregnancy() -> list[str]:
    """What would be other in the middle of a pregnancy."""
    limits = LIMITS[PregnancyStage.SECOND]
    sit, stand = (f"{limits[soft]:.0f} and {limits[firm]:.0f} min" for soft, firm in (SIT, STAND))
    return [
        *wrapped(
            f"In pregnancy the limits are gentler. In week 24 a reminder would come after {sit} of sitting and after {stand} of "
            "standing, with tips that suit you; a check-in with pain answers with one thing to try, and the warning signs "
            "say whom to call."
        ),
        "  posture-monitor stage --week 24     sets it",
        "  posture-monitor checkin             notes how your back is",
        "  posture-monitor redflags            shows the warning signs",
    ]


def _nine_o_clock(home: Home) -> float:
    today = datetime.fromtimestamp(SystemClock().now(), home.tz).date()
    return datetime.combine(today, time(9), home.tz).timestamp()


def _apart(home: Home) -> Home:
    """A home of the demo's own."""
    settings = home.settings.model_copy(update={"silence": SilenceSettings()})  # a recording has no working hours
    return replace(home, folders=replace(folders(home.folders.data / "demo"), cache=home.folders.cache), settings=settings)


def _empty(folder: Path) -> None:
    """Remove the files of an earlier demo, except for the lock in use."""
    try:
        for path in folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path.name not in FILES:
                path.unlink()
    except OSError as error:
        raise DiskFull(f"cannot empty {folder} ({error.strerror}); give another folder with --data") from error
