"""Dashboards and collections over 100,000 active loans with 1,000,000 instalments: how long the database takes for each.

A dashboard is asked for as the schema does; what counts is the time of its statements, from the moment each is sent until
its rows are read, on one connection. The plans of all statements are kept in ``dashboards.plans.txt`` beside this file. The
last figures are taken with changes that no job has folded into the sums by day yet, as many as 2,500 payments leave.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final
from unittest.mock import patch

from asyncpg.connection import Connection

from api.embedded import start_postgres
from domain import rooms
from domain.identity.actor import SYSTEM
from domain.kit.database import PoolLimits, close_database, execute, fetch, open_database
from domain.kit.migrations import migrate
from domain.kit.paging import PageRequest
from domain.lending import collections, dashboards
from domain.lending.collections import CollectionFilter, RepaymentFilter
from domain.lending.states import CollectionBucket, PaymentChannel
from tests.performance.lending_book import Size, a_borrower, an_officer, the_manager, write_book
from tests.performance.report import Figure
from tests.support.homes import open_home
from tests.support.people import configure_identity

PLANS: Final = Path(__file__).with_suffix(".plans.txt")
LIMIT_MS: Final = 50.0
WARM_ROUNDS: Final = 3
ROUNDS: Final = 21
TAIL: Final = 10_000
PAGE: Final = PageRequest(first=50)
OPTIONS: Final = {"synchronous_commit": "off", "shared_buffers": "512MB"}

_OVERDUE: Final = CollectionFilter(bucket=CollectionBucket.OVERDUE)
_OWN: Final = CollectionFilter(officer_id=an_officer().id)

CASES: Final[dict[str, Callable[[], Awaitable[object]]]] = {
    "borrower dashboard": lambda: dashboards.borrower_dashboard(a_borrower()),
    "loan officer dashboard": lambda: dashboards.loan_officer_dashboard(an_officer()),
    "branch manager dashboard": lambda: dashboards.branch_manager_dashboard(the_manager()),
    "admin dashboard": lambda: dashboards.admin_dashboard(SYSTEM),
    "collection statistics, all branches": lambda: collections.collection_stats(SYSTEM),
    "collection statistics, one branch": lambda: collections.collection_stats(the_manager()),
    "collection statistics, one officer": lambda: collections.collection_stats(the_manager(), officer_id=an_officer().id),
    "collections, all branches": lambda: collections.collections(SYSTEM, PAGE, CollectionFilter()),
    "collections, overdue of one branch": lambda: collections.collections(the_manager(), PAGE, _OVERDUE),
    "collections, one officer": lambda: collections.collections(an_officer(), PAGE, _OWN),
    "loan repayment statistics": lambda: collections.loan_repayment_stats(SYSTEM),
    "loan repayments, all branches": lambda: collections.loan_repayments(SYSTEM, PAGE, RepaymentFilter()),
    "loan repayments, one channel of one branch": lambda: collections.loan_repayments(
        the_manager(), PAGE, RepaymentFilter(channel=PaymentChannel.MPESA)
    ),
}
WITH_TAIL: Final = ("branch manager dashboard", "admin dashboard", "collection statistics, all branches")

# Changes as payments leave them ($1 of them): for days of the last and the next two months, of every branch.
CHANGES: Final = """
insert into loan_day_change (branch_id, officer_id, currency, measure, happens_on, channel, count, amount_minor)
select branch_id, officer_id, currency, measure, happens_on, null, case when n % 2 = 0 then 1 else -1 end, n
from loan_officer_day, generate_series(1, 3) n
where happens_on between current_date - 60 and current_date + 60 order by random() limit $1
"""


@dataclass(slots=True)
class Asked:
    """A statement, its parameters, and how long its rows took."""

    sql: str
    parameters: tuple[Any, ...]
    took_ms: float


@contextmanager
def asking() -> Iterator[list[Asked]]:
    """What the application asks the database in the block, with the time of each."""
    asked: list[Asked] = []
    run = Connection._execute

    async def timed(self: Connection, query: str, args: Any, *more: Any, **kwargs: Any) -> Any:
        began = time.perf_counter()
        rows = await run(self, query, args, *more, **kwargs)
        asked.append(Asked(query, tuple(args), (time.perf_counter() - began) * 1000))
        return rows

    with patch.object(Connection, "_execute", timed):
        yield asked


async def measure() -> list[Figure]:
    with open_home() as home:
        server = start_postgres(home / "postgres", options=OPTIONS)
        try:
            rooms.open_all()
            configure_identity()
            await migrate(server.url)
            await open_database(server.url, PoolLimits(min_size=1, max_size=1, statement_timeout_s=600))
            try:
                return await _measured(Size())
            finally:
                await close_database()
        finally:
            server.stop()


async def _measured(size: Size) -> list[Figure]:
    await write_book(size)
    plans: list[str] = []
    figures = [await _figure(name, f"{size.loans:,} loans", plans) for name in CASES]
    await execute(CHANGES, TAIL)
    await execute("analyze loan_day_change")
    figures += [await _figure(name, f"{TAIL:,} changes not folded", plans) for name in WITH_TAIL]
    PLANS.write_text("\n".join(plans))
    return figures


async def _figure(name: str, beside: str, plans: list[str]) -> Figure:
    took = []
    for count in range(WARM_ROUNDS + ROUNDS):
        with asking() as asked:
            await CASES[name]()
        if count >= WARM_ROUNDS:
            took.append(sum(each.took_ms for each in asked))
    title = f"{name}, {beside}"
    plans += [f"===== {title}: {median(took):.1f} ms in {len(asked)} statements\n", *[await _plan(each) for each in asked]]
    return Figure.at_most(f"ms at the database: {title}", median(took), LIMIT_MS, "ms")


async def _plan(asked: Asked) -> str:
    lines = await fetch(f"explain (analyze, buffers) {asked.sql}", *asked.parameters)
    return "\n".join([asked.sql.strip(), *[f"    {line[0]}" for line in lines], ""])
