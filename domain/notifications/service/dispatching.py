"""Dispatching: messages leave the house, one after the other, and what came of each is written down.

The network is never spoken to inside a transaction: one takes the message (:mod:`~domain.notifications.service.claiming`),
then it is sent, then another says that it was. Between the last two lies the one gap that no bookkeeping closes: if the
worker dies there, the message is sent again when its lease is over. It then has the same ``Message-ID`` (mail) or
``Idempotency-Key`` (text messages) and the same words, so that a receiver who looks can tell that it is the same one.

A server that is away holds up everything until it is back or the news is old, however often that takes. A server that says
no to one message is asked again some times; then the message is a dead letter, FAILED, which an administrator may send
once more.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from prometheus_client import Counter

from domain.kit import clock, tracing
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.notifications import settings
from domain.notifications.models import Channel, DeliveryState
from domain.notifications.service.claiming import MAX_ERROR_LENGTH, Claimed, claim
from domain.notifications.service.planning import leave
from domain.notifications.transports import CarrierAway, Mail, MessageRefused, ShortMessage

SEND_TIMEOUT_S: Final = 25.0
MAX_PAUSE_ASKED_FOR: Final = timedelta(hours=1)
MAX_PROVIDER_ID_LENGTH: Final = 200

_HANDED_OVER: Final = Counter(
    "daftari_messages_total", "Attempts to hand a message to its carrier, by channel and outcome.", ["channel", "outcome"]
)

logger = structlog.get_logger(__name__)

# Only as long as the message is still ours: a later attempt of somebody else has another number.
_SENT: Final = """
update notification_delivery
set state = 'SENT', sent_at = $3, transport = $4, provider_id = $5, leased_until = null
where id = $1 and state = 'SENDING' and attempts = $2
"""

_NOT_SENT: Final = """
update notification_delivery
set state = $3, due_at = $4, last_error = $5, refusals = refusals + $6, leased_until = null
where id = $1 and state = 'SENDING' and attempts = $2
returning id
"""

# Those behind a message that could not be sent because the server is away need not be tried to know that.
_PUT_OFF: Final = """
update notification_delivery set due_at = greatest(due_at, $2)
where id in (select id from notification_delivery
             where id = any ($1::uuid[]) and channel = $3 and state = 'QUEUED' order by id for update)
returning id, due_at
"""


async def dispatch(delivery_ids: Sequence[UUID]) -> int:
    """Send those of these messages that are due; returns how many left."""
    sent = 0
    for place, delivery_id in enumerate(delivery_ids):
        claimed = await claim(delivery_id)
        if claimed is None:
            continue
        channel = claimed.channel.value.lower()
        try:
            with tracing.part(f"send {channel}", tracing.Kind.CLIENT):
                transport, provider_id = await _send(claimed)
        except CarrierAway as away:
            _HANDED_OVER.labels(channel, "away").inc()
            later = clock.now() + _pause(claimed.attempt, away)
            await _put_back(claimed, later, str(away), refused=False)
            await _put_off(delivery_ids[place + 1 :], claimed.channel, later)
        except MessageRefused as refusal:
            _HANDED_OVER.labels(channel, "refused").inc()
            await _refused(claimed, refusal)
        else:
            _HANDED_OVER.labels(channel, "taken").inc()
            await _mark_sent(claimed, transport, provider_id)
            sent += 1
    return sent


async def _send(claimed: Claimed) -> tuple[str, str | None]:
    """Hand the message to its carrier; returns who took it, and what it is called there."""
    chosen, written = settings.current(), claimed.written
    try:
        async with asyncio.timeout(SEND_TIMEOUT_S):
            if claimed.channel is Channel.SMS:
                text = ShortMessage(claimed.id, claimed.address, written.text)
                return chosen.texter.name, await chosen.texter.send(text)
            letter = Mail(claimed.id, claimed.address, written.subject, written.text, written.html or "")
            return chosen.mailer.name, await chosen.mailer.send(letter)
    except TimeoutError:
        raise CarrierAway("no answer in time") from None
    except (CarrierAway, MessageRefused):
        raise
    except Exception as error:
        logger.exception("carrier_failed", channel=claimed.channel.value, delivery_id=str(claimed.id))
        raise MessageRefused(f"{type(error).__name__}: {error}", for_good=False) from error


async def _refused(claimed: Claimed, refusal: MessageRefused) -> None:
    if refusal.for_good or claimed.refusals + 1 >= settings.current().max_refusals:
        await _give_up(claimed, str(refusal))
    else:
        await _put_back(claimed, clock.now() + _pause(claimed.attempt), str(refusal), refused=True)


def _pause(attempt: int, away: CarrierAway | None = None) -> timedelta:
    """Longer after each attempt, and not the same for all who wait, so that they do not come back in one crowd."""
    if away is not None and away.after_s is not None:
        return min(timedelta(seconds=max(1.0, away.after_s)), MAX_PAUSE_ASKED_FOR)
    chosen = settings.current()
    doubled: timedelta = chosen.first_pause * 2 ** min(attempt - 1, 20)
    return min(doubled, chosen.longest_pause) * random.uniform(0.5, 1.5)


@retried
async def _mark_sent(claimed: Claimed, transport: str, provider_id: str | None) -> None:
    async with unit_of_work() as work:
        known_as = provider_id[:MAX_PROVIDER_ID_LENGTH] if provider_id else None
        await work.execute(_SENT, claimed.id, claimed.attempt, clock.now(), transport, known_as)


@retried
async def _put_back(claimed: Claimed, later: datetime, reason: str, *, refused: bool) -> None:
    """Into the outbox again, to be tried later."""
    async with unit_of_work() as work:
        if await _not_sent(work, claimed, DeliveryState.QUEUED, later, reason, refused=refused):
            await leave(work, {claimed.id: later})


@retried
async def _give_up(claimed: Claimed, reason: str) -> None:
    async with unit_of_work() as work:
        if await _not_sent(work, claimed, DeliveryState.FAILED, clock.now(), reason, refused=True):
            logger.error("message_failed", delivery_id=str(claimed.id), channel=claimed.channel.value, reason=reason)


async def _not_sent(
    work: Work, claimed: Claimed, state: DeliveryState, due_at: datetime, reason: str, *, refused: bool
) -> bool:
    """Write down that an attempt failed; False when somebody else has the message by now."""
    error = reason.replace(claimed.address, claimed.masked_address)[:MAX_ERROR_LENGTH] or "no reason was given"
    row = await work.fetchrow(_NOT_SENT, claimed.id, claimed.attempt, state.value, due_at, error, 1 if refused else 0)
    return row is not None


@retried
async def _put_off(delivery_ids: Sequence[UUID], channel: Channel, later: datetime) -> None:
    if not delivery_ids:
        return
    async with unit_of_work() as work:
        rows = await work.fetch(_PUT_OFF, list(delivery_ids), later, channel.value)
        await leave(work, {row["id"]: row["due_at"] for row in rows})
