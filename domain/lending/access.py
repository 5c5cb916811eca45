"""Who may see a loan: its borrower, and staff of its branch, or of all branches; a draft only whoever wrote it, too.

Borrowers hold LOAN_READ for their own loans. It reaches over a branch only where somebody holds it as staff.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.reading import RowsWith, lasting, where
from domain.lending.models import Loan

READ: Final = Permission.LOAN_READ


def visible_loans(actor: Actor, *narrowed: Q) -> QuerySet[Loan]:
    """The loans that the actor may see, or some of them; every read starts here."""
    return where(Loan, seen_by(actor), *narrowed)


@lasting
def seen_by(actor: Actor) -> Q:
    """The condition on loans behind :func:`visible_loans`."""
    if READ not in actor.staff_permissions:
        return Q(borrower_id=actor.id)
    own = Q(borrower_id=actor.id) | Q(created_by_id=actor.id, submitted_at__isnull=True)
    submitted = Q(submitted_at__isnull=False)
    scope = actor.branch_scope
    return own | (submitted if scope is None else submitted & Q(branch_id=scope))


@lasting
def of_seen_loans(actor: Actor) -> Q:
    """The condition on what belongs to loans: that the actor may see its loan."""
    return Q(loan_id__in=RowsWith(Loan, seen_by(actor)))


def may_see(actor: Actor, loan: Loan) -> bool:
    """The same answer for one loan at hand."""
    if actor.id == loan.borrower_id:
        return True
    if READ not in actor.staff_permissions:
        return False
    return actor.id == loan.created_by_id if loan.private else actor.sees_branch(loan.branch_id)


def branch_condition(actor: Actor, branch_id: UUID | None = None) -> UUID | None:
    """The branch that a list for staff is narrowed to: the one asked for within what they see; None is every branch.

    Somebody who sees one branch and asks for another gets a branch without rows: their scope stays as it is.
    """
    scope = actor.branch_scope
    if scope is None or branch_id is None or scope == branch_id:
        return branch_id or scope
    return UUID(int=0)
