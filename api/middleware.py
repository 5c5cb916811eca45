"""Around every request: its correlation id, the headers that keep browsers careful, and the last net under our mistakes."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Final

import orjson
import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.logs import MASK
from api.visitors import CORRELATION_ID, SERVERS_SEND, correlation_id_from, header
from domain.kit.context import CallContext, call_context

CORRELATION_HEADER: Final = b"x-correlation-id"

NOTHING_ALLOWED: Final = b"default-src 'none'; frame-ancestors 'none'"
OWN_PAGE_ALLOWED: Final = (
    b"default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; "
    b"base-uri 'none'; frame-ancestors 'none'"
)
"""The content security policy of the GraphiQL page, which loads nothing from elsewhere."""

_CAREFUL: Final = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
_ONLY_HTTPS: Final = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")

logger = structlog.get_logger(__name__)


class Edge:
    """Gives every request and socket a correlation id, and every response it and the careful headers."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        only_https: bool,
        sockets: Mapping[str, ASGIApp] | None = None,
        secret_in_paths: str | None = None,
    ) -> None:
        """``sockets`` are answered right here, by path: an open socket would keep every layer below in memory, for years
        maybe, and the layers do nothing for it. Log lines show paths without ``secret_in_paths``."""
        self._app = app
        self._sockets = sockets or {}
        self._secret_in_paths = secret_in_paths
        self._headers = [*_CAREFUL, *((_ONLY_HTTPS,) if only_https else ())]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        correlation_id = correlation_id_from(header(scope, CORRELATION_HEADER))
        scope[CORRELATION_ID] = correlation_id
        scope[SERVERS_SEND] = send
        if scope["type"] == "websocket":
            await self._sockets.get(scope["path"], self._app)(scope, receive, send)
            return
        answer = _Answer(send, [(CORRELATION_HEADER, str(correlation_id).encode()), *self._headers])
        with call_context(CallContext(correlation_id=correlation_id)):
            await self._guarded(scope, receive, answer)

    async def _guarded(self, scope: Scope, receive: Receive, answer: _Answer) -> None:
        started = time.perf_counter()
        try:
            await self._app(scope, receive, answer.send)
        except Exception:
            logger.exception("request_failed", method=scope["method"], path=self._shown(scope["path"]))
            if answer.status is not None:
                raise
            await answer.internal_error(str(scope[CORRELATION_ID]))
        logger.debug(
            "request",
            method=scope["method"],
            path=self._shown(scope["path"]),
            status=answer.status,
            took_ms=round((time.perf_counter() - started) * 1000, 1),
        )

    def _shown(self, path: str) -> str:
        return path if self._secret_in_paths is None else path.replace(self._secret_in_paths, MASK)


class _Answer:
    """The response on its way out."""

    def __init__(self, send: Send, headers: list[tuple[bytes, bytes]]) -> None:
        self._send = send
        self._headers = headers
        self.status: int | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            own = list(message.get("headers", ()))
            if not any(name == b"content-security-policy" for name, _ in own):
                own.append((b"content-security-policy", NOTHING_ALLOWED))
            message = {**message, "headers": own + self._headers}
        await self._send(message)

    async def internal_error(self, correlation_id: str) -> None:
        error = {"message": "Internal error", "extensions": {"code": "INTERNAL", "correlationId": correlation_id}}
        body = orjson.dumps({"errors": [error]})
        headers = [(b"content-type", b"application/json; charset=utf-8"), (b"content-length", str(len(body)).encode())]
        await self.send({"type": "http.response.start", "status": 500, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})
