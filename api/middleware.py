"""Around every request: its correlation id, the headers that keep browsers careful, and the last net under our mistakes.

It is also the fork of two ways. Operations that no page of a browser sends need no preflight, no answer to an Origin and no
routing: they go straight to where they are answered. Everything else goes through the layers that know about these.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import orjson
import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.logs import MASK
from api.observability.requests import requests
from api.refusals import errors_of, internal_errors
from api.visitors import CORRELATION_HEADER, CORRELATION_ID, HEADERS, SERVERS_SEND, correlation_id_of, headers_by_name
from domain.kit.context import CallContext, call_context
from domain.kit.errors import Unavailable
from domain.kit.outages import is_outage

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
_COME_AGAIN: Final = (b"retry-after", str(Unavailable.retry_after_s).encode())
_NOTHING_ALLOWED: Final = (b"content-security-policy", NOTHING_ALLOWED)

logger = structlog.get_logger(__name__)
_every_line = logging.getLogger()
"""Knows the level of all our lines. Every request asks for it, and structlog's own answer costs ten times as much."""


class Edge:
    """Gives every request and socket a correlation id, and every response it and the careful headers."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        only_https: bool,
        sockets: Mapping[str, ASGIApp] | None = None,
        posted: Mapping[str, ASGIApp] | None = None,
        secret_in_paths: str | None = None,
    ) -> None:
        """``sockets`` are answered right here, by path: an open socket would keep every layer below in memory, for years
        maybe, and the layers do nothing for it. So are requests by POST that name no Origin, by ``posted``. Log lines show
        paths without ``secret_in_paths``."""
        self._app = app
        self._sockets = sockets or {}
        self._posted = posted or {}
        self._secret_in_paths = secret_in_paths
        self._headers = [*_CAREFUL, *((_ONLY_HTTPS,) if only_https else ())]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = scope[HEADERS] = headers_by_name(scope["headers"])
            posted = self._posted.get(scope["path"]) if scope["method"] == "POST" and b"origin" not in headers else None
            await self._answered(posted or self._app, scope, receive, send, varies_by_origin=posted is not None)
        elif scope["type"] == "websocket":
            scope[CORRELATION_ID] = correlation_id_of(scope)
            scope[SERVERS_SEND] = send
            await self._sockets.get(scope["path"], self._app)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _answered(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send, *, varies_by_origin: bool) -> None:
        started = time.perf_counter()
        correlation_id = scope[CORRELATION_ID] = correlation_id_of(scope)
        scope[SERVERS_SEND] = send
        own = [(CORRELATION_HEADER, str(correlation_id).encode()), *self._headers]
        answer = _Answer(send, own, varies_by_origin=varies_by_origin)
        with call_context(CallContext(correlation_id=correlation_id)):
            try:
                await app(scope, receive, answer.send)
            except Exception as problem:
                if answer.status is None and is_outage(problem):
                    await answer.fail(503, errors_of(problem, correlation_id), [_COME_AGAIN])
                else:
                    logger.exception("request_failed", method=scope["method"], path=self._shown(scope["path"]))
                    if answer.status is not None:
                        raise
                    await answer.fail(500, internal_errors(correlation_id))
            finally:
                ended = answer.began_at or time.perf_counter()
                requests.ended(scope["method"], scope["path"], answer.status or 0, ended - started)
            if _every_line.isEnabledFor(logging.DEBUG):
                self._say(scope, answer.status, time.perf_counter() - started)

    def _say(self, scope: Scope, status: Any, took_s: float) -> None:
        path = self._shown(scope["path"])
        logger.debug("request", method=scope["method"], path=path, status=status, took_ms=round(took_s * 1000, 1))

    def _shown(self, path: str) -> str:
        return path if self._secret_in_paths is None else path.replace(self._secret_in_paths, MASK)


class _Answer:
    """The response on its way out."""

    __slots__ = ("_headers", "_send", "_varies_by_origin", "began_at", "status")

    def __init__(self, send: Send, headers: list[tuple[bytes, bytes]], *, varies_by_origin: bool) -> None:
        """``varies_by_origin`` is for who did not come through the layer that says so to caches."""
        self._send = send
        self._headers = headers
        self._varies_by_origin = varies_by_origin
        self.status: int | None = None
        self.began_at: float | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.began_at = time.perf_counter()
            message = {**message, "headers": self._all(message.get("headers", ()))}
        await self._send(message)

    def _all(self, told: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        headers = list(told)
        policed = False
        for place, (name, value) in enumerate(headers):
            if name == b"content-security-policy":
                policed = True
            elif name == b"vary" and self._varies_by_origin:
                headers[place] = (name, value + b", Origin")
        if not policed:
            headers.append(_NOTHING_ALLOWED)
        return headers + self._headers

    async def fail(self, status: int, errors: Sequence[dict[str, Any]], more: Iterable[tuple[bytes, bytes]] = ()) -> None:
        body = orjson.dumps({"errors": errors})
        headers = [(b"content-type", b"application/json; charset=utf-8"), (b"content-length", str(len(body)).encode())]
        await self.send({"type": "http.response.start", "status": status, "headers": [*headers, *more]})
        await self.send({"type": "http.response.body", "body": body})
