"""Text bars for shares, fitted to the available width."""

from dataclasses import dataclass

from rich.bar import Bar as BlockBar
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

_ASCII, _EIGHTHS = "#", 8
_MIN_WIDTH, _MAX_WIDTH = 4, 32


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar that fills ``share`` (0 to 1) of its width, at least a piece for any share above 0; ASCII if the console needs it."""

    share: float
    color: str = "default"

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = min(options.max_width, _MAX_WIDTH)
        if options.ascii_only or options.legacy_windows:
            yield Text(_ASCII * filled(self.share, width), self.color, no_wrap=True)
        else:
            size = width * _EIGHTHS
            yield BlockBar(size, 0, filled(self.share, size), width=width, color=self.color)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(_MIN_WIDTH, min(max(options.max_width, _MIN_WIDTH), _MAX_WIDTH))


def filled(share: float, of: int) -> int:
    """How many of ``of`` pieces ``share`` fills; 0 only for a share of 0."""
    return max(round(share * of), 1) if share > 0 else 0
