"""Paying a loan out, whole or in tranches, into the borrower's wallet, by cash, bank or mobile money, or straight to what it
is for; and taking the last payout back.

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
from domain.lending.errors import (
    ChannelNotPossible,
    DisbursementExceedsApproval,
    DisbursementNotFound,
    DisbursementNotReversible,
    InvalidActDate,
    LoanNotDisbursable,
    LoanNotFound,
)
from domain.lending.events import LoanDisbursed, LoanDisbursementReversed, LoanFigures, PaymentProcessed
from domain.lending.history import MoneyWay
from domain.lending.models import Loan, LoanTransaction
from domain.lending.rules.facts import Disbursed, Repaid
from domain.lending.rules.state import InstalmentKind, PaymentKind
from domain.lending.service.acting import (
    MAX_NOTE,
    Act,
    acceptable_day,
    one_line,
    reason_of,
    require_amount,
    require_paid_out,
    staff_act,
)
from domain.lending.service.books import Kept
from domain.lending.service.paying_for import pay_there, take_back_from_there, way_there
from domain.lending.service.ways import way_out
from domain.lending.states import LoanChange, LoanStatus, PaymentChannel, TransactionKind


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
    """Pay out all that is approved and not paid out yet, or a part of it. A loan that names what it pays goes DIRECT, and no
    other way; what is refused there refuses the whole.

    Refuses with CHANNEL_NOT_POSSIBLE, LOAN_NOT_DISBURSABLE, DISBURSEMENT_EXCEEDS_APPROVAL, DATE_IN_FUTURE,
    INVALID_LOAN_DATE (before the approval or the first tranche), INVALID_AMOUNT, CURRENCY_MISMATCH and PERIOD_CLOSED.
    """
    actor.require(Permission.LOAN_DISBURSE)
    note = one_line(note, "note", most=MAX_NOTE)
    async with unit_of_work() as work:
        act = await staff_act(work, actor, loan_id, Permission.LOAN_DISBURSE)
        loan = act.loan
        amount = _acceptable(act, amount)
        on = _day_of(act, disbursed_on)
        way = await _way_of(loan, channel, reference, keep_fees=keep_fees)
        fact_id = await act.add(Disbursed, on, way=way, note=note, amount_minor=amount.amount_minor)
        paid_down = await _take_down_payment(act, on, way)
        loan.disbursed_on = loan.disbursed_on or on

        def tell(loan: Loan, kept: Kept) -> Iterator[Event]:
            yield _disbursed(act, kept.of(fact_id))
            if paid_down is not None:
                yield PaymentProcessed.of(loan, kept.of(paid_down))

        kept = await act.finish(LoanChange.DISBURSED, tell)
        if channel is PaymentChannel.DIRECT:
            await pay_there(loan, fact_id, amount - Money(_charges(act, fact_id), loan.currency), on)
    return LoanMovement(loan, kept.of(fact_id))


@retried
async def reverse_loan_disbursement(actor: Actor, *, transaction_id: UUID, reason: str) -> LoanMovement:
    """Take the last payout back, after which nothing has happened with the loan: by the opposite entries, and the loan is as
    it was before. What went DIRECT is given back by what it was for, and what refuses that refuses the whole.

    ``transaction`` of the answer is the line of the statement that was reversed. Refuses with DISBURSEMENT_NOT_FOUND,
    DISBURSEMENT_NOT_REVERSIBLE, LOAN_WRITTEN_OFF and INSUFFICIENT_FUNDS.
    """
    actor.require(Permission.LOAN_ADJUST)
    reason = reason_of(reason)
    async with unit_of_work() as work:
        named = await LoanTransaction.get_or_none(id=transaction_id, kind=TransactionKind.DISBURSEMENT)
        if named is None:
            raise DisbursementNotFound
        try:
            act = await staff_act(work, actor, named.loan_id, Permission.LOAN_ADJUST)
        except LoanNotFound:
            raise DisbursementNotFound from None
        require_paid_out(act)
        loan, facts = act.loan, _facts_of_payout(act, named.fact_id)
        line = await LoanTransaction.get(fact_id=facts[0], kind=TransactionKind.DISBURSEMENT, reversed_at__isnull=True)
        for fact_id in reversed(facts):
            await act.take_back(fact_id, reason)
        if not any(isinstance(each.fact, Disbursed) for each in act.history):
            loan.disbursed_on = None

        def tell(loan: Loan, kept: Kept) -> Iterator[Event]:
            yield LoanDisbursementReversed(
                loan=LoanFigures.of(loan),
                transaction_id=line.id,
                amount=line.amount,
                happened_on=line.happened_on,
                reason=reason,
                reversed_by_id=act.actor.id,
            )

        await act.finish(LoanChange.DISBURSEMENT_REVERSED, tell)
        await take_back_from_there(loan, facts[0])
        await line.refresh_from_db()
    return LoanMovement(loan, line)


def _facts_of_payout(act: Act, fact_id: UUID | None) -> list[UUID]:
    """The payout, and its down payment; nothing has happened after them (DISBURSEMENT_NOT_REVERSIBLE)."""
    place = next((place for place, each in enumerate(act.history) if each.fact.id == fact_id), None)
    if place is None:
        raise DisbursementNotReversible("this payout was taken back before")
    payout, *later = act.history[place:]
    if any(not isinstance(each.fact, Repaid) or not each.fact.is_down_payment for each in later):
        raise DisbursementNotReversible("something has happened with the loan since; that is to be undone first")
    return [payout.fact.id, *(each.fact.id for each in later)]


async def _way_of(loan: Loan, channel: PaymentChannel, reference: str, *, keep_fees: bool) -> MoneyWay:
    if channel is PaymentChannel.DIRECT:
        return way_there(loan, one_line(reference, "reference"))
    if loan.pays_target_id is not None:
        raise ChannelNotPossible(f"this loan pays {loan.pays_title}; it is paid out DIRECT")
    return await way_out(loan, channel, reference, fees_kept=keep_fees)


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


def _charges(act: Act, fact_id: UUID) -> int:
    """The charges of a payout."""
    return sum(
        payment.amount
        for payment in act.state.payments
        if payment.fact_id == fact_id and payment.kind is PaymentKind.DEDUCTION
    )


def _disbursed(act: Act, transaction: LoanTransaction) -> LoanDisbursed:
    assert transaction.channel is not None, "money has a channel"
    assert transaction.fact_id is not None, "a payout is a fact"
    loan, way = act.loan, next(each.way for each in act.history if each.fact.id == transaction.fact_id)
    kept = _charges(act, transaction.fact_id) if way is not None and way.fees_kept else 0
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
