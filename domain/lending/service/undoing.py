"""Undoing what was received: a repayment that bounced or was recorded by mistake, and what the bank took back of one.

An undone repayment never was: the loan is replayed without it, and later payments are applied anew. A charge-back leaves the
repayment in its place and makes the amount owed again from its own day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from uuid import UUID

from domain.events.event import Event
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.lending.errors import (
    ExceedsOverpayment,
    ExceedsRepayment,
    LoanNotFound,
    RepaymentNotFound,
    RepaymentNotReversible,
)
from domain.lending.events import LoanFigures, LoanRepaymentReversed
from domain.lending.history import Dated
from domain.lending.models import Loan, LoanTransaction
from domain.lending.rules.facts import ChargeAdded, ChargedBack, CreditRefunded, Repaid
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
from domain.lending.service.disbursement import LoanMovement
from domain.lending.service.ways import way_out
from domain.lending.states import LoanChange, LoanStatus, PaymentChannel, TransactionKind
from domain.payments.accounts import IN_TRANSIT

BOUNCED = "NSF"


@retried
async def reverse_loan_repayment(
    actor: Actor, *, transaction_id: UUID, reason: str, nsf_fee: Money | None = None
) -> LoanMovement:
    """Undo a repayment, and charge a fee for it when it bounced. Later payments are reversed and applied again.

    ``transaction`` of the answer is the line of the statement that was reversed. Refuses with REPAYMENT_NOT_FOUND,
    REPAYMENT_NOT_REVERSIBLE, LOAN_WRITTEN_OFF, INVALID_AMOUNT and CURRENCY_MISMATCH.
    """
    reason = reason_of(reason)
    async with unit_of_work() as work:
        act, dated, repayment = await _act_on_repayment(work, actor, transaction_id)
        if any(isinstance(each.fact, ChargedBack) and each.fact.repayment_id == dated.fact.id for each in act.history):
            raise RepaymentNotReversible("the bank took this repayment back already")
        if nsf_fee is not None:
            require_amount(act, nsf_fee, name="nsfFee")
            await act.add(
                ChargeAdded,
                act.today,
                note=reason,
                code=BOUNCED,
                title="Bounced payment",
                due_on=act.today,
                value=nsf_fee.amount,
            )
        await take_repayment_back(act, dated, repayment, reason)
    return LoanMovement(act.loan, repayment)


async def take_repayment_back(act: Act, dated: Dated, repayment: LoanTransaction, reason: str) -> None:
    """Let a repayment of a locked loan never have been, and tell of it. ``repayment`` is its line of the statement."""
    await act.take_back(dated.fact.id, reason)

    def tell(loan: Loan, kept: Kept) -> Iterator[Event]:
        yield LoanRepaymentReversed(
            loan=LoanFigures.of(loan),
            transaction_id=repayment.id,
            amount=repayment.amount,
            happened_on=repayment.happened_on,
            reason=reason,
            reversed_by_id=act.actor.id,
        )

    await act.finish(LoanChange.REPAYMENT_REVERSED, tell)
    await repayment.refresh_from_db()


@retried
async def charge_back(
    actor: Actor, *, transaction_id: UUID, amount: Money | None = None, on: date | None = None, note: str = ""
) -> LoanMovement:
    """Record that the bank took a repayment back, or a part of it: it is owed again, as principal.

    Refuses with REPAYMENT_NOT_FOUND, AMOUNT_EXCEEDS_REPAYMENT, LOAN_WRITTEN_OFF, INVALID_LOAN_DATE, DATE_IN_FUTURE.
    """
    note = one_line(note, "note", most=MAX_NOTE)
    async with unit_of_work() as work:
        act, dated, repayment = await _act_on_repayment(work, actor, transaction_id)
        taken = sum(
            each.fact.amount_minor
            for each in act.history
            if isinstance(each.fact, ChargedBack) and each.fact.repayment_id == dated.fact.id
        )
        left = repayment.amount - Money(taken, act.loan.currency)
        amount = left if amount is None else amount
        if not left:
            raise ExceedsRepayment(left)
        require_amount(act, amount)
        if amount > left:
            raise ExceedsRepayment(left)
        on = acceptable_day(act, on, field="chargedBackOn", least=dated.fact.on)
        assert dated.way is not None, "a repayment came by some way"
        way = replace(dated.way, reference="")
        figures = {"repayment_id": dated.fact.id, "amount_minor": amount.amount_minor}
        fact_id = await act.add(ChargedBack, on, way=way, note=note, **figures)
        kept = await act.finish(LoanChange.CHARGED_BACK)
    return LoanMovement(act.loan, kept.of(fact_id))


@retried
async def refund_overpayment(
    actor: Actor,
    *,
    loan_id: UUID,
    amount: Money | None = None,
    channel: PaymentChannel = PaymentChannel.WALLET,
    reference: str = "",
    note: str = "",
) -> LoanMovement:
    """Give back what was overpaid, all of it or a part, into the wallet or by cash, bank or mobile money.

    Refuses with AMOUNT_EXCEEDS_OVERPAYMENT, LOAN_NOT_PAID_OUT, INVALID_AMOUNT and CURRENCY_MISMATCH.
    """
    note = one_line(note, "note", most=MAX_NOTE)
    actor.require(Permission.LOAN_ADJUST)
    async with unit_of_work() as work:
        act = await staff_act(work, actor, loan_id, Permission.LOAN_ADJUST)
        require_paid_out(act, LoanStatus.OVERPAID)
        overpaid = act.loan.overpaid_amount
        amount = overpaid if amount is None else amount
        require_amount(act, amount)
        if amount > overpaid:
            raise ExceedsOverpayment(overpaid)
        way = await way_out(act.loan, channel, reference)
        fact_id = await act.add(CreditRefunded, act.today, way=way, note=note, amount_minor=amount.amount_minor)
        kept = await act.finish(LoanChange.CREDIT_REFUNDED)
    return LoanMovement(act.loan, kept.of(fact_id))


async def _act_on_repayment(work: Work, actor: Actor, transaction_id: UUID) -> tuple[Act, Dated, LoanTransaction]:
    """An act on the loan of a repayment that holds: its fact, and the line of the statement that stands for it now."""
    actor.require(Permission.LOAN_ADJUST)
    named = await LoanTransaction.get_or_none(id=transaction_id)
    if named is None:
        raise RepaymentNotFound
    try:
        act = await staff_act(work, actor, named.loan_id, Permission.LOAN_ADJUST)
    except LoanNotFound:
        raise RepaymentNotFound from None
    if named.kind not in (TransactionKind.REPAYMENT, TransactionKind.DOWN_PAYMENT):
        raise RepaymentNotFound
    require_paid_out(act)
    dated = next((each for each in act.history if each.fact.id == named.fact_id), None)
    if dated is None:
        raise RepaymentNotReversible("this repayment was undone before")
    assert isinstance(dated.fact, Repaid), "a repayment is one"
    if dated.way is not None and dated.way.account == IN_TRANSIT.code:
        raise RepaymentNotReversible("this repayment came as a payment from outside, and is reversed there")
    return act, dated, await standing_line(dated)


async def standing_line(dated: Dated) -> LoanTransaction:
    """The line of the statement that tells of a repayment now; a replay may have replaced the one that somebody saw."""
    return await LoanTransaction.get(fact_id=dated.fact.id, reversed_at__isnull=True)
