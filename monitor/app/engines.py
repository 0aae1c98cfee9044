"""Which engine runs the pose networks on this machine, its version, and why it is that one."""

import importlib.metadata
from collections.abc import Mapping
from dataclasses import dataclass

from monitor.app.home import Home
from monitor.core.errors import EngineError
from monitor.core.vocabulary import Engine

# Exactly these; see docs/privacy.md.
PINNED: Mapping[Engine, str] = {Engine.MEDIAPIPE: "0.10.33", Engine.LITERT: "2.3.0"}
PACKAGES: Mapping[Engine, str] = {Engine.MEDIAPIPE: "mediapipe", Engine.LITERT: "ai-edge-litert"}
# What the setting "auto" takes: the first that is installed.
PREFERENCE = (Engine.MEDIAPIPE, Engine.LITERT)


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """An engine with the version that is installed, and why it is this one."""

    engine: Engine
    version: str
    why: str

    @property
    def package(self) -> str:
        """The package that it comes in."""
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
    """The engine that the settings name, or the first that is installed.  Raises EngineError where there is none."""
    wanted = home.settings.engine
    if wanted != "auto":
        engine = Engine(wanted)
        return EngineChoice(engine, _needed(engine), "named in the settings")
    there = [engine for engine in PREFERENCE if installed(engine)]
    if not there:
        raise EngineError(f"no pose engine is installed; {' or '.join(map(_install, PREFERENCE))}")
    missing = [engine for engine in PREFERENCE[: PREFERENCE.index(there[0])] if engine not in there]
    why = f"{missing[0]} is not installed" if missing else "taken first where it is installed"
    return EngineChoice(there[0], _needed(there[0]), why)


def installed(engine: Engine) -> str | None:
    """The version of the engine's package, as its own metadata tells, None where it is not installed."""
    try:
        return importlib.metadata.version(PACKAGES[engine])
    except importlib.metadata.PackageNotFoundError:
        return None


def _needed(engine: Engine) -> str:
    version = installed(engine)
    if version is None:
        raise EngineError(f'the engine {engine} is not installed; {_install(engine)}, or set engine = "auto"')
    return version


def _install(engine: Engine) -> str:
    return f'pip install "{PACKAGES[engine]}=={PINNED[engine]}"'
