"""Which settings a running monitor takes over at once, and what differs between two of them."""

from collections.abc import Iterator, Mapping
from typing import Any

from monitor.config.settings import Settings

# Sections that hold from the moment they are written; everything else belongs to the camera, the files or the windows that a run
# opens once.
LIVE = ("reminders", "signals", "silence", "notifications", "contacts", "advice", "screen")


def flat(settings: Settings) -> dict[str, Any]:
    """Every setting by its whole name, such as ``reminders.sat_too_long.soft_min``."""
    return dict(_leaves(settings.model_dump(), ""))


def changed(before: Settings, after: Settings) -> tuple[list[str], list[str]]:
    """The whole names of the settings that differ: those that are taken over at once, and those that need a restart."""
    old = flat(before)
    names = [name for name, value in flat(after).items() if value != old[name]]
    return [name for name in names if is_live(name)], [name for name in names if not is_live(name)]


def is_live(name: str) -> bool:
    """Whether a running monitor takes over a change of the setting of this whole name at once."""
    return name.partition(".")[0] in LIVE


def taken_over(before: Settings, after: Settings) -> Settings:
    """``before``, with what a running monitor takes over from ``after``."""
    return before.model_copy(update={name: getattr(after, name) for name in LIVE})


def _leaves(values: Mapping[str, Any], before: str) -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value
