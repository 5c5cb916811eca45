"""Getting back what is overdue: each step is planned, done by somebody until a day, and ends with what came of it.

A step is about a loan, or about an invoice that fell into default; the latter is of no branch, and with those who see all.
Events: RecoveryActionCreated, then a RecoveryActionUpdated for every change.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from domain.identity.actor import SYSTEM_ID, Actor
from domain.identity.models import User
from domain.identity.permissions import Permission, permissions_of
from domain.kit import clock
from domain.kit.errors import CurrencyMismatch, InvalidAmount, InvalidInput
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.lending.errors import LoanNotPaidOut, OfficerNotFound, RecoveryActionNotFound, RecoveryActionOver
from domain.lending.events import RecoveryActionCreated, RecoveryActionUpdated, RecoveryFigures
from domain.lending.models import Loan, RecoveryAction
from domain.lending.service.communication import seen_loan
from domain.lending.service.desk import prose
from domain.lending.states import (
    RECOVERY_TRANSITIONS,
    LoanStatus,
    RecoveryActionKind,
    RecoveryActionStatus,
    RecoverySubject,
)

MAX_NOTE: Final = 2_000
DEFAULT_DAYS: Final = 7
"""By when somebody looks after an invoice that fell into default."""

UNDER_WAY: Final = (RecoveryActionStatus.OPEN, RecoveryActionStatus.IN_PROGRESS)

# What is past due of a loan on a day.
PAST_DUE: Final = """
select coalesce(sum(unpaid_minor), 0)::bigint from loan_instalment where loan_id = $1 and due_on < $2 and unpaid_minor > 0
"""


@retried
async def create_recovery_action(
    actor: Actor,
    *,
    loan_id: UUID,
    kind: RecoveryActionKind,
    due_on: date,
    note: str = "",
    assigned_to_id: UUID | None = None,
    promised_amount: Money | None = None,
) -> RecoveryAction:
    """Plan a step for a loan that is paid out, or written off; it is the actor's own unless given to a colleague."""
    actor.require(Permission.COLLECTIONS_WORK)
    note = prose(note, MAX_NOTE, "note")
    today = clock.today()
    if due_on < today:
        raise InvalidInput("this day is past", field=("input", "dueOn"))
    async with unit_of_work() as work:
        loan = await seen_loan(actor, loan_id)
        if loan.status not in (LoanStatus.ACTIVE, LoanStatus.WRITTEN_OFF):
            raise LoanNotPaidOut(f"nothing is to be recovered of a loan that is {loan.status.value.lower()}")
        _require_money_of(loan.currency, promised_amount, "promisedAmount")
        if assigned_to_id is not None:
            await _require_colleague(loan, assigned_to_id)
        action = RecoveryAction(
            subject_kind=RecoverySubject.LOAN,
            subject_id=loan.id,
            subject_number=loan.number,
            loan_id=loan.id,
            branch_id=loan.branch_id,
            debtor_id=loan.borrower_id,
            debtor_name=loan.borrower_name,
            kind=kind,
            note=note,
            assigned_to_id=assigned_to_id or actor.id,
            due_on=due_on,
            currency=loan.currency,
            overdue_minor=await _overdue_minor(work, loan, today),
            promised_minor=promised_amount and promised_amount.amount_minor,
            created_by_id=actor.id,
        )
        return await _begin(work, action)


async def recover_invoice(
    work: Work, *, invoice_id: UUID, number: str, debtor_id: UUID | None, debtor_name: str, outstanding: Money
) -> RecoveryAction | None:
    """Plan a demand for an invoice that fell into default. An invoice does so once: whoever hears of it again, even when the
    demand is over already, plans nothing more."""
    if await RecoveryAction.filter(subject_kind=RecoverySubject.INVOICE, subject_id=invoice_id).exists():
        return None
    action = RecoveryAction(
        subject_kind=RecoverySubject.INVOICE,
        subject_id=invoice_id,
        subject_number=number,
        debtor_id=debtor_id,
        debtor_name=debtor_name,
        kind=RecoveryActionKind.DEMAND_LETTER,
        note="The invoice fell into default.",
        due_on=clock.today() + timedelta(days=DEFAULT_DAYS),
        currency=outstanding.currency,
        overdue_minor=outstanding.amount_minor,
        created_by_id=SYSTEM_ID,
    )
    return await _begin(work, action)


