"""One installation for all journeys: processes that die in the midst of them, and people who travel under one id.

Every journey gives all of its requests the same ``x-correlation-id``, as a gateway would. Whatever comes of them has to
carry it: what is done by jobs and listeners, what M-Pesa's callbacks set off, every journal entry and every event.

All journeys go on at once, and share one night: when each of them has come to its middle, the worker, Valkey and the server
that has all sockets are killed. What is done then is done without them; in the morning they are there again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import asyncpg
import httpx
import orjson

from api.demo import people
from api.demo.people import DemoPerson
from domain.events.listeners import every_listener
from domain.kit.ids import new_id
from domain.payments.rules.phones import normalise
from domain.rooms import open_all
from schema.kit.ids import read_id
from tests.api.processes.cast import Somebody
from tests.api.processes.installation import PATIENCE_S, Follower, Installation, ask, signed_in, stop
from tests.api.processes.till import Till, a_till
from tests.support.carriers import MailCatcher, mail_catcher
from tests.support.operations import operation

RIGHT: Final = ("duplicate", "late", "missing", "mismatched", "reversed", "out_of_order", "declined", "odd_types")
SIMULATED: Final = (
    *("--seed", "journeys", "--delay", "0.3", "--late", "8"),
    *(part for name in RIGHT for part in ("--rate", f"{name}=0")),
)
"""A simulated M-Pesa in which nothing goes wrong unless a journey wants it to."""

IN_THE_END_S: Final = 60.0
SETTLED: Final = """
select not exists (select from outbox)
   and not exists (select from job_task where state in ('QUEUED', 'RUNNING', 'RETRYING') and run_after <= now())
   and not exists (select from mpesa_message where state = 'RECEIVED')
   and $1 = (select count(*) from event_checkpoint, event_log_head as head where event_checkpoint.position = head.position)
