"""Growth: pages of lists and dashboards over ten thousand, a hundred thousand and a million rows.

Each size is a database of its own, written by SQL in sets: so many instalments of loans, payments, journal entries, school
fees and movements of stock. What counts is the time of the statements at the database, the median of several asks; the
largest is compared with the smallest.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Awaitable, Callable, Mapping
from statistics import median
from typing import Final

from api.embedded import start_postgres
from domain import rooms
from domain.accounting.dashboard import accounting_dashboard
from domain.identity.actor import SYSTEM
from domain.kit.database import PoolLimits, close_database, open_database
from domain.kit.migrations import migrate
from domain.kit.paging import PageRequest
from domain.ledger.queries import journal_entries
from domain.lending import collections, dashboards, queries
from domain.milling.queries.stock import MovementFilter, stock_movements
from domain.payments.queries.payments import my_payments, payments
from domain.school.queries.board import school_dashboard
from domain.school.queries.fees import FeeFilter, fees
from tests.performance.asking import OPTIONS, ROUNDS, WARM_ROUNDS, asking
from tests.performance.growing_book import A_STUDENT, AN_ITEM, CURRENCY, a_client, a_miller, write_rows
from tests.performance.lending_book import Size, a_borrower, an_officer, the_manager, write_book
from tests.performance.pictures import Chart
from tests.performance.report import Chapter, Figure, Table
from tests.performance.rounds import ONLY_TRYING
from tests.support.homes import open_home
from tests.support.people import configure_identity

LOANS: Final = (100, 1_000) if ONLY_TRYING else (1_000, 10_000, 100_000)
ROWS_OF_A_LOAN: Final = 10
"""Instalments; the largest book has a million of them."""
PAGE: Final = PageRequest(first=20)
WRITTEN_FAST: Final = {"fsync": "off", "full_page_writes": "off", "max_wal_size": "4GB"}
"""Millions of rows are written before anything is measured, and thrown away behind it."""
PATIENCE_MS: Final = 5_000.0
"""What takes so long altogether need not be asked more often."""
A_PAGE_MAY: Final = 1.3
A_DASHBOARD_MAY: Final = 1.5

Ask = Callable[[], Awaitable[object]]

PAGES: Final[Mapping[str, Ask]] = {
    "page of loans, all branches": lambda: queries.loans(SYSTEM, PAGE),
    "page of loans, one branch": lambda: queries.loans(the_manager(), PAGE),
    "page of loans, one borrower": lambda: queries.loans(a_borrower(), PAGE),
    "page of collections, one officer": lambda: collections.collections(an_officer(), PAGE, collections.CollectionFilter()),
    "page of repayments, all branches": lambda: collections.loan_repayments(SYSTEM, PAGE, collections.RepaymentFilter()),
    "page of payments, all": lambda: payments(SYSTEM, PAGE),
    "page of payments, one client": lambda: my_payments(a_client(), PAGE),
    "page of journal entries": lambda: journal_entries(SYSTEM, PAGE),
    "page of school fees, all": lambda: fees(SYSTEM, PAGE),
    "page of school fees, one student": lambda: fees(SYSTEM, PAGE, FeeFilter(student_id=A_STUDENT)),
    "page of stock movements, all": lambda: stock_movements(a_miller(), PAGE),
    "page of stock movements, one item": lambda: stock_movements(a_miller(), PAGE, MovementFilter(item_id=AN_ITEM)),
}
DASHBOARDS: Final[Mapping[str, Ask]] = {
    "dashboard of the admin": lambda: dashboards.admin_dashboard(SYSTEM),
    "dashboard of a branch manager": lambda: dashboards.branch_manager_dashboard(the_manager()),
    "dashboard of a loan officer": lambda: dashboards.loan_officer_dashboard(an_officer()),
    "dashboard of a borrower": lambda: dashboards.borrower_dashboard(a_borrower()),
    "dashboard of the accountants": lambda: accounting_dashboard(SYSTEM, currency=CURRENCY),
    "dashboard of the school": lambda: school_dashboard(SYSTEM, CURRENCY),
}


async def measure() -> Chapter:
    took = {loans * ROWS_OF_A_LOAN: await _of_a_book(loans) for loans in LOANS}
    return _chapter(took)


async def _of_a_book(loans: int) -> dict[str, float]:
    """Milliseconds at the database, by what is asked."""
    with open_home() as home:
        server = start_postgres(home / "postgres", options={**OPTIONS, **WRITTEN_FAST})
        try:
            rooms.open_all()
            configure_identity()
            await migrate(server.url)
            await open_database(server.url, PoolLimits(min_size=1, max_size=1, statement_timeout_s=600))
            try:
                await write_book(Size(loans=loans))
                await write_rows(loans * ROWS_OF_A_LOAN)
                found = {name: await _took_ms(ask) for name, ask in {**PAGES, **DASHBOARDS}.items()}
            finally:
                await close_database()
        finally:
            server.stop()
    print(f"{loans * ROWS_OF_A_LOAN:,} rows measured", flush=True)
    return found


async def _took_ms(ask: Ask) -> float:
    took: list[float] = []
    for count in range(WARM_ROUNDS + ROUNDS):
        with asking() as asked:
            await ask()
        if count >= WARM_ROUNDS:
            took.append(sum(each.took_ms for each in asked))
        if sum(took) > PATIENCE_MS:
            break
    return median(took)


def _chapter(took: Mapping[int, Mapping[str, float]]) -> Chapter:
    least, most = min(took), max(took)
    figures = [
        Figure.no_more_than(f"ms of the {name}, {most:,} rows against {least:,}", took[most][name], took[least][name], limit)
        for names, limit in ((PAGES, A_PAGE_MAY), (DASHBOARDS, A_DASHBOARD_MAY))
        for name in names
    ]
    rows = [[name, *[took[size][name] for size in took]] for name in (*PAGES, *DASHBOARDS)]
    lines = {name: [(float(size), took[size][name]) for size in took] for name in (*PAGES, *DASHBOARDS)}
    return Chapter(
        "Growth",
        inspect.getdoc(sys.modules[__name__]) or "",
        figures,
        tables=[Table("Milliseconds at the database", ["", *[f"{size:,} rows" for size in took]], rows)],
        charts=[Chart("growth", "Pages and dashboards, by rows", "rows", "ms at the database", lines, log_y=True)],
    )
