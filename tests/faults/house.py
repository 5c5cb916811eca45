"""Two servers and a worker on a PostgreSQL and a Valkey behind wires, and people at work."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import httpx
import psutil  # type: ignore[import-untyped]

from api.demo import people
from api.embedded import AlreadyRunning, start_postgres
from domain.events.listeners import every_listener
from domain.rooms import open_all
from tests.api.processes.installation import (
    TRANSFER,
    Follower,
    Installation,
    an_installation,
    ask,
    position_of,
    positions_for_admin,
    signed_in,
    stop,
)
from tests.support.operations import operation
from tests.support.wires import Wire, a_wire_to

T = TypeVar("T")

PATIENCE_S: Final = 60.0
ACTS: Final = 8
"""So many are done before something breaks, and after."""
RETRIED: Final = frozenset({"UNAVAILABLE", "TIMEOUT", "IN_PROGRESS"})
"""What a client is told that passes: the catalogue says that it may send the same again."""

EVENTS: Final = """subscription($after: Cursor) { events(after: $after) {
    __typename ... on FeedItem { cursor } ... on ResyncRequired { reason } } }"""
WALLET: Final = "{ wallet { id balance { amount } } }"

SETTLED: Final = """
select not exists (select from outbox)
   and $1 = (select count(*) from event_checkpoint, event_log_head as head where event_checkpoint.position = head.position)
