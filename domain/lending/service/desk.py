"""What every process does with a loan: take it under its lock, check who asks, write it down and tell of it."""

from __future__ import annotations

from uuid import UUID

from domain.events.event import Event
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.errors import Forbidden, InvalidInput
from domain.kit.unit_of_work import Work
from domain.lending import access
from domain.lending.errors import LOAN, LoanNotFound, MakerIsChecker
from domain.lending.events import LoanFigures, LoanStatusChanged, LoanUpdated
from domain.lending.models import Loan
from domain.lending.states import LoanChange, LoanStatus


async def locked(loan_id: UUID) -> Loan:
    """The loan, locked until the unit of work ends: whoever comes second sees what the first one did."""
    loan = await Loan.filter(id=loan_id).select_for_update(no_key=True).get_or_none()
    if loan is None:
        raise LoanNotFound
    return loan


async def locked_seen(actor: Actor, loan_id: UUID) -> Loan:
    """A loan that the actor may see, locked. One that they may not see does not exist for them."""
    loan = await locked(loan_id)
    if not access.may_see(actor, loan):
        raise LoanNotFound
    return loan


async def locked_for_staff(actor: Actor, loan_id: UUID, permission: Permission) -> Loan:
    """A loan, locked, for staff of its branch with the permission, who is not its borrower."""
    actor.require(permission)
    loan = await locked_seen(actor, loan_id)
    if loan.borrower_id == actor.id:
        raise MakerIsChecker("this is your own loan")
    if not actor.may_at(permission, loan.branch_id):
        raise Forbidden(f"this needs the permission {permission.value} at the loan's branch", field=LOAN)
    return loan


def require_checker(actor: Actor, loan: Loan) -> None:
    """Whoever asked for, wrote, submitted or reviewed a loan does not decide it."""
    if actor.id in (loan.borrower_id, loan.created_by_id, loan.submitted_by_id):
        raise MakerIsChecker("whoever applied for a loan cannot decide it")
    if actor.id == loan.reviewed_by_id:
        raise MakerIsChecker("whoever reviewed a loan cannot decide it")


async def save(loan: Loan) -> None:
    loan.revision += 1
    loan.updated_at = clock.now()
    await loan.save()


def tell(work: Work, loan: Loan, change: LoanChange, before: LoanStatus, *facts: Event) -> None:
    """Record what an act on a loan was: its facts, that the loan was updated, and the status if it is another one."""
    figures = LoanFigures.of(loan)
    work.record(*facts, LoanUpdated(loan=figures, change=change, previous_status=before))
    if loan.status is not before:
        work.record(LoanStatusChanged(loan=figures, previous_status=before, status=loan.status))


def line(text: str, limit: int, name: str) -> str:
    """One line of text as it is kept: spaces put in order."""
    text = " ".join(text.split())
    if not 1 <= len(text) <= limit or not text.isprintable():
        raise InvalidInput(f"this takes 1 to {limit} printable characters", field=("input", name))
    return text


def prose(text: str, limit: int, name: str, *, least: int = 0) -> str:
    """Several lines of text as they are kept; ``least`` is 1 where something must be said."""
    text = text.strip()
    if not least <= len(text) <= limit or not text.replace("\n", "").replace("\t", "").isprintable():
        raise InvalidInput(f"this takes {least} to {limit} printable characters", field=("input", name))
    return text
