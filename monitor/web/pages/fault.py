"""A page that could not be made, and why."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FaultPage:
    """Why a page could not be made, in a line."""

    template: ClassVar[str] = "fault.html"
    why: str
