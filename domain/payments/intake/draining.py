"""Messages that are due are worked through in batches: read, brought to their payments, written down as evidence, settled.

A batch is one unit of work, so whoever is killed leaves the messages as they were. When a batch fails each of its messages
is worked through alone, and one that fails alone is looked at again, later and later, while all others go their way.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog

from domain.kit import clock
from domain.kit.context import as_part_of
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.payments import settings
from domain.payments.intake.commands import answer_commands
from domain.payments.intake.confirming import confirm_callbacks
from domain.payments.intake.evidence import Claim, write_evidence
from domain.payments.intake.finding import find_payments
from domain.payments.intake.letters import Letter, pause_after
from domain.payments.intake.storing import leave_drain
from domain.payments.intake.unknown import ask_after_unknown
from domain.payments.settling import Wanted, settle_orphans, settle_payments
from domain.payments.states import MessageKind, MessageState, ReconTrigger

BATCH: Final = 200
"""Messages in one unit of work: enough to share its costs, few enough that nobody waits long for one of them."""

# What is due, the longest waiting first; what another worker has in hand is left to it.
DUE: Final = """
select id, kind, origin, source_address, size_bytes, body, received_at, work_at, attempts, correlation_id
from mpesa_message
where state in ('RECEIVED', 'PARKED') and work_at <= $1 and ($3::uuid[] is null or id = any($3))
order by work_at, id limit $2 for no key update skip locked
"""

DECIDE: Final = """
update mpesa_message m
set state = v.state, problem = v.problem, payment_id = coalesce(m.payment_id, v.payment_id), work_at = v.work_at,
    attempts = m.attempts + 1, worked_at = case when v.state = 'PARKED' then null else $6::timestamptz end
from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::timestamptz[]) as v (id, state, problem, payment_id, work_at)
where m.id = v.id
"""

PUT_OFF: Final = """
update mpesa_message set state = 'PARKED', problem = $2, attempts = attempts + 1, work_at = $3
where id = $1 and state in ('RECEIVED', 'PARKED')
"""

TRIGGERS: Final = {
    MessageKind.STATUS_RESULT: ReconTrigger.STATUS_QUERY,
    MessageKind.STATUS_TIMEOUT: ReconTrigger.STATUS_QUERY,
}
"""What makes a payment be reconciled when a message was the answer to a question of ours."""

logger = structlog.get_logger(__name__)


async def drain(limit: int = BATCH) -> int:
    """Work through up to ``limit`` messages that are due; returns how many those were."""
    try:
        return await _work_through(limit, None)
    except Exception as error:
        logger.warning("mpesa_batch_failed", error=type(error).__name__)
    return await _one_by_one(limit)


@retried
async def _work_through(limit: int, only: Sequence[UUID] | None) -> int:
    async with unit_of_work() as work:
        now = clock.now()
        rows = await work.fetch(DUE, now, limit, only)
        if rows:
            await _work_on(work, [Letter.open(row) for row in rows], now)
        return len(rows)


async def _work_on(work: Work, letters: Sequence[Letter], now: datetime) -> None:
    park_for = settings.current().park_for
    await answer_commands(work, letters, now, park_for=park_for)
    await find_payments(work, letters, now, park_for=park_for)
    await confirm_callbacks(work, letters, now)
    await ask_after_unknown(work, letters)
    claims = [
        Claim(evidence=letter.claim, payment_id=letter.payment_id, message_id=letter.id, payer=letter.payer)
        for letter in letters
        if letter.claim is not None
    ]
    await write_evidence(work, claims)
    await _settle(work, letters, now)
    await _decide(work, letters, now)


async def _settle(work: Work, letters: Sequence[Letter], now: datetime) -> None:
    """Each payment once, whatever was said of it in this batch. Money of which no payment is known is settled without."""
    triggers: dict[UUID, ReconTrigger] = {}
    for letter in letters:
        if letter.claim is not None and letter.payment_id is not None:
            trigger = TRIGGERS.get(letter.kind, ReconTrigger.PAYMENT_CALLBACK)
            if triggers.get(letter.payment_id) is not ReconTrigger.PAYMENT_CALLBACK:
                triggers[letter.payment_id] = trigger
    nobodys = sorted({letter.about for letter in letters if letter.payment_id is None and letter.about is not None})
    wanted = [Wanted(payment_id=each, trigger=trigger, started_at=now) for each, trigger in sorted(triggers.items())]
    await settle_payments(work, wanted, orphans=nobodys)
    await settle_orphans(work, nobodys)


async def _decide(work: Work, letters: Sequence[Letter], now: datetime) -> None:
    await work.execute(
        DECIDE,
        [letter.id for letter in letters],
        [letter.state.value for letter in letters],
        [letter.problem for letter in letters],
        [letter.payment_id for letter in letters],
        [letter.work_at for letter in letters],
        now,
    )
    for letter in letters:
        rejection = letter.rejection
        if rejection is not None:
            with as_part_of(letter.correlation_id):
                work.record(rejection)
    await leave_drain(work, [letter.work_at for letter in letters if letter.state is MessageState.PARKED])


async def _one_by_one(limit: int) -> int:
    async with unit_of_work() as work:
        rows = await work.fetch(DUE, clock.now(), limit, None)
    for row in rows:
        try:
            await _work_through(1, [row["id"]])
        except Exception as error:
            logger.error("mpesa_message_failed", message_id=str(row["id"]), kind=row["kind"], error=type(error).__name__)
            await _put_off(row["id"], row["attempts"], error)
    return len(rows)


@retried
async def _put_off(message_id: UUID, attempts: int, error: Exception) -> None:
    """Not what went wrong word by word, for there may be a number in it: the message is there to try it with."""
    again_at = clock.now() + pause_after(attempts + 1)
    async with unit_of_work() as work:
        await work.execute(PUT_OFF, message_id, f"it could not be worked on: {type(error).__name__}", again_at)
        await leave_drain(work, [again_at])
