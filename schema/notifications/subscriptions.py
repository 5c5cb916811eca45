"""One's notifications, live."""

from __future__ import annotations

from datetime import datetime

import strawberry

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.notifications import events as notifications
from domain.notifications.models import Channel, LoanAction, MillNotificationType, Priority
from schema.kit import ID, LiveEvent, Parent, attribute, event_feed, event_type, field, global_id
from schema.kit.nodes import global_id_of
from schema.kit.scalars import Json


@event_type("The viewer is told something.")
class NotificationReceived(LiveEvent):
    notification_id: ID = global_id("Notification", "The notification, for `markNotificationRead`.")
    kind: str = attribute("The name of the event that was the reason, such as `identity.signed_in`.")
    type: str = attribute("What kind of notice it is, such as `LOAN_APPROVED`, to tell them apart by.")
    loan_action: LoanAction | None = attribute("The step of a loan application that it is about, if it is about one.")
    mill_type: MillNotificationType | None = attribute("What it is about, if it is a notification of the mill.")
    channels: list[Channel] = attribute("By which ways it goes.")
    priority: Priority = attribute("How much it matters.")
    title: str = attribute("What it is about, in a few words.")
    body: str = attribute("What happened, in a sentence or two.")
    subject_kind: str | None = attribute("What kind of thing it is about, such as `invoice`.")
    data: Json = attribute("Figures of what happened, as an object of texts.")
    created_at: datetime = attribute("When it happened.")
    expires_at: datetime = attribute("When it is taken away, read or not.")
    unread_count: int = attribute("How many the viewer has not read, this one included.")

    @field(ID | None, "The id of what it is about, for `node`; null when that cannot be fetched.", shared=True)
    def subject_id(self, told: Parent[notifications.NotificationCreated]) -> ID | None:
        return global_id_of(told.subject_kind, told.subject_id)


@event_type("The viewer has read one notification or all, here or on another device.")
class NotificationsRead(LiveEvent):
    # Not named as in NotificationReceived, where it is never null: clients select both in one document.
    notification_id: ID | None = global_id("Notification", "The one that was read; null when all were.", name="readId")
    read_at: datetime = attribute("When.")
    unread_count: int = attribute("How many are unread now.")


@event_type("Notifications that nobody had read have grown old and are gone.")
class NotificationsExpired(LiveEvent):
    unread_count: int = attribute("How many are unread now.")


@strawberry.type
class Subscription:
    @event_feed(
        "One's notifications as they come, and the count of unread ones as it changes.",
        requires=Permission.SIGNED_IN,
        shows={
            notifications.NotificationCreated: NotificationReceived,
            notifications.NotificationsRead: NotificationsRead,
            notifications.NotificationsExpired: NotificationsExpired,
        },
    )
    async def notification_received(actor: Actor) -> list[str]:
        return [f"notifications:{actor.id}"]
