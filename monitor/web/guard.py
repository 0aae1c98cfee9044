"""The outermost layer of the application: applies the access rules, and adds the security headers to every response."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.web.access import MOST_BYTES, Access, IncomingRequest, Refusal, early_refusal, refusal

POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "x-content-type-options": "nosniff",
    # Not "no-referrer": a form of our own would then come from the origin "null".
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
_NO_LENGTH = Refusal(411, "send the length of what you send")
_TOO_SLOW = Refusal(408, "what was announced did not come in time; send it again")
# Far longer than 64 kB take on one computer.
BODY_WITHIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Guard:
    """ASGI middleware; ``accepted`` is called for every request that passes the access rules."""

    app: ASGIApp
    access: Access
    accepted: Callable[[], None]
    body_within_s: float = BODY_WITHIN_S

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to a request, or refuse it; WebSocket connections are closed."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        nonce = secrets.token_urlsafe(18)
        scope.setdefault("state", {})["nonce"] = nonce
        body, refused = await self._read(scope, receive)
        if refused is None:
            self.accepted()
            await self.app(scope, _replayed(body, receive), _with_policy(send, nonce))
        else:
            answer = PlainTextResponse(refused.why + "\n", refused.status, {"connection": "close"})
            await answer(scope, receive, _with_policy(send, nonce))

    async def _read(self, scope: Scope, receive: Receive) -> tuple[bytes, Refusal | None]:
        """The body of a request, read only of one that its headers do not refuse, and why it is refused."""
        request = IncomingRequest(scope["method"], scope["path"], scope["query_string"], Headers(scope=scope))
        if refused := early_refusal(request, self.access):
            return b"", refused
        try:
            async with asyncio.timeout(self.body_within_s):
                body, refused = await _body(request.headers, receive)
        except TimeoutError:
            return b"", _TOO_SLOW
        return body, refused or refusal(replace(request, body=body), self.access)


async def _body(headers: Headers, receive: Receive) -> tuple[bytes, Refusal | None]:
    """The whole body, cut off above the size limit, and why it cannot be read, if so."""
    if "transfer-encoding" in headers:
        return b"", _NO_LENGTH
    if not headers.get("content-length", "0").isdecimal():
        return b"", _NO_LENGTH
    if int(headers.get("content-length", "0")) == 0:
        return b"", None
    body, more = b"", True
    while more and len(body) <= MOST_BYTES:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body, None


def _replayed(body: bytes, receive: Receive) -> Receive:
    """A receive function that yields the body already read, then the messages after it."""
    parts: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def read() -> Message:
        return parts.pop() if parts else await receive()

    return read


def _with_policy(send: Send, nonce: str) -> Send:
    async def sends(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            # A page that is a file of its own, such as a report, allows itself less.
            headers.setdefault("content-security-policy", POLICY.format(nonce=nonce))
            headers.update(HEADERS)
            headers.setdefault("cache-control", "no-store")
        await send(message)

    return sends
