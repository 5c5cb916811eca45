"""What closes a loan on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.errors import InvalidInput
from domain.kit.money import Money
from domain.kit.unit_of_work import unit_of_work
from domain.lending.access import visible_loans
from domain.lending.errors import LoanNotFound, LoanNotPaidOut
from domain.lending.history import facts_of
from domain.lending.rules import payoff
from domain.lending.service.acting import history_of
from domain.lending.states import LoanStatus

MAX_DAYS_AHEAD: Final = 366


@dataclass(frozen=True, slots=True)
class PayoffQuote:
    """What pays a loan off on a day: repaid on that day, ``total`` closes it.

    ``interest_until`` is the day that interest is charged to, ``saved_interest`` what paying as scheduled would cost more.
    """

    loan_id: UUID
    on: date
    interest_until: date
    principal: Money
    interest: Money
    fees: Money
    penalties: Money
    total: Money
    saved_interest: Money


async def payoff_quote(actor: Actor, *, loan_id: UUID, on: date | None = None) -> PayoffQuote:
    """The pay-off of a loan today or on a day to come, within a year. Nothing is written.

    Refuses with LOAN_NOT_FOUND, LOAN_NOT_PAID_OUT and INVALID_INPUT.
    """
    actor.require(Permission.LOAN_READ)
    today = clock.today()
    on = on or today
    if not 0 <= (on - today).days <= MAX_DAYS_AHEAD:
        raise InvalidInput("a pay-off is quoted for today or a day within a year", field=("on",))
    async with unit_of_work() as work:
        loan = await visible_loans(actor).get_or_none(id=loan_id)
        if loan is None:
            raise LoanNotFound(field=("loanId",))
        if loan.status is not LoanStatus.ACTIVE:
            raise LoanNotPaidOut("nothing is owed on this loan", field=("loanId",))
        quoted = payoff(loan.agreed_terms, facts_of(await history_of(work, loan.id)), on)

    def money(amount: int) -> Money:
        return Money(amount, loan.currency)

    return PayoffQuote(
        loan_id=loan.id,
        on=quoted.on,
        interest_until=quoted.interest_until,
        principal=money(quoted.amounts.principal),
        interest=money(quoted.amounts.interest),
        fees=money(quoted.amounts.fee),
        penalties=money(quoted.amounts.penalty),
        total=money(quoted.amounts.total),
        saved_interest=money(quoted.saved_interest),
    )
