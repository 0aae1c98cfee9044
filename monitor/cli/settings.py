"""``settings`` and ``contacts``: change settings without a text editor."""

import json
from typing import Annotated, Any

import typer

from monitor.adapters.system.lock import holder
from monitor.advice.emergency import proposed
from monitor.app.edit_settings import change
from monitor.app.home import Home
from monitor.cli.check_in_questions import on_terminal
from monitor.cli.options import Data
from monitor.cli.output import notice, say
from monitor.config import ContactSettings, Settings, flat, folders, is_live, load, nearest
from monitor.core.errors import ConfigError
from monitor.reports.phrases import wrapped
from monitor.run.live_settings import RESTART

_WHO = {
    "emergency": "Emergency number (ambulance)",
    "maternity": "Maternity unit or midwife",
    "early_pregnancy": "Early pregnancy unit",
    "doctor": "Doctor",
    "crisis": "Crisis line",
}
Words = Annotated[
    list[str] | None,
    typer.Argument(metavar="[show NAME | set NAME VALUE | reset NAME]", help="Nothing: show all.", show_default=False),
]
Numbers = Annotated[
    list[str] | None, typer.Option("--set", metavar="WHO=NUMBER", help=f"A number without being asked; WHO: {', '.join(_WHO)}.")
]


def settings(words: Words = None, data: Data = None) -> None:
    """Show or set any setting by its name."""
    home, asked = folders(data), [*(words or [])]
    standard = flat(Settings())
    match asked:
        case []:
            say(_line(name, value, standard[name]) for name, value in flat(load(home.settings)).items())
            say(["", f"In {home.settings}"])
        case ["show", name]:
            _known(name, standard)
            say([_line(name, flat(load(home.settings))[name], standard[name])])
        case ["set", name, value]:
            _known(name, standard)
            _change(home.data, change(home.settings, {name: value}), name)
        case ["reset", name]:
            _known(name, standard)
            _change(home.data, change(home.settings, {name: ""}), name)
        case _:
            raise ConfigError("settings takes nothing, show NAME, set NAME VALUE or reset NAME")


def contacts(given: Numbers = None, data: Data = None) -> None:
    """Show or set the numbers to call."""
    home = folders(data)
    if given:
        after = change(home.settings, dict(_given(one) for one in given)).contacts.numbers()
    else:
        on_terminal(f"contacts asks only on a terminal; give --set WHO=NUMBER (WHO: {', '.join(_WHO)})")
        before = load(home.settings).contacts.numbers()
        after = change(home.settings, _asked(Home(home), before)).contacts.numbers()
    say(f"  {words:<30} {after.get(name, '-')}" for name, words in _WHO.items())
    say(["", "These stand on the warning signs: posture-monitor redflags"])


def _asked(home: Home, before: dict[str, str]) -> dict[str, str]:
    """The person's answers; a proposal is shown in the question and stored only if confirmed with Enter."""
    here = proposed(getattr(home.tz, "key", ""))
    offers = {"emergency": here.emergency, "crisis": here.crisis} if here else {}
    say(wrapped("Enter keeps what stands in brackets, - leaves it empty. The numbers stay on this computer."))
    if here and "emergency" not in before:
        say(wrapped(f"{here.emergency} is a proposal from your time zone. Check that this is right where you are."))
    chosen: dict[str, str] = {}
    for name, words in _WHO.items():
        offer = before.get(name) or offers.get(name) or "-"
        text = typer.prompt(words, default=offer).strip()
        chosen[f"contacts.{name}"] = "" if text == "-" else json.dumps(text)
    return chosen


def _given(one: str) -> tuple[str, str]:
    name, equals, number = one.partition("=")
    if not equals or name not in ContactSettings.model_fields:
        raise ConfigError(f"{one!r} is no WHO=NUMBER{nearest(name, _WHO)}; WHO is one of {', '.join(_WHO)}")
    return f"contacts.{name}", json.dumps(number.strip()) if number.strip() else ""


def _known(name: str, names: dict[str, Any]) -> None:
    if name not in names:
        raise ConfigError(f"unknown setting {name!r}{nearest(name, names)}; to see all: settings")


def _change(data: Any, new: Settings, name: str) -> None:
    say([_line(name, flat(new)[name], flat(Settings())[name])])
    if holder(data):
        now = "The running monitor uses it from now on."
        notice(now if is_live(name) else f"The running monitor needs a restart for this: {RESTART}")


def _line(name: str, value: Any, standard: Any) -> str:
    return f"{name} = {_shown(value)}{'' if value == standard else f'   (default: {_shown(standard)})'}"


def _shown(value: Any) -> str:
    return "not set" if value is None else json.dumps(value, default=str)
