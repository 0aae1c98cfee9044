"""Live fragments (server-sent events): each is sent when it has changed, but not more often than a reader can follow."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from dataclasses import dataclass, field

from monitor.core.errors import MonitorError
from monitor.reports.markup import element
from monitor.web.rendering import Context, Frame, environment

# The fragments of the page Now, and whether they contain forms, which need the page frame.
NOW: Mapping[str, bool] = {
    "status": False,
    "clock": False,
    "orders": True,
    "ribbon": False,
    "reminder": False,
    "figure": False,
    "held": False,
}
# The shortest time (s) between two versions of a fragment; those not named are sent at once.
STAYS_S: Mapping[str, float] = {"figure": 5.0, "ribbon": 60.0, "held": 5.0}
_TOUCH_S = 15.0


def fragments(template: str, names: Mapping[str, bool], frame: Frame) -> Callable[[Context], dict[str, str]]:
    """A function from a context to its fragments, which are macros of ``template``; ``names`` says which ones take the frame."""

    def make(context: Context) -> dict[str, str]:
        macros = environment().get_template(template).module.__dict__
        return {name: str(macros[name](context, *([frame] if framed else []))).strip() for name, framed in names.items()}

    return make


@dataclass(slots=True)
class LiveFragments:
    """The fragments sent to one page; ``make`` may wait for a disk, ``stays_s`` as ``STAYS_S``."""

    make: Callable[[], Mapping[str, str]]
    stays_s: Mapping[str, float]
    _shown: dict[str, tuple[str, float]] = field(default_factory=dict)

    def changed(self, t: float) -> list[tuple[str, str]]:
        """The fragments to send at ``t`` (s of a monotonic clock), by name.  Raises MonitorError."""
        due = [(name, text) for name, text in self.make().items() if self._is_due(name, text, t)]
        self._shown |= {name: (text, t) for name, text in due}
        return due

    def _is_due(self, name: str, text: str, t: float) -> bool:
        if name not in self._shown:
            return True
        before, sent = self._shown[name]
        return text != before and t - sent >= self.stays_s.get(name, 0.0)


def message(some: Iterable[tuple[str, str]]) -> str:
    """Fragments as one event; the browser keeps unchanged elements, and with them the focus and the selection."""
    parts = (f'<hx-partial hx-target="#{name}" hx-swap="innerMorph">{text}</hx-partial>' for name, text in some)
    return "".join(f"data: {line}\n" for line in "".join(parts).splitlines()) + "\n"


async def stream(
    live: LiveFragments, clock: Callable[[], float], ends: Callable[[], bool], every_s: float
) -> AsyncGenerator[str]:
    """Events until the server ends; if the fragments cannot be made, the fragment ``status`` says why."""
    touched = clock()
    while not ends():
        try:
            due = await asyncio.to_thread(live.changed, clock())
        except MonitorError as error:
            due = [("status", element("p", element("span", f"Not up to date: {error}"), class_="statusline blind"))]
        if due or clock() - touched > _TOUCH_S:
            touched = clock()
            yield message(due) if due else ": still here\n\n"
        await asyncio.sleep(every_s)
