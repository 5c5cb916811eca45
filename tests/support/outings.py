"""A little business that asks for approval: outings, each of which a second person has to agree to."""

from __future__ import annotations

from uuid import UUID

from domain.approvals.kinds import ApprovalKind, register_kind
from domain.approvals.models import Approval, ApprovalStatus
from domain.approvals.service import close_approval, open_approval
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.errors import Conflict
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import retried, unit_of_work

OUTING = "TEST_OUTING"


class OutingIsOver(Conflict):
    """The outing waits for nobody."""


async def plan_outing(
    actor: Actor, *, branch_id: UUID | None, subject_id: UUID | None = None, title: str = "To the lake"
) -> Approval:
    async with unit_of_work() as work:
        return await open_approval(
            work,
            OUTING,
            subject_id=subject_id or new_id(),
            title=title,
            amount=Money(120_000, "KES"),
            branch_id=branch_id,
            requested_by=actor.id,
        )


@retried
async def agree_to_outing(actor: Actor, outing_id: UUID, comment: str | None) -> None:
    await _settle(actor, outing_id, ApprovalStatus.APPROVED, comment)


@retried
async def refuse_outing(actor: Actor, outing_id: UUID, comment: str | None) -> None:
    await _settle(actor, outing_id, ApprovalStatus.REJECTED, comment)


async def call_off_outing(actor: Actor, outing_id: UUID) -> None:
    await _settle(actor, outing_id, ApprovalStatus.WITHDRAWN, None)


async def _settle(actor: Actor, outing_id: UUID, outcome: ApprovalStatus, comment: str | None) -> None:
    async with unit_of_work() as work:
        closed = await close_approval(work, OUTING, outing_id, outcome=outcome, decided_by=actor.id, comment=comment)
        if closed is None:
            raise OutingIsOver("the outing waits for nobody")


register_kind(
    ApprovalKind(OUTING, requires=Permission.LOAN_APPROVE, approve=agree_to_outing, reject=refuse_outing, subject="user")
)
