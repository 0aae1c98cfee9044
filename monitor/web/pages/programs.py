"""The local API for who writes programs: its document as a page, without a script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Operation:
    """Something that can be asked or ordered: method, address, what it does, its parameters and the fields of its answer."""

    method: str
    path: str
    what: str
    parameters: Sequence[tuple[str, str]]
    answer: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ProgramsPage:
    """Every operation."""

    template: ClassVar[str] = "programs.html"
    operations: Sequence[Operation]
    host: str


def programs_page(document: Mapping[str, Any], host: str) -> ProgramsPage:
    """The page of an OpenAPI document."""
    operations = [
        Operation(
            method.upper(), path, one.get("description") or one["summary"], _parameters(one, document), _answer(one, document)
        )
        for path, methods in document["paths"].items()
        for method, one in methods.items()
    ]
    return ProgramsPage(operations, host)


def _parameters(one: Mapping[str, Any], document: Mapping[str, Any]) -> list[tuple[str, str]]:
    asked = [(each["name"], each.get("description", "")) for each in one.get("parameters", ())]
    return [*asked, *_fields(one.get("requestBody", {}), document)]


def _answer(one: Mapping[str, Any], document: Mapping[str, Any]) -> list[tuple[str, str]]:
    return _fields(one["responses"]["200"], document)


def _fields(part: Mapping[str, Any], document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The fields of an object or of each object of a list, with their meanings."""
    schema = part.get("content", {}).get("application/json", {}).get("schema", {})
    name = schema.get("items", schema).get("$ref", "").rpartition("/")[2]
    fields = document["components"]["schemas"][name]["properties"] if name else {}
    return [(name, each.get("description") or _of_shape(each, document)) for name, each in fields.items()]


def _of_shape(field: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    named = [one["$ref"].rpartition("/")[2] for one in (field, *field.get("anyOf", ())) if "$ref" in one]
    return " ".join(document["components"]["schemas"][name]["description"] for name in named)
