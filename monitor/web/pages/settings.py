"""Settings: every key with its name, its meaning, where its value is from; saved by group; and the stage that limits follow."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar, get_args

from monitor.advice import library
from monitor.advice.emergency import proposed
from monitor.advice.pregnancy import NO_BABY, NOT_PREGNANT, born_on, due_on
from monitor.advice.validation import one_of
from monitor.app import queries
from monitor.app.advice import standing, tell_conditions, tell_stage, told_in
from monitor.app.edit_settings import change
from monitor.app.home import Home
from monitor.config import Settings, flat, is_live, load
from monitor.core.camera.source_name import shown as without_password
from monitor.core.errors import ConfigError
from monitor.reports.stage import stage_values, told_line
from monitor.texts.catalogue import label, reminder_name, text
from monitor.web.forms import Form

# How the page is divided: the beginning of the keys, and what it is called; "" is what stands in no section.
GROUPS: Mapping[str, str] = {
    "contacts": "Telephone numbers",
    "reminders": "Reminders",
    "silence": "Silence",
    "notifications": "Notifications",
    "advice": "Tips and check-ins",
    "camera": "Camera",
    "signals": "Your own ranges",
    "data": "What is kept",
    "": "The program",
}
_SECRET, _ADDRESS = "camera.password", "camera.device"
_IN_PROGRAM = ("day", "screen")
_UNITS = {
    "min": "min",
    "s": "s",
    "h": "h",
    "hz": "per second",
    "cm": "cm",
    "days": "days",
    "camera.fov": "degrees",
    "camera.tilt": "degrees",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """A key: its name and meaning, what is in force as typed, what can be chosen (none: typed), and where it is from.

    ``is_own``: it is neither the default nor missing, but the person's own, or from her stage.
    """

    key: str
    name: str
    meaning: str
    value: str
    choices: Sequence[str]
    unit: str
    source: str
    is_own: bool
    wide: bool
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Settings that are saved together."""

    code: str
    heading: str
    settings: Sequence[Setting]


# The tick of a person who has no baby with her, once it is made: it asks that nothing speaks of one.
_UNSPOKEN = "Some words are left out, as you asked"


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """Every setting; ``stage`` says what she told, ``ticks`` are a code, its words and whether it applies to her.

    ``done`` is what was saved, ``restart``: a monitor runs with the former ones.
    """

    template: ClassVar[str] = "settings.html"
    groups: Sequence[Group]
    stage: str
    ticks: Sequence[tuple[str, str, bool]]
    due: str
    birth: str
    file: str
    done: str = ""
    fault: str = ""
    restart: bool = False


def settings_page(home: Home, done: str = "", restart: bool = False) -> SettingsPage:
    """The page.  Raises StoreError."""
    person = told_in(home)
    status = standing(home, person, None)
    limits = {f"reminders.{name}": value for name, value in stage_values(status)["limits"].items()}
    values, usual = flat(home.settings), flat(Settings())
    offers = _offers(home)
    made = [_setting(key, values[key], usual[key], limits.get(key), offers.get(key)) for key in values]
    groups = [Group(code, heading, [one for one in made if _group_of(one.key) == code]) for code, heading in GROUPS.items()]
    due, birth = (day.isoformat() if day else "" for day in (person.due, person.birth))
    conditions = {**library.tips().conditions, **({NO_BABY: _UNSPOKEN} if NO_BABY in person.conditions else {})}
    ticks = [(code, words, code in person.conditions) for code, words in conditions.items()]
    return SettingsPage(groups, told_line(status), ticks, due, birth, str(home.folders.settings), done, restart=restart)


def save(home: Home, sent: Form) -> SettingsPage:
    """The page after a group was saved, or with what was typed and why it was not."""
    before = settings_page(home)
    shown = {one.key: one for group in before.groups for one in group.settings}
    typed = {key: sent.one(key) for key in shown if key in sent.fields}
    changes = {key: value for key, value in typed.items() if value != shown[key].value}
    if not changes:
        return replace(before, done="Nothing was changed.")
    try:
        change(home.folders.settings, {key: _written(key, value) for key, value in changes.items()})
    except ConfigError as error:
        return replace(_with_fault(before, typed, changes, str(error)), fault="Not saved; see the field below.")
    names = ", ".join(shown[key].name.lower() for key in changes)
    after = replace(home, settings=load(home.folders.settings))
    return settings_page(after, f"Saved: {names}.", restart=queries.is_running(home) and not all(map(is_live, changes)))


def _with_fault(page: SettingsPage, typed: Mapping[str, str], changes: Mapping[str, str], why: str) -> SettingsPage:
    guilty = next((key for key in changes if f"{key} " in why or f"{key}:" in why), next(iter(changes)))
    words = why.partition(": ")[2] or why

    def kept(one: Setting) -> Setting:
        return replace(one, value=typed.get(one.key, one.value), fault=words if one.key == guilty else "")

    return replace(page, groups=[replace(group, settings=[kept(one) for one in group.settings]) for group in page.groups])


