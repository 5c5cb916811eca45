"""Rows of the core by their ids, as far as the actor may see them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from domain.identity.actor import Actor
from domain.notifications.models import Notification


async def notifications(actor: Actor, notification_ids: Sequence[UUID]) -> dict[UUID, Notification]:
    """Those of several notifications that are the actor's own."""
    own = Notification.filter(id__in=notification_ids, recipient_id=actor.id)
    return {notification.id: notification for notification in await own}
