"""Reading one's own notifications and choices; and for administrators the outbox, with every message in its words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from tortoise.expressions import Q

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.database import fetch
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import read_one, rows_by_id, rows_of
from domain.notifications.models import (
    OUTWARD,
    Category,
    Channel,
    Delivery,
    DeliveryState,
    Inbox,
    Notification,
    Preferences,
    Priority,
)
from domain.notifications.quiet import ANYWHERE
from domain.notifications.service.planning import choice
from domain.notifications.service.preferences import Choice

MAX_TYPE: Final = 60
"""What is longer, or cannot be kept, is the type of none."""


async def notifications(
    actor: Actor,
    page: PageRequest,
    *,
    unread_only: bool = False,
    category: Category | None = None,
    type: str | None = None,
    priorities: Sequence[Priority] = (),
) -> Page[Notification]:
    """What the actor was told and has not expired, newest first: all of it, or of one business, type or priority."""
    actor.require(Permission.SIGNED_IN)
    own = Notification.filter(_own(actor))
    if unread_only:
        own = own.filter(read_at=None)
    if category is not None:
        own = own.filter(kind__startswith=f"{category.value.lower()}.")
    if type is not None:
        own = own.filter(type=type if len(type) <= MAX_TYPE and type.isprintable() else "")
    if priorities:
        own = own.filter(priority__in=list(priorities))
    return await page_of(own, page, "-created_at", "-id")


def _own(actor: Actor) -> Q:
    return Q(recipient_id=actor.id)


async def notification(actor: Actor, notification_id: UUID) -> Notification | None:
    """One of the actor's own notifications; None when it is not there or somebody else's."""
    actor.require(Permission.SIGNED_IN)
    return await read_one(Notification.filter(_own(actor), id=notification_id))


notifications_by_id = rows_by_id(Notification, _own)
"""Those of several notifications that are the actor's own."""


async def unread_notification_count(actor: Actor) -> int:
    """How many of the actor's notifications are unread."""
    actor.require(Permission.SIGNED_IN)
    inbox = await read_one(Inbox.filter(user_id=actor.id))
    return inbox.unread if inbox else 0


async def preferences(actor: Actor) -> Preferences:
    """What the actor chose; of whoever chose nothing, that everything comes at any hour."""
    actor.require(Permission.SIGNED_IN)
    chosen = await read_one(Preferences.filter(user_id=actor.id))
    return chosen or Preferences(user_id=actor.id, turned_off=[], time_zone=ANYWHERE, updated_at=clock.now())


def choices_of(chosen: Preferences) -> list[Choice]:
    """Every business and way that can be chosen, with what was."""
    return [
        Choice(category, channel, choice(category, channel) not in chosen.turned_off)
        for category in Category
        for channel in OUTWARD
    ]


@dataclass(frozen=True, slots=True)
class DeliveryFilter:
    """Which messages to list; those that fit all that is said."""

    channel: Channel | None = None
    state: DeliveryState | None = None
    recipient_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


async def deliveries(actor: Actor, page: PageRequest, wanted: DeliveryFilter) -> Page[Delivery]:
    """The outbox, the newest message first."""
    actor.require(Permission.OUTBOX_MANAGE)
    found = Delivery.all()
    if wanted.channel is not None:
        found = found.filter(channel=wanted.channel)
    if wanted.state is not None:
        found = found.filter(state=wanted.state)
    if wanted.recipient_id is not None:
        found = found.filter(recipient_id=wanted.recipient_id)
    if wanted.since is not None:
        found = found.filter(created_at__gte=wanted.since)
    if wanted.until is not None:
        found = found.filter(created_at__lt=wanted.until)
    return await page_of(found, page, "-created_at", "-id")


def _seen_deliveries(actor: Actor) -> Q:
    """Those that go to the actor, or all for those who manage the outbox."""
    return Q() if actor.may(Permission.OUTBOX_MANAGE) else _own(actor)


deliveries_by_id = rows_by_id(Delivery, _seen_deliveries)
"""Those of several messages that the actor may see."""

deliveries_of = rows_of(Delivery, "notification_id", _seen_deliveries, order=("channel",))
"""The messages of several notifications, as far as the actor may see them."""


async def carried_counts(delivery_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many other messages each of several says in its digest, of each that is asked for."""
    rows = await fetch(
        "select carried_by, count(*) as count from notification_delivery where carried_by = any ($1::uuid[]) group by 1",
        list(delivery_ids),
    )
    found = {row["carried_by"]: row["count"] for row in rows}
    return {delivery_id: found.get(delivery_id, 0) for delivery_id in delivery_ids}
