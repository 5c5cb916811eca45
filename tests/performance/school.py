"""The school under many cashiers: how many fee payments a second go through the public service while the database adds up
what the school counts, against the same without that; and how long the database takes for its boards.

Both ways of paying begin with the same school and take turns, with 16 cashiers at once on fees of their own. The tail of
changes is folded every second meanwhile, which the worker does every minute. Beside the payments of a second it is told how
many of them the database does in a second that it computes, which is the same on a busy machine. Boards are measured over
ten years of figures, folded and with a tail of 10,000 changes; the plans are kept in ``school.plans.txt`` beside this file.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final
from uuid import UUID

from api.embedded import start_postgres
from domain import rooms
from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit.database import PoolLimits, close_database, execute, fetchval, open_database
from domain.kit.migrations import migrate
from domain.kit.money import Money
from domain.school import figures
from domain.school.queries import board, statistics
from domain.school.service.collecting import pay_fee
from domain.school.service.statistics import fold_figures
from tests.performance.asking import OPTIONS, asked_of_database
from tests.performance.report import Figure
from tests.support.homes import open_home
from tests.support.people import configure_identity
from tests.support.school import a_school, enrolled_students
from tests.support.school_fees import charged

PLANS: Final = Path(__file__).with_suffix(".plans.txt")
CASHIERS: Final = 16
FEES: Final = 64
PAYMENTS: Final = 480
ROUNDS: Final = 5
KEPT_OF_IT: Final = 0.8
TAIL: Final = 10_000
CURRENCY: Final = "GHS"

COUNTED: Final = ("school_fee", "fee_payment", "school_transaction")
"""What a payment writes of what is counted."""

# Ten years of figures: months of money in five campuses, and the marks of each day of school in 40 classes.
TEN_YEARS: Final = """
insert into school_figure (metric, branch_id, class_id, on_date, currency, amount)
select m.metric, ('00000000-0000-0000-0000-0000000000b' || b)::uuid, null, month::date, $1, 1000000 + b
from unnest(array['INCOME', 'EXPENSES', 'FEES_CHARGED', 'FEES_COLLECTED', 'FEES_OUTSTANDING', 'FEES_CREDIT']) m (metric),
     generate_series(1, 5) b, generate_series(date '2016-01-01', date '2025-12-01', interval '1 month') month
union all
select m.metric, null, c.id, day::date, null, 10
from unnest(array['ATTENDANCE_PRESENT', 'ATTENDANCE_LATE', 'ATTENDANCE_ABSENT', 'ATTENDANCE_LEAVE']) m (metric),
     (select gen_random_uuid() as id from generate_series(1, 40)) c,
     generate_series(date '2016-01-04', date '2025-12-20', interval '1 day') day
