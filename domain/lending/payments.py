"""A loan as something that is paid for from outside: what is due of it, repayments that came so, and those taken back.

Any amount is taken, for what exceeds all dues is an overpayment and owed back, and what comes after the write-off is a
recovery. A loan that is repaid takes nothing, so that a person looks at money that came for it all the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.identity.actor import SYSTEM, Actor
from domain.identity.models import Branch
from domain.kit import clock
from domain.kit.database import fetch
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.lending import access
from domain.lending.errors import LoanNotFound, LoanNotPaidOut, RepaymentNotReversible
from domain.lending.history import MoneyWay
from domain.lending.models import Loan
from domain.lending.rules.facts import Recovered
from domain.lending.service import desk
from domain.lending.service.acting import Act, begin, require_paid_out
from domain.lending.service.repayment import recover, repay
from domain.lending.service.undoing import standing_line, take_repayment_back
from domain.lending.states import LoanStatus, PaymentChannel
from domain.payments.accounts import IN_TRANSIT
from domain.payments.purposes import Due, PaidFor, PurposeKind, book_on_its_day, near, register_purpose, require_collector
from domain.payments.rules.references import bare
from domain.payments.states import Purpose

PAYABLE: Final = (LoanStatus.ACTIVE, LoanStatus.WRITTEN_OFF)
TAKEN_BACK: Final = "the payment was taken back"

_NUMBER: Final = re.compile(r"LN(\d{1,12})", re.ASCII)

# What is due of some loans ($1) by a day ($2) and unpaid; what is next when nothing is.
DUE: Final = """
select l.id, coalesce(nullif(sum(i.unpaid_minor) filter (where i.due_on <= $2), 0), l.next_due_minor)::bigint as amount
from loan l left join loan_instalment i on i.loan_id = l.id and i.unpaid_minor > 0
where l.id = any ($1) group by l.id
"""

# Running loans in a currency whose next instalment asks for about an amount, the nearest to it ($4) first.
NEXT_DUE_NEAR: Final = """
select id from loan
where status = 'ACTIVE' and currency = $1 and next_due_minor between $2 and $3
order by abs(next_due_minor - $4), next_due_on, id limit $5
"""

LOCK: Final = "select from loan where id = any($1::uuid[]) order by id for no key update"

# A repayment that counts from an earlier day has what came after it booked anew, from and to the borrower's wallet too.
ACCOUNTS: Final = """
select w.account_id from loan l join wallet w on w.user_id = l.borrower_id and w.currency = l.currency
where l.id = any($1::uuid[])
"""


async def due(actor: Actor, loan_id: UUID) -> Due:
    """Refuses with LOAN_NOT_FOUND, LOAN_NOT_PAID_OUT and FORBIDDEN."""
    loan = await access.visible_loans(actor).get_or_none(id=loan_id)
    if loan is None:
        raise LoanNotFound
    if actor.id != loan.borrower_id:
        require_collector(actor, loan.branch_id)
    if loan.status not in PAYABLE:
        raise LoanNotPaidOut(f"nothing is owed on a loan that is {loan.status.value.lower()}")
    [found] = await _dues([loan])
    return found


async def due_by_reference(reference: str) -> Due | None:
    named = _NUMBER.fullmatch(bare(reference))
    loan = await Loan.get_or_none(number=f"LN-{named[1]}", status__in=PAYABLE) if named else None
    return None if loan is None else (await _dues([loan]))[0]


async def candidates(amount: Money, limit: int) -> list[Due]:
    rows = await fetch(NEXT_DUE_NEAR, amount.currency, *near(amount), amount.amount_minor, limit)
    loans = {loan.id: loan for loan in await Loan.filter(id__in=[row["id"] for row in rows])}
    return await _dues([loans[row["id"]] for row in rows])


async def _dues(loans: Sequence[Loan]) -> list[Due]:
    amounts = {row["id"]: row["amount"] for row in await fetch(DUE, [loan.id for loan in loans], clock.today())}
    branches = {branch.id: branch.name for branch in await Branch.filter(id__in={loan.branch_id for loan in loans})}
    return [
        Due(
            purpose=Purpose.LOAN_INSTALMENT,
            target_id=loan.id,
            title=f"Loan {loan.number}",
            amount=Money(amounts[loan.id], loan.currency) if amounts[loan.id] else None,
            currency=loan.currency,
            client_id=loan.borrower_id,
            client_name=loan.borrower_name,
            payee_id=None,
            payee_name=branches[loan.branch_id],
            branch_id=loan.branch_id,
            account_reference=loan.number,
        )
        for loan in loans
    ]


@retried
async def apply(paid: PaidFor) -> UUID:
    """Book what came as of the day on which it was paid; of today when the books of that day are closed."""
    return await book_on_its_day(paid, _receive)


async def _receive(work: Work, paid: PaidFor, at: datetime) -> UUID:
    act = await _act_on(work, paid.target_id)
    require_paid_out(act, *PAYABLE)
    way = MoneyWay(channel=PaymentChannel.MPESA, account=IN_TRANSIT.code, reference=paid.reference, payer_id=paid.client_id)
    book, first = (recover, act.loan.written_off_on) if act.loan.written_off_on else (repay, act.loan.disbursed_on)
    assert first is not None, "it was paid out"
    movement = await book(act, paid.amount, way, min(max(at.date(), first), act.today), "")
    assert movement.transaction.fact_id is not None, "a repayment is a fact"
    return movement.transaction.fact_id


@retried
async def undo(paid: PaidFor, record_id: UUID) -> None:
    """It never was. A loan keeps what had come before it was written off (LOAN_WRITTEN_OFF)."""
    async with unit_of_work() as work:
        act = await _act_on(work, paid.target_id)
        dated = next((each for each in act.history if each.fact.id == record_id), None)
        if dated is None:
            raise RepaymentNotReversible("this repayment was undone before")
        if not isinstance(dated.fact, Recovered):
            require_paid_out(act)
        await take_repayment_back(act, dated, await standing_line(dated), TAKEN_BACK)


async def lock(work: Work, loan_ids: Sequence[UUID]) -> Sequence[UUID]:
    """The loans, and the wallets of those who borrowed."""
    await work.execute(LOCK, loan_ids)
    return [row["account_id"] for row in await work.fetch(ACCOUNTS, loan_ids)]


async def _act_on(work: Work, loan_id: UUID) -> Act:
    return await begin(work, SYSTEM, await desk.locked(loan_id))


register_purpose(
    PurposeKind(
        purpose=Purpose.LOAN_INSTALMENT,
        title="Loan instalment",
        due=due,
        due_by_reference=due_by_reference,
        candidates=candidates,
        apply=apply,
        undo=undo,
        lock=lock,
        numbers=_NUMBER,
    )
)