@retried
async def start_recovery_action(actor: Actor, *, action_id: UUID) -> RecoveryAction:
    """Say that somebody is at it; a step that was nobody's is the actor's from now on."""
    async with unit_of_work() as work:
        action = await _locked(actor, action_id)
        before = _become(action, RecoveryActionStatus.IN_PROGRESS)
        action.started_at = clock.now()
        action.assigned_to_id = action.assigned_to_id or actor.id
        return await _tell(work, action, before)


@retried
async def complete_recovery_action(
    actor: Actor, *, action_id: UUID, outcome: str, recovered_amount: Money | None = None
) -> RecoveryAction:
    """Say what came of a step. What was recovered is a note here: the money itself is recorded as a repayment."""
    actor.require(Permission.COLLECTIONS_WORK)
    outcome = prose(outcome, MAX_NOTE, "outcome", least=1)
    async with unit_of_work() as work:
        action = await _locked(actor, action_id)
        _require_money_of(action.currency, recovered_amount, "recoveredAmount")
        before = _become(action, RecoveryActionStatus.COMPLETED)
        action.recovered_minor = recovered_amount.amount_minor if recovered_amount else 0
        _end(action, actor, outcome)
        return await _tell(work, action, before)


@retried
async def cancel_recovery_action(actor: Actor, *, action_id: UUID, reason: str) -> RecoveryAction:
    """Give up a step that is not needed any more."""
    actor.require(Permission.COLLECTIONS_WORK)
    reason = prose(reason, MAX_NOTE, "reason", least=1)
    async with unit_of_work() as work:
        action = await _locked(actor, action_id)
        before = _become(action, RecoveryActionStatus.CANCELLED)
        _end(action, actor, reason)
        return await _tell(work, action, before)


async def _locked(actor: Actor, action_id: UUID) -> RecoveryAction:
    """A step at a branch where the actor collects, locked."""
    actor.require(Permission.COLLECTIONS_WORK)
    action = await RecoveryAction.filter(id=action_id).select_for_update().get_or_none()
    if action is None or not actor.may_at(Permission.COLLECTIONS_WORK, action.branch_id) or action.debtor_id == actor.id:
        raise RecoveryActionNotFound
    return action


def _become(action: RecoveryAction, status: RecoveryActionStatus) -> RecoveryActionStatus:
    before = action.status
    if status not in RECOVERY_TRANSITIONS[before]:
        raise RecoveryActionOver(f"this step is {before.value.lower().replace('_', ' ')} already")
    action.status = status
    return before


def _end(action: RecoveryAction, actor: Actor, outcome: str) -> None:
    action.outcome, action.ended_by_id, action.ended_at = outcome, actor.id, clock.now()


async def _begin(work: Work, action: RecoveryAction) -> RecoveryAction:
    action.id, action.status = new_id(), RecoveryActionStatus.OPEN
    action.created_at = action.updated_at = clock.now()
    await action.save(force_create=True)
    work.record(RecoveryActionCreated(action=RecoveryFigures.of(action)))
    return action


async def _tell(work: Work, action: RecoveryAction, before: RecoveryActionStatus) -> RecoveryAction:
    action.revision += 1
    action.updated_at = clock.now()
    await action.save()
    work.record(RecoveryActionUpdated(action=RecoveryFigures.of(action), previous_status=before))
    return action


async def _overdue_minor(work: Work, loan: Loan, today: date) -> int:
    """What is past due, or of a loan that is written off what was given up and has not come back."""
    if loan.status is LoanStatus.WRITTEN_OFF:
        return int(max(0, loan.written_off_minor - loan.recovered_minor))
    return int(await work.fetchval(PAST_DUE, loan.id, today))


async def _require_colleague(loan: Loan, user_id: UUID) -> None:
    """An active user who collects at the loan's branch, or at every one."""
    user = await User.get_or_none(id=user_id, active=True)
    permissions = permissions_of(frozenset(user.roles)) if user else frozenset()
    at_branch = user is not None and (user.branch_id == loan.branch_id or Permission.ALL_BRANCHES in permissions)
    if Permission.COLLECTIONS_WORK not in permissions or not at_branch or user_id == loan.borrower_id:
        raise OfficerNotFound(field=("input", "assignedToId"))


def _require_money_of(currency: str, amount: Money | None, name: str) -> None:
    if amount is None:
        return
    if amount.currency != currency:
        raise CurrencyMismatch(f"{amount.currency} cannot be used for a debt in {currency}", field=("input", name))
    if amount.amount_minor <= 0:
        raise InvalidAmount("an amount must be greater than zero", field=("input", name))
