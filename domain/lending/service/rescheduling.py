"""A new plan for what is still to be paid, which one person asks for and another agrees to; and a new rate.

Rows that are paid never change. New terms move, lengthen or re-price the rows to come; re-ageing spreads all that is unpaid
over new rows; re-amortising spreads what is overdue over the rows to come.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter

from domain.events.event import Event
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.errors import InvalidInput
from domain.kit.money import Money
from domain.kit.unit_of_work import retried, unit_of_work
from domain.lending.errors import InvalidActDate, InvalidReschedule, LoanChargedOffAlready
from domain.lending.events import LoanFigures, LoanRescheduled
from domain.lending.history import facts_of, new_fact
from domain.lending.models import Loan, LoanRequest
from domain.lending.rules import replay
from domain.lending.rules.facts import RateChanged, Reaged, Reamortised, Rescheduled
from domain.lending.rules.state import LoanState
from domain.lending.rules.terms import MAX_ANNUAL_RATE, MAX_EVERY, MAX_INSTALMENTS, PeriodUnit, require_plain, require_whole
from domain.lending.service import requests
from domain.lending.service.acting import Act, reason_of, require_amount, require_paid_out, staff_act
from domain.lending.service.books import Kept
from domain.lending.states import LoanChange, LoanRequestKind, LoanStatus, RescheduleKind


@dataclass(frozen=True, kw_only=True)
class NewPlan:
    """What somebody wants of the rows still to be paid; None and zero leave things as they are.

    NEW_TERMS reads ``from_on`` to ``interest_free``, REAGE reads ``first_due_on`` to ``unit``, REAMORTISE nothing.
    """

    kind: RescheduleKind
    from_on: date | None = None
    new_due_on: date | None = None
    extra_instalments: int = 0
    instalment: Money | None = None
    annual_rate: Decimal | None = None
    grace_principal: int = 0
    interest_free: int = 0
    first_due_on: date | None = None
    instalments: int | None = None
    every: int = 1
    unit: PeriodUnit = PeriodUnit.MONTHS


_PLANS: Final = TypeAdapter(NewPlan)


@retried
async def request_reschedule(actor: Actor, *, loan_id: UUID, plan: NewPlan, reason: str) -> LoanRequest:
    """Ask for a new plan. Refuses with INVALID_RESCHEDULE, LOAN_NOT_PAID_OUT, LOAN_ALREADY_CHARGED_OFF and
    LOAN_REQUEST_PENDING."""
    actor.require(Permission.LOAN_ADJUST)
    reason = reason_of(reason)
    async with unit_of_work() as work:
        act = await staff_act(work, actor, loan_id, Permission.LOAN_ADJUST)
        _replanned(act, plan)
        return await requests.ask(
            act,
            LoanRequestKind.RESCHEDULE,
            title=f"New plan for loan {act.loan.number} of {act.loan.borrower_name}",
            reason=reason,
            plan=_PLANS.dump_python(plan, mode="json"),
            amount=act.loan.outstanding_amount,
        )


async def preview_reschedule(actor: Actor, *, loan_id: UUID, plan: NewPlan) -> LoanState:
    """The loan as the plan would make it today. Nothing is written."""
    actor.require(Permission.LOAN_ADJUST)
    async with unit_of_work() as work:
        return _replanned(await staff_act(work, actor, loan_id, Permission.LOAN_ADJUST), plan)


@retried
async def reschedule_loan(actor: Actor, *, loan_id: UUID, comment: str | None = None) -> LoanRequest:
    """Agree to the new plan that somebody else asked for; it holds from today."""
    actor.require(Permission.LOAN_APPROVE)
    return await requests.approve_request(actor, loan_id, LoanRequestKind.RESCHEDULE, comment, _reschedule)


@retried
async def change_rate(actor: Actor, *, loan_id: UUID, annual_rate: Decimal, effective_on: date, reason: str) -> Loan:
    """A new nominal yearly rate in percent from a day on, which may lie ahead.

    Refuses with INVALID_INPUT, INVALID_LOAN_DATE (before the loan was paid out or after its maturity), LOAN_NOT_PAID_OUT.
    """
    actor.require(Permission.LOAN_ADJUST)
    reason = reason_of(reason)
    require_plain(annual_rate, ("input", "annualRate"), least=Decimal(0), most=MAX_ANNUAL_RATE)
    async with unit_of_work() as work:
        act = await staff_act(work, actor, loan_id, Permission.LOAN_ADJUST)
        require_paid_out(act, LoanStatus.ACTIVE)
        loan = act.loan
        assert loan.disbursed_on is not None and loan.maturity_on is not None, "an active loan has its days"
        if not loan.disbursed_on <= effective_on <= max(loan.maturity_on, act.today):
            raise InvalidActDate("a rate changes while the loan runs", field=("input", "effectiveOn"))
        await act.add(RateChanged, effective_on, note=reason, annual_rate=annual_rate)
        await act.finish(LoanChange.RATE_CHANGED)
    return act.loan


async def _reschedule(act: Act, request: LoanRequest) -> UUID:
    plan, asked_on = _PLANS.validate_python(request.plan), request.requested_at.date()
    _replanned(act, plan, asked_on)
    cls, figures = _fact_of(act, plan, asked_on)
    fact_id = await act.add(cls, act.today, note=request.reason, **figures)

    def tell(loan: Loan, kept: Kept) -> Iterator[Event]:
        yield LoanRescheduled(
            loan=LoanFigures.of(loan),
            from_on=plan.from_on or plan.first_due_on or act.today,
            reason=request.reason,
            rescheduled_by_id=act.actor.id,
        )

    await act.finish(LoanChange.RESCHEDULED, tell)
    return fact_id


def _replanned(act: Act, plan: NewPlan, asked_on: date | None = None) -> LoanState:
    """What the plan comes to today; refuses what the loan or the engine does not bear."""
    require_paid_out(act, LoanStatus.ACTIVE)
    if act.loan.charged_off_on is not None:
        raise LoanChargedOffAlready("a loan that is off the books gets no new plan")
    cls, figures = _fact_of(act, plan, asked_on or act.today)
    sequence = 1 + max(each.fact.sequence for each in act.history)
    fact = new_fact(cls, act.today, **figures)
    object.__setattr__(fact, "sequence", sequence)
    try:
        return replay(act.loan.agreed_terms, [*facts_of(act.history), fact], act.today)
    except InvalidInput as refused:
        raise InvalidReschedule(refused.message, field=refused.field) from None


def _fact_of(act: Act, plan: NewPlan, asked_on: date) -> tuple[type[Any], dict[str, Any]]:
    """The fact that the plan becomes, without its id and day. Days that a decision took do not spoil new terms."""
    if plan.kind is RescheduleKind.REAMORTISE:
        return Reamortised, {}
    if plan.kind is RescheduleKind.REAGE:
        return Reaged, _reaged(act, plan)
    return Rescheduled, _rescheduled(act, plan, asked_on)


def _reaged(act: Act, plan: NewPlan) -> dict[str, Any]:
    require_whole(plan.instalments or 0, ("input", "instalments"), 1, MAX_INSTALMENTS)
    require_whole(plan.every, ("input", "every"), 1, MAX_EVERY)
    if plan.first_due_on is None or plan.first_due_on <= act.today:
        raise InvalidReschedule("the first new instalment falls due after today", field=("input", "firstDueOn"))
    return {
        "first_due_on": plan.first_due_on,
        "instalments": plan.instalments,
        "every": plan.every,
        "unit": plan.unit,
    }


def _rescheduled(act: Act, plan: NewPlan, asked_on: date) -> dict[str, Any]:
    if plan.from_on is None or plan.from_on < asked_on:
        raise InvalidReschedule("new terms hold for instalments from today on", field=("input", "fromOn"))
    require_whole(plan.extra_instalments, ("input", "extraInstalments"), 0, MAX_INSTALMENTS)
    require_whole(plan.grace_principal, ("input", "gracePrincipal"), 0, MAX_INSTALMENTS)
    require_whole(plan.interest_free, ("input", "interestFree"), 0, MAX_INSTALMENTS)
    if plan.instalment is not None:
        require_amount(act, plan.instalment, name="instalment")
    if plan.annual_rate is not None:
        require_plain(plan.annual_rate, ("input", "annualRate"), least=Decimal(0), most=MAX_ANNUAL_RATE)
    if plan.new_due_on is not None and plan.new_due_on < plan.from_on:
        raise InvalidReschedule("the new due date lies on or after the day it holds from", field=("input", "newDueOn"))
    figures = {
        "new_due_on": plan.new_due_on,
        "extra_instalments": plan.extra_instalments,
        "instalment_minor": plan.instalment and plan.instalment.amount_minor,
        "annual_rate": plan.annual_rate,
        "grace_principal": plan.grace_principal,
        "interest_free": plan.interest_free,
    }
    if not any(figures.values()) and plan.annual_rate is None:
        raise InvalidReschedule("a new plan changes something", field=("input",))
    return {"from_on": plan.from_on, **figures}