def _written(key: str, typed: str) -> str:
    """A value as TOML has it; "" for the default."""
    usual = flat(Settings())[key]
    if not typed:
        return ""
    if isinstance(usual, bool):
        return {"on": "true", "off": "false"}.get(typed, typed)
    if isinstance(usual, list):
        items = [one.strip() for one in typed.split(",") if one.strip()]
        return json.dumps([int(one) if one.isdecimal() else one for one in items])
    if isinstance(usual, float | int):
        return typed if key == _ADDRESS and typed.isdecimal() else _number(typed)
    is_text = isinstance(usual, str) or key.startswith(("contacts.", "silence.", _SECRET))
    return json.dumps(typed) if is_text else _number(typed)


def _number(typed: str) -> str:
    try:
        return repr(float(typed.replace(",", "."))).removesuffix(".0")
    except ValueError:
        return json.dumps(typed)


def _setting(key: str, value: Any, usual: Any, limit: Mapping[str, Any] | None, offer: str | None) -> Setting:
    in_force = limit["value"] if limit else value
    unit = "" if isinstance(usual, list) else _UNITS.get(key.rpartition("_")[2], "")
    return Setting(
        key=key,
        name=_name(key),
        meaning=text("setting_meanings", _kind(key)),
        value=_shown(key, in_force),
        choices=_choices(key, usual),
        unit=unit,
        source=_source(key, value, usual, limit, offer),
        is_own=bool(limit) or value not in (None, usual),
        wide=isinstance(usual, list | str) or (usual is None and not unit),
    )


def _source(key: str, value: Any, usual: Any, limit: Mapping[str, Any] | None, offer: str | None) -> str:
    if limit:
        why = limit["why"] if limit["own"] else f"from your stage: {limit['why'][:1].lower()}{limit['why'][1:]}"
        return f"{why[:1].upper()}{why[1:]}. Without a stage: {usual:g}."
    if value is None and offer:
        return f"Not set. {offer} is a proposal from your time zone; check that it is right where you are, and write it here."
    if value is None:
        return "Not set."
    if key == _SECRET:
        return "Set, and not shown. Write another one to replace it."
    return "Default." if value == usual else f"Your own. Default: {_typed(usual)}."


def _shown(key: str, value: Any) -> str:
    """What stands in the field; a password never does."""
    if value is None or key == _SECRET:
        return ""
    return without_password(str(value)) if key == _ADDRESS else _typed(value)


def _name(key: str) -> str:
    section, _, rest = key.partition(".")
    kind, _, field = rest.partition(".")
    if section == "signals":
        return label(kind)[:1].upper() + label(kind)[1:]
    if section == "reminders" and field:
        name = reminder_name(kind)
        return f"{name[:1].upper()}{name[1:]}: {text('setting_names', field)}"
    return text("setting_names", key)


def _kind(key: str) -> str:
    """The key under which its meaning stands: those of reminders and signals are alike."""
    return key.rpartition(".")[2] if key.startswith(("signals.", "reminders.")) else key


def _typed(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "not set" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _choices(key: str, usual: Any) -> tuple[str, ...]:
    if isinstance(usual, bool):
        return ("on", "off")
    kind: Any = Settings
    for part in key.split("."):
        kind = kind.model_fields[part].annotation
    named = get_args(kind)
    return tuple(map(str, named)) if named and all(isinstance(one, str | int) for one in named) else ()


def _group_of(key: str) -> str:
    section = key.partition(".")[0] if "." in key else ""
    return "" if section in _IN_PROGRAM else section


def _offers(home: Home) -> dict[str, str]:
    here = proposed(getattr(home.tz, "key", ""))
    named = {"contacts.emergency": here.emergency, "contacts.crisis": here.crisis} if here else {}
    return {key: number for key, number in named.items() if number}


def tell(home: Home, sent: Form, now: float) -> None:
    """Keep the stage that a form tells.  Raises ConfigError, StoreError."""
    kinds = {
        "due": lambda: due_on(_day(sent, "due"), home.calendar_date(now)),
        "birth": lambda: born_on(_day(sent, "birth"), home.calendar_date(now)),
    }
    make = kinds.get(sent.one("stage"))
    if make is None and sent.one("stage") != "none":
        raise ConfigError("no stage was chosen; choose one of the three")
    tell_stage(home, make() if make else NOT_PREGNANT)


def tick(home: Home, sent: Form) -> None:
    """Keep what applies to her.  Raises ConfigError, StoreError."""
    for name in sent.all("tick"):
        one_of("condition", name, library.tips().conditions)
    tell_conditions(home, sent.all("tick"))


def _day(sent: Form, name: str) -> date:
    typed = sent.one(name)
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise ConfigError(f"{typed!r} is not a date; write one such as 2027-03-02") from None
