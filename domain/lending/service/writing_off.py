"""Writing a loan off: all that is unpaid is given up, and the loan is over. One person asks, another agrees.

Afterwards nothing of the loan is changed or undone any more; what still comes in is a recovery.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from domain.events.event import Event
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.unit_of_work import retried, unit_of_work
from domain.lending.events import LoanFigures, LoanWrittenOff
from domain.lending.models import Loan, LoanRequest
from domain.lending.rules.facts import WrittenOff
from domain.lending.service import requests
from domain.lending.service.acting import Act, reason_of, require_paid_out, staff_act
from domain.lending.service.books import Kept
from domain.lending.states import LoanChange, LoanRequestKind, LoanStatus


@retried
async def request_write_off(actor: Actor, *, loan_id: UUID, reason: str) -> LoanRequest:
    """Ask for a loan to be given up.

    Refuses with LOAN_NOT_PAID_OUT (nothing is owed), LOAN_WRITTEN_OFF and LOAN_REQUEST_PENDING.
    """
    actor.require(Permission.LOAN_ADJUST)
    reason = reason_of(reason)
    async with unit_of_work() as work:
        act = await staff_act(work, actor, loan_id, Permission.LOAN_ADJUST)
        require_paid_out(act, LoanStatus.ACTIVE)
        return await requests.ask(
            act,
            LoanRequestKind.WRITE_OFF,
            title=f"Write off loan {act.loan.number} of {act.loan.borrower_name}",
            reason=reason,
            plan={},
            amount=act.loan.outstanding_amount,
        )


@retried
async def write_off_loan(actor: Actor, *, loan_id: UUID, comment: str | None = None) -> LoanRequest:
    """Agree to a write-off that somebody else asked for, and carry it out."""
    actor.require(Permission.LOAN_APPROVE)
    return await requests.approve_request(actor, loan_id, LoanRequestKind.WRITE_OFF, comment, _write_off)


async def _write_off(act: Act, request: LoanRequest) -> UUID:
    require_paid_out(act, LoanStatus.ACTIVE)
    fact_id = await act.add(WrittenOff, act.today, note=request.reason)

    def tell(loan: Loan, kept: Kept) -> Iterator[Event]:
        yield LoanWrittenOff(
            loan=LoanFigures.of(loan),
            amount=kept.of(fact_id).amount,
            reason=request.reason,
            written_off_by_id=act.actor.id,
            happened_on=act.today,
        )

    await act.finish(LoanChange.WRITTEN_OFF, tell)
    return fact_id
