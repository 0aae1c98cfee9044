"""Pages from their contexts: a context is a frozen value that names its template; nothing else reaches a template."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import ClassVar, Protocol

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from monitor import __version__
from monitor.reports.markup import Markup, element, join
from monitor.reports.phrases import unbroken
from monitor.web import MORE_PAGES
from monitor.web.access import Access  # noqa: TC001  # states its type


class Context(Protocol):
    """What a template is made from."""

    template: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Tab:
    """A page that stands in the head of every page."""

    path: str
    name: str


TABS: tuple[Tab, ...] = (
    Tab("/", "Now"),
    Tab("/today", "Today"),
    Tab("/history", "History"),
    Tab("/check-in", "Check-in"),
    Tab("/settings", "Settings"),
)
# Below every page; calibration adds its own.
MORE: list[Tab] = [
    Tab("/checks", "Standing checks"),
    Tab("/profiles", "Calibration"),
    Tab("/privacy", "What is kept"),
    Tab("/api", "For programs"),
]


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page: where it is, the nonce of this answer, the token of its forms."""

    path: str
    nonce: str
    csrf: str
    version: str
    tabs: Sequence[Tab]
    more: Sequence[Tab]

    def is_at(self, tab: Tab) -> bool:
        """Whether the page belongs to that tab."""
        return self.path == tab.path or (tab.path != "/" and self.path.startswith(f"{tab.path}/"))


def page(request: Request, context: Context, status: int = 200) -> HTMLResponse:
    """The page of a context as an answer."""
    return HTMLResponse(rendered(context, frame_of(request)), status)


def frame_of(request: Request) -> Frame:
    """What stands around the page that a request asked for."""
    access: Access = request.app.state.access
    return Frame(request.url.path, request.state.nonce, access.csrf, __version__, TABS, tuple(MORE))


def rendered(context: Context, frame: Frame) -> Markup:
    """A template with its context as ``it`` and the frame as ``frame``."""
    return Markup(environment().get_template(context.template).render(it=context, frame=frame))


@cache
def environment() -> Environment:
    """The templates; what is no markup is escaped, and a name that is missing is an error."""
    made = Environment(
        loader=ChoiceLoader([PackageLoader(name) for name in ("monitor.web", *map(_package, MORE_PAGES))]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["sentence"] = lambda words: words[:1].upper() + words[1:]
    made.filters["code"] = _with_code
    made.filters["unbroken"] = unbroken
    return made


def _with_code(words: str) -> Markup:
    """The words, with what stands between backticks as code."""
    return join(element("code", part) if n % 2 else element("span", part) for n, part in enumerate(words.split("`")) if part)


def _package(module: str) -> str:
    return module.rpartition(".")[0]
