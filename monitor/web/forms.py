"""Forms as typed values: one field, several of one name, a number; what cannot be is a ConfigError that names the field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request

from monitor.core.errors import ConfigError
from monitor.web.access import form_of

# Python refuses thousands of digits.
_DIGITS = 20


@dataclass(frozen=True, slots=True)
class Form:
    """The fields that a page sent, by name."""

    fields: Mapping[str, Sequence[str]]

    def one(self, name: str, default: str = "") -> str:
        """The value of a field."""
        return next(iter(self.fields.get(name, ())), default).strip()

    def all(self, name: str) -> frozenset[str]:
        """Every value of a field."""
        return frozenset(value.strip() for value in self.fields.get(name, ()) if value.strip())

    def number(self, name: str) -> int | None:
        """A whole number, None for an empty field.  Raises ConfigError."""
        text = self.one(name)
        if not text:
            return None
        if len(text) > _DIGITS or not text.removeprefix("-").isdecimal():
            raise ConfigError(f"{name} {text[:_DIGITS]!r} is not a whole number; write one such as 3")
        return int(text)


async def form(request: Request) -> Form:
    """What a page sent; the guard has measured it and checked its token."""
    return Form(form_of(await request.body(), request.headers))
