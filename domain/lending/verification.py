"""Replaying loans from their facts, to prove that what is stored of them is what follows from these."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from domain.kit.unit_of_work import Work, unit_of_work
from domain.lending.booking import bookings
from domain.lending.history import facts_of
from domain.lending.models import Loan
from domain.lending.rules import replay
from domain.lending.service.acting import history_of
from domain.lending.service.books import STANDING, content_of
from domain.lending.service.projection import CHARGE_COLUMNS, INSTALMENT_COLUMNS, charge_rows, instalment_rows, take_figures

BATCH: Final = 200

# Loans that were paid out, in the order of their ids.
PAID_OUT_LOANS: Final = "select id from loan where replayed_on is not null and id > $1 order by id limit $2"


@dataclass(frozen=True, slots=True)
class Deviation:
    """A loan of which something stored is not what follows from its facts."""

    loan_id: UUID
    number: str
    what: str


async def verify_loans(limit: int | None = None) -> list[Deviation]:
    """Replay every loan that was paid out (or the first ``limit``), and say where what is stored is something else."""
    found = []
    count = 0
    async for loan_id in _loan_ids():
        if count == limit:
            break
        count += 1
        found += await verify_loan(loan_id)
    return found


async def verify_loan(loan_id: UUID) -> list[Deviation]:
    """One loan, as of the day that it was last brought up to."""
    async with unit_of_work() as work:
        loan = await Loan.filter(id=loan_id).select_for_update(no_key=True).get()
        return [Deviation(loan.id, loan.number, what) for what in await _deviations(work, loan)]


async def _deviations(work: Work, loan: Loan) -> list[str]:
    history = await history_of(work, loan.id)
    assert loan.replayed_on is not None, "money was paid out"
    state = replay(loan.agreed_terms, facts_of(history), loan.replayed_on)
    stored = {name: getattr(loan, name) for name in loan._meta.db_fields}
    take_figures(loan, state)
    found = [name for name, value in stored.items() if getattr(loan, name) != value]
    for table, columns, wanted in (
        ("loan_instalment", INSTALMENT_COLUMNS, instalment_rows(state)),
        ("loan_charge", CHARGE_COLUMNS, charge_rows(state)),
    ):
        rows = await work.fetch(f"select {', '.join(columns)} from {table} where loan_id = $1", loan.id)
        if sorted(tuple(row) for row in rows) != sorted(wanted):
            found.append(table)
    standing = [row["content"] for row in await work.fetch(STANDING, loan.id)]
    if sorted(standing) != sorted(content_of(booking) for booking in bookings(history, state)):
        found.append("loan_booking")
    return found


async def _loan_ids() -> AsyncIterator[UUID]:
    after = UUID(int=0)
    while True:
        async with unit_of_work() as work:
            rows = await work.fetch(PAID_OUT_LOANS, after, BATCH)
        for row in rows:
            yield row["id"]
        if len(rows) < BATCH:
            return
        after = rows[-1]["id"]
