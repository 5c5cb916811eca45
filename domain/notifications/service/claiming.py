"""Claiming: before a message leaves, one worker takes it, looks once more whether it is still wanted, and writes it down.

A message is taken for a while (its lease). Whoever finds it taken comes again when the lease is over, which is how one
that a dying worker had in its hands is sent after all: its task goes to another worker within seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from jinja2 import TemplateError

from domain.kit import clock
from domain.kit.database import Record
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.notifications.models import Channel, DeliveryState, Priority, Suppression, category_of, masked
from domain.notifications.quiet import ANYWHERE, end_of_quiet
from domain.notifications.service.planning import Contact, leave
from domain.notifications.writing import Notice, Written, write

LEASE: Final = timedelta(seconds=40)
"""Longer than any attempt takes, so that nobody sends what somebody else is sending; by the clock of the database."""

MAX_IN_DIGEST: Final = 2_000
"""So many are said in one message; if there are more, the rest make another one."""
MAX_ERROR_LENGTH: Final = 500
EVERYBODY: Final = "administrators"
"""Who is spoken to at an address of the house."""

# The message, and those that it could carry, locked in the order in which everybody locks them.
_LOCK: Final = f"""
select delivery.*, delivery.leased_until - clock_timestamp() as lease_left
from notification_delivery delivery, notification_delivery claimed
where claimed.id = $1 and (delivery.id = claimed.id
    or claimed.text is null and claimed.digest_key is not null and delivery.text is null and delivery.state = 'QUEUED'
       and delivery.recipient_id = claimed.recipient_id and delivery.channel = claimed.channel
       and delivery.digest_key = claimed.digest_key)
order by delivery.id limit {MAX_IN_DIGEST} for update of delivery
"""

_RECIPIENT: Final = """
select person.name, person.email, person.phone, person.active, coalesce(chosen.turned_off, '{}') as turned_off,
       chosen.quiet_from, chosen.quiet_until, coalesce(chosen.time_zone, $2) as time_zone
from app_user person left join notification_preferences chosen on chosen.user_id = person.id
where person.id = $1
"""

_NOTICES: Final = """
select kind, priority, title, body, created_at from notification where id = any ($1::uuid[])
order by source_position desc
"""

_TAKE: Final = """
update notification_delivery
set state = 'SENDING', attempts = attempts + 1, leased_until = clock_timestamp() + $2, address = $3, subject = $4,
    text = $5, html = $6
where id = $1
"""

_CARRY: Final = "update notification_delivery set state = 'DIGESTED', carried_by = $1 where id = any ($2::uuid[])"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that is ours to send. ``attempt`` tells this attempt from any later one."""

    id: UUID
    channel: Channel
    attempt: int
    refusals: int
    address: str
    written: Written

    @property
    def masked_address(self) -> str:
        return masked(self.channel, self.address)


@retried
async def claim(delivery_id: UUID) -> Claimed | None:
    """Take a message to send it now; None when it is not to be sent, not yet, or by somebody else."""
    async with unit_of_work() as work:
        now = clock.now()
        rows = await work.fetch(_LOCK, delivery_id)
        delivery = next((row for row in rows if row["id"] == delivery_id), None)
        if delivery is None or not _is_ready(delivery, now):
            if delivery is not None and delivery["state"] == DeliveryState.SENDING.value:
                await leave(work, {delivery_id: now + delivery["lease_left"]})
            return None
        if delivery["expires_at"] <= now:
            await _end(work, delivery_id, DeliveryState.EXPIRED)
            return None
        recipient = await work.fetchrow(_RECIPIENT, delivery["recipient_id"], ANYWHERE)
        assert recipient is not None, "people are never deleted"
        others = [row for row in rows if row["id"] != delivery_id and row["expires_at"] > now]
        return await _take(work, delivery, others, recipient, now)


def _is_ready(delivery: Record, now: datetime) -> bool:
    if delivery["state"] == DeliveryState.SENDING.value:
        return bool(delivery["lease_left"] <= timedelta())
    return bool(delivery["state"] == DeliveryState.QUEUED.value and delivery["due_at"] <= now)


async def _take(work: Work, delivery: Record, others: list[Record], recipient: Record, now: datetime) -> Claimed | None:
    channel = Channel(delivery["channel"])
    notices = await _notices(work, [delivery, *others])
    if not delivery["to_house"]:
        if (because := _why_not(notices[0], channel, recipient, urgent=delivery["urgent"])) is not None:
            await _end(work, delivery["id"], DeliveryState.SUPPRESSED, because)
            return None
        if not delivery["urgent"] and (morning := _end_of_night(recipient, now)) is not None:
            await _wait(work, delivery["id"], morning)
            return None
    address = delivery["address"] or recipient["email" if channel is Channel.MAIL else "phone"]
    try:
        written = _written(delivery, notices, recipient)
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        await _fail(work, delivery["id"], f"it could not be written: {type(error).__name__}: {error}")
        return None
    await work.execute(_TAKE, delivery["id"], LEASE, address, written.subject, written.text, written.html)
    if others:
        await work.execute(_CARRY, delivery["id"], [row["id"] for row in others])
    return Claimed(delivery["id"], channel, delivery["attempts"] + 1, delivery["refusals"], address, written)


async def _notices(work: Work, deliveries: list[Record]) -> list[Notice]:
    rows = await work.fetch(_NOTICES, [row["notification_id"] for row in deliveries])
    return [Notice(row["kind"], Priority(row["priority"]), row["title"], row["body"], row["created_at"]) for row in rows]


def _why_not(notice: Notice, channel: Channel, recipient: Record, *, urgent: bool) -> Suppression | None:
    if not recipient["active"]:
        return Suppression.DEACTIVATED
    contact = Contact(recipient["email"], recipient["phone"], frozenset(recipient["turned_off"]))
    return contact.why_not(category_of(notice.kind), channel, urgent=urgent)


def _end_of_night(recipient: Record, now: datetime) -> datetime | None:
    return end_of_quiet(now, recipient["quiet_from"], recipient["quiet_until"], recipient["time_zone"])


def _written(delivery: Record, notices: list[Notice], recipient: Record) -> Written:
    """What an earlier attempt wrote, or now for the first time."""
    if delivery["text"] is not None:
        return Written(delivery["subject"], delivery["text"], delivery["html"])
    of_house = delivery["to_house"]
    return write(
        Channel(delivery["channel"]),
        delivery["template"],
        notices,
        name=EVERYBODY if of_house else recipient["name"],
        time_zone=ANYWHERE if of_house else recipient["time_zone"],
        to_house=of_house,
    )


async def _end(work: Work, delivery_id: UUID, state: DeliveryState, because: Suppression | None = None) -> None:
    await work.execute(
        "update notification_delivery set state = $2, suppressed_because = $3, leased_until = null where id = $1",
        delivery_id,
        state.value,
        because.value if because else None,
    )


async def _fail(work: Work, delivery_id: UUID, error: str) -> None:
    await work.execute(
        "update notification_delivery set state = 'FAILED', last_error = $2, leased_until = null where id = $1",
        delivery_id,
        error[:MAX_ERROR_LENGTH],
    )


async def _wait(work: Work, delivery_id: UUID, until: datetime) -> None:
    """Not before the morning. A message that was taken before lies in the outbox again."""
    await work.execute(
        "update notification_delivery set state = 'QUEUED', due_at = $2, leased_until = null where id = $1",
        delivery_id,
        until,
    )
    await leave(work, {delivery_id: until})
