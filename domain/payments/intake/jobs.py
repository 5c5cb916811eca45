"""When messages and waiting reconciliations are worked through, and when the words of old messages are forgotten."""

from __future__ import annotations

from typing import Final

from domain.jobs.queue import Attempt, Payload, queued
from domain.kit import clock
from domain.kit.database import fetchval
from domain.kit.jobs import job
from domain.payments import settings
from domain.payments.intake import draining, waiting
from domain.payments.intake.storing import DRAIN

MOST_BATCHES: Final = 50
"""In one attempt. What is left has tasks of its own, or is found within the minute."""

FORGET_AT_ONCE: Final = 2_000

FORGET: Final = """
with old as (
    select id from mpesa_message
    where body is not null and state not in ('RECEIVED', 'PARKED') and received_at < $1
    order by received_at, id limit $2 for no key update skip locked
), gone as (
    update mpesa_message set body = null from old where mpesa_message.id = old.id returning 1
)
select count(*)::int from gone
"""


@queued(
    DRAIN,
    purpose="Read what M-Pesa sent, and settle payments whose turn has come.",
    concurrency=2,
    max_attempts=10,
    retry_delay_s=1,
    max_retry_delay_s=60,
)
async def drain_what_is_due(payload: Payload, attempt: Attempt) -> str:
    return f"{await work_through()} of them"


@job(
    "payments.drain_all",
    schedule="* * * * *",
    purpose="Read messages and settle payments that were left behind by whoever should have.",
)
async def drain_what_was_left() -> int:
    return await work_through()


@job("payments.forget_messages", schedule="53 1 * * *", purpose="Forget the words of old messages; that they came is kept.")
async def forget_old_words() -> int:
    """Returns how many; in batches, so that no statement is long."""
    forgotten, before = 0, clock.now() - settings.current().keep_bodies
    while batch := await fetchval(FORGET, before, FORGET_AT_ONCE):
        forgotten += batch
    return forgotten


async def work_through() -> int:
    """Messages first, so that a payment is settled with all that came."""
    done = 0
    for _ in range(MOST_BATCHES):
        messages = await draining.drain()
        payments = await waiting.settle_waiting()
        done += messages + payments
        if messages < draining.BATCH and payments < waiting.BATCH:
            break
    return done
