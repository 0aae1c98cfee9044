"""The main loop, the same for a webcam, a file, a network camera and a recorded trace."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from typing import Protocol

from monitor.app.backdating import backdated
from monitor.core.body.pose import Observation
from monitor.core.pipeline import Event, Pipeline, Step
from monitor.core.reminders.suppression import RunInput
from monitor.ports import Camera, Frame, PoseEngine


class Sink(Protocol):
    """Receives every step; cannot veto a reminder."""

    def write(self, obs: Observation, step: Step) -> None:
        """Take in one step."""
        ...

    def close(self, events: Sequence[Event]) -> None:
        """Take in the events that the end completes, and finish."""
        ...


class Watch:
    """A camera and an engine as one source of observations; ``until`` is called before each picture and ends it.

    ``pause_reason(t)`` is the reason why a picture must not be analysed, None if it may.
    """

    def __init__(
        self,
        camera: Camera,
        engine: PoseEngine,
        until: Callable[[], bool] = bool,
        pause_reason: Callable[[float], str | None] = lambda _t: None,
    ) -> None:
        self._camera, self._engine, self._until, self._pause_reason = camera, engine, until, pause_reason
        self._has_begun = False
        self.mode: str | None = None
        self.say: Callable[[str], None] = lambda _line: None
        self.begins: Callable[[float], None] = lambda _t: None

    @property
    def period_s(self) -> float:
        """The camera's usual time between two pictures (s)."""
        return self._camera.period_s

    @property
    def remark(self) -> str | None:
        """The camera's message once it has ended, None if there is none."""
        return self._camera.remark

    def __iter__(self) -> Iterator[Observation]:
        """One observation per picture, until the camera ends."""
        for _, seen in backdated(self._frames(), self._look):
            yield seen

    def _frames(self) -> Iterator[Frame]:
        while not self._until() and (frame := self._camera.read()) is not None:
            yield frame

    def _look(self, frame: Frame) -> Observation:
        why = self._pause_reason(frame.t)
        seen = Observation(frame.t, None, why) if why else self._engine.detect(frame)
        if not self._has_begun:
            self._has_begun = True
            self.begins(frame.t)
        return seen


def run(source: Iterable[Observation | RunInput], pipeline: Pipeline, sinks: Sequence[Sink]) -> int:
    """How many observations went from the source through the pipeline to the sinks, in that order.

    However it ends, every sink gets the last events and is closed.
    """
    count = 0
    last: list[Event] = []
    with ExitStack() as closing:
        # The last callback runs first; every sink is closed, in order, even if one of them fails.
        for sink in reversed(sinks):
            closing.callback(sink.close, last)
        closing.callback(lambda: last.extend(pipeline.finish()))
        for obs in source:
            if not isinstance(obs, Observation):
                pipeline.accept(obs)
                continue
            step = pipeline.step(obs)
            for sink in sinks:
                sink.write(obs, step)
            count += 1
    return count
