"""Access control of the dashboard: a browser authenticated once by a secret address, or a client with the bearer token.

Requests from other sites in the same browser, for another host name (DNS rebinding) and from other users of the computer are
refused before any page is made.  The secrets are kept in memory only, for the life of the process.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import TypeAlias
from urllib.parse import parse_qs

from starlette.datastructures import Headers

# A check-in with the longest note is 3 kB.
MOST_BYTES, MOST_QUERY = 65_536, 2_048
OPEN = "/open"
_SAFE_METHODS = frozenset({"GET", "HEAD"})
_FORM_TYPE = "application/x-www-form-urlencoded"
_TYPES = (_FORM_TYPE, "application/json")


def _secret() -> str:
    return secrets.token_urlsafe(32)


@dataclass(slots=True)
class Access:
    """The secrets of one start for the server at ``host`` (``127.0.0.1:8000``); ``opening`` authenticates one browser, once."""

    host: str
    opening: str | None = field(default_factory=_secret)
    session: str = field(default_factory=_secret)
    csrf: str = field(default_factory=_secret)
    bearer: str = field(default_factory=_secret)

    @property
    def address(self) -> str:
        """The address that authenticates a browser, with its one-time token."""
        return f"http://{self.host}{OPEN}?token={self.opening}"

    @property
    def cookie(self) -> str:
        """The name of the cookie, with the port: cookies are shared between the ports of a host."""
        return f"posture_monitor_{self.host.rpartition(':')[2]}"

    def open(self, token: str) -> bool:
        """Whether ``token`` is the one-time token, which is then used up."""
        right = self.opening is not None and _equal(token, self.opening)
        if right:
            self.opening = None
        return right


@dataclass(frozen=True, slots=True)
class IncomingRequest:
    """The parts of a request that the rules read: method, path, raw query, headers, and the whole body."""

    method: str
    path: str
    query: bytes
    headers: Headers
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is refused: the HTTP status, and a line that says what to do."""

    status: int
    why: str


_WRONG_HOST = Refusal(403, "this page is for the computer that it runs on, at the address that it was opened with")
_CROSS = Refusal(403, "another page asked for this; open the dashboard yourself")
_TOO_BIG = Refusal(413, "that is too long")
_WRONG_TYPE = Refusal(415, "send a form or JSON, with its length")
_NOT_AUTHENTICATED = Refusal(
    401, "not let in, or this dashboard was opened before; start it again with: posture-monitor dashboard"
)
_NO_CSRF = Refusal(403, "the form is of another start; load the page again, then send it")


def refusal(request: IncomingRequest, access: Access) -> Refusal | None:
    """The first reason to refuse ``request``, None if it is accepted."""
    return _first((*_RULES_WITHOUT_BODY, *_RULES_WITH_BODY), request, access)


def early_refusal(request: IncomingRequest, access: Access) -> Refusal | None:
    """The first reason to refuse ``request`` that needs no body, None without one."""
    return _first(_RULES_WITHOUT_BODY, request, access)


def _first(rules: "_Rules", request: IncomingRequest, access: Access) -> Refusal | None:
    return next((refused for refused, applies in rules if applies(request, access)), None)


def _has_wrong_host(request: IncomingRequest, access: Access) -> bool:
    return request.headers.getlist("host") != [access.host]


def _has_wrong_origin(request: IncomingRequest, access: Access) -> bool:
    return any(origin != f"http://{access.host}" for origin in request.headers.getlist("origin"))


def _is_cross_site(request: IncomingRequest, _access: Access) -> bool:
    # Another port of this computer is the same site; only the opened address may come from elsewhere.
    site = request.headers.get("sec-fetch-site", "none")
    return site not in {"same-origin", "none"} and request.path != OPEN


def _has_long_query(request: IncomingRequest, _access: Access) -> bool:
    return len(request.query) > MOST_QUERY


def _has_long_body(request: IncomingRequest, _access: Access) -> bool:
    return len(request.body) > MOST_BYTES


def _has_wrong_type(request: IncomingRequest, _access: Access) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return bool(request.body) and kind not in _TYPES


def _is_not_authenticated(request: IncomingRequest, access: Access) -> bool:
    return request.path != OPEN and not _has_bearer(request, access) and not _has_cookie(request, access)


def _is_forged(request: IncomingRequest, access: Access) -> bool:
    return request.method not in _SAFE_METHODS and not _has_bearer(request, access) and not _equal(_csrf(request), access.csrf)


_Rules: TypeAlias = tuple[tuple[Refusal, Callable[[IncomingRequest, Access], bool]], ...]
_RULES_WITHOUT_BODY: _Rules = (
    (_WRONG_HOST, _has_wrong_host),
    (_CROSS, _has_wrong_origin),
    (_CROSS, _is_cross_site),
    (_TOO_BIG, _has_long_query),
    (_NOT_AUTHENTICATED, _is_not_authenticated),
)
_RULES_WITH_BODY: _Rules = (
    (_TOO_BIG, _has_long_body),
    (_WRONG_TYPE, _has_wrong_type),
    (_NO_CSRF, _is_forged),
)


def _has_bearer(request: IncomingRequest, access: Access) -> bool:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and _equal(token.strip(), access.bearer)


def _has_cookie(request: IncomingRequest, access: Access) -> bool:
    try:
        jar = SimpleCookie(request.headers.get("cookie", ""))
    except CookieError:
        return False
    return access.cookie in jar and _equal(jar[access.cookie].value, access.session)


def _csrf(request: IncomingRequest) -> str:
    """The CSRF token, sent as a header or as a form field."""
    sent = request.headers.get("x-csrf-token")
    return sent if sent is not None else form_of(request.body, request.headers).get("csrf", [""])[0]


def form_of(body: bytes, headers: Mapping[str, str]) -> dict[str, list[str]]:
    """The fields of the form in ``body``, empty if it is no form; invalid UTF-8 is replaced."""
    if headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM_TYPE:
        return {}
    try:
        return parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=300)
    except ValueError:
        return {}


def _equal(given: str, secret: str) -> bool:
    return secrets.compare_digest(given.encode(), secret.encode())
