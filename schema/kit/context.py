"""The context of one operation: who asks, under which correlation id, and what the operation shares while it runs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import strawberry

from domain.events import log
from domain.events.log import Place
from domain.identity.actor import Actor
from domain.kit import clock
from domain.kit.context import CallContext
from domain.kit.errors import Unauthenticated
from schema.kit.loaders import Load, Loaders

if TYPE_CHECKING:
    from subscriptions.status import HubStatus


class CursorWriter(Protocol):
    """Writes a place of the log as an opaque text; :class:`subscriptions.cursor.CursorCodec` is the one."""

    def encode(self, place: Place) -> str: ...


@dataclass(frozen=True)
class RealtimeStatus:
    """How live delivery stands on this server."""

    connected: bool
    connected_clients: int
    uptime_seconds: int
    enabled: bool = False

    @classmethod
    def of(cls, hub: HubStatus) -> RealtimeStatus:
        return cls(
            connected=hub.doorbell,
            connected_clients=hub.connections,
            uptime_seconds=int(hub.uptime_s),
            enabled=hub.real_time,
        )

    @property
    def server_time(self) -> datetime:
        return clock.now()


@dataclass(frozen=True)
class Services:
    """What the process lends to resolvers, because only the edge knows it."""

    cursors: CursorWriter | None = None
    realtime_status: Callable[[], RealtimeStatus] | None = None
    others: dict[str, Any] = field(default_factory=dict)


@dataclass
class Context:
    """One per operation, or one per event of a feed. ``problem`` says why a bearer token was not accepted."""

    actor: Actor
    call: CallContext
    services: Services = field(default_factory=Services)
    problem: Unauthenticated | None = None
    _as_of: Place | None = None

    @cached_property
    def loaders(self) -> Loaders:
        return Loaders(self.actor)

    @property
    def realtime_status(self) -> RealtimeStatus:
        """How live delivery stands here; a process that delivers nothing says so."""
        ask = self.services.realtime_status
        return ask() if ask else RealtimeStatus(connected=False, connected_clients=0, uptime_seconds=0)

    async def load(self, load: Load[Any, Any], key: Any) -> Any:
        """The row of ``key``, fetched together with all others that the operation asks for; None for no key."""
        return None if key is None else await self.loaders.one(load, key)

    async def load_many(self, load: Load[Any, Any], key: Any) -> Any:
        """The rows of ``key``, fetched together with those of all other keys that the operation asks for."""
        return await self.loaders.many(load, key)

    async def load_each(self, load: Load[Any, Any], keys: Iterable[Any]) -> list[Any]:
        """The rows of several keys in their order, but for those of which there is none."""
        return [row for row in await self.loaders.get(load).load_many(keys) if row is not None]

    async def as_of(self) -> str:
        """The place of the log before which everything is in the data of this operation."""
        assert self.services.cursors is not None, "this process issues no cursors"
        if self._as_of is None:
            self._as_of = await log.head()
        return self.services.cursors.encode(self._as_of)


Info = strawberry.Info[Context, None]
"""What a resolver gets as ``info``: ``info.context`` is the :class:`Context`."""

Authenticate = Callable[[str], Awaitable[Actor]]
