"""Reading one's own notifications."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest, page_of
from domain.notifications.models import Inbox, Notification


async def notifications(actor: Actor, page: PageRequest, *, unread_only: bool = False) -> Page[Notification]:
    """What the actor was told and has not expired, newest first."""
    actor.require(Permission.SIGNED_IN)
    own = Notification.filter(recipient_id=actor.id)
    return await page_of(own.filter(read_at=None) if unread_only else own, page, "-created_at", "-id")


async def notification(actor: Actor, notification_id: UUID) -> Notification | None:
    """One of the actor's own notifications; None when it is not there or somebody else's."""
    actor.require(Permission.SIGNED_IN)
    return await Notification.get_or_none(id=notification_id, recipient_id=actor.id)


async def notifications_by_id(actor: Actor, notification_ids: Collection[UUID]) -> dict[UUID, Notification]:
    """Those of several notifications that are the actor's own."""
    own = Notification.filter(id__in=notification_ids, recipient_id=actor.id)
    return {notification.id: notification for notification in await own}


async def unread_notification_count(actor: Actor) -> int:
    """How many of the actor's notifications are unread."""
    actor.require(Permission.SIGNED_IN)
    inbox = await Inbox.get_or_none(user_id=actor.id)
    return inbox.unread if inbox else 0
