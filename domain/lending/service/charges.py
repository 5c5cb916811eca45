"""Charges that staff make, and what they let go: charges and interest; and a charge let go that is owed after all."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.errors import InvalidAmount, InvalidInput
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.lending.errors import LoanChargeNotFound, LoanNotFound, NothingToWaive, WaiverNotFound
from domain.lending.models import Loan, LoanCharge
from domain.lending.rules.facts import ChargeAdded, ChargeWaived, InterestWaived
from domain.lending.rules.terms import PENAL_INTEREST, ChargeBasis
from domain.lending.service.acting import (
    MAX_NOTE,
    Act,
    one_line,
    reason_of,
    require_amount,
    require_paid_out,
    staff_act,
)
from domain.lending.service.disbursement import LoanMovement
from domain.lending.states import LoanChange

MAX_TITLE: Final = 120
MAX_CODE: Final = 40
MAX_VALUE: Final = Decimal(10**10)


@retried
async def add_loan_charge(
    actor: Actor,
    *,
    loan_id: UUID,
    title: str,
    value: Decimal,
    basis: ChargeBasis = ChargeBasis.FLAT,
    due_on: date | None = None,
    penalty: bool = False,
    code: str = "MANUAL",
    note: str = "",
) -> LoanCharge:
    """Charge a fee or a penalty, due today unless said otherwise. After maturity it makes an instalment of its own, and a
    closed loan is open again.

    ``value`` is major units with FLAT, a percentage otherwise. Refuses with LOAN_NOT_PAID_OUT, LOAN_WRITTEN_OFF and
    INVALID_INPUT.
    """
    actor.require(Permission.LOAN_ADJUST)
    title, code = one_line(title, "title", most=MAX_TITLE, needed=True), one_line(code, "code", most=MAX_CODE, needed=True)
    note = one_line(note, "note", most=MAX_NOTE)
    async with unit_of_work() as work:
        act = await staff_act(work, actor, loan_id, Permission.LOAN_ADJUST)
        require_paid_out(act)
        _require_value(act, value, basis)
        due_on = _due_day(act, due_on)
        figures: dict[str, Any] = {
            "code": code,
            "title": title,
            "due_on": due_on,
            "value": value,
            "basis": basis,
            "penalty": penalty,
        }
        fact_id = await act.add(ChargeAdded, act.today, note=note, **figures)
        await act.finish(LoanChange.CHARGE_ADDED)
        return await LoanCharge.get(loan_id=loan_id, key=str(fact_id))


@retried
async def waive_loan_charge(actor: Actor, *, charge_id: UUID, reason: str) -> LoanCharge:
    """Let go what is unpaid of a charge. Refuses with LOAN_CHARGE_NOT_FOUND and NOTHING_TO_WAIVE."""
    reason = reason_of(reason)
    async with unit_of_work() as work:
        act, charge = await _act_on_charge(work, actor, charge_id)
        if not charge.unpaid_minor:
            raise NothingToWaive("nothing of this charge is unpaid", field=("input", "chargeId"))
        await act.add(ChargeWaived, act.today, note=reason, charge_key=charge.key)
        await act.finish(LoanChange.CHARGE_WAIVED)
        return await LoanCharge.get(loan_id=charge.loan_id, key=charge.key)


@retried
async def undo_charge_waiver(actor: Actor, *, charge_id: UUID, reason: str) -> Loan:
    """Take the last waiver of a charge back: it is owed as if it had never been let go. WAIVER_NOT_FOUND without one.

    A charge of an instalment that was spread over others meanwhile is not there any more; it is part of those.
    """
    reason = reason_of(reason)
    async with unit_of_work() as work:
        act, charge = await _act_on_charge(work, actor, charge_id)
        waivers = [
            each.fact.id
            for each in act.history
            if isinstance(each.fact, ChargeWaived) and each.fact.charge_key == charge.key
        ]
        if not waivers:
            raise WaiverNotFound("this charge was not let go")
        await act.take_back(waivers[-1], reason)
        await act.finish(LoanChange.ADJUSTED)
    return act.loan


@retried
async def waive_interest(
    actor: Actor, *, loan_id: UUID, amount: Money, reason: str, instalment: int | None = None
) -> LoanMovement:
    """Let interest go, of the oldest instalments first or of one alone. NOTHING_TO_WAIVE when less is unpaid."""
    actor.require(Permission.LOAN_ADJUST)
    reason = reason_of(reason)
    async with unit_of_work() as work:
        act = await staff_act(work, actor, loan_id, Permission.LOAN_ADJUST)
        require_paid_out(act)
        require_amount(act, amount)
        figures: dict[str, Any] = {"amount_minor": amount.amount_minor, "instalment": instalment}
        fact_id = await act.add(InterestWaived, act.today, note=reason, **figures)
        waived = [part.amounts.total for each in act.state.waivers if each.fact_id == fact_id for part in each.parts]
        if sum(waived) < amount.amount_minor:
            left = Money(sum(waived), act.loan.currency)
            raise NothingToWaive(f"only {left} of this interest can be let go", field=("input", "amount"))
        kept = await act.finish(LoanChange.INTEREST_WAIVED)
    return LoanMovement(act.loan, kept.of(fact_id))


def _require_value(act: Act, value: Decimal, basis: ChargeBasis) -> None:
    where = ("input", "value")
    if basis in PENAL_INTEREST:
        raise InvalidInput("penal interest is charged by the terms of a loan alone", field=("input", "basis"))
    if basis is ChargeBasis.FLAT:
        try:
            Money.parse(value, act.loan.currency)
        except InvalidAmount as refused:
            refused.field = where
            raise
    elif not value.is_finite() or not 0 < value <= 100 or len(value.as_tuple().digits) > 12:
        raise InvalidInput("a percentage is more than 0 and up to 100", field=where)


def _due_day(act: Act, due_on: date | None) -> date:
    due_on = due_on or act.today
    last = max(act.loan.maturity_on or act.today, act.today) + timedelta(days=366)
    if not act.today <= due_on <= last:
        raise InvalidInput("a charge falls due from today on, up to a year after maturity", field=("input", "dueOn"))
    return due_on


async def _act_on_charge(work: Work, actor: Actor, charge_id: UUID) -> tuple[Act, LoanCharge]:
    """An act on the loan of a charge, with the charge as it stands under the lock."""
    actor.require(Permission.LOAN_ADJUST)
    named = await LoanCharge.get_or_none(id=charge_id)
    if named is None:
        raise LoanChargeNotFound
    try:
        act = await staff_act(work, actor, named.loan_id, Permission.LOAN_ADJUST)
    except LoanNotFound:
        raise LoanChargeNotFound from None
    require_paid_out(act)
    charge = await LoanCharge.get_or_none(id=charge_id)
    if charge is None:
        raise LoanChargeNotFound
    return act, charge
