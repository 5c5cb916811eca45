"""Telling people of an event: a row for each, the count of their unread ones, and the event that reaches their screens."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from domain.events.event import LoggedEvent
from domain.kit import clock
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work, unit_of_work
from domain.notifications.events import NotificationCreated
from domain.notifications.policy import rules_for
from domain.notifications.recipients import Recipients
from domain.notifications.rule import Rule

MAX_ROLE_RECIPIENTS: Final = 2_000
"""Of everybody in a role, so many are told at most: those who signed in last."""

MAX_TITLE_LENGTH: Final = 120
MAX_BODY_LENGTH: Final = 1_000

_IN_ROLE: Final = """
select id from app_user
where active and $1 = any (roles) and id <> all ($2::uuid[])
order by (select max(created_at) from user_session where user_id = app_user.id) desc nulls last, id
limit $3
"""

# One row for each recipient who is still with us and was not told of this event before; then their counts. The counts
# are locked in the order of the users, so that two who tell the same people never wait for each other in a circle.
_TELL: Final = """
with recipient as (
    select person.id, person.notification_id
    from unnest($1::uuid[], $2::uuid[]) as person (id, notification_id) join app_user on app_user.id = person.id
    where app_user.active
), told as (
    insert into notification (id, recipient_id, source_position, kind, priority, title, body, subject_kind, subject_id,
                              data, created_at, expires_at)
    select notification_id, id, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 from recipient
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


async def tell(fact: Any, logged: LoggedEvent) -> int:
    """Follow the policy for one event; returns how many were told. Once told, nobody is told again."""
    told = 0
    async with unit_of_work() as work:
        for rule in rules_for(type(fact)):
            if rule.when(fact):
                told += await _follow(work, rule, fact, logged)
    return told


async def _follow(work: Work, rule: Rule[Any], fact: Any, logged: LoggedEvent) -> int:
    expires_at = logged.occurred_at + rule.kept_for
    people = await _people(work, rule.to(fact, logged))
    if expires_at <= clock.now() or not people:
        return 0
    subject = rule.about(fact)
    title, body = rule.title[:MAX_TITLE_LENGTH], rule.body(fact)[:MAX_BODY_LENGTH]
    data = subject.data if subject else {}
    rows = await work.fetch(
        _TELL,
        list(people),
        [new_id() for _ in people],
        logged.position,
        logged.name,
        rule.priority.value,
        title,
        body,
        subject.kind if subject else None,
        subject.id if subject else None,
        json.dumps(data),
        logged.occurred_at,
        expires_at,
    )
    for row in rows:
        work.record(
            NotificationCreated(
                notification_id=row["id"],
                recipient_id=row["recipient_id"],
                kind=logged.name,
                priority=rule.priority,
                title=title,
                body=body,
                subject_kind=subject.kind if subject else None,
                subject_id=subject.id if subject else None,
                data=data,
                created_at=logged.occurred_at,
                expires_at=expires_at,
                unread_count=row["unread"],
            )
        )
    return len(rows)


async def _people(work: Work, recipients: Recipients) -> Collection[UUID]:
    if recipients.role is None:
        return recipients.people - recipients.but
    rows = await work.fetch(_IN_ROLE, recipients.role.value, list(recipients.but), MAX_ROLE_RECIPIENTS)
    return [row["id"] for row in rows]
