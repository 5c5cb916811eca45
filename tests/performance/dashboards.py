"""Dashboards and collections over 100,000 active loans with 1,000,000 instalments: how long the database takes for each.

A dashboard is asked for as the schema does; what counts is the time of its statements, from the moment each is sent until
its rows are read, on one connection. The plans of all statements are kept in ``dashboards.plans.txt`` beside this file. The
last figures are taken with changes that no job has folded into the sums by day yet, as many as 2,500 payments leave.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from api.embedded import start_postgres
from domain import rooms
from domain.identity.actor import SYSTEM
from domain.kit.database import PoolLimits, close_database, execute, open_database
from domain.kit.migrations import migrate
from domain.kit.paging import PageRequest
from domain.lending import collections, dashboards
from domain.lending.collections import CollectionFilter, RepaymentFilter
from domain.lending.states import CollectionBucket, PaymentChannel
from tests.performance.asking import OPTIONS, asked_of_database
from tests.performance.lending_book import Size, a_borrower, an_officer, the_manager, write_book
from tests.performance.report import Figure
from tests.support.homes import open_home
from tests.support.people import configure_identity

PLANS: Final = Path(__file__).with_suffix(".plans.txt")
TAIL: Final = 10_000
PAGE: Final = PageRequest(first=50)

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
    figures = [await asked_of_database(f"{name}, {size.loans:,} loans", CASES[name], plans) for name in CASES]
    await execute(CHANGES, TAIL)
    await execute("analyze loan_day_change")
    figures += [await asked_of_database(f"{name}, {TAIL:,} changes not folded", CASES[name], plans) for name in WITH_TAIL]
    PLANS.write_text("\n".join(plans))
    return figures
