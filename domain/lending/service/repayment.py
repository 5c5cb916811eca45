"""Repaying a loan: what staff received in cash, at the bank or by mobile money, and what borrowers pay from their wallet.

A receipt counts from the day it came, however late it is recorded: later payments are then applied anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from domain.events.event import Event
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.errors import InvalidAmount
from domain.kit.money import Money
from domain.kit.unit_of_work import retried, unit_of_work
from domain.lending.errors import LoanNotWrittenOff
from domain.lending.events import PaymentProcessed
from domain.lending.history import MoneyWay, facts_of
from domain.lending.models import Loan
from domain.lending.rules import payoff
from domain.lending.rules.facts import Recovered, Repaid
from domain.lending.rules.state import LoanState
from domain.lending.service.acting import (
    MAX_NOTE,
    Act,
    acceptable_day,
    borrower_act,
    one_line,
    require_amount,
    require_paid_out,
    staff_act,
)
from domain.lending.service.books import Kept
from domain.lending.service.disbursement import LoanMovement
from domain.lending.service.ways import way_in, way_of_wallet
from domain.lending.states import LoanChange, LoanStatus, PaymentChannel


@retried
async def record_loan_repayment(
    actor: Actor,
    *,
    loan_id: UUID,
    amount: Money,
    channel: PaymentChannel = PaymentChannel.CASH,
    received_on: date | None = None,
    reference: str = "",
    note: str = "",
) -> LoanMovement:
    """Record what staff received. Money beyond all dues is an overpayment, never lost.

    Refuses with LOAN_NOT_FOUND, LOAN_NOT_PAID_OUT, LOAN_WRITTEN_OFF, INVALID_AMOUNT, CURRENCY_MISMATCH, DATE_IN_FUTURE,
    INVALID_LOAN_DATE (before the loan was paid out), REFERENCE_MISSING, PAYMENT_ALREADY_RECORDED and PERIOD_CLOSED.
    """
    actor.require(Permission.LOAN_COLLECT)
    way, note = way_in(channel, reference), one_line(note, "note", most=MAX_NOTE)
    async with unit_of_work() as work:
        act = await staff_act(work, actor, loan_id, Permission.LOAN_COLLECT)
        return await repay(act, amount, way, received_on, note)


@retried
async def pay_loan(actor: Actor, *, loan_id: UUID, amount: Money | None = None) -> LoanMovement:
    """Pay from one's own wallet: an amount, or all that is due today (or else the next instalment).

    Refuses with LOAN_NOT_FOUND, LOAN_NOT_PAID_OUT, LOAN_WRITTEN_OFF, INVALID_AMOUNT, CURRENCY_MISMATCH, INSUFFICIENT_FUNDS.
    """
    actor.require(Permission.LOAN_APPLY)
    actor.require(Permission.WALLET_USE)
    async with unit_of_work() as work:
        act = await borrower_act(work, actor, loan_id)
        require_paid_out(act)
        amount = Money(due_now(act.state), act.loan.currency) if amount is None else amount
        return await repay(act, amount, await way_of_wallet(act.loan), None, "")


@retried
async def preclose_loan(
    actor: Actor, *, loan_id: UUID, channel: PaymentChannel = PaymentChannel.CASH, reference: str = "", note: str = ""
) -> LoanMovement:
    """Record that the borrower paid today what closes the loan, which is what the pay-off is quoted at.

    Refuses as :func:`record_loan_repayment` does.
    """
    actor.require(Permission.LOAN_COLLECT)
    way, note = way_in(channel, reference), one_line(note, "note", most=MAX_NOTE)
    async with unit_of_work() as work:
        act = await staff_act(work, actor, loan_id, Permission.LOAN_COLLECT)
        require_paid_out(act, LoanStatus.ACTIVE)
        owed = payoff(act.loan.agreed_terms, facts_of(act.history), act.today).amounts.total
        return await repay(act, Money(owed, act.loan.currency), way, None, note)


@retried
async def record_recovery(
    actor: Actor,
    *,
    loan_id: UUID,
    amount: Money,
    channel: PaymentChannel = PaymentChannel.CASH,
    received_on: date | None = None,
    reference: str = "",
    note: str = "",
) -> LoanMovement:
    """Record money that came in after the write-off. It is income, and the loan stays written off.

    Refuses as :func:`record_loan_repayment` does, and with LOAN_NOT_WRITTEN_OFF.
    """
    actor.require(Permission.LOAN_COLLECT)
    way, note = way_in(channel, reference), one_line(note, "note", most=MAX_NOTE)
    async with unit_of_work() as work:
        act = await staff_act(work, actor, loan_id, Permission.LOAN_COLLECT)
        return await recover(act, amount, way, received_on, note)


def due_now(state: LoanState) -> int:
    """What is due by the day of the state and unpaid; when nothing is, what the next instalment asks for."""
    due = sum(row.unpaid.total for row in state.instalments if row.due_on <= state.as_of)
    if due:
        return due
    return state.next_due.unpaid.total if state.next_due else 0


async def repay(act: Act, amount: Money, way: MoneyWay, received_on: date | None, note: str) -> LoanMovement:
    """Book what came for a loan that is locked, by whichever way."""
    require_paid_out(act)
    if not amount:
        raise InvalidAmount("nothing is owed", field=("input", "amount"))
    require_amount(act, amount)
    on = acceptable_day(act, received_on, field="receivedOn")
    fact_id = await act.add(Repaid, on, way=way, note=note, amount_minor=amount.amount_minor)
    return await _received(act, fact_id, LoanChange.REPAID)


async def recover(act: Act, amount: Money, way: MoneyWay, received_on: date | None, note: str) -> LoanMovement:
    """Book what came for a loan that is locked, and was given up."""
    if act.loan.status is not LoanStatus.WRITTEN_OFF:
        raise LoanNotWrittenOff("recoveries are recorded for loans that are written off")
    require_amount(act, amount)
    on = acceptable_day(act, received_on, field="receivedOn", least=act.loan.written_off_on)
    fact_id = await act.add(Recovered, on, way=way, note=note, amount_minor=amount.amount_minor)
    return await _received(act, fact_id, LoanChange.RECOVERED)


async def _received(act: Act, fact_id: UUID, change: LoanChange) -> LoanMovement:
    def tell(loan: Loan, kept: Kept) -> Iterator[Event]:
        yield PaymentProcessed.of(loan, kept.of(fact_id))

    kept = await act.finish(change, tell)
    return LoanMovement(act.loan, kept.of(fact_id))
