"""The WebSocket side of ``/graphql``: handshakes, and all sockets of this process."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Final

from starlette.types import Receive, Scope, Send

from api.sockets.caller import Shared
from api.sockets.closing import Closing
from api.sockets.origins import Origins
from api.sockets.quota import SocketQuota
from api.sockets.socket import Socket
from api.sockets.wire import forget_handshake
from api.visitors import SERVERS_SEND, address_of, transport_of
from schema.kit.context import Authenticate
from schema.pipeline import Pipeline
from subscriptions.hub import Hub
from subscriptions.limits import ConnectionLimits, SocketLimits

SUBPROTOCOL: Final = "graphql-transport-ws"

FINISH_S: Final = 5.0
"""So long a server that stops waits for operations that have begun."""


class Sockets:
    """An ASGI application for a WebSocketRoute. One for a process; stop it after :meth:`drain`."""

    def __init__(
        self,
        pipeline: Pipeline,
        hub: Hub,
        authenticate: Authenticate,
        *,
        origins: Iterable[str] = (),
        quota: SocketQuota | None = None,
        limits: SocketLimits | None = None,
        connection_limits: ConnectionLimits | None = None,
        trusted_proxies: int = 0,
    ) -> None:
        self.shared = Shared(
            pipeline,
            hub,
            authenticate,
            quota=quota or SocketQuota(None),
            limits=limits or SocketLimits(),
            connection_limits=connection_limits or ConnectionLimits(),
        )
        self._origins = Origins(origins)
        self._trusted_proxies = trusted_proxies

    def __len__(self) -> int:
        return len(self.shared.open)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        if not self._origins.allow(scope):
            await _refuse(scope, send)
            return
        subprotocol = SUBPROTOCOL if SUBPROTOCOL in scope["subprotocols"] else None
        await send({"type": "websocket.accept", "subprotocol": subprotocol})
        closing = self._obstacle(subprotocol)
        if closing is not None:
            self.shared.note_closing(closing)
            await send(closing.message())
            return
        # Sockets are told much, so their messages do not go through the middleware's layers one by one.
        await self._serve(scope, receive, scope.get(SERVERS_SEND, send))

    async def drain(self, *, flush_s: float = 2.0, part_within_s: float = 5.0) -> None:
        """Before the process stops: operations that have begun are answered, feeds tell what is on its way, and then
        everybody is sent away to come back."""
        hub, operations = self.shared.hub, self.shared.operations
        hub.draining = True
        if operations:
            await asyncio.wait(set(operations), timeout=FINISH_S)
        await hub.drain(flush_s=flush_s, part_within_s=part_within_s)
        # Who has not said connection_init yet is unknown to the hub.
        for socket in list(self.shared.open):
            socket.close(Closing.RESTARTING)

    async def stop(self) -> None:
        for operation in self.shared.operations:
            operation.cancel()
        await asyncio.gather(*self.shared.operations, return_exceptions=True)
        await self.shared.quota.stop()

    def _obstacle(self, subprotocol: str | None) -> Closing | None:
        if subprotocol is None:
            return Closing.WRONG_SUBPROTOCOL
        if self.shared.hub.draining:
            return Closing.RESTARTING
        return Closing.TOO_MANY_SOCKETS if len(self) >= self.shared.limits.sockets_per_process else None

    async def _serve(self, scope: Scope, receive: Receive, send: Any) -> None:
        address = address_of(scope, self._trusted_proxies)
        socket = Socket(self.shared, send, address, transport=transport_of(send))
        forget_handshake(scope, send)
        self.shared.enter(socket)
        try:
            while (message := await receive())["type"] == "websocket.receive":
                socket.hear(message.get("text"))
        except asyncio.CancelledError:
            # That is how a socket which takes nothing any more is cut; any other cancelling is somebody else's.
            if not socket.closed:
                raise
        finally:
            socket.end()


async def _refuse(scope: Scope, send: Send) -> None:
    """The handshake of a page that may not connect: refused before it is a socket."""
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close"})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    with suppress(ConnectionError):
        await send({"type": "websocket.http.response.start", "status": 403, "headers": headers})
        await send({"type": "websocket.http.response.body", "body": b"this origin may not connect"})
