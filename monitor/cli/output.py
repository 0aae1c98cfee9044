"""Output shared by all commands: progress bars and notices on standard error."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console

from monitor.app.home import Home, usable_home
from monitor.app.home import Progress as Report
from monitor.texts.screen import printable


class PlainConsole(Console):
    """A console that makes control characters in text from files and other programs harmless."""

    def print(self, *objects: Any, **options: Any) -> None:
        """Print as rich does, with plain text cleaned."""
        super().print(*(printable(one) if isinstance(one, str) else one for one in objects), **options)

    def on_broken_pipe(self) -> None:
        """Raises BrokenPipeError, which ends the command well; rich itself would end it as failed."""
        raise BrokenPipeError


errors = PlainConsole(stderr=True, highlight=False)
out = PlainConsole(highlight=False)


@contextmanager
def progress() -> Iterator[Report]:
    """A progress bar that appears only for slow steps; call it with the step and the share done (0 to 1, None: unknown)."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=errors)

    def report(what: str, share: float | None) -> None:
        bar.start()
        task = bar.task_ids[0] if bar.task_ids else bar.add_task(what, total=None)
        bar.update(task, description=what, total=None if share is None else 1.0, completed=share or 0.0)

    try:
        yield report
    finally:
        if bar.task_ids:
            bar.stop()


def notice(text: str) -> None:
    """One line for people that is not the command's result."""
    errors.print(text, markup=False, soft_wrap=True)


def home_at(data: Path | None) -> Home:
    """The home for a command that needs no settings: one that cannot be read is said, and the defaults apply."""
    home, trouble = usable_home(data)
    if trouble:
        notice(f"Your settings are not used here: {trouble}")
    return home


def say(lines: Iterable[str]) -> None:
    """Print lines of plain text; a character that the console lacks becomes a question mark, never an error."""
    for line in map(printable, lines):
        out.print(line.encode(out.encoding, "replace").decode(out.encoding), markup=False, soft_wrap=True)
