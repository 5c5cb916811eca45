"""The span of an HTTP request, around an application. Where nothing is traced it is not put there."""

from __future__ import annotations

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.negotiation import EVENT_STREAM
from api.observability.requests import route_of
from api.visitors import header, is_correlated, trace_parent_of
from domain.kit import tracing

UNTOLD: Final = ("/health/", "/metrics")
"""Whoever asks every few seconds whether we live would be most of what is told."""


class Traced:
    """Outside of it the request has got its correlation id."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # A stream goes on for hours. Its feed tells of itself when it is opened, and of each event.
        if scope["path"].startswith(UNTOLD) or EVENT_STREAM in (header(scope, b"accept") or ""):
            await self._app(scope, receive, send)
            return
        route, method = route_of(scope["path"]), scope["method"]
        notes = {"http.request.method": method, "http.route": route}
        with tracing.act(
            f"{method} {route}",
            tracing.Kind.SERVER,
            notes,
            caller=trace_parent_of(scope),
            is_origin=not is_correlated(scope),
        ) as answering:

            async def send_noting_status(message: Message) -> None:
                if message["type"] == "http.response.start":
                    answering.note("http.response.status_code", message["status"])
                await send(message)

            await self._app(scope, receive, send_noting_status)