"""


class Stream(Follower):
    """Follows a feed as server-sent events, each time after the last cursor it was given. A server that is not ready yet
    says so, and is asked again."""

    async def _follow_once(self) -> None:
        headers = {"authorization": f"Bearer {self.token}", "accept": "text/event-stream"}
        body = {"query": self.document, "variables": {"after": self.cursor}}
        async with (
            httpx.AsyncClient(timeout=httpx.Timeout(PATIENCE_S, read=None)) as http,
            http.stream("POST", f"{self.address}/graphql", json=body, headers=headers) as response,
        ):
            async for line in response.aiter_lines():
                name, _, value = line.partition(": ")
                told = orjson.loads(value) if name == "data" and value else {}
                if told.get("errors"):
                    return
                if told:
                    (item,) = told["data"].values()
                    self._take(item)

    async def run(self) -> None:
        while True:
            with suppress(httpx.HTTPError):
                await self._follow_once()
            self.cuts += 1
            await asyncio.sleep(0.1)


@dataclass
class Night:
    """Falls once, when all journeys have come to it, and ends when all of them have done what they do in it."""

    place: Installation
    journeys: int
    _dark: asyncio.Event = field(default_factory=asyncio.Event)
    _light: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._evening = asyncio.Barrier(self.journeys)
        self._morning = asyncio.Barrier(self.journeys)

    async def __aenter__(self) -> None:
        if await self._evening.wait() == 0:
            await self._fall()
        await self._dark.wait()

    async def __aexit__(self, *failure: object) -> None:
        if await self._morning.wait() == 0:
            await self._end()
        await self._light.wait()

    async def give_up(self) -> None:
        """Somebody did not get there: nobody else waits for them."""
        await self._evening.abort()
        await self._morning.abort()

    async def _fall(self) -> None:
        await self.place.kill("worker")
        await self.place.kill("two")
        self.place.kill_redis()
        self._dark.set()

    async def _end(self) -> None:
        await self.place.wake_redis()
        await asyncio.gather(self.place.start_worker(), self.place.start_server("two"))
        self._light.set()


@dataclass
class Road:
    """What all journeys share."""

    till: Till
    mail: MailCatcher
    database: asyncpg.Pool[Any]
    night: Night
    tokens: dict[DemoPerson, str] = field(default_factory=dict)
    prompting: asyncio.Lock = field(default_factory=asyncio.Lock)
    _signing: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def place(self) -> Installation:
        return self.till.place

    async def token_of(self, person: DemoPerson) -> str:
        """Everybody signs in once, whatever they do in how many journeys."""
        async with self._signing:
            if person not in self.tokens:
                http, self.tokens[person] = await signed_in(self.place.address_of("one"), person)
                await http.aclose()
            return self.tokens[person]

    async def settled(self) -> None:
        """Wait until outbox and queue are empty and everybody has heard of everything."""
        listeners = len(every_listener())
        await until(lambda: self.database.fetchval(SETTLED, listeners), patience_s=IN_THE_END_S)

    async def books_are_whole(self) -> None:
        """Every invariant of every room, asked for as an administrator does."""
        async with travelling(self, "core", {people.ADMIN: []}) as journey:
            report = await journey[people.ADMIN].sees("core/IntegrityReport")
        assert (report["holds"], report["broken"]) == (True, [])


@dataclass
class Journey:
    """People at work under one correlation id."""

    road: Road
    id: UUID
    cast: dict[DemoPerson, Somebody]

    def __getitem__(self, person: DemoPerson) -> Somebody:
        return self.cast[person]

    async def pays(
        self,
        person: DemoPerson,
        purpose: str,
        target_id: str,
        phone: str,
        *,
        fate: dict[str, Any] | None = None,
        **said: Any,
    ) -> dict[str, Any]:
        """Somebody has their telephone prompted; the payment. Of several journeys one at a time, so that a fate that was
        chosen for the next telephone is that of this one."""
        given = {"purpose": purpose, "targetId": target_id, "phone": phone, **said}
        async with self.road.prompting:
            if fate is not None:
                await self.road.till.mpesa.chosen(**fate)
            made = await self.cast[person].does("payments/InitiateMpesaPayment", **given)
            payment: dict[str, Any] = made["payment"]
            if "worker" in self.road.place.processes:
                await until(lambda: self.prompt_of(payment))
        return payment

    async def prompt_of(self, payment: Mapping[str, Any]) -> str | None:
        """The provider's id of the prompt; none before it has taken the request."""
        found: str | None = await self.road.database.fetchval(
            "select checkout_request_id from payment_prompt where payment_id = $1", read_id("Payment", payment["id"])
        )
        return found

    async def status_of(self, payment: Mapping[str, Any]) -> str:
        found: str = await self.road.database.fetchval(
            "select status from payment where id = $1", read_id("Payment", payment["id"])
        )
        return found

    async def names_of_events(self) -> list[str]:
        """Whatever was announced under the journey's id, in the order of the log."""
        rows = await self.road.database.fetch(
            "select name from event_log where correlation_id = $1 order by position", self.id
        )
        return [row["name"] for row in rows]

    async def goes_through(self, *names: str) -> None:
        """The events that make the story, in this order, among others: all of them under the one id."""
        told = await self.names_of_events()
        rest = iter(told)
        missing = [name for name in names if name not in rest]
        assert missing == [], (missing, told)

    async def is_one(self, *topics: str) -> None:
        """Nothing was ever announced of these under another id, and nothing booked by what is about them."""
        rows = await self.road.database.fetch(
            "select name, correlation_id from event_log where topics && $1::text[] and correlation_id <> $2", topics, self.id
        )
        assert [row["name"] for row in rows] == [], topics
        ids = [UUID(topic.partition(":")[2]) for topic in topics]
        booked = await self.road.database.fetch(
            "select kind from journal_entry where reference_id = any($1::uuid[]) and correlation_id <> $2", ids, self.id
        )
        assert [row["kind"] for row in booked] == [], topics
        lost = await self.road.database.fetchval(
            "select count(*) from job_task where correlation_id = $1 and state in ('DEAD', 'CANCELLED')", self.id
        )
        assert lost == 0

    async def entries(self) -> dict[str, int]:
        """What the journey's entries did to each account of the house, and to wallets together; debits positive."""
        rows = await self.road.database.fetch(
            """select a.code, sum(l.amount_minor)::bigint as amount from journal_entry e
               join journal_line l on l.entry_id = e.id join ledger_account a on a.id = l.account_id
               where e.correlation_id = $1 group by a.code having sum(l.amount_minor) <> 0""",
            self.id,
        )
        return {row["code"]: row["amount"] for row in rows}


