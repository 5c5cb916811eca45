"""What can be followed live: one's notifications, and for staff every event of the house."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import orjson
import strawberry

from domain.events.event import every_event
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.errors import InvalidInput
from domain.notifications import events as notifications
from domain.notifications.models import Priority
from schema.core.types import global_id_of
from schema.kit import ID, LiveEvent, Parent, argument, attribute, encode_id, event_feed, event_type, field, global_id
from schema.kit.feeds import Shown
from schema.kit.scalars import Json
from subscriptions.feed import EVERYTHING, domain_topic, kind_topic


@event_type("The viewer is told something.")
class NotificationReceived(LiveEvent):
    notification_id: ID = global_id("Notification", "The notification, for `markNotificationRead`.")
    kind: str = attribute("The name of the event that was the reason, such as `identity.signed_in`.")
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


@event_type("Any event of the house, as the log keeps it.")
class DomainEvent(LiveEvent):
    @field(str, "What happened, such as `ledger.entry_posted`.", shared=True)
    def name(self, shown: Parent[Shown]) -> str:
        return shown.event.name

    @field(int, "The version of the payload's form.", shared=True)
    def version(self, shown: Parent[Shown]) -> int:
        return shown.event.version

    @field(str, "The business in which it happened, such as `ledger`.", shared=True)
    def domain(self, shown: Parent[Shown]) -> str:
        return shown.event.domain

    @field(ID | None, "The user who did it; null for strangers, and for what happens by the clock.", shared=True)
    def actor_id(self, shown: Parent[Shown]) -> ID | None:
        return None if shown.event.actor_id is None else ID(encode_id("User", shown.event.actor_id))

    @field(UUID, "What all that came of one request, job or event has in common.", shared=True)
    def correlation_id(self, shown: Parent[Shown]) -> UUID:
        return shown.event.correlation_id

    @field(Json, "What the event says, as an object. Amounts are in minor units, with their currency.", shared=True)
    def payload(self, shown: Parent[Shown]) -> object:
        return orjson.loads(shown.event.payload)


Domains = Annotated[list[str] | None, argument("All events of these businesses, such as `ledger`.")]
Types = Annotated[list[str] | None, argument("All events of these names, such as `ledger.entry_posted`.")]


@strawberry.type
class Subscription:
    @event_feed(
        "Every event of the house that the viewer may see, for staff: of some businesses and some kinds, all when neither "
        "is named.",
        requires=Permission.EVENTS_READ,
        shows=DomainEvent,
    )
    async def events(actor: Actor, domains: Domains = None, types: Types = None) -> list[str]:
        kinds = every_event()
        _require_known(domains, {kind.domain() for kind in kinds}, "domains")
        _require_known(types, {kind.name for kind in kinds}, "types")
        topics = [*map(domain_topic, domains or ()), *map(kind_topic, types or ())]
        return topics or [EVERYTHING]

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


def _require_known(asked: list[str] | None, known: set[str], argument_name: str) -> None:
    unknown = sorted(set(asked or ()) - known)
    if unknown:
        raise InvalidInput(
            f"there is nothing named {unknown[0][:60]!r} among: {', '.join(sorted(known))}", field=(argument_name,)
        )
