"""Pausing delinquency, and bringing a loan up to the day: dues that became income, penalties, and how late it is."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from domain.identity.actor import SYSTEM, Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.errors import InvalidInput
from domain.kit.ids import new_id
from domain.kit.unit_of_work import retried, unit_of_work
from domain.lending.errors import DelinquencyNotPaused
from domain.lending.models import Loan, LoanDelinquencyPause
from domain.lending.rules.facts import DelinquencyPaused
from domain.lending.service.acting import Act, begin, reason_of, require_paid_out, staff_act
from domain.lending.service.desk import locked
from domain.lending.states import LoanChange, LoanStatus

MAX_PAUSE = timedelta(days=366)


@retried
async def pause_delinquency(
    actor: Actor, *, loan_id: UUID, starts_on: date, ends_on: date, reason: str
) -> LoanDelinquencyPause:
    """Do not count the days from ``starts_on`` to ``ends_on``, both included, as delinquent. Past-due days run on.

    Refuses with LOAN_NOT_PAID_OUT, LOAN_WRITTEN_OFF and INVALID_INPUT.
    """
    actor.require(Permission.LOAN_ADJUST)
    reason = reason_of(reason)
    async with unit_of_work() as work:
        act = await staff_act(work, actor, loan_id, Permission.LOAN_ADJUST)
        require_paid_out(act, LoanStatus.ACTIVE)
        _require_period(act, starts_on, ends_on)
        pause = await _pause(act, starts_on, ends_on, reason)
        await act.finish(LoanChange.DELINQUENCY_PAUSED)
    return pause


@retried
async def resume_delinquency(actor: Actor, *, loan_id: UUID, reason: str) -> Loan:
    """Let days count again from today. A pause that has begun keeps the days before; one still to come is dropped.

    Refuses with DELINQUENCY_NOT_PAUSED.
    """
    actor.require(Permission.LOAN_ADJUST)
    reason = reason_of(reason)
    async with unit_of_work() as work:
        act = await staff_act(work, actor, loan_id, Permission.LOAN_ADJUST)
        require_paid_out(act)
        paused = [
            each.fact for each in act.history if isinstance(each.fact, DelinquencyPaused) and each.fact.until >= act.today
        ]
        if not paused:
            raise DelinquencyNotPaused("no pause of delinquency holds")
        for fact in paused:
            await act.take_back(fact.id, reason)
            await LoanDelinquencyPause.filter(fact_id=fact.id).update(cancelled_at=clock.now())
            if fact.on < act.today:
                await _pause(act, fact.on, act.today - timedelta(days=1), reason)
        await act.finish(LoanChange.ADJUSTED)
    return act.loan


@retried
async def bring_up_to_date(loan_id: UUID) -> bool:
    """Book what the passing of days did to one loan; returns whether anything was left to do."""
    async with unit_of_work() as work:
        loan = await locked(loan_id)
        if loan.replayed_on is None or loan.replayed_on >= clock.today() or loan.status is LoanStatus.WRITTEN_OFF:
            return False
        act = await begin(work, SYSTEM, loan)
        # Days that only pass are not told; what is owed can have changed by a penalty or by interest on what is overdue.
        await act.finish(LoanChange.BROUGHT_UP_TO_DATE if act.state.outstanding != loan.outstanding else None)
    return True


def _require_period(act: Act, starts_on: date, ends_on: date) -> None:
    assert act.loan.disbursed_on is not None, "money was paid out"
    if starts_on < act.loan.disbursed_on:
        raise InvalidInput("a pause begins after the money was paid out", field=("input", "startsOn"))
    if not starts_on <= ends_on <= starts_on + MAX_PAUSE:
        raise InvalidInput("a pause ends after it begins, within a year", field=("input", "endsOn"))


async def _pause(act: Act, starts_on: date, ends_on: date, reason: str) -> LoanDelinquencyPause:
    fact_id = await act.add(DelinquencyPaused, starts_on, note=reason, until=ends_on)
    return await LoanDelinquencyPause.create(
        id=new_id(),
        loan_id=act.loan.id,
        fact_id=fact_id,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
        paused_by_id=act.actor.id,
        paused_at=clock.now(),
    )