@asynccontextmanager
async def travelling(
    road: Road,
    room: str,
    feeds: Mapping[DemoPerson, Sequence[str]],
    *,
    streams: Iterable[str] = (),
    joining: Journey | None = None,
) -> AsyncIterator[Journey]:
    """People who ask the server ``one`` and hear from the server ``two``: over sockets, or where a feed is in ``streams`` as
    server-sent events. They may join a journey that has begun without them."""
    journey = joining or Journey(road, new_id(), {})
    async with AsyncExitStack() as stack:
        running: list[asyncio.Task[None]] = []
        stack.push_async_callback(stop, running)
        for person, names in feeds.items():
            token = await road.token_of(person)
            headers = {"authorization": f"Bearer {token}", "x-correlation-id": str(journey.id)}
            http = httpx.AsyncClient(base_url=road.place.address_of("one"), timeout=PATIENCE_S, headers=headers)
            stack.push_async_callback(http.aclose)
            followers = {name: _follower(road, token, room, name, name in streams) for name in names}
            running += [asyncio.create_task(follower.run()) for follower in followers.values()]
            journey.cast[person] = Somebody(room, http, followers)
        async with asyncio.timeout(PATIENCE_S):
            for somebody in list(journey.cast.values()):
                for follower in somebody.feeds.values():
                    await follower.began.wait()
        yield journey


def _follower(road: Road, token: str, room: str, name: str, as_stream: bool) -> Follower:
    document = operation(name if "/" in name else f"{room}/{name}")
    return (Stream if as_stream else Follower)(road.place.address_of("two"), token, document)


@asynccontextmanager
async def a_road(told_home: Path, journeys: int) -> AsyncIterator[Road]:
    """Two servers, a worker and a simulated M-Pesa, on a copy of the demo."""
    open_all()
    async with mail_catcher() as mail:
        chosen = {"SMTP_URL": mail.url, "MAIL_FROM": "house@daftari.example", "DAFTARI_JOB_LEASE_S": "1"}
        async with a_till(told_home, *SIMULATED, **chosen) as till:
            place = till.place
            await asyncio.gather(place.start_server("one"), place.start_server("two"), place.start_worker())
            async with asyncpg.create_pool(place.servers.database_url, min_size=1, max_size=4) as database:
                yield Road(till, mail, database, Night(place, journeys))


async def answer_of(somebody: Somebody, name: str, **said: Any) -> Any:
    """What an act is answered, with its refusals."""
    (value,) = (await ask(somebody.http, operation(name), input=said)).values()
    return value


async def until(look: Callable[[], Awaitable[object]], *, patience_s: float = PATIENCE_S) -> None:
    """Look again and again: what is waited for happens in other processes."""
    give_up_at = time.monotonic() + patience_s
    while not await look():
        assert time.monotonic() < give_up_at, "it never happened"
        await asyncio.sleep(0.05)


def shown(money: Mapping[str, Any]) -> str:
    return str(money["formatted"])


def a_phone(number: int) -> str:
    """A Kenyan number that behaves."""
    written = f"07121{number:05}"
    normalise(written)
    return written
