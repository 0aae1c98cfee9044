"""The demo of the whole program over its recorded morning, beside somebody's own history: run once, looked at by many."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from shutil import copytree
from typing import Any

from program import MOMENT, Outcome, Started, done

OWN_SETTINGS = "[reminders.sat_too_long]\nsoft_min = 29.0\n"


@dataclass(frozen=True, slots=True)
class Morning:
    """What the demo left: somebody's data ``folder``, what it held ``before``, and how the command ended."""

    folder: Path
    before: Path
    outcome: Outcome

    @property
    def data(self) -> Path:
        """The demo's own folder, with its calibration."""
        return self.folder / "demo"

    @property
    def history(self) -> Path:
        """The history of the morning."""
        return self.folder / "recordings" / "demo.db"

    def summary(self) -> dict[str, Any]:
        """The summary of the demo's session."""
        return json.loads(done("summary", "--recording", "demo", "--json", "--data", self.folder))

    def printed(self) -> str:
        """What it printed, wherever it ran."""
        return self.outcome.out.replace(str(self.folder), "FOLDER")


def lived_through(place: Path, before: tuple[str, ...] = ()) -> Morning:
    """The demo in ``place``, run after the words ``before``; what is there already is taken."""
    folder, ended = place / "home", place / "outcome.json"
    if not ended.exists():
        done("run", "--source", MOMENT, "--pace", "fast", "--into-history", "--notify", "none", "--data", folder)
        (folder / "settings.toml").write_text(OWN_SETTINGS)
        (folder / "demo").mkdir()
        (folder / "demo" / "left_over").touch()
        copytree(folder, place / "before")
        outcome = Started(place, "demo", "--notify", "console", "--data", folder, before=before).outcome()
        ended.write_text(json.dumps(asdict(outcome)))
    return Morning(folder, place / "before", Outcome(**json.loads(ended.read_text())))
