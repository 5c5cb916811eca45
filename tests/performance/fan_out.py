"""One event to many sockets: Daftari, stock Strawberry, and npm graphql-ws, turn and turn about.

The loop is closed: so many events are in flight, and the next is published when all subscribers have heard one. What is
counted is deliveries a second at saturation. All three tell the same events in the same fields on the same machine.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final

import asyncpg
import redis.asyncio as redis

from api.embedded import EmbeddedServers
from api.processes.foundation import database_of
from domain.events import log
from domain.identity.permissions import Role
from domain.kit.migrations import migrate
from tests.performance.events import Publisher, ThroughRedis, ThroughTheLog, an_invoice
from tests.performance.programs import Server, Subscribers, a_server, share_out_cores, subscribers
from tests.performance.report import Figure
from tests.support.homes import open_home
from tests.support.operations import operation
from tests.support.people import a_user, signed_in
from tests.support.servers import NODE, settings_for_tests

PEER_OF_NODE: Final = Path(__file__).with_name("node") / "server.mjs"

SOCKETS: Final = 500
IDLE_SOCKETS: Final = 1_000
WARM_SOCKETS: Final = 50
USERS: Final = 25
ROUNDS: Final = 5
ROUND_S: Final = 3.0
IN_FLIGHT: Final = 32
STOCK: Final = 4_000
SETTLE_S: Final = 1.5

DURABLE_ENOUGH: Final = {"synchronous_commit": "off"}
"""What is measured is delivery, not the disk of this machine."""

_FIELDS: Final = operation("invoice_finance/NewInvoiceListed").partition("... on NewInvoiceListed {")[2].rsplit("}", 3)[0]
PLAIN_DOCUMENT: Final = f"subscription {{ newInvoiceListed {{ __typename cursor {_FIELDS} }} }}"
"""The fields of the canonical operation, for servers whose feeds tell nothing but events."""


@dataclass
class Contestant:
    """A server with its subscribers, and what has been measured of it."""

    name: str
    server: Server
    publisher: Publisher
    document: str
    tokens: Sequence[str] = ()
    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    published: int = 0

    @property
    def rate(self) -> float:
        return median(self.rates)

    @property
    def rate_of_a_full_core(self) -> float:
        """What the server would deliver with its core to itself: it does not notice what else the machine is doing."""
        return median(rate / cpu for rate, cpu in zip(self.rates, self.cpu, strict=True))

    @asynccontextmanager
    async def crowd(self, sockets: int) -> AsyncIterator[Subscribers]:
        order = {"port": self.server.port, "sockets": sockets, "document": self.document}
        async with subscribers({**order, "tokens": self.tokens, "greeted": bool(self.tokens)}) as crowd:
            # A peer does not say when a subscription is open.
            await asyncio.sleep(SETTLE_S)
            yield crowd

    async def memory_per_subscriber_kb(self) -> float:
        """Measured after some have come and gone, so that what every process allocates once is not counted."""
        async with self.crowd(WARM_SOCKETS) as crowd:
            await crowd.leave()
        await asyncio.sleep(SETTLE_S)
        before = self.server.memory_kb()
        async with self.crowd(IDLE_SOCKETS) as crowd:
            grown = self.server.memory_kb() - before
            await crowd.leave()
        return grown / IDLE_SOCKETS

    async def run_round(self, crowd: Subscribers, seconds: float) -> None:
        """Saturate the server for a while; returns when all that was published is heard."""
        await self.publisher.stock(STOCK)
        in_flight = heard = 0
        started, cpu = time.perf_counter(), self.server.cpu_s()
        while (elapsed := time.perf_counter() - started) < seconds:
            await self._publish(IN_FLIGHT - in_flight)
            count = await crowd.heard()
            in_flight, heard = IN_FLIGHT - count, heard + count
        self.rates.append(heard * crowd.count / elapsed)
        self.cpu.append((self.server.cpu_s() - cpu) / elapsed)
        while in_flight > 0:
            in_flight -= await crowd.heard()

    async def _publish(self, events: int) -> None:
        self.published += events
        await self.publisher.publish(events)

    async def warm_up(self, crowd: Subscribers) -> None:
        """Told one by one first: who has missed one would show here."""
        for _ in range(3):
            await self._publish(1)
            heard = await crowd.heard()
            assert heard == 1, f"{self.name} told {heard} events instead of one"
        await self.run_round(crowd, 1.0)
        self.rates.clear()
        self.cpu.clear()


@asynccontextmanager
async def contestants() -> AsyncIterator[list[Contestant]]:
    """All servers at work, over a database and a Redis of their own."""
    core = share_out_cores()
    async with AsyncExitStack() as stack:
        home = stack.enter_context(open_home())
        servers = stack.enter_context(EmbeddedServers.start(home, postgres_options=DURABLE_ENOUGH))
        await migrate(servers.database_url)
        settings = settings_for_tests(database_url=servers.database_url, redis_url=servers.redis_url)
        await stack.enter_async_context(database_of(settings))
        tokens = [(await signed_in(await a_user(Role.INVESTOR))).access_token for _ in range(USERS)]
        invoice = await an_invoice()
        sequencer = await asyncpg.connect(servers.database_url)
        stack.push_async_callback(sequencer.close)
        await _number_everything(sequencer)
        client = redis.Redis.from_url(servers.redis_url)
        stack.push_async_callback(client.aclose)
        environment = {"DATABASE_URL": servers.database_url, "REDIS_URL": servers.redis_url}

        async def start(name: str, *command: str | Path) -> Server:
            return await stack.enter_async_context(a_server(command, core, {**environment, "CHANNEL": name}))

        ours = await start("Daftari", sys.executable, "-m", "tests.performance.daftari")
        stock = await start("stock Strawberry", sys.executable, "-m", "tests.performance.peers.stock_strawberry")
        npm = await start("npm graphql-ws", NODE, PEER_OF_NODE)
        document = operation("invoice_finance/NewInvoiceListed")
        yield [
            Contestant("Daftari", ours, ThroughTheLog(invoice, sequencer, client), document, tokens),
            *(
                Contestant(name, server, ThroughRedis(invoice, client, name), PLAIN_DOCUMENT)
                for name, server in (("stock Strawberry", stock), ("npm graphql-ws", npm))
            ),
        ]


async def measure() -> list[Figure]:
    async with contestants() as (ours, *others):
        everybody = [ours, *others]
        memory = {each.name: await each.memory_per_subscriber_kb() for each in everybody}
        counts = await ours.server.counts()
        async with AsyncExitStack() as stack:
            crowds = [await stack.enter_async_context(each.crowd(SOCKETS)) for each in everybody]
            for each, crowd in zip(everybody, crowds, strict=True):
                await each.warm_up(crowd)
            for number in range(ROUNDS):
                for each, crowd in zip(everybody, crowds, strict=True):
                    await each.run_round(crowd, ROUND_S)
                    print(
                        f"round {number + 1}: {each.name} {each.rates[-1]:,.0f}/s, server CPU {each.cpu[-1]:.0%}", flush=True
                    )
            executions = (await ours.server.counts())["executions"] - counts["executions"]
            for each, crowd in zip(everybody, crowds, strict=True):
                heard = await crowd.leave()
                assert heard["least"] == heard["most"] == each.published, f"{each.name}: {heard} of {each.published}"
        return _figures(ours, others, memory, executions / ours.published)


async def _number_everything(sequencer: asyncpg.Connection) -> None:
    """What setting up has left in the outbox is not part of the measurement."""
    while await log.sequence(sequencer):
        pass


def _figures(
    ours: Contestant, others: Sequence[Contestant], memory: dict[str, float], executions_per_event: float
) -> list[Figure]:
    times = {"stock Strawberry": 15.0, "npm graphql-ws": 3.0}
    figures = [
        Figure.at_least(f"deliveries/s to {SOCKETS} sockets, against {each.name}", ours.rate, each.rate, times[each.name])
        for each in others
    ]
    for each in others:
        name = f"deliveries/s of a saturated core, against {each.name}"
        full_cores = ours.rate_of_a_full_core, each.rate_of_a_full_core
        figures.append(Figure.at_least(name, *full_cores, times[each.name]))
    figures.append(Figure.at_most(f"KB per idle subscriber, {IDLE_SOCKETS} sockets", memory[ours.name], 25.0, "KB"))
    figures += [
        Figure.at_least(f"KB per idle subscriber, against {each.name}", memory[ours.name], memory[each.name])
        for each in others
    ]
    figures.append(Figure.at_most(f"executions per event for {SOCKETS} sockets", executions_per_event, 1.0, "execution"))
    return figures
