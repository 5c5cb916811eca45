"""Sending: an endpoint gets the events that are for it one after another, each when the one before has arrived.

A sender takes an endpoint for a while (its lease, by the clock of the database), so that nobody else sends to it meanwhile;
how far it has come is written down after each message. Whoever is killed in between sends the last message again, under the
same id. A message that does not arrive holds up those behind it, with growing pauses, so that nothing comes out of order and
nothing is left out; after some days without success the endpoint is disabled, and goes on from there when its owner resumes
it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from prometheus_client import Counter, Histogram

from domain.events import log
from domain.events.event import LoggedEvent
from domain.events.log import Place
from domain.identity import directory
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock, tracing
from domain.kit.database import Record, fetch
from domain.kit.errors import NotFound
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.webhooks import messages, settings
from domain.webhooks.events import WebhookEndpointDisabled, WebhookEndpointFailing
from domain.webhooks.messages import Message
from domain.webhooks.models import DisabledBecause, WebhookEndpoint
from domain.webhooks.rules import pause_after
from domain.webhooks.transports import NoReply, Reply

ANSWER_WITHIN_S: Final = 15.0
LEASE: Final = timedelta(seconds=60)
"""Longer than one message and what is written about it take."""
TURN_S: Final = 20.0
"""After so long an endpoint that has still more to get lets others have their turn."""
TOLD_AFTER: Final = 3
"""Failures in a row after which the owner is told: the third is more than five minutes after the first."""
GONE: Final = 410
MAX_ERROR_LENGTH: Final = 300

_ATTEMPTS: Final = Counter(
    "daftari_webhook_attempts_total", "Attempts to deliver a message to an endpoint, by what came of them.", ["outcome"]
)
_TOOK: Final = Histogram(
    "daftari_webhook_seconds", "How long endpoints took to answer.", buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15)
)

logger = structlog.get_logger(__name__)

# Endpoints for which there is something that they have not had, and to which nobody is sending.
_TAKE: Final = """
with due as (
    select endpoint.id from webhook_endpoint endpoint, event_log_head head
    where state = 'ENABLED' and (due_at is null or due_at <= $1)
        and (leased_until is null or leased_until <= clock_timestamp())
        and (endpoint.position < head.position or endpoint.epoch <> head.epoch)
    order by due_at nulls first, id limit $2 for update of endpoint skip locked
)
update webhook_endpoint endpoint set lease_id = gen_random_uuid(), leased_until = clock_timestamp() + $3
from due where endpoint.id = due.id
returning endpoint.*
"""

_ARRIVED: Final = """
update webhook_endpoint
set epoch = $3, position = $4, failures = 0, failing_since = null, due_at = null, leased_until = clock_timestamp() + $5,
    last_delivered_at = $6
