"""Planning: which messages leave the house for a notification, to whom, and when; and leaving the work to the queue.

The rows are written in the transaction of the notification, so a message exists if and only if its notification does. What
people chose is looked at now, so that the notification can say which ways it goes, and again before a message leaves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from domain.jobs.queue import NewTask, enqueue_many
from domain.kit import clock
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work
from domain.notifications import settings
from domain.notifications.models import Category, Channel, DeliveryState, Suppression
from domain.notifications.rule import Rule

DISPATCH: Final = "notifications.dispatch"
MESSAGES_A_TASK: Final = 10
"""So few that even slow carriers take all of them within the time that a task has."""

_CONTACTS: Final = """
select person.id, person.email, person.phone, coalesce(chosen.turned_off, '{}') as turned_off
from app_user person left join notification_preferences chosen on chosen.user_id = person.id
where person.id = any ($1::uuid[]) and person.active
"""

# The messages of one rule. One that repeats the kind and subject of another within its window waits for the window's end,
# where all that came meanwhile leave together.
_PLAN: Final = """
with wanted as (
    select planned.id, planned.notification_id, planned.recipient_id, planned.channel, planned.state, planned.because,
           case when planned.state = 'QUEUED' and $6::text is not null then coalesce((
               select max(earlier.window_began_at) from notification_delivery earlier
               where earlier.recipient_id = planned.recipient_id and earlier.channel = planned.channel
                 and earlier.digest_key = $6 and earlier.window_began_at > $7::timestamptz - $8::interval
           ), $7) end as window_began_at,
           planned.address
    from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $12::text[], $13::text[])
         as planned (id, notification_id, recipient_id, channel, state, because, address)
)
insert into notification_delivery (id, notification_id, recipient_id, channel, state, suppressed_because, template, urgent,
                                   digest_key, window_began_at, attempts, refusals, created_at, due_at, expires_at,
                                   address, to_house)
select id, notification_id, recipient_id, channel, state, because, $9, $10,
       case when window_began_at is not null then $6 end, window_began_at, 0, 0, $7,
       case when window_began_at < $7 then window_began_at + $8 else $7 end, $11, address, address is not null
from wanted
returning id, state, due_at
"""


@dataclass(frozen=True, slots=True)
class Contact:
    """How somebody can be reached, and by which ways they do not want to be."""

    email: str
    phone: str | None
    turned_off: frozenset[str]

    def why_not(self, category: Category, channel: Channel, *, urgent: bool) -> Suppression | None:
        """What keeps a message from this person; None when it may go. What is urgent goes whatever they chose."""
        if choice(category, channel) in self.turned_off and not urgent:
            return Suppression.TURNED_OFF
        if channel is Channel.SMS and self.phone is None:
            return Suppression.NO_ADDRESS
        return None


@dataclass(frozen=True, slots=True)
class Message:
    """A message that is to be planned; ``because`` says why it will not be sent. It goes to the recipient, or to the
    ``house_address``."""

    notification_id: UUID
    recipient_id: UUID
    channel: Channel
    because: Suppression | None
    house_address: str | None = None


def choice(category: Category, channel: Channel) -> str:
    """How a way that is turned off is written down."""
    return f"{category.value}:{channel.value}"


async def contacts_of(work: Work, people: Collection[UUID], rule: Rule[Any]) -> dict[UUID, Contact]:
    """Those of ``people`` who are still with us; empty when the rule sends nothing out of the house."""
    rows = await work.fetch(_CONTACTS, list(people)) if rule.outward else []
    return {row["id"]: Contact(row["email"], row["phone"], frozenset(row["turned_off"])) for row in rows}


def house_addresses(rule: Rule[Any]) -> dict[Channel, str]:
    """Where the rule's messages go instead of to each who is told."""
    if not rule.to_house:
        return {}
    chosen = settings.current()
    found = {channel: chosen.house_address(channel) for channel in rule.outward}
    return {channel: address for channel, address in found.items() if address is not None}


def ways_to_all(
    rule: Rule[Any], contacts: Mapping[UUID, Contact], of_house: Collection[Channel]
) -> dict[UUID, dict[Channel, Suppression | None]]:
    """For each person, every way out of the house that the rule takes, with what keeps it from them.

    What goes by a channel ``of_house`` goes there once, with the notification of the first of them.
    """
    ways: dict[UUID, dict[Channel, Suppression | None]] = {
        person: {
            channel: contact.why_not(rule.category, channel, urgent=rule.urgent)
            for channel in rule.outward
            if channel not in of_house
        }
        for person, contact in contacts.items()
    }
    if ways:
        ways[min(ways)].update(dict.fromkeys(of_house))
    return ways


async def plan_messages(
    work: Work, rule: Rule[Any], messages: Sequence[Message], *, subject_id: UUID | None, occurred_at: datetime
) -> None:
    """Write the messages of one rule into the outbox, and leave the sending to the queue."""
    now = clock.now()
    expires_at = occurred_at + min(rule.sent_within, rule.kept_for)
    rows = await work.fetch(
        _PLAN,
        [new_id() for _ in messages],
        [message.notification_id for message in messages],
        [message.recipient_id for message in messages],
        [message.channel.value for message in messages],
        [_first_state(message, expires_at, now).value for message in messages],
        rule.digest_key(subject_id),
        now,
        rule.together or settings.current().digest_window,
        rule.template,
        rule.urgent,
        expires_at,
        [message.because.value if message.because else None for message in messages],
        [message.house_address for message in messages],
    )
    await leave(work, {row["id"]: row["due_at"] for row in rows if row["state"] == DeliveryState.QUEUED.value})


def _first_state(message: Message, expires_at: datetime, now: datetime) -> DeliveryState:
    if message.because is not None:
        return DeliveryState.SUPPRESSED
    return DeliveryState.QUEUED if expires_at > now else DeliveryState.EXPIRED


async def leave(work: Work, due: Mapping[UUID, datetime]) -> None:
    """Have messages sent when they are due: some of them together in each task."""
    tasks = []
    for due_at, ids in groupby(sorted(due, key=lambda each: (due[each], each)), key=due.__getitem__):
        for part in _parts(list(ids)):
            tasks.append(NewTask({"delivery_ids": [str(each) for each in part]}, run_after=due_at))
    if tasks:
        await enqueue_many(work, DISPATCH, tasks)


def _parts(ids: list[UUID]) -> Iterable[list[UUID]]:
    for start in range(0, len(ids), MESSAGES_A_TASK):
        yield ids[start : start + MESSAGES_A_TASK]
