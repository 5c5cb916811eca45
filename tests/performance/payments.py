"""Payments from the callback to the books: how many a second one worker works through, and its share of what is possible.

What is possible is what PostgreSQL takes for the same statements, parameters and transactions, sent by pgbench from one
client. Both begin with copies of one database, turn and turn about; the books of both are compared at the end. Beside that:
what a worker gains by having two batches in hand, as its queue lets it; how many payments a second are brought to the
wallets they are for; and how long M-Pesa waits until we acknowledge callbacks that come steadily, while a worker reads
them. All programs share all cores: a worker and its database wait for each other more than they compete.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Final
from urllib.parse import urlsplit

import asyncpg

from api.embedded import EmbeddedServers
from api.mpesa.account import DEFAULT_PATH
from api.mpesa.simulator.config import CONSUMER_KEY, CONSUMER_SECRET, PASSKEY, SHORT_CODE
from domain import rooms
from domain.events import log
from domain.events.listeners import catch_up
from domain.kit import database
from domain.kit.database import PoolLimits, close_database, fetchrow, open_database
from domain.kit.migrations import migrate
from domain.ledger.chart import house_account
from domain.payments.accounts import IN_TRANSIT, MPESA_CLEARING
from domain.payments.handlers import purposes
from domain.payments.intake import store_message
from domain.payments.intake.jobs import work_through
from domain.payments.provider import CURRENCY
from domain.payments.states import MessageKind
from tests.performance.callbacks import call_steadily
from tests.performance.payments_book import Waiting, prompt_everybody
from tests.performance.programs import PROJECT, START_S, a_server
from tests.performance.replay import recorded, replayed, script_of
from tests.performance.report import Figure
from tests.support.homes import open_home
from tests.support.people import configure_identity

PAYMENTS: Final = 800
ROUNDS: Final = 5
BROUGHT: Final = 200

CALLBACKS_PER_S: Final = 50
CALLBACKS: Final = 400
WARM: Final = 100
ACKNOWLEDGED_WITHIN_MS: Final = 50.0
WORKED_WITHIN_S: Final = 30.0

TEMPLATE: Final = "daftari"
OPTIONS: Final = {"shared_buffers": "256MB"}
FALLS_DUE_S: Final = 2.5
"""A callback is read two seconds after it came."""

PAID: Final = "select count(*) from payment where status = 'PAID'"

# What there is when everything is worked through, whoever did it.
BOOKS: Final = """
select (select count(*) from payment where status = 'PAID' and purpose_minor = amount_minor) as paid,
       (select count(*) from payment_credit) as credits, (select count(*) from mpesa_receipt) as receipts,
       (select count(*) from mpesa_message where state = 'DONE') as messages,
       (select count(*) from reconciliation where status = 'MATCHED') as matched,
       (select count(*) from journal_entry) as entries, (select sum(amount_minor) from payment_credit) as money,
       (select count(*) from outbox) as events
