"""Reading: what somebody has seen does not count as unread any more."""

from __future__ import annotations

from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.notifications.errors import NotificationNotFound
from domain.notifications.events import NotificationsRead
from domain.notifications.models import Notification


@retried
async def mark_notification_read(actor: Actor, *, notification_id: UUID) -> Notification:
    """One of the actor's own notifications is read; a second time changes nothing."""
    actor.require(Permission.SIGNED_IN)
    async with unit_of_work() as work:
        await _lock_inbox(work, actor.id)
        notification = await Notification.get_or_none(id=notification_id, recipient_id=actor.id)
        if notification is None:
            raise NotificationNotFound("there is no such notification")
        if notification.read_at is None:
            notification.read_at = clock.now()
            await notification.save(update_fields=["read_at"])
            await _announce(work, actor.id, notification.id, read=1)
    return notification


@retried
async def mark_all_notifications_read(actor: Actor) -> int:
    """All of the actor's notifications are read; returns how many were not."""
    actor.require(Permission.SIGNED_IN)
    async with unit_of_work() as work:
        await _lock_inbox(work, actor.id)
        read = await Notification.filter(recipient_id=actor.id, read_at=None).update(read_at=clock.now())
        if read:
            await _announce(work, actor.id, None, read=read)
    return read


async def _lock_inbox(work: Work, user_id: UUID) -> None:
    """Whoever changes somebody's notifications takes this lock first."""
    await work.fetch("select unread from notification_inbox where user_id = $1 for update", user_id)


async def _announce(work: Work, user_id: UUID, notification_id: UUID | None, *, read: int) -> None:
    unread = await work.fetchval(
        "update notification_inbox set unread = unread - $2 where user_id = $1 returning unread", user_id, read
    )
    work.record(
        NotificationsRead(recipient_id=user_id, notification_id=notification_id, read_at=clock.now(), unread_count=unread)
    )
