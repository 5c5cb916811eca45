"""A socket as its pulse and its operations know it, and what all sockets of a process share."""

from __future__ import annotations

import asyncio
from typing import Final

from prometheus_client import Counter, Gauge

from api.sockets.closing import Closing
from api.sockets.messages import Message
from api.sockets.porch import Porch
from api.sockets.quota import SocketQuota
from domain.identity.actor import ANONYMOUS
from schema.kit.context import Authenticate
from schema.pipeline import Pipeline
from subscriptions.connection import Connection, Send
from subscriptions.hub import Hub
from subscriptions.limits import ConnectionLimits, SocketLimits

OPEN_SOCKETS: Final = Gauge("daftari_sockets_open", "Sockets that are open.")
CLOSED_SOCKETS: Final = Counter("daftari_sockets_closed_total", "Sockets that this server has closed, by why.", ["why"])


class Shared:
    """What sockets are served with, which there are, and what they have begun."""

    def __init__(
        self,
        pipeline: Pipeline,
        hub: Hub,
        authenticate: Authenticate,
        *,
        quota: SocketQuota,
        limits: SocketLimits,
        connection_limits: ConnectionLimits,
    ) -> None:
        self.pipeline = pipeline
        self.hub = hub
        self.authenticate = authenticate
        self.quota = quota
        self.limits = limits
        self.connection_limits = connection_limits
        self.porch = Porch()
        self.open: set[Caller] = set()
        self.operations: set[asyncio.Task[None]] = set()

    def enter(self, caller: Caller) -> None:
        self.open.add(caller)
        OPEN_SOCKETS.inc()

    def leave(self, caller: Caller) -> None:
        self.open.discard(caller)
        OPEN_SOCKETS.dec()

    def keep(self, operation: asyncio.Task[None]) -> asyncio.Task[None]:
        """The event loop itself would forget a task that nobody holds."""
        self.operations.add(operation)
        operation.add_done_callback(self.operations.discard)
        return operation

    @staticmethod
    def note_closing(closing: Closing) -> None:
        CLOSED_SOCKETS.labels(closing.name.lower()).inc()


class Caller(Connection):
    """Somebody at the other end of a socket: nobody in particular until they say who they are."""

    __slots__ = ("address", "shared")

    def __init__(self, shared: Shared, send: Send, address: str | None) -> None:
        super().__init__(shared.hub, send, ANONYMOUS, shared.connection_limits)
        self.shared = shared
        self.address = address

    def say(self, message: Message, *, passing: bool = False) -> None:
        self.reply(message, len(message["text"]), passing=passing)

    def close(self, closing: Closing, reason: str | None = None) -> None:
        if not self.closed:
            self.shared.note_closing(closing)
            self.end_with(closing.message(reason))
