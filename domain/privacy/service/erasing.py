"""Doing an erasure: all of it in one transaction, or nothing.

What happened before the decision is waited for: a listener that has not heard it yet would otherwise write the person's name
down again after it is erased.
"""

from __future__ import annotations

import asyncio
import secrets
from functools import partial
from typing import Final
from uuid import UUID

from domain.events.listeners import every_listener
from domain.events.retention import keep_archiving_away
from domain.identity import directory
from domain.identity.passwords import hash_password
from domain.jobs.queue import Attempt, Retry
from domain.kit import clock
from domain.kit.errors import DomainError
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.privacy import archives, settings
from domain.privacy.errors import ErasureObstacle
from domain.privacy.events import ErasureDecided, ErasureRefused, PersonalDataErased
from domain.privacy.models import ErasureState, PersonalDataErasure
from domain.privacy.obstacles import require_no_obstacle
from domain.privacy.payloads import Redaction
from domain.privacy.people import person_of, words_of
from domain.privacy.rows import erase_rows

WAIT_S: Final = 15.0

_DECIDED_AT: Final = """
select position from event_log where name = $1 and payload::jsonb ->> 'erasure_id' = $2
order by position desc limit 1
"""
_SLOWEST: Final = """
select l.listener from unnest($2::text[]) as l (listener) left join event_checkpoint c on c.listener = l.listener
where c.position < coalesce($1, 0) limit 1
"""


async def erase(erasure_id: UUID, attempt: Attempt) -> str:
    """Erase what was agreed on. What stands against it by now ends it; what goes wrong otherwise is tried again."""
    nobodys = await hash_password(secrets.token_urlsafe(32))
    try:
        return await _erase(erasure_id, attempt, nobodys)
    except ErasureObstacle as refusal:
        await _refuse(erasure_id, attempt, refusal)
        return f"refused: {refusal.code}"


@retried
async def _erase(erasure_id: UUID, attempt: Attempt, password_hash: str) -> str:
    async with unit_of_work() as work:
        erasure = await PersonalDataErasure.filter(id=erasure_id).select_for_update().get_or_none()
        if erasure is None or erasure.state is not ErasureState.ERASING:
            await attempt.complete(work)
            return "nothing to do"
        await _wait_for_listeners(work, erasure_id)
        if not await keep_archiving_away(work):
            raise Retry(WAIT_S, "the log is being archived")
        await attempt.complete(work)
        person = await person_of(work, erasure.person_kind, erasure.person_id)
        await require_no_obstacle(work, person)
        mark = secrets.token_hex(4)
        redaction = Redaction(
            person=person,
            words=await words_of(work, person),
            pseudonym=f"Erased person {mark.upper()}",
            email=f"erased-{mark}@erased.invalid",
        )
        changed = await erase_rows(work, erasure.id, redaction, password_hash=password_hash)
        folder = settings.current().archive
        if folder is not None:
            changed["archived_events"] = await asyncio.to_thread(archives.redact, folder, [redaction])
        erasure.state, erasure.finished_at = ErasureState.ERASED, clock.now()
        erasure.pseudonym, erasure.erased_ids, erasure.rows_changed = redaction.pseudonym, person.ids, changed
        await erasure.save(update_fields=["state", "finished_at", "pseudonym", "erased_ids", "rows_changed"])
        work.record(
            PersonalDataErased(
                erasure_id=erasure.id,
                person_kind=erasure.person_kind,
                person_id=erasure.person_id,
                requested_by=erasure.requested_by,
                erased_ids=person.ids,
                pseudonym=redaction.pseudonym,
                erased_at=erasure.finished_at,
            )
        )
        for user_id in person.users:
            work.after_commit(partial(directory.forget, user_id))
    return f"{sum(changed.values())} rows"


async def _wait_for_listeners(work: Work, erasure_id: UUID) -> None:
    decided_at = await work.fetchval(_DECIDED_AT, ErasureDecided.name, str(erasure_id))
    if decided_at is None and await work.fetchval("select exists (select from outbox where name = $1)", ErasureDecided.name):
        raise Retry(WAIT_S, "the decision is not in the log yet")
    slow = await work.fetchval(_SLOWEST, decided_at, [each.name for each in every_listener()])
    if slow is not None:
        raise Retry(WAIT_S, f"{slow} has not heard of the decision yet")


@retried
async def _refuse(erasure_id: UUID, attempt: Attempt, refusal: DomainError) -> None:
    async with unit_of_work() as work:
        await attempt.complete(work)
        erasure = await PersonalDataErasure.filter(id=erasure_id).select_for_update().get()
        erasure.state, erasure.refused_code, erasure.finished_at = ErasureState.REFUSED, refusal.code, clock.now()
        await erasure.save(update_fields=["state", "refused_code", "finished_at"])
        work.record(
            ErasureRefused(
                erasure_id=erasure.id,
                person_id=erasure.person_id,
                requested_by=erasure.requested_by,
                code=refusal.code,
            )
        )
