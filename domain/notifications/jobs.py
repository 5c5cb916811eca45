"""Forgetting notifications that have grown old."""

from __future__ import annotations

from typing import Final

from domain.kit import clock
from domain.kit.jobs import job
from domain.kit.unit_of_work import retried, unit_of_work
from domain.notifications.events import NotificationsExpired

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


@job("notifications.forget_old", schedule="*/5 * * * *", purpose="Forget notifications that have expired.")
async def forget_old() -> int:
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
