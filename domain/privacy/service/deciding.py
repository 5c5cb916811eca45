"""Deciding on erasures: by somebody who neither asked for it nor is the person."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from domain.approvals.errors import MakerIsChecker
from domain.approvals.models import ApprovalStatus
from domain.approvals.service import close_approval
from domain.identity.actor import Actor
from domain.identity.models import SessionEnd
from domain.identity.permissions import Permission
from domain.identity.service.access import announce_access, end_sessions, locked_user
from domain.jobs.queue import enqueue
from domain.kit import clock
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.privacy.errors import ErasureNotFound
from domain.privacy.events import ErasureDecided
from domain.privacy.models import ErasureState, PersonalDataErasure
from domain.privacy.obstacles import require_no_obstacle
from domain.privacy.people import person_of
from domain.privacy.service.requesting import APPROVAL

ERASE: Final = "privacy.erase"


@retried
async def approve_erasure(actor: Actor, erasure_id: UUID, comment: str | None = None) -> PersonalDataErasure:
    """Agree: the person's access ends at once, so that nothing new begins, and the erasure is done in the background."""
    async with unit_of_work() as work:
        erasure = await _decidable(actor, erasure_id)
        person = await person_of(work, erasure.person_kind, erasure.person_id)
        if actor.id in person.ids:
            raise MakerIsChecker("nobody agrees to the erasure of their own data")
        await require_no_obstacle(work, person)
        await _decide(work, actor, erasure, ErasureState.ERASING, ApprovalStatus.APPROVED, comment)
        for user_id in person.users:
            user = await locked_user(user_id)
            if user.active:
                user.active = False
                ended = await end_sessions(work, user.id, SessionEnd.DEACTIVATED)
                await announce_access(work, user, "DEACTIVATED", ended_sessions=ended)
        await enqueue(work, ERASE, {"erasure_id": str(erasure.id)}, dedupe_key=str(erasure.id))
    return erasure


@retried
async def reject_erasure(actor: Actor, erasure_id: UUID, comment: str | None) -> PersonalDataErasure:
    """Refuse, and say why. The same may be asked for again."""
    async with unit_of_work() as work:
        erasure = await _decidable(actor, erasure_id)
        erasure.finished_at = clock.now()
        await _decide(work, actor, erasure, ErasureState.REJECTED, ApprovalStatus.REJECTED, comment)
    return erasure


async def _decidable(actor: Actor, erasure_id: UUID) -> PersonalDataErasure:
    actor.require(Permission.PERSONAL_DATA_MANAGE)
    erasure = await PersonalDataErasure.filter(id=erasure_id).select_for_update().get_or_none()
    if erasure is None or erasure.state is not ErasureState.REQUESTED:
        raise ErasureNotFound("there is no such request that waits for a decision")
    if actor.id in (erasure.requested_by, erasure.person_id):
        raise MakerIsChecker("nobody decides on what they asked for, or on their own data")
    return erasure


async def _decide(
    work: Work,
    actor: Actor,
    erasure: PersonalDataErasure,
    state: ErasureState,
    outcome: ApprovalStatus,
    comment: str | None,
) -> None:
    await close_approval(work, APPROVAL, erasure.id, outcome=outcome, decided_by=actor.id, comment=comment)
    erasure.state, erasure.decided_by, erasure.comment = state, actor.id, comment
    erasure.decided_at = max(clock.now(), erasure.requested_at)
    await erasure.save(update_fields=["state", "decided_by", "decided_at", "comment", "finished_at"])
    work.record(
        ErasureDecided(
            erasure_id=erasure.id,
            person_id=erasure.person_id,
            requested_by=erasure.requested_by,
            decided_by=actor.id,
            state=state,
        )
    )
