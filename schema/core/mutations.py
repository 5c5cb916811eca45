"""Reading notifications."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.notifications import service
from domain.notifications.queries import unread_notification_count
from schema.core.inputs import MarkNotificationReadInput
from schema.core.types import Notification
from schema.kit import Answer, Info, Payload, argument, attribute, mutation, payload_type, read_id


@payload_type("What came of reading a notification.")
class MarkNotificationReadPayload(Payload):
    notification: Notification | None = attribute("The notification, read.")
    unread_count: int | None = attribute("How many are unread now.")


@payload_type("What came of reading all notifications.")
class MarkAllNotificationsReadPayload(Payload):
    read_count: int | None = attribute("How many were unread.")
    unread_count: int | None = attribute("How many are unread now.")


@strawberry.type
class Mutation:
    @mutation(
        MarkNotificationReadPayload,
        "One of one's notifications is read. A second time changes nothing.",
        requires=Permission.SIGNED_IN,
    )
    async def mark_notification_read(
        self, info: Info, input: Annotated[MarkNotificationReadInput, argument("Which.")]
    ) -> Answer:
        actor = info.context.actor
        notification_id = read_id("Notification", input.notification_id, "input", "notificationId")
        notification = await service.mark_notification_read(actor, notification_id=notification_id)
        return Answer(notification=notification, unread_count=await unread_notification_count(actor))

    @mutation(MarkAllNotificationsReadPayload, "All of one's notifications are read.", requires=Permission.SIGNED_IN)
    async def mark_all_notifications_read(self, info: Info) -> Answer:
        actor = info.context.actor
        read = await service.mark_all_notifications_read(actor)
        return Answer(read_count=read, unread_count=await unread_notification_count(actor))