"""

KEYS: Final = count(1)


class Ear(Follower):
    """Follows all events, and takes note of it when history became another one."""

    def __init__(self, address: str, token: str) -> None:
        super().__init__(address, token, EVENTS)
        self.resyncs: list[str] = []

    def _take(self, item: dict[str, Any]) -> None:
        if item["__typename"] == "ResyncRequired":
            self.resyncs.append(item["reason"])
            self.items.clear()
            self.cursor = self.started_at = item["cursor"]
        else:
            super()._take(item)


@dataclass
class Load:
    """Two people who send each other money through both servers, each act with a key of its own, until it is answered."""

    clients: list[tuple[int, httpx.AsyncClient]]
    wallets: list[str]
    done: int = 0
    told: Counter[str] = field(default_factory=Counter)
    net_minor: list[int] = field(default_factory=lambda: [0, 0])
    stopping: bool = False

    @asynccontextmanager
    async def going_on(self, clients: list[tuple[int, httpx.AsyncClient]]) -> AsyncIterator[None]:
        """These write meanwhile, and go on before and after."""
        self.stopping = False
        writing = [asyncio.create_task(self.write(giver, client)) for giver, client in clients]
        enough = ACTS if writing else 0
        try:
            await self.goes_on(enough)
            yield
            await self.goes_on(enough)
            self.stopping = True
            async with asyncio.timeout(PATIENCE_S):
                await asyncio.gather(*writing)
        finally:
            for task in writing:
                task.cancel()
            await asyncio.gather(*writing, return_exceptions=True)

    async def write(self, giver: int, client: httpx.AsyncClient) -> None:
        while not self.stopping:
            number = next(KEYS)
            await self.send(giver, client, number, shillings=number % 7 + 1)

    async def send(self, giver: int, client: httpx.AsyncClient, number: int, *, shillings: int) -> bool:
        """Until it is done; returns whether that was told as a repeat."""
        act = {
            "fromWalletId": self.wallets[giver],
            "toWalletId": self.wallets[1 - giver],
            "amount": {"amount": f"{shillings}.00", "currency": "INR"},
            "idempotencyKey": f"fault {number}",
        }
        while True:
            code, replayed = await self._answer(client, act)
            if code is None:
                self.done += 1
                self.net_minor[giver] -= shillings * 100
                self.net_minor[1 - giver] += shillings * 100
                return replayed
            self.told[code] += 1
            assert code in RETRIED, code
            await asyncio.sleep(0.02)

    async def _answer(self, client: httpx.AsyncClient, act: dict[str, Any]) -> tuple[str | None, bool]:
        answer = (await client.post("/graphql", json={"query": TRANSFER, "variables": {"input": act}})).json()
        if answer.get("errors"):
            return answer["errors"][0]["extensions"]["code"], False
        payload = answer["data"]["transferFunds"]
        if payload["errors"]:
            return payload["errors"][0]["code"], False
        return None, payload["replayed"]

    async def goes_on(self, acts: int) -> None:
        """Until so many more acts are done."""
        wanted = self.done + acts
        await until(lambda: self.done >= wanted)


@dataclass
class House:
    """``database`` and ``redis`` are the wires that all processes are behind; :meth:`direct` goes past them."""

    place: Installation
    database: Wire
    redis: Wire
    addresses: list[str] = field(default_factory=list)
    clients: list[tuple[int, httpx.AsyncClient]] = field(default_factory=list)
    wallets: list[str] = field(default_factory=list)
    admin: httpx.AsyncClient = field(default_factory=httpx.AsyncClient)
    admin_token: str = ""

    @asynccontextmanager
    async def direct(self) -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(self.place.servers.database_url)
        try:
            yield connection
        finally:
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await connection.close(timeout=1)

    @asynccontextmanager
    async def at_work(self, *, busy: bool = True) -> AsyncIterator[Load]:
        """People at work meanwhile; only those whom the test itself lets act when not ``busy``. Afterwards each act was done
        once, everybody heard of it, and all invariants hold."""
        load = Load(self.clients, self.wallets)
        before = await self.balances()
        async with self.followed() as ears:
            async with load.going_on(self.clients if busy else []):
                yield load
            after = await self.balances()
            assert [now - then for now, then in zip(after, before, strict=True)] == load.net_minor
            await self.is_whole(ears)

    @asynccontextmanager
    async def followed(self) -> AsyncIterator[list[Ear]]:
        """Somebody at each server hears of everything meanwhile."""
        ears = [Ear(address, self.admin_token) for address in self.addresses]
        following = [asyncio.create_task(ear.run()) for ear in ears]
        try:
            async with asyncio.timeout(PATIENCE_S):
                for ear in ears:
                    await ear.began.wait()
            yield ears
        finally:
            await stop(following)

    async def balances(self) -> list[int]:
        """In minor units, of both people."""
        answers = [await ask(client, WALLET) for _, client in self.clients[:2]]
        return [round(float(answer["wallet"]["balance"]["amount"]) * 100) for answer in answers]

    async def is_whole(self, ears: list[Ear]) -> None:
        """Everything is numbered and heard by all listeners; each follower has each event once and in order; and every
        invariant of every room holds."""
        async with self.direct() as database:
            await until_true(lambda: database.fetchval(SETTLED, len(every_listener())))
            visible = await positions_for_admin(database)
        for ear in ears:
            expected = [position for position in visible if position > position_of(str(ear.started_at))]
            await until(lambda: len(ear.items) >= len(expected))  # noqa: B023
            assert [position_of(item["cursor"]) for item in ear.items] == expected
        report = (await ask(self.admin, operation("core/IntegrityReport")))["integrityReport"]
        assert (report["holds"], report["broken"]) == (True, [])

    async def kill_postgres(self) -> None:
        """All of its processes at once, as when the power goes; what was committed is on its disk."""
        postmaster = psutil.Process(self.place.servers.postgres.pid)
        for process in (postmaster, *postmaster.children()):
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        await asyncio.to_thread(self.place.servers.postgres.stop)

    async def start_postgres(self) -> None:
        """At the address where it was."""
        data, port = self.place.home / "postgres", urlsplit(self.place.servers.database_url).port
        async with asyncio.timeout(PATIENCE_S):
            while True:
                with suppress(AlreadyRunning):
                    self.place.servers.postgres = await asyncio.to_thread(start_postgres, data, port=port)
                    return

    @property
    def files_of_postgres(self) -> Path:
        return self.place.servers.postgres._place.files

    @property
    def backup(self) -> Path:
        return self.files_of_postgres.with_name("backup")


def behind(wire: Wire, url: str) -> str:
    """The same URL, by way of a wire."""
    parts, to = urlsplit(url), urlsplit(wire.address)
    return urlunsplit(parts._replace(netloc=f"{parts.netloc.rpartition('@')[0]}@{to.hostname}:{to.port}"))


@asynccontextmanager
async def a_house(told_home: Path) -> AsyncIterator[House]:
    open_all()
    async with AsyncExitStack() as stack:
        place = await stack.enter_async_context(an_installation(told_home))
        database = await stack.enter_async_context(a_wire_to(place.servers.database_url))
        redis = await stack.enter_async_context(a_wire_to(place.servers.redis_url))
        place.chosen = {
            "DATABASE_URL": behind(database, place.servers.database_url),
            "REDIS_URL": behind(redis, place.servers.redis_url),
            "DAFTARI_POINTS_PER_MINUTE": "0",
            "DAFTARI_ACCESS_TOKEN_MINUTES": "1440",
        }
        house = House(place, database, redis)
        house.addresses = list(await asyncio.gather(place.start_server("one"), place.start_server("two")))
        await place.start_worker()
        for address in house.addresses:
            for giver, person in enumerate((people.INVESTOR, people.SELLER)):
                client, _ = await signed_in(address, person)
                stack.push_async_callback(client.aclose)
                house.clients.append((giver, client))
        house.wallets = [(await ask(client, WALLET))["wallet"]["id"] for _, client in house.clients[:2]]
        house.admin, house.admin_token = await signed_in(house.addresses[0], people.ADMIN)
        stack.push_async_callback(house.admin.aclose)
        yield house


async def until(look: Callable[[], object], *, within_s: float = PATIENCE_S) -> None:
    """Look again and again: others bring it about."""
    async with asyncio.timeout(within_s):
        while not look():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def until_true(ask_for: Callable[[], Awaitable[object]], *, within_s: float = PATIENCE_S) -> None:
    async with asyncio.timeout(within_s):
        while not await ask_for():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def until_answered(ask_for: Callable[[], Awaitable[T]]) -> T:
    """What is answered once the database is there again."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            with suppress(AssertionError, KeyError):
                return await ask_for()
            await asyncio.sleep(0.02)
