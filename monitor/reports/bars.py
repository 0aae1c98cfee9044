"""Small bars for shares, as wide as there is room for."""

from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

_EIGHTHS = " ▏▎▍▌▋▊▉"
_FULL, _ASCII = "█", "#"
_MIN_WIDTH, _MAX_WIDTH = 4, 32


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar that fills ``share`` (0 to 1) of its width; plain ASCII on a console that knows no more."""

    share: float
    style: str = ""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = min(options.max_width, _MAX_WIDTH)
        yield Text(bar(self.share, width, plain=options.ascii_only or options.legacy_windows), self.style, no_wrap=True)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(_MIN_WIDTH, min(max(options.max_width, _MIN_WIDTH), _MAX_WIDTH))


def bar(share: float, width: int, *, plain: bool = False) -> str:
    """A bar of at most ``width`` characters; any share above 0 shows."""
    if not share > 0:
        return ""
    if plain:
        return _ASCII * max(round(share * width), 1)
    full, eighths = divmod(max(round(share * width * 8), 1), 8)
    return _FULL * full + _EIGHTHS[eighths].strip()
