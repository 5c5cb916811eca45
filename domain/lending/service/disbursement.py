"""Paying a loan out, whole or in tranches, into the borrower's wallet or by cash, bank or mobile money.

Charges at disbursement are kept back of the amount, unless they are paid apart. A down payment is due on the same day and
comes back by the same way at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from domain.events.event import Event
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.money import Money
from domain.kit.unit_of_work import retried, unit_of_work
from domain.lending.errors import DisbursementExceedsApproval, InvalidActDate, LoanNotDisbursable
from domain.lending.events import LoanDisbursed, LoanFigures, PaymentProcessed
from domain.lending.history import MoneyWay
from domain.lending.models import Loan, LoanTransaction
from domain.lending.rules.facts import Disbursed, Repaid
from domain.lending.rules.state import InstalmentKind, PaymentKind
from domain.lending.service.acting import MAX_NOTE, Act, acceptable_day, one_line, require_amount, staff_act
from domain.lending.service.books import Kept
from domain.lending.service.ways import way_out
from domain.lending.states import LoanChange, LoanStatus, PaymentChannel


@dataclass(frozen=True, slots=True)
class LoanMovement:
    """A loan as it stands after an act, and the line of its statement that tells of the act."""

    loan: Loan
    transaction: LoanTransaction


@retried
async def disburse_loan(
    actor: Actor,
    *,
    loan_id: UUID,
    amount: Money | None = None,
    channel: PaymentChannel = PaymentChannel.WALLET,
    disbursed_on: date | None = None,
    reference: str = "",
    keep_fees: bool = True,
    note: str = "",
) -> LoanMovement:
    """Pay out all that is approved and not paid out yet, or a part of it.

    Refuses with LOAN_NOT_DISBURSABLE, DISBURSEMENT_EXCEEDS_APPROVAL, DATE_IN_FUTURE, INVALID_LOAN_DATE (before the approval
    or the first tranche), INVALID_AMOUNT, CURRENCY_MISMATCH and PERIOD_CLOSED.
    """
    actor.require(Permission.LOAN_DISBURSE)
    note = one_line(note, "note", most=MAX_NOTE)
    async with unit_of_work() as work:
        act = await staff_act(work, actor, loan_id, Permission.LOAN_DISBURSE)
        loan = act.loan
        amount = _acceptable(act, amount)
        on = _day_of(act, disbursed_on)
        way = await way_out(loan, channel, reference, fees_kept=keep_fees)
        fact_id = await act.add(Disbursed, on, way=way, note=note, amount_minor=amount.amount_minor)
        paid_down = await _take_down_payment(act, on, way)
        loan.disbursed_on = loan.disbursed_on or on

        def tell(loan: Loan, kept: Kept) -> Iterator[Event]:
            yield _disbursed(act, kept.of(fact_id))
            if paid_down is not None:
                yield PaymentProcessed.of(loan, kept.of(paid_down))

        kept = await act.finish(LoanChange.DISBURSED, tell)
    return LoanMovement(loan, kept.of(fact_id))


def _acceptable(act: Act, amount: Money | None) -> Money:
    loan = act.loan
    if loan.status not in (LoanStatus.APPROVED, LoanStatus.ACTIVE, LoanStatus.OVERPAID) or loan.charged_off_on is not None:
        raise LoanNotDisbursable("money is paid out for a loan that is approved and neither over nor charged off")
    left = loan.undisbursed_amount
    amount = left if amount is None else amount
    if not left:
        raise DisbursementExceedsApproval(left)
    require_amount(act, amount)
    if amount > left:
        raise DisbursementExceedsApproval(left)
    return amount


def _day_of(act: Act, disbursed_on: date | None) -> date:
    loan = act.loan
    assert loan.approved_at is not None, "what is paid out was approved"
    on = acceptable_day(act, disbursed_on, field="disbursedOn", least=loan.disbursed_on or loan.approved_at.date())
    first_due_on = loan.agreed_terms.first_due_on
    if loan.disbursed_on is None and first_due_on is not None and on >= first_due_on:
        raise InvalidActDate("the first instalment falls due after the money is paid out", field=("input", "disbursedOn"))
    return on


async def _take_down_payment(act: Act, on: date, way: MoneyWay) -> UUID | None:
    """What is due as down payment on the day is paid by the same way."""
    if not act.loan.agreed_terms.down_payment_percent:
        return None
    rows = [row for row in act.state.instalments if row.kind is InstalmentKind.DOWN_PAYMENT and row.due_on == on]
    due = sum(row.unpaid.total for row in rows)
    back = replace(way, reference="")
    return await act.add(Repaid, on, way=back, amount_minor=due, is_down_payment=True) if due else None


def _disbursed(act: Act, transaction: LoanTransaction) -> LoanDisbursed:
    assert transaction.channel is not None, "money has a channel"
    loan, way = act.loan, next(each.way for each in act.history if each.fact.id == transaction.fact_id)
    fees = [
        payment.amount
        for payment in act.state.payments
        if payment.fact_id == transaction.fact_id and payment.kind is PaymentKind.DEDUCTION
    ]
    kept = sum(fees) if way is not None and way.fees_kept else 0
    return LoanDisbursed(
        loan=LoanFigures.of(loan),
        transaction_id=transaction.id,
        amount=transaction.amount,
        fees_kept=Money(kept, loan.currency),
        channel=transaction.channel,
        reference=transaction.reference,
        disbursed_by_id=act.actor.id,
        happened_on=transaction.happened_on,
        fully_disbursed=not loan.undisbursed_amount,
    )
