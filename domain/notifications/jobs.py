"""Work of the worker: sending messages, looking for those that were left lying, forgetting what has expired."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from domain.jobs.queue import Attempt, Payload, queued
from domain.kit import clock
from domain.kit.jobs import job
from domain.kit.unit_of_work import retried, unit_of_work
from domain.notifications.events import NotificationsExpired
from domain.notifications.service.dispatching import dispatch
from domain.notifications.service.planning import DISPATCH, leave

PEOPLE_AT_ONCE: Final = 200

# The people whose notifications have grown old, their inboxes locked in the order in which everybody locks them.
_CONCERNED: Final = """
select user_id from notification_inbox
where user_id in (select distinct recipient_id from notification where expires_at <= $1 order by recipient_id limit $2)
order by user_id for update
"""

_FORGET: Final = """
with gone as (
    delete from notification where recipient_id = any ($1::uuid[]) and expires_at <= $2
    returning recipient_id, read_at is null as unread
), unread as (
    select recipient_id, count(*) as count from gone where unread group by recipient_id
)
update notification_inbox set unread = notification_inbox.unread - unread.count
from unread where user_id = unread.recipient_id
returning user_id, notification_inbox.unread
"""


OVERDUE_AFTER: Final = timedelta(minutes=2)
MESSAGES_AT_ONCE: Final = 500

# Messages that nobody has sent although they were due: their task is lost, or their worker died. From now on they are due
# now, so that the next look does not find them again while they wait for their turn.
_LEFT_LYING: Final = """
update notification_delivery set due_at = $1
where id in (select id from notification_delivery
             where (state = 'QUEUED' and due_at <= $2)
                or (state = 'SENDING' and leased_until <= clock_timestamp() and due_at <= $2)
             order by id limit $3 for update skip locked)
returning id
"""


@queued(DISPATCH, max_attempts=5, concurrency=4, purpose="Send notifications by mail and text message when they are due.")
async def notification_dispatcher(payload: Payload, attempt: Attempt) -> int:
    """Returns how many left. A repeat is harmless: what has left, or is in other hands, is left alone."""
    return await dispatch([UUID(each) for each in payload["delivery_ids"]])


@job("notifications.find_left_lying", schedule="* * * * *", purpose="Send messages whose task or worker was lost.")
async def find_left_lying() -> int:
    """Returns how many were found; more than a batch is left for the next minute."""
    async with unit_of_work() as work:
        now = clock.now()
        rows = await work.fetch(_LEFT_LYING, now, now - OVERDUE_AFTER, MESSAGES_AT_ONCE)
        await leave(work, {row["id"]: now for row in rows})
    return len(rows)


@job("notifications.expire_notifications", schedule="*/5 * * * *", purpose="Forget notifications that have expired.")
async def expire_notifications() -> int:
    """Returns how many people lost some; in batches, so that no transaction is long."""
    people = 0
    while batch := await _forget_batch():
        people += batch
    return people


@retried
async def _forget_batch() -> int:
    async with unit_of_work() as work:
        now = clock.now()
        concerned = [row["user_id"] for row in await work.fetch(_CONCERNED, now, PEOPLE_AT_ONCE)]
        if concerned:
            for row in await work.fetch(_FORGET, concerned, now):
                work.record(NotificationsExpired(recipient_id=row["user_id"], unread_count=row["unread"]))
    return len(concerned)
