"""People at work: they send money with keys, read, follow feeds that are cut off, and sign in again now and then."""

from __future__ import annotations

import asyncio
import random
from array import array
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from api.demo import people
from api.demo.people import DemoPerson
from tests.api.processes.installation import TRANSFER, Follower, position_of, signed_in
from tests.support.operations import operation
from tests.support.wires import Wire

READS: Final = (
    (people.ADMIN, operation("wallets/Wallet")),
    (people.INVESTOR, operation("wallets/WalletTransactions")),
    (people.ADMIN, operation("school/SchoolDashboard")),
    (people.ADMIN, operation("identity/Me")),
    (people.SELLER, operation("wallets/Wallets")),
)
FOLLOWED: Final = (
    (people.ADMIN, operation("core/Events")),
    (people.ADMIN, operation("core/Events")),
    (people.INVESTOR, operation("wallets/WalletBalanceChanged")),
    (people.SELLER, operation("wallets/WalletBalanceChanged")),
    (people.ADMIN, operation("school/SchoolDashboardUpdated")),
    (people.ADMIN, operation("notifications/NotificationReceived")),
)
WALLET: Final = "{ wallet { id } }"
PASSING: Final = frozenset({"UNAVAILABLE", "TIMEOUT"})
SIGN_IN_AGAIN_S: Final = 300.0
"""A third of an access token's life."""


@dataclass
class Counts:
    """What was done in all."""

    transfers: int = 0
    repeats: int = 0
    reads: int = 0
    deliveries: int = 0
    cuts: int = 0
    retries: int = 0


@dataclass
class Ear(Follower):
    """A follower that keeps of what it heard where it stands in the log, and nothing else."""

    positions: array[int] = field(default_factory=lambda: array("q"))
    in_order: bool = True
    counts: Counts = field(default_factory=Counts)

    def _take(self, item: dict[str, Any]) -> None:
        super()._take(item)
        while self.items:
            position = position_of(self.items.pop()["cursor"])
            self.in_order = self.in_order and (not self.positions or position >= self.positions[-1])
            self.positions.append(position)
            self.counts.deliveries += 1


class Visitor:
    """Somebody with an HTTP client of their own, who signs in again while the token is still good."""

    def __init__(self, address: str, person: DemoPerson) -> None:
        self.address, self.person = address, person
        self.token = ""
        self._http: httpx.AsyncClient | None = None
        self._until = 0.0
        self._signing = asyncio.Lock()
        # Their last requests may be on their way.
        self._left: list[httpx.AsyncClient] = []

    async def client(self) -> httpx.AsyncClient:
        async with self._signing:
            now = asyncio.get_running_loop().time()
            if self._http is None or now > self._until:
                before = self._http
                self._http, self.token = await signed_in(self.address, self.person)
                self._until = now + SIGN_IN_AGAIN_S
                if before is not None:
                    self._left.append(before)
            return self._http

    async def asks(self, counts: Counts, document: str, **variables: Any) -> Any:
        """The data of an answer. What a busy machine did not answer in time is asked again."""
        while True:
            with suppress(httpx.TransportError):
                client = await self.client()
                answer = (await client.post("/graphql", json={"query": document, "variables": variables})).json()
                errors = [each["extensions"]["code"] for each in answer.get("errors", ())]
                if not errors:
                    return answer["data"]
                assert set(errors) <= PASSING, errors
            counts.retries += 1
            await asyncio.sleep(0.5)

    async def leave(self) -> None:
        for client in (*self._left, self._http):
            if client is not None:
                await client.aclose()


class Load:
    """Everybody, from :meth:`begin` to :meth:`end`."""

    def __init__(self, address: str, rng: random.Random) -> None:
        self.counts = Counts()
        self._rng = rng
        self._visitors = {person: Visitor(address, person) for person in (people.ADMIN, people.INVESTOR, people.SELLER)}
        self._wallets: dict[DemoPerson, str] = {}

    async def begin(self) -> None:
        for person in (people.INVESTOR, people.SELLER):
            self._wallets[person] = (await self._visitors[person].asks(self.counts, WALLET))["wallet"]["id"]

    async def end(self) -> None:
        for visitor in self._visitors.values():
            await visitor.leave()

    async def token_of(self, person: DemoPerson) -> str:
        visitor = self._visitors[person]
        await visitor.client()
        return visitor.token

    async def transfer(self, number: int) -> None:
        """One transfer, there or back; of ten, one is sent twice and must be done once."""
        giver, taker = (people.INVESTOR, people.SELLER) if number % 2 else (people.SELLER, people.INVESTOR)
        act = {
            "fromWalletId": self._wallets[giver],
            "toWalletId": self._wallets[taker],
            "amount": {"amount": "1.00", "currency": "INR"},
            "idempotencyKey": f"soak {number}",
        }
        times = 2 if number % 10 == 0 else 1
        for time in range(times):
            retries = self.counts.retries
            told = (await self._visitors[giver].asks(self.counts, TRANSFER, input=act))["transferFunds"]
            assert not told["errors"], told
            assert told["replayed"] == (time == 1) or self.counts.retries > retries, told
        self.counts.transfers += 1
        self.counts.repeats += times - 1

    async def read(self) -> None:
        person, document = self._rng.choice(READS)
        await self._visitors[person].asks(self.counts, document)
        self.counts.reads += 1


async def at_a_pace(per_second: float, act: Callable[[], Any]) -> None:
    """Again and again, so many times a second, and less when an act takes longer."""
    loop = asyncio.get_running_loop()
    due = loop.time()
    while True:
        await act()
        due = max(due + 1 / per_second, loop.time())
        await asyncio.sleep(due - loop.time())


async def renew(ears: list[tuple[DemoPerson, Ear]], load: Load) -> None:
    """Followers that are cut come back with a fresh token."""
    while True:
        for person, ear in ears:
            ear.token = await load.token_of(person)
        await asyncio.sleep(30)


async def cut(wire: Wire, rng: random.Random, counts: Counts) -> None:
    """Cut one line after the other: with a reset, or after it has swallowed what the server said for a moment."""
    while True:
        await asyncio.sleep(rng.uniform(1.0, 5.0))
        lines = [line for line in wire.sockets if not line.swallows]
        if lines:
            line = rng.choice(lines)
            if rng.random() < 0.5:
                line.swallows = True
                await asyncio.sleep(rng.random() * 0.2)
            with suppress(OSError):
                line.cut()
            counts.cuts += 1
