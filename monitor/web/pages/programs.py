"""The local API for who writes programs: its document as a page, without a script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Operation:
    """Something that can be asked or ordered: method, address, what it does, and its parameters with their meanings."""

    method: str
    path: str
    what: str
    parameters: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ProgramsPage:
    """Every operation."""

    template: ClassVar[str] = "programs.html"
    operations: Sequence[Operation]
    host: str


def programs_page(document: Mapping[str, Any], host: str) -> ProgramsPage:
    """The page of an OpenAPI document."""
    operations = [
        Operation(method.upper(), path, one.get("description") or one["summary"], _parameters(one, document))
        for path, methods in document["paths"].items()
        for method, one in methods.items()
    ]
    return ProgramsPage(operations, host)


def _parameters(one: Mapping[str, Any], document: Mapping[str, Any]) -> list[tuple[str, str]]:
    asked = [(each["name"], each.get("description", "")) for each in one.get("parameters", ())]
    body = one.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {}).get("$ref", "")
    fields = document["components"]["schemas"][body.rpartition("/")[2]]["properties"] if body else {}
    return [*asked, *((name, each.get("description", "")) for name, each in fields.items())]
