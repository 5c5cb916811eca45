"""Reading what was said with borrowers and what is being done about debts: for staff who collect, of the branches they see.

Nobody reads the file that is kept about themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import lasting, read, read_one, rows_by_id
from domain.lending.access import branch_condition
from domain.lending.errors import RecoveryActionNotFound
from domain.lending.models import CommunicationLog, RecoveryAction
from domain.lending.service.recovery import UNDER_WAY
from domain.lending.states import RecoveryActionKind, RecoveryActionStatus, RecoverySubject

FOLLOW_UP_DAYS: Final = 7


@dataclass(frozen=True, kw_only=True)
class CommunicationFilter:
    """Which notes; what is not said does not narrow. ``follow_up_by`` asks for those to come back to by a day."""

    loan_id: UUID | None = None
    borrower_id: UUID | None = None
    branch_id: UUID | None = None
    follow_up_by: date | None = None

    @property
    def condition(self) -> Q:
        columns = ("loan_id", "borrower_id", "branch_id")
        found = Q(**{column: getattr(self, column) for column in columns if getattr(self, column) is not None})
        return found if self.follow_up_by is None else found & Q(follow_up_on__lte=self.follow_up_by)


@dataclass(frozen=True, kw_only=True)
class RecoveryFilter:
    """Which recovery actions; what is not said does not narrow."""

    statuses: Sequence[RecoveryActionStatus] = ()
    kind: RecoveryActionKind | None = None
    subject_kind: RecoverySubject | None = None
    loan_id: UUID | None = None
    branch_id: UUID | None = None
    assigned_to_id: UUID | None = None
    due_by: date | None = None

    @property
    def condition(self) -> Q:
        columns = ("kind", "subject_kind", "loan_id", "branch_id", "assigned_to_id")
        found = Q(**{column: getattr(self, column) for column in columns if getattr(self, column) is not None})
        if self.statuses:
            found &= Q(status__in=list(self.statuses))
        return found if self.due_by is None else found & Q(due_on__lte=self.due_by)


def visible_communications(actor: Actor) -> QuerySet[CommunicationLog]:
    return CommunicationLog.filter(_seen_communications(actor))


def visible_recovery_actions(actor: Actor) -> QuerySet[RecoveryAction]:
    return RecoveryAction.filter(_seen_recovery_actions(actor))


@lasting
def _seen_communications(actor: Actor) -> Q:
    return _at_seen_branches(actor) & Q(borrower_id__not=actor.id)


@lasting
def _seen_recovery_actions(actor: Actor) -> Q:
    return _at_seen_branches(actor) & (Q(debtor_id__isnull=True) | Q(debtor_id__not=actor.id))


def _at_seen_branches(actor: Actor) -> Q:
    if Permission.COLLECTIONS_WORK not in actor.staff_permissions:
        return Q(id__isnull=True)
    branch = branch_condition(actor)
    return Q() if branch is None else Q(branch_id=branch)


async def communication_logs(actor: Actor, page: PageRequest, narrowed: CommunicationFilter) -> Page[CommunicationLog]:
    """What was said, the latest first."""
    actor.require(Permission.COLLECTIONS_WORK)
    return await page_of(visible_communications(actor).filter(narrowed.condition), page, "-spoken_at", "-id")


async def recovery_actions(actor: Actor, page: PageRequest, narrowed: RecoveryFilter) -> Page[RecoveryAction]:
    """Steps to get back what is overdue, the newest first."""
    actor.require(Permission.COLLECTIONS_WORK)
    return await page_of(visible_recovery_actions(actor).filter(narrowed.condition), page, "-created_at", "-id")


async def recovery_action(actor: Actor, action_id: UUID) -> RecoveryAction:
    """One that the actor may know of."""
    actor.require(Permission.COLLECTIONS_WORK)
    found = await read_one(visible_recovery_actions(actor).filter(id=action_id))
    if found is None:
        raise RecoveryActionNotFound(field=("id",))
    return found


communications_by_id = rows_by_id(CommunicationLog, _seen_communications)

recovery_actions_by_id = rows_by_id(RecoveryAction, _seen_recovery_actions)


async def tasks_of(actor: Actor, limit: int) -> list[RecoveryAction]:
    """The actor's own steps under way, the most urgent first."""
    own = visible_recovery_actions(actor).filter(assigned_to_id=actor.id, status__in=UNDER_WAY)
    return await read(own.order_by("due_on", "id").limit(limit))


async def follow_ups_of(actor: Actor, today: date, limit: int) -> list[CommunicationLog]:
    """The actor's own notes to come back to today, or in the last :data:`FOLLOW_UP_DAYS` days."""
    since = today - timedelta(days=FOLLOW_UP_DAYS)
    own = visible_communications(actor).filter(logged_by_id=actor.id, follow_up_on__lte=today, follow_up_on__gte=since)
    return await read(own.order_by("follow_up_on", "id").limit(limit))
