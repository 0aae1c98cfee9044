"""The engine that runs the pose networks on this machine, its version, and why it was selected."""

import importlib.metadata
import platform
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from monitor.app.home import Home
from monitor.core.errors import EngineError
from monitor.core.vocabulary import Engine

# LiteRT up to 2.0 computes as MediaPipe does, to the last bit, for a tenth more CPU than later ones.  It has no wheels for
# Windows and from Python 3.13 on, and on 64-bit ARM Linux there is no MediaPipe to be equal to.
_AS_MEDIAPIPE = sys.version_info < (3, 13) and (sys.platform == "darwin" or platform.machine() == "x86_64")
# Exactly these; see docs/privacy.md.
PINNED: Mapping[Engine, str] = {Engine.MEDIAPIPE: "0.10.33", Engine.LITERT: "1.4.0" if _AS_MEDIAPIPE else "2.3.0"}
PACKAGES: Mapping[Engine, str] = {Engine.MEDIAPIPE: "mediapipe", Engine.LITERT: "ai-edge-litert"}
# The order for the setting "auto": the first that is installed and whose libraries load.
PREFERENCE = (Engine.MEDIAPIPE, Engine.LITERT)


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """An engine with its installed version, and why it was selected."""

    engine: Engine
    version: str
    why: str

    @property
    def package(self) -> str:
        """The name of its package."""
        return PACKAGES[self.engine]

    @property
    def pinned(self) -> str:
        """The version that is needed."""
        return PINNED[self.engine]

    @property
    def as_pinned(self) -> bool:
        """Whether that version is installed."""
        return self.version == self.pinned


def chosen(home: Home) -> EngineChoice:
    """The engine that the settings name, or the first that can run here.  Raises EngineError where there is none."""
    wanted = home.settings.engine
    if wanted != "auto":
        engine = Engine(wanted)
        return EngineChoice(engine, _needed(engine), "named in the settings")
    failures: list[str] = []
    for engine in PREFERENCE:
        if (failure := unusable(engine)) is None:
            return EngineChoice(engine, _needed(engine), "; ".join(failures) or "preferred where it loads")
        failures.append(f"{engine} {failure}")
    raise EngineError(f"no pose engine can run here: {'; '.join(failures)}; {' or '.join(map(_install, PREFERENCE))}")


def installed(engine: Engine) -> str | None:
    """The version of the engine's package, as its own metadata tells, None where it is not installed."""
    try:
        return importlib.metadata.version(PACKAGES[engine])
    except importlib.metadata.PackageNotFoundError:
        return None


def unusable(engine: Engine) -> str | None:
    """Why this engine cannot run here: it is not installed, or a library that it needs is missing; None where it can."""
    if not installed(engine):
        return "is not installed"
    failure = _LOADING[engine]()
    return f"cannot be loaded ({failure})" if failure else None


def _mediapipe() -> str | None:
    from monitor.adapters.vision.landmarker.task import load_failure

    return load_failure()


def _litert() -> str | None:
    from monitor.adapters.vision.landmarker.quiet import silence
    from monitor.adapters.vision.litert.model import load_failure

    with silence():
        return load_failure()


_LOADING: Mapping[Engine, Callable[[], str | None]] = {Engine.MEDIAPIPE: _mediapipe, Engine.LITERT: _litert}


def _needed(engine: Engine) -> str:
    version = installed(engine)
    if version is None:
        raise EngineError(f'the engine {engine} is not installed; {_install(engine)}, or set engine = "auto"')
    return version


def _install(engine: Engine) -> str:
    return f'pip install "{PACKAGES[engine]}=={PINNED[engine]}"'
