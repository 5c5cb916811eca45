"""When a loan will not be repaid: the charge-off, which takes it off the books and leaves it to be collected.

The write-off, which ends a loan, needs a second person; see :mod:`domain.lending.service.requests`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from domain.events.event import Event
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.unit_of_work import retried, unit_of_work
from domain.lending.errors import LoanChargedOffAlready, LoanNotChargedOff, NothingToChargeOff
from domain.lending.events import LoanChargedOff, LoanFigures
from domain.lending.models import Loan
from domain.lending.rules.facts import ChargedOff
from domain.lending.service.acting import acceptable_day, reason_of, require_paid_out, staff_act
from domain.lending.service.books import Kept
from domain.lending.service.disbursement import LoanMovement
from domain.lending.states import LoanChange, LoanStatus


@retried
async def charge_off_loan(actor: Actor, *, loan_id: UUID, reason: str, on: date | None = None) -> LoanMovement:
    """Take what is owed off the books as lost. The loan stays active, and what is paid later is a recovery.

    Refuses with LOAN_NOT_PAID_OUT, LOAN_WRITTEN_OFF, LOAN_ALREADY_CHARGED_OFF, NOTHING_TO_CHARGE_OFF, INVALID_LOAN_DATE and
    PERIOD_CLOSED.
    """
    actor.require(Permission.LOAN_ADJUST)
    reason = reason_of(reason)
    async with unit_of_work() as work:
        act = await staff_act(work, actor, loan_id, Permission.LOAN_ADJUST)
        require_paid_out(act, LoanStatus.ACTIVE)
        if act.loan.charged_off_on is not None:
            raise LoanChargedOffAlready("the loan is off the books already")
        latest = max(each.fact.on for each in act.history)
        on = acceptable_day(act, on, field="chargedOffOn", least=min(latest, act.today))
        fact_id = await act.add(ChargedOff, on, note=reason)

        def tell(loan: Loan, kept: Kept) -> Iterator[Event]:
            if not kept.tells_of(fact_id):
                raise NothingToChargeOff("nothing of this loan is on the books")
            yield LoanChargedOff(
                loan=LoanFigures.of(loan),
                amount=kept.of(fact_id).amount,
                reason=reason,
                charged_off_by_id=actor.id,
                happened_on=on,
            )

        kept = await act.finish(LoanChange.CHARGED_OFF, tell)
    return LoanMovement(act.loan, kept.of(fact_id))


@retried
async def undo_charge_off(actor: Actor, *, loan_id: UUID, reason: str) -> Loan:
    """Put the loan back on the books, as if it had never been taken off. LOAN_NOT_CHARGED_OFF when it is there."""
    actor.require(Permission.LOAN_ADJUST)
    reason = reason_of(reason)
    async with unit_of_work() as work:
        act = await staff_act(work, actor, loan_id, Permission.LOAN_ADJUST)
        require_paid_out(act)
        fact_id = next((each.fact.id for each in act.history if isinstance(each.fact, ChargedOff)), None)
        if fact_id is None:
            raise LoanNotChargedOff("the loan is on the books")
        await act.take_back(fact_id, reason)
        await act.finish(LoanChange.ADJUSTED)
    return act.loan
