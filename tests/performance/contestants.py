"""The servers that tell one event to many sockets, with all that differs between them, and how each is saturated.

The loop is closed: so many events are in flight, and the next is published when all subscribers have heard one. What is
counted is deliveries a second.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Final

from tests.performance.events import Publisher, ThroughRedis
from tests.performance.programs import Server, Subscribers, subscribers
from tests.performance.stage import DOCUMENT, PLAIN_DOCUMENT, Stage

WARM_SOCKETS: Final = 50
STOCK: Final = 4_000
SETTLE_S: Final = 1.5

_SIGN: Final = '"next"'
STOCK_STRAWBERRY: Final = "stock Strawberry"
GRAPHQL_WS: Final = "npm graphql-ws"
MERCURIUS: Final = "mercurius"
SOCKET_IO: Final = "socket.io"


@dataclass
class Turns:
    """What was measured of one contestant with so many sockets, round by round."""

    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return median(self.rates)

    @property
    def rate_of_a_full_core(self) -> float:
        """What the server would deliver with its core to itself: it does not notice what else the machine is doing."""
        return median(rate / cpu for rate, cpu in zip(self.rates, self.cpu, strict=True))


@dataclass
class Contestant:
    """A server and how it is spoken with. ``in_flight`` events keep it busy."""

    name: str
    server: Server
    publisher: Publisher
    order: Mapping[str, Any]
    in_flight: int = 32
    published: int = 0

    @asynccontextmanager
    async def crowd(self, sockets: int, **more: Any) -> AsyncIterator[Subscribers]:
        async with subscribers({"port": self.server.port, "sockets": sockets, **self.order, **more}) as crowd:
            # A peer does not say when a subscription is open.
            await asyncio.sleep(SETTLE_S)
            yield crowd

    async def memory_per_subscriber_kb(self, sockets: int) -> float:
        """Measured after some have come and gone, so that what every process allocates once is not counted."""
        async with self.crowd(WARM_SOCKETS) as crowd:
            await crowd.leave()
        await asyncio.sleep(SETTLE_S)
        before = self.server.memory_kb()
        async with self.crowd(sockets) as crowd:
            grown = self.server.memory_kb() - before
            await crowd.leave()
        return grown / sockets

    async def take_turn(self, crowd: Subscribers, seconds: float, turns: Turns | None = None) -> None:
        """Saturate the server for a while; returns when all that was published is heard."""
        await self.publisher.stock(STOCK)
        published = 0
        heard = 0.0
        started, cpu = time.perf_counter(), self.server.cpu_s()
        while (elapsed := time.perf_counter() - started) < seconds:
            missing = self.in_flight - int(published - heard)
            published += missing
            await self.publish(missing)
            heard += await crowd.heard()
        if turns is not None:
            turns.rates.append(heard * crowd.count / elapsed)
            turns.cpu.append((self.server.cpu_s() - cpu) / elapsed)
        await hear_all(crowd, published - heard)

    async def publish(self, events: int) -> None:
        self.published += events
        await self.publisher.publish(events)

    async def warm_up(self, crowd: Subscribers) -> None:
        """Told one by one first: who has missed one would show here."""
        for _ in range(3):
            await self.publish(1)
            await hear_all(crowd, 1)
        await self.take_turn(crowd, 1.0)


async def hear_all(crowd: Subscribers, events: float) -> None:
    """Returns when so many more are heard by everybody."""
    while events > 1e-6:
        events -= await crowd.heard()
    assert abs(events) < 1e-6, "more was told than was published"


async def all_contestants(stage: Stage) -> list[Contestant]:
    """Daftari first."""
    plain = {"dialect": "graphql", "sign": _SIGN, "documents": [PLAIN_DOCUMENT], "greeted": False}
    stock = await stage.start(sys.executable, "-m", "tests.performance.peers.stock_strawberry", channel=STOCK_STRAWBERRY)
    return [
        await daftari(stage),
        # It needs few events to be busy, and many would have to be waited for when its turn is over.
        Contestant(STOCK_STRAWBERRY, stock, _redis(stage, STOCK_STRAWBERRY), plain, 4),
        await graphql_ws(stage),
        Contestant(MERCURIUS, await stage.start_on_node("mercurius", MERCURIUS), _redis(stage, MERCURIUS), plain),
        Contestant(
            SOCKET_IO,
            await stage.start_on_node("socket_io", SOCKET_IO),
            _redis(stage, SOCKET_IO),
            {"dialect": "socket.io", "sign": '42["newInvoiceListed"'},
        ),
    ]


async def daftari(
    stage: Stage, *more: str, documents: Sequence[str] = (DOCUMENT,), cores: set[int] | None = None
) -> Contestant:
    order = {"dialect": "graphql", "sign": _SIGN, "documents": documents, "tokens": stage.tokens, "greeted": True}
    return Contestant("Daftari", await stage.start_daftari(*more, cores=cores), stage.through_the_log(), order)


async def graphql_ws(stage: Stage) -> Contestant:
    plain = {"dialect": "graphql", "sign": _SIGN, "documents": [PLAIN_DOCUMENT], "greeted": False}
    return Contestant(GRAPHQL_WS, await stage.start_on_node("graphql_ws", GRAPHQL_WS), _redis(stage, GRAPHQL_WS), plain)


def _redis(stage: Stage, channel: str) -> ThroughRedis:
    return ThroughRedis(stage.invoice, stage.redis, channel)
