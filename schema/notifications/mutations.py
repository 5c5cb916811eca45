"""Reading notifications, choosing what comes out of the house, and sending again what failed."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.notifications.queries import unread_notification_count
from domain.notifications.service import (
    mark_all_notifications_read,
    mark_notification_read,
    retry_delivery,
    update_preferences,
)
from schema.kit import Answer, Info, Payload, argument, attribute, mutation, payload_type, read_id
from schema.notifications.inputs import (
    MarkNotificationReadInput,
    RetryNotificationDeliveryInput,
    UpdateNotificationPreferencesInput,
)
from schema.notifications.types import Notification, NotificationDelivery, NotificationPreferences


@payload_type("What came of reading a notification.")
class MarkNotificationReadPayload(Payload):
    notification: Notification | None = attribute("The notification, read.")
    unread_count: int | None = attribute("How many are unread now.")


@payload_type("What came of reading all notifications.")
class MarkAllNotificationsReadPayload(Payload):
    read_count: int | None = attribute("How many were unread.")
    unread_count: int | None = attribute("How many are unread now.")


@payload_type("What came of choosing.")
class UpdateNotificationPreferencesPayload(Payload):
    preferences: NotificationPreferences | None = attribute("All choices as they stand now.")


@payload_type("What came of sending a message again.")
class RetryNotificationDeliveryPayload(Payload):
    delivery: NotificationDelivery | None = attribute("The message as it stands now.")


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
        notification = await mark_notification_read(actor, notification_id=notification_id)
        return Answer(notification=notification, unread_count=await unread_notification_count(actor))

    @mutation(MarkAllNotificationsReadPayload, "All of one's notifications are read.", requires=Permission.SIGNED_IN)
    async def mark_all_notifications_read(self, info: Info) -> Answer:
        actor = info.context.actor
        read = await mark_all_notifications_read(actor)
        return Answer(read_count=read, unread_count=await unread_notification_count(actor))

    @mutation(
        UpdateNotificationPreferencesPayload,
        "Choose what reaches one by mail and text message, and when it is night. What is `CRITICAL` comes in any case.",
        requires=Permission.SIGNED_IN,
    )
    async def update_notification_preferences(
        self, info: Info, input: Annotated[UpdateNotificationPreferencesInput, argument("What to change.")]
    ) -> Answer:
        hours = input.quiet_hours
        chosen = await update_preferences(
            info.context.actor,
            choices=[each.parse() for each in input.choices],
            quiet_hours=hours.parse() if hours else None,
            without_quiet_hours=hours is None,
            time_zone=input.time_zone,
        )
        return Answer(preferences=chosen)

    @mutation(
        RetryNotificationDeliveryPayload,
        "Send a message again that failed all its attempts, in the same words.",
        requires=Permission.OUTBOX_MANAGE,
    )
    async def retry_notification_delivery(
        self, info: Info, input: Annotated[RetryNotificationDeliveryInput, argument("Which.")]
    ) -> Answer:
        delivery_id = read_id("NotificationDelivery", input.delivery_id, "input", "deliveryId")
        return Answer(delivery=await retry_delivery(info.context.actor, delivery_id=delivery_id))