"""


@dataclass
class Measured:
    """What the rounds have found, in payments a second; ``cpu_us`` is what we computed for a payment, in microseconds."""

    ours: list[float] = field(default_factory=list)
    two_at_once: list[float] = field(default_factory=list)
    limit: list[float] = field(default_factory=list)
    cpu_us: list[float] = field(default_factory=list)


async def measure() -> list[Figure]:
    with open_home() as home, EmbeddedServers.start(home, postgres_options=OPTIONS) as servers:
        rooms.open_all()
        configure_identity()
        await migrate(servers.database_url)
        async with _opened(servers.database_url):
            # Copies know the accounts that this process knows.
            for account in (MPESA_CLEARING, IN_TRANSIT):
                await house_account(account, CURRENCY)
            waiting = await prompt_everybody(PAYMENTS)
        door = await _copy(servers, "door")
        async with _opened(servers.database_url):
            await _hear_of(waiting)
        await asyncio.sleep(FALLS_DUE_S)
        found = await _rounds(servers)
        return [*_figures(found), *await _brought(servers), *await _acknowledged(servers, door, waiting)]


async def _hear_of(waiting: Sequence[Waiting]) -> None:
    """A callback for each payment, kept as the webhook keeps it."""
    rest = iter(waiting)

    async def keep() -> None:
        for each in rest:
            await store_message(kind=MessageKind.STK_CALLBACK, body=each.callback, source_address="196.201.214.200")

    await asyncio.gather(*(keep() for _ in range(4)))


async def _rounds(servers: EmbeddedServers) -> Measured:
    """The first round warms up, and what it sends is what pgbench sends in all the others."""
    found, script = Measured(), ""
    for number in range(ROUNDS + 1):
        copies = [await _copy(servers, name) for name in ("ours", "paired", "replayed")]
        async with _opened(copies[0]):
            with recorded() as sent:
                took, cpu = await _work(1)
        async with _opened(copies[1]):
            took_paired, _ = await _work(2)
        script = script or script_of(sent)
        possible = await replayed(script, copies[2])
        books = [await _books(copy) for copy in copies]
        assert books[0] == books[1] == books[2], f"not all did the same: {books}"
        if number:
            found.ours.append(PAYMENTS / took)
            found.two_at_once.append(PAYMENTS / took_paired)
            found.limit.append(PAYMENTS / possible)
            found.cpu_us.append(1_000_000 * cpu / PAYMENTS)
            print(f"round {number}: {found.ours[-1]:,.0f}/s, pgbench {found.limit[-1]:,.0f}/s", flush=True)
    return found


async def _work(batches_at_once: int) -> tuple[float, float]:
    """All of them are worked through: how many seconds that took, and how many of them we computed."""
    began, computed = time.perf_counter(), time.process_time()
    done = sum(await asyncio.gather(*(work_through() for _ in range(batches_at_once))))
    took, cpu = time.perf_counter() - began, time.process_time() - computed
    assert done == PAYMENTS, f"{done} of {PAYMENTS} were worked through"
    return took, cpu


async def _brought(servers: EmbeddedServers) -> list[Figure]:
    """What was announced is heard by who brings the money to what it is for."""
    async with _opened(_named(servers, "ours")):
        await database.execute("delete from outbox where name <> 'payments.payment_credited'")
        await database.execute(
            "delete from outbox where id > (select id from outbox order by id offset $1 limit 1)", BROUGHT - 1
        )
        while await log.sequence(database):
            pass
        began = time.perf_counter()
        await catch_up(purposes)
        took = time.perf_counter() - began
        found = await database.fetchval("select count(*) from payment_application where record_id is not null")
        assert found == BROUGHT, f"{found} of {BROUGHT} were brought to their wallets"
    return [Figure.for_the_record("payments/s brought to the wallets they are for", BROUGHT / took)]


async def _acknowledged(servers: EmbeddedServers, door: str, waiting: Sequence[Waiting]) -> list[Figure]:
    environment = {"DATABASE_URL": door, "REDIS_URL": servers.redis_url, "DAFTARI_LOG_LEVEL": "ERROR"}
    command = (sys.executable, "-m", "tests.performance.daftari")
    async with a_server(command, os.sched_getaffinity(0), environment | _ACCOUNT) as server, _a_worker(environment):
        address = f"http://127.0.0.1:{server.port}"
        warm, measured = waiting[:WARM], waiting[WARM : WARM + CALLBACKS]
        await call_steadily(address, [each.callback for each in warm], CALLBACKS_PER_S)
        took = await call_steadily(address, [each.callback for each in measured], CALLBACKS_PER_S)
        await _until_worked(door, WARM + CALLBACKS)
    hundredths = quantiles(took, n=100)
    beside = f"ms until a callback is acknowledged, {CALLBACKS_PER_S} a second"
    return [
        Figure.at_most(f"{beside}, {which}", ms, ACKNOWLEDGED_WITHIN_MS, "ms")
        for which, ms in (("median", median(took)), ("99th percentile", hundredths[98]))
    ]


_ACCOUNT: Final = {
    "MPESA_URL": "http://127.0.0.1:9",
    "MPESA_CONSUMER_KEY": CONSUMER_KEY,
    "MPESA_CONSUMER_SECRET": CONSUMER_SECRET,
    "MPESA_SHORT_CODE": SHORT_CODE,
    "MPESA_PASSKEY": PASSKEY,
    "MPESA_CALLBACK_URL": f"http://127.0.0.1{DEFAULT_PATH}",
}
"""Nobody is asked: what is measured is being told."""


@asynccontextmanager
async def _a_worker(environment: dict[str, str]) -> AsyncIterator[None]:
    """Reads what came; it is at work when the block begins."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-u", "-m", "api.cli", "worker"),
        stdout=asyncio.subprocess.PIPE,
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], **environment},
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(START_S):
            assert b"Working" in await process.stdout.readline()
        yield
    finally:
        process.terminate()
        await process.wait()


async def _until_worked(url: str, callbacks: int) -> None:
    """All callbacks are kept, and made payments of."""
    async with _opened(url), asyncio.timeout(WORKED_WITHIN_S):
        while await database.fetchval(PAID) < callbacks:  # noqa: ASYNC110
            await asyncio.sleep(0.2)


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[None]:
    await open_database(url, PoolLimits(min_size=1, max_size=4))
    try:
        yield
    finally:
        await close_database()


async def _books(url: str) -> dict[str, object]:
    async with _opened(url):
        row = await fetchrow(BOOKS)
        assert row is not None and row["paid"] == PAYMENTS, f"not everything was settled: {row}"
        return dict(row)


async def _copy(servers: EmbeddedServers, name: str) -> str:
    """The address of a copy of the database as it is; one that there was before is gone."""
    admin = await asyncpg.connect(servers.postgres.url)
    try:
        await admin.execute(f"drop database if exists {name}")
        await admin.execute(f"create database {name} template {TEMPLATE} strategy file_copy")
    finally:
        await admin.close()
    return _named(servers, name)


def _named(servers: EmbeddedServers, name: str) -> str:
    return urlsplit(servers.database_url)._replace(path=f"/{name}").geturl()


def _figures(found: Measured) -> list[Figure]:
    ours = median(found.ours)
    return [
        Figure.at_least("payments/s settled by one worker, against pgbench", ours, median(found.limit)),
        Figure.at_least(
            "payments/s settled by one worker, two batches at once against one", median(found.two_at_once), ours
        ),
        Figure.for_the_record("us of our CPU to settle a payment", median(found.cpu_us)),
    ]
