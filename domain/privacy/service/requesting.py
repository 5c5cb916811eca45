"""Asking: for an export of oneself or, with a reason, of another; for an erasure, with a reason in any case; and taking that
back."""

from __future__ import annotations

import unicodedata
from typing import Final
from uuid import UUID

from domain.approvals.models import ApprovalStatus
from domain.approvals.service import close_approval, open_approval
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.jobs.queue import enqueue
from domain.kit import clock
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.privacy.errors import (
    AlreadyErased,
    ErasureNotFound,
    ErasurePending,
    ExportPending,
    PersonNotFound,
    ReasonRequired,
)
from domain.privacy.events import ErasureRequested, ErasureWithdrawn, ExportRequested
from domain.privacy.models import ErasureState, ExportState, PersonalDataErasure, PersonalDataExport, PersonKind
from domain.privacy.obstacles import require_no_obstacle
from domain.privacy.people import Person, person_of

EXPORT: Final = "privacy.export"
APPROVAL: Final = "PERSONAL_DATA_ERASURE"
MAX_REASON_LENGTH: Final = 500


@retried
async def request_export(
    actor: Actor, *, kind: PersonKind = PersonKind.USER, person_id: UUID | None = None, reason: str | None = None
) -> PersonalDataExport:
    """Have everything put together that is held of oneself, or of another by an officer who says why.

    Only a person may: an API key that leaked would give all of it away. Refuses with PERSON_NOT_FOUND, REASON_REQUIRED and
    EXPORT_PENDING.
    """
    actor.require_session()
    whose = person_id or actor.id
    of_oneself = whose == actor.id
    why = None if of_oneself else _reason(actor, reason)
    async with unit_of_work() as work:
        person = await person_of(work, kind, whose)
        await _take_turns(work, person)
        if await PersonalDataExport.exists(person_id=person.id, requested_by=actor.id, state=ExportState.QUEUED):
            raise ExportPending("an export of these data is being made for you already")
        export = await PersonalDataExport.create(
            id=new_id(),
            person_kind=kind,
            person_id=person.id,
            requested_by=actor.id,
            reason=why,
            requested_at=clock.now(),
            state=ExportState.QUEUED,
        )
        await enqueue(work, EXPORT, {"export_id": str(export.id)}, dedupe_key=str(export.id))
        work.record(
            ExportRequested(
                export_id=export.id,
                person_kind=kind,
                person_id=person.id,
                requested_by=actor.id,
                of_oneself=of_oneself,
            )
        )
    return export


@retried
async def request_erasure(
    actor: Actor, *, kind: PersonKind = PersonKind.USER, person_id: UUID | None = None, reason: str
) -> PersonalDataErasure:
    """Ask for the erasure of one's own data, or as an officer of another's. It waits for a second person.

    Refuses with the code of what stands against it, and with PERSON_NOT_FOUND, REASON_REQUIRED, ERASURE_PENDING and
    ALREADY_ERASED.
    """
    actor.require_session()
    whose = person_id or actor.id
    if whose != actor.id:
        actor.require(Permission.PERSONAL_DATA_MANAGE)
    why = _clean(reason)
    async with unit_of_work() as work:
        person = await person_of(work, kind, whose)
        await _take_turns(work, person)
        await _require_first(person)
        await require_no_obstacle(work, person)
        erasure = await PersonalDataErasure.create(
            id=new_id(),
            person_kind=kind,
            person_id=person.id,
            requested_by=actor.id,
            reason=why,
            requested_at=clock.now(),
            state=ErasureState.REQUESTED,
        )
        await open_approval(
            work,
            APPROVAL,
            subject_id=erasure.id,
            title=f"Erasure of the personal data of a {kind.value.lower()}",
            requested_by=actor.id,
        )
        work.record(ErasureRequested(erasure_id=erasure.id, person_kind=kind, person_id=person.id, requested_by=actor.id))
    return erasure


@retried
async def withdraw_erasure(actor: Actor, *, erasure_id: UUID) -> PersonalDataErasure:
    """Take back what one asked for oneself while nobody has decided; a second time changes nothing. The same may be asked
    for again. Refuses with ERASURE_NOT_FOUND."""
    actor.require_session()
    async with unit_of_work() as work:
        own = PersonalDataErasure.filter(id=erasure_id, requested_by=actor.id)
        erasure = await own.select_for_update().get_or_none()
        if erasure is not None and erasure.state is ErasureState.WITHDRAWN:
            return erasure
        if erasure is None or erasure.state is not ErasureState.REQUESTED:
            raise ErasureNotFound("there is no such request of yours that waits for a decision")
        await close_approval(work, APPROVAL, erasure.id, outcome=ApprovalStatus.WITHDRAWN, decided_by=actor.id)
        erasure.state, erasure.finished_at = ErasureState.WITHDRAWN, max(clock.now(), erasure.requested_at)
        await erasure.save(update_fields=["state", "finished_at"])
        work.record(ErasureWithdrawn(erasure_id=erasure.id, person_id=erasure.person_id, requested_by=actor.id))
    return erasure


async def _require_first(person: Person) -> None:
    earlier = await PersonalDataErasure.filter(
        person_id__in=person.ids, state__in=[ErasureState.REQUESTED, ErasureState.ERASING, ErasureState.ERASED]
    ).first()
    if earlier is None:
        return
    if earlier.state is ErasureState.ERASED:
        raise AlreadyErased("these data have been erased")
    raise ErasurePending("the erasure of these data has been asked for already")


async def _take_turns(work: Work, person: Person) -> None:
    """Whoever asks about the same person waits, by whichever of their ids."""
    for each in sorted(person.id_texts):
        await work.execute("select pg_advisory_xact_lock(hashtextextended('personal data of ' || $1::text, 0))", each)


def _reason(actor: Actor, reason: str | None) -> str:
    if not actor.may(Permission.PERSONAL_DATA_MANAGE):
        raise PersonNotFound("there is no such person")
    return _clean(reason)


def _clean(reason: str | None) -> str:
    cleaned = unicodedata.normalize("NFC", reason or "").strip()
    if not 1 <= len(cleaned) <= MAX_REASON_LENGTH or not cleaned.isprintable():
        raise ReasonRequired(f"say why, in 1 to {MAX_REASON_LENGTH} characters on one line")
    return cleaned
