"""Telling people of an event: a row for each, the count of their unread ones, the event that reaches their screens, and
the messages that leave the house."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from domain.events.event import LoggedEvent
from domain.kit import clock
from domain.kit.database import Record
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work, unit_of_work
from domain.notifications.events import NotificationCreated
from domain.notifications.models import ALWAYS, Channel, Priority, Suppression
from domain.notifications.policy import rules_for
from domain.notifications.recipients import Recipients
from domain.notifications.rule import Rule
from domain.notifications.service.planning import Message, contacts_of, house_addresses, plan_messages, ways_to_all

MAX_ROLE_RECIPIENTS: Final = 2_000
"""Of everybody in a role, so many are told at most: those who signed in last."""

MAX_TITLE_LENGTH: Final = 120
MAX_BODY_LENGTH: Final = 1_000

_IN_ROLES: Final = """
select id from app_user
where active and roles && $1::text[] and id <> all ($2::uuid[])
  and ($3::text[] is null or branch_id = $4 or roles && $3)
order by (select max(created_at) from user_session where user_id = app_user.id) desc nulls last, id
limit $5
"""

# One row for each recipient who is still with us and was not told of this event before; then their counts. The counts
# are locked in the order of the users, so that two who tell the same people never wait for each other in a circle.
_TELL: Final = """
with recipient as (
    select person.id, person.notification_id, string_to_array(person.channels, ' ') as channels
    from unnest($1::uuid[], $2::uuid[], $3::text[]) as person (id, notification_id, channels)
         join app_user on app_user.id = person.id
    where app_user.active
), told as (
    insert into notification (id, recipient_id, channels, source_position, kind, type, priority, title, body, subject_kind,
                              subject_id, data, created_at, expires_at)
    select notification_id, id, channels, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14 from recipient
    on conflict (recipient_id, source_position) do nothing
    returning id, recipient_id
), counted as (
    insert into notification_inbox (user_id, unread)
    select recipient_id, 1 from told order by recipient_id
    on conflict (user_id) do update set unread = notification_inbox.unread + 1
    returning user_id, unread
)
select told.id, told.recipient_id, counted.unread from told join counted on counted.user_id = told.recipient_id
order by told.recipient_id
"""

Ways = dict[Channel, Suppression | None]
"""Ways out of the house, each with what keeps it from somebody."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """What everybody is told whom one rule means."""

    kind: str
    type: str
    priority: Priority
    title: str
    body: str
    subject_kind: str | None
    subject_id: UUID | None
    data: dict[str, str]
    created_at: datetime
    expires_at: datetime


async def tell(fact: Any, logged: LoggedEvent) -> int:
    """Follow the policy for one event; returns how many were told. Once told, nobody is told again."""
    told = 0
    async with unit_of_work() as work:
        for rule in rules_for(type(fact)):
            if rule.when(fact):
                told += await _follow(work, rule, fact, logged)
    return told


async def _follow(work: Work, rule: Rule[Any], fact: Any, logged: LoggedEvent) -> int:
    words = _words(rule, fact, logged)
    people = await _people(work, rule.to(fact, logged))
    if words.expires_at <= clock.now() or not people:
        return 0
    contacts = await contacts_of(work, people, rule)
    of_house = house_addresses(rule)
    known = ways_to_all(rule, contacts, of_house)
    ways: dict[UUID, Ways] = {person: known.get(person, {}) for person in people}
    rows = await _insert(work, words, ways, logged.position)
    for row in rows:
        work.record(
            NotificationCreated(
                notification_id=row["id"],
                recipient_id=row["recipient_id"],
                channels=_channels(ways[row["recipient_id"]]),
                unread_count=row["unread"],
                **vars(words),
            )
        )
    messages = [
        Message(row["id"], row["recipient_id"], channel, because, of_house.get(channel))
        for row in rows
        for channel, because in ways[row["recipient_id"]].items()
    ]
    if messages:
        await plan_messages(work, rule, messages, subject_id=words.subject_id, occurred_at=logged.occurred_at)
    return len(rows)


def _words(rule: Rule[Any], fact: Any, logged: LoggedEvent) -> Words:
    subject = rule.about(fact)
    return Words(
        kind=logged.name,
        type=rule.type,
        priority=rule.priority,
        title=rule.title[:MAX_TITLE_LENGTH],
        body=rule.body(fact)[:MAX_BODY_LENGTH],
        subject_kind=subject.kind if subject else None,
        subject_id=subject.id if subject else None,
        data=subject.data if subject else {},
        created_at=logged.occurred_at,
        expires_at=logged.occurred_at + rule.kept_for,
    )


async def _insert(work: Work, words: Words, ways: dict[UUID, Ways], position: int) -> list[Record]:
    return await work.fetch(
        _TELL,
        list(ways),
        [new_id() for _ in ways],
        [" ".join(channel.value for channel in _channels(each)) for each in ways.values()],
        position,
        words.kind,
        words.type,
        words.priority.value,
        words.title,
        words.body,
        words.subject_kind,
        words.subject_id,
        json.dumps(words.data),
        words.created_at,
        words.expires_at,
    )


def _channels(ways: Ways) -> list[Channel]:
    """By which ways it goes to somebody, in the end."""
    return [*ALWAYS, *(channel for channel, because in ways.items() if because is None)]


async def _people(work: Work, recipients: Recipients) -> Collection[UUID]:
    people = recipients.people - recipients.but
    if not recipients.roles:
        return people
    rows = await work.fetch(
        _IN_ROLES,
        [role.value for role in recipients.roles],
        list(recipients.but),
        None if recipients.of_branches is None else [role.value for role in recipients.of_branches],
        recipients.branch_id,
        MAX_ROLE_RECIPIENTS,
    )
    return people | {row["id"] for row in rows}
