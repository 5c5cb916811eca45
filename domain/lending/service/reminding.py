"""Telling of an instalment that comes, and of one that has passed unpaid: each due date once, however often one looks."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from domain.kit import clock
from domain.kit.unit_of_work import retried, unit_of_work
from domain.lending.events import InstalmentDueSoon, InstalmentOverdue, LoanFigures
from domain.lending.service.desk import locked
from domain.lending.states import LoanStatus

DAYS_BEFORE: Final = 3


@retried
async def remind_of_due(loan_id: UUID) -> bool:
    """Tell that the next instalment falls due within :data:`DAYS_BEFORE` days; returns whether there was news."""
    async with unit_of_work() as work:
        loan = await locked(loan_id)
        due_on, today = loan.next_due_on, clock.today()
        if loan.status is not LoanStatus.ACTIVE or due_on is None or due_on == loan.due_soon_told_on:
            return False
        if not today <= due_on <= today + timedelta(days=DAYS_BEFORE):
            return False
        loan.due_soon_told_on = due_on
        await loan.save(update_fields=["due_soon_told_on"])
        work.record(InstalmentDueSoon(loan=LoanFigures.of(loan), due_on=due_on, amount=loan.next_due_amount))
    return True


@retried
async def remind_of_overdue(loan_id: UUID) -> bool:
    """Tell that an instalment is unpaid after its due date; returns whether there was something to tell."""
    async with unit_of_work() as work:
        loan = await locked(loan_id)
        due_on = loan.next_due_on
        if loan.status is not LoanStatus.ACTIVE or due_on is None or due_on == loan.overdue_told_on:
            return False
        if due_on >= clock.today() or loan.delinquency_paused:
            return False
        loan.overdue_told_on = due_on
        await loan.save(update_fields=["overdue_told_on"])
        work.record(InstalmentOverdue(loan=LoanFigures.of(loan), due_on=due_on, amount=loan.next_due_amount))
    return True
