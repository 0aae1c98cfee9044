"""Who may ask the dashboard: this person's own browser, once let in by a secret address, and who holds the token of this start.

Another page in the same browser, another name for this computer (DNS rebinding) and another person on it are refused before any
page is made.  The secrets live as long as the process and are written nowhere.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers

# A check-in with the longest note is 3 kB.
MOST_BYTES, MOST_QUERY = 65_536, 2_048
OPEN = "/open"
_READS = frozenset({"GET", "HEAD"})
_FORMS = "application/x-www-form-urlencoded"
_KINDS = (_FORMS, "application/json")


def _secret() -> str:
    return secrets.token_urlsafe(32)


@dataclass(slots=True)
class Access:
    """The secrets of one start for the server at ``host`` (``127.0.0.1:8000``); ``opening`` lets one browser in, once."""

    host: str
    opening: str | None = field(default_factory=_secret)
    session: str = field(default_factory=_secret)
    csrf: str = field(default_factory=_secret)
    bearer: str = field(default_factory=_secret)

    @property
    def address(self) -> str:
        """The address that lets a browser in."""
        return f"http://{self.host}{OPEN}?token={self.opening}"

    @property
    def cookie(self) -> str:
        """The name of the cookie; cookies know no ports, so the name does."""
        return f"posture_monitor_{self.host.rpartition(':')[2]}"

    def open(self, token: str) -> bool:
        """Whether ``token`` lets in; it does so once."""
        right = self.opening is not None and _same(token, self.opening)
        if right:
            self.opening = None
        return right


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as far as it is judged: method, path, raw query, headers, and the whole body."""

    method: str
    path: str
    query: bytes
    headers: Headers
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is refused: the status of HTTP, and a line that says what to do."""

    status: int
    why: str


_STRANGE = Refusal(403, "this page is for the computer that it runs on, at the address that it was opened with")
_CROSS = Refusal(403, "another page asked for this; open the dashboard yourself")
_TOO_BIG = Refusal(413, "that is too long")
_KIND = Refusal(415, "send a form or JSON, with its length")
_UNKNOWN = Refusal(401, "not let in, or this dashboard was opened before; start it again with: posture-monitor dashboard")
_NO_CSRF = Refusal(403, "the form is of another start; load the page again, then send it")


def refusal(asked: Asked, access: Access) -> Refusal | None:
    """The first reason to refuse a request; None: it may be answered."""
    return next((refused for refused, is_so in _RULES if is_so(asked, access)), None)


def _strange_host(asked: Asked, access: Access) -> bool:
    return asked.headers.getlist("host") != [access.host]


def _strange_origin(asked: Asked, access: Access) -> bool:
    return any(origin != f"http://{access.host}" for origin in asked.headers.getlist("origin"))


def _cross_site(asked: Asked, _access: Access) -> bool:
    # Another port of this computer is the same site; only the opened address may come from elsewhere.
    site = asked.headers.get("sec-fetch-site", "none")
    return site not in {"same-origin", "none"} and asked.path != OPEN


def _too_big(asked: Asked, _access: Access) -> bool:
    return len(asked.query) > MOST_QUERY or len(asked.body) > MOST_BYTES


def _strange_kind(asked: Asked, _access: Access) -> bool:
    kind = asked.headers.get("content-type", "").partition(";")[0].strip().lower()
    return bool(asked.body) and kind not in _KINDS


def _not_let_in(asked: Asked, access: Access) -> bool:
    return asked.path != OPEN and not _has_bearer(asked, access) and not _has_cookie(asked, access)


def _forged(asked: Asked, access: Access) -> bool:
    return asked.method not in _READS and not _has_bearer(asked, access) and not _same(_csrf(asked), access.csrf)


_RULES: tuple[tuple[Refusal, Callable[[Asked, Access], bool]], ...] = (
    (_STRANGE, _strange_host),
    (_CROSS, _strange_origin),
    (_CROSS, _cross_site),
    (_TOO_BIG, _too_big),
    (_UNKNOWN, _not_let_in),
    (_KIND, _strange_kind),
    (_NO_CSRF, _forged),
)


def _has_bearer(asked: Asked, access: Access) -> bool:
    scheme, _, token = asked.headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and _same(token.strip(), access.bearer)


def _has_cookie(asked: Asked, access: Access) -> bool:
    try:
        jar = SimpleCookie(asked.headers.get("cookie", ""))
    except CookieError:
        return False
    return access.cookie in jar and _same(jar[access.cookie].value, access.session)


def _csrf(asked: Asked) -> str:
    """The token of a page, as a header or as a field of its form."""
    sent = asked.headers.get("x-csrf-token")
    return sent if sent is not None else form_of(asked.body, asked.headers).get("csrf", [""])[0]


def form_of(body: bytes, headers: Mapping[str, str]) -> dict[str, list[str]]:
    """The fields of a form; none where ``body`` is none.  Raises nothing: what is no text is replaced."""
    if headers.get("content-type", "").partition(";")[0].strip().lower() != _FORMS:
        return {}
    try:
        return parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=300)
    except ValueError:
        return {}


def _same(given: str, secret: str) -> bool:
    return secrets.compare_digest(given.encode(), secret.encode())