where id = $1 and lease_id = $2 returning 1
"""

_PASSED: Final = """
update webhook_endpoint set position = $3, leased_until = clock_timestamp() + $4
where id = $1 and lease_id = $2 returning 1
"""

_FAILED: Final = """
update webhook_endpoint
set failures = failures + 1, failing_since = coalesce(failing_since, $3), due_at = $4, lease_id = null, leased_until = null
where id = $1 and lease_id = $2 returning failing_since
"""

_DISABLE: Final = """
update webhook_endpoint
set state = 'DISABLED', disabled_because = $2, due_at = null, lease_id = null, leased_until = null
where id = $1 and state = 'ENABLED' returning name, owner_id
"""

_GIVE_BACK: Final = "update webhook_endpoint set lease_id = null, leased_until = null where id = $1 and lease_id = $2"

_WRITE_ATTEMPT: Final = """
insert into webhook_attempt (id, endpoint_id, message_id, type, attempted_at, took_ms, delivered, status, error)
select $1, id, $3, $4, $5, $6, $7, $8, $9 from webhook_endpoint where id = $2
"""


class _Taken(Exception):
    """Somebody else has the endpoint by now, or it was paused or deleted."""


@dataclass(frozen=True, slots=True)
class Attempted:
    """One attempt and what came of it; ``error`` is None when the message has arrived."""

    message: Message
    at: datetime
    took_ms: int
    reply: Reply | None
    error: str | None


@dataclass(frozen=True, slots=True)
class _Turn:
    """An endpoint that is ours for a while, and whom it belongs to."""

    endpoint: WebhookEndpoint
    owner: Actor

    @property
    def _key(self) -> tuple[UUID, UUID | None]:
        return self.endpoint.id, self.endpoint.lease_id

    def is_for(self, logged: LoggedEvent) -> bool:
        """Whether an event was asked for, and may be seen by the owner as the rights are now."""
        endpoint = self.endpoint
        asked = not (endpoint.types or endpoint.domains)
        if not asked and logged.name not in endpoint.types and logged.domain not in endpoint.domains:
            return False
        return not self.owner.audiences.isdisjoint(logged.audience)

    async def run(self) -> None:
        """Send until nothing is left, something fails, or the turn is over."""
        ends_at = asyncio.get_running_loop().time() + TURN_S
        while asyncio.get_running_loop().time() < ends_at:
            oldest, head = await log.bounds()
            place = Place(self.endpoint.epoch, self.endpoint.position)
            if place.epoch != head.epoch or place.position < oldest - 1:
                reason = "HISTORY_CHANGED" if place.epoch != head.epoch else "TOO_OLD"
                message = messages.resync_of(head, reason, clock.now(), new_id())
                if not await self._sent(message, head):
                    return
            elif place.position >= head.position:
                await self._give_back()
                return
            else:
                try:
                    batch = await log.read_after(place.position)
                except log.GapInLog:
                    # Archived since it was looked at: the next look says so.
                    continue
                if not await self._sent_some(batch):
                    return
        await self._give_back()

    async def _sent_some(self, batch: Sequence[LoggedEvent]) -> bool:
        """Send those of some events that are for the endpoint; whether all arrived."""
        for logged in batch:
            if self.is_for(logged):
                with tracing.later("webhook", logged.correlation_id, tracing.Kind.PRODUCER, {"daftari.event": logged.name}):
                    arrived = await self._sent(messages.message_of(logged), Place(logged.epoch, logged.position))
                if not arrived:
                    return False
        await self._pass(batch[-1].position)
        return True

    async def _sent(self, message: Message, place: Place) -> bool:
        attempted = await attempt(self.endpoint, message)
        if attempted.error is not None:
            await _note_failure(self.endpoint, attempted)
            return False
        await self._note_arrival(attempted, place)
        return True

    @retried
    async def _note_arrival(self, attempted: Attempted, place: Place) -> None:
        now = clock.now()
        async with unit_of_work() as work:
            if not await work.fetch(_ARRIVED, *self._key, place.epoch, place.position, LEASE, now):
                raise _Taken
            await write_attempt(work, self.endpoint.id, attempted)
        self.endpoint.epoch, self.endpoint.position = place.epoch, place.position
        self.endpoint.failures = 0

    async def _pass(self, position: int) -> None:
        """Go past what is not for the endpoint."""
        if position > self.endpoint.position:
            if not await fetch(_PASSED, *self._key, position, LEASE):
                raise _Taken
            self.endpoint.position = position

    async def _give_back(self) -> None:
        await fetch(_GIVE_BACK, *self._key)


async def send_due(*, places: int) -> list[Awaitable[None]]:
    """Take endpoints that are due, so many at the most, and return the turn of each, to be awaited."""
    return [_turn(row) for row in await fetch(_TAKE, clock.now(), places, LEASE)]


async def _turn(row: Record) -> None:
    endpoint = WebhookEndpoint(**dict(row))
    try:
        owner = await _owner_of(endpoint)
        if owner is None:
            await _disable(endpoint, DisabledBecause.OWNER_LOST_ACCESS, "the owner may not read events any more")
            return
        await _Turn(endpoint, owner).run()
    except _Taken:
        logger.info("webhook_endpoint_taken", endpoint_id=str(endpoint.id))


async def _owner_of(endpoint: WebhookEndpoint) -> Actor | None:
    """Who it belongs to, with the rights of now; None when they may not read events any more."""
    try:
        owner = await directory.actor_of_user(endpoint.owner_id)
    except NotFound:
        return None
    return owner if owner.may(Permission.EVENTS_READ) else None


async def attempt(endpoint: WebhookEndpoint, message: Message) -> Attempted:
    """Send a message once. Nothing of it is written down here."""
    chosen, now = settings.current(), clock.now()
    secrets = [messages.secret_of(chosen.secret, endpoint.id, each) for each in endpoint.generations]
    began = asyncio.get_running_loop().time()
    reply, error = None, None
    try:
        async with asyncio.timeout(ANSWER_WITHIN_S):
            with tracing.part("POST", tracing.Kind.CLIENT, {"http.request.method": "POST"}) as asking:
                headers = messages.headers_of(message, secrets, now) | tracing.headers()
                reply = await chosen.carrier.post(endpoint.url, message.body, headers)
                asking.note("http.response.status_code", reply.status)
    except TimeoutError:
        error = f"no answer within {ANSWER_WITHIN_S:g} seconds"
    except NoReply as problem:
        error = str(problem)[:MAX_ERROR_LENGTH]
    else:
        error = None if reply.is_taken else f"HTTP {reply.status}"
    took_s = asyncio.get_running_loop().time() - began
    _TOOK.observe(took_s)
    _ATTEMPTS.labels("unreachable" if reply is None else "delivered" if error is None else "refused").inc()
    return Attempted(message, now, round(took_s * 1000), reply, error)


@retried
async def _note_failure(endpoint: WebhookEndpoint, attempted: Attempted) -> None:
    assert attempted.error is not None
    now, failures = clock.now(), endpoint.failures + 1
    async with unit_of_work() as work:
        due_at = now + pause_after(failures, attempted.reply)
        rows: list[Any] = await work.fetch(_FAILED, endpoint.id, endpoint.lease_id, now, due_at)
        if not rows:
            raise _Taken
        await write_attempt(work, endpoint.id, attempted)
        since, patience = rows[0]["failing_since"], settings.current().disable_after
        if attempted.reply is not None and attempted.reply.status == GONE:
            await _disable_within(work, endpoint.id, DisabledBecause.GONE, attempted.error)
        elif now - since >= patience:
            await _disable_within(work, endpoint.id, DisabledBecause.FAILING, attempted.error)
        elif failures == TOLD_AFTER:
            work.record(
                WebhookEndpointFailing(
                    endpoint_id=endpoint.id,
                    owner_id=endpoint.owner_id,
                    endpoint_name=endpoint.name,
                    error=attempted.error,
                    failing_since=since,
                    disabled_at=since + patience,
                )
            )


@retried
async def _disable(endpoint: WebhookEndpoint, because: DisabledBecause, error: str) -> None:
    async with unit_of_work() as work:
        await _disable_within(work, endpoint.id, because, error)


async def _disable_within(work: Work, endpoint_id: UUID, because: DisabledBecause, error: str) -> None:
    for row in await work.fetch(_DISABLE, endpoint_id, because.value):
        work.record(
            WebhookEndpointDisabled(
                endpoint_id=endpoint_id,
                owner_id=row["owner_id"],
                endpoint_name=row["name"],
                because=because,
                error=error,
            )
        )


async def write_attempt(work: Work, endpoint_id: UUID, attempted: Attempted) -> None:
    """Remember an attempt, unless the endpoint was deleted meanwhile."""
    await work.execute(
        _WRITE_ATTEMPT,
        new_id(),
        endpoint_id,
        attempted.message.id,
        attempted.message.type,
        attempted.at,
        attempted.took_ms,
        attempted.error is None,
        None if attempted.reply is None else attempted.reply.status,
        attempted.error,
    )