where extract(isodow from day) < 6 and extract(doy from day)::int % 13 < 9
"""
CHANGES: Final = """
insert into school_figure_change (metric, branch_id, class_id, on_date, currency, amount)
select metric, branch_id, class_id, on_date, currency, 1 from school_figure order by random() limit $1
"""


async def measure() -> list[Figure]:
    with open_home() as home:
        server = start_postgres(home / "postgres", options=OPTIONS)
        try:
            rooms.open_all()
            configure_identity()
            await migrate(server.url)
            await open_database(server.url, PoolLimits(min_size=CASHIERS, max_size=CASHIERS + 4, statement_timeout_s=600))
            try:
                return [*await _payments(server.pid), *await _boards()]
            finally:
                await close_database()
        finally:
            server.stop()


@dataclass(frozen=True, slots=True)
class Round:
    """Payments in a second, and in a second that the database computes."""

    rate: float
    of_database: float


async def _payments(server: int) -> list[Figure]:
    cashier, fee_ids = await _a_school()
    counted: list[Round] = []
    uncounted: list[Round] = []
    for number in range(ROUNDS + 1):
        # Who goes first changes, so that neither always finds the larger tables.
        for counts in (True, False) if number % 2 else (False, True):
            paid = await _round(server, cashier, fee_ids, counts)
            if number:
                (counted if counts else uncounted).append(paid)
        print(f"round {number}: {paid.rate:,.0f} payments/s, {paid.of_database:,.0f} a second of the database", flush=True)
    beside = f"{CASHIERS} cashiers at once, against the same uncounted"
    return [
        Figure.at_least(
            f"school fee payments/s through the service, {beside}",
            median(each.rate for each in counted),
            median(each.rate for each in uncounted),
            KEPT_OF_IT,
        ),
        Figure.at_least(
            f"school fee payments a second that the database computes, {beside}",
            median(each.of_database for each in counted),
            median(each.of_database for each in uncounted),
            KEPT_OF_IT,
        ),
    ]


async def _a_school() -> tuple[Actor, list[UUID]]:
    school = await a_school()
    pupils = await enrolled_students(FEES, school.school_class, school.year)
    due = Money.of(1_000_000, CURRENCY)
    return school.bursar, [(await charged(school.bursar, pupil, due)).id for pupil in pupils]


async def _round(server: int, cashier: Actor, fee_ids: Sequence[UUID], counts: bool) -> Round:
    """Afterwards everything is counted, whether it was meanwhile or not."""
    await _trigger("enable" if counts else "disable")
    folding = asyncio.create_task(_fold_every_second())
    computed, began = _computed_by(server), time.perf_counter()
    await asyncio.gather(*(_pay(cashier, own, PAYMENTS // CASHIERS) for own in _shares(fee_ids)))
    took = time.perf_counter() - began
    spent = sum(now - computed.get(backend, 0.0) for backend, now in _computed_by(server).items())
    folding.cancel()
    with suppress(asyncio.CancelledError):
        await folding
    if not counts:
        await _trigger("enable")
        await execute("select retake_school_figures()")
    assert await figures.astray() == [], "the sums are those of the rows"
    return Round(PAYMENTS / took, PAYMENTS / spent)


def _computed_by(server: int) -> dict[int, float]:
    """How many seconds each process of the database has computed."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            figures_of = path.read_text().rpartition(")")[2].split()
            if int(figures_of[1]) == server:
                found[int(path.parent.name)] = (int(figures_of[11]) + int(figures_of[12])) / os.sysconf("SC_CLK_TCK")
    return found


def _shares(fee_ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    """The fees of each cashier."""
    each = len(fee_ids) // CASHIERS
    return (fee_ids[first : first + each] for first in range(0, len(fee_ids), each))


async def _pay(cashier: Actor, fee_ids: Sequence[UUID], times: int) -> None:
    for turn in range(times):
        await pay_fee(cashier, fee_id=fee_ids[turn % len(fee_ids)], amount=Money.of(1, CURRENCY))


async def _trigger(act: str) -> None:
    for table in COUNTED:
        await execute(f"alter table {table} {act} trigger {table}_figures_change")


async def _fold_every_second() -> None:
    while True:
        await asyncio.sleep(1)
        await fold_figures()


async def _boards() -> list[Figure]:
    reader = Actor(id=UUID(int=9), name="The head", roles=frozenset({Role.ADMIN}))
    asked: dict[str, Callable[[], Awaitable[object]]] = {
        "school dashboard": lambda: board.school_dashboard(reader, CURRENCY),
        "school's financial stats": lambda: board.financial_stats(reader, CURRENCY),
        "school's fee stats": lambda: board.fee_stats(reader, CURRENCY),
        "school's enrolment stats": lambda: board.enrolment_stats(reader),
        "school's statistics by name": lambda: statistics.statistics(
            reader, CURRENCY, ["students", "fees_collected", "fees_collected:2025-03:GHS", "attendance_late:2025-03-10"]
        ),
        "school's totals": lambda: statistics.statistics(reader, CURRENCY),
    }
    await execute(TEN_YEARS, CURRENCY)
    await execute("analyze school_figure")
    count = await fetchval("select count(*) from school_figure")
    plans: list[str] = []
    found = [await asked_of_database(f"{name}, {count:,} sums", ask, plans) for name, ask in asked.items()]
    await execute(CHANGES, TAIL)
    await execute("analyze school_figure_change")
    for name in ("school dashboard", "school's statistics by name"):
        found.append(await asked_of_database(f"{name}, {TAIL:,} changes not folded", asked[name], plans))
    PLANS.write_text("\n".join(plans))
    return found
