"""One's notifications and choices; and for administrators the outbox."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest
from domain.notifications import models
from domain.notifications import queries as notifications
from domain.notifications.models import Notification as NotificationRow
from schema.kit import Info, argument, listing, query
from schema.notifications.inputs import NotificationDeliveryFilter
from schema.notifications.types import Notification, NotificationDelivery, NotificationPreferences


@strawberry.type
class Query:
    @listing(Notification, "What one was told and has not expired, the newest first.", requires=Permission.SIGNED_IN)
    async def notifications(
        self,
        info: Info,
        page: PageRequest,
        unread_only: Annotated[bool, argument("Only what one has not read.")] = False,
    ) -> Page[NotificationRow]:
        return await notifications.notifications(info.context.actor, page, unread_only=unread_only)

    @query(int, "How many notifications one has not read.", requires=Permission.SIGNED_IN)
    async def unread_notification_count(self, info: Info) -> int:
        return await notifications.unread_notification_count(info.context.actor)

    @query(
        NotificationPreferences,
        "What one chose of mail and text messages; of whoever chose nothing, that all comes at any hour.",
        requires=Permission.SIGNED_IN,
    )
    async def notification_preferences(self, info: Info) -> models.Preferences:
        return await notifications.preferences(info.context.actor)

    @listing(
        NotificationDelivery,
        "The outbox: every mail and text message in its words, sent or not, the newest first.",
        requires=Permission.OUTBOX_MANAGE,
    )
    async def notification_deliveries(
        self,
        info: Info,
        page: PageRequest,
        filter: Annotated[NotificationDeliveryFilter | None, argument("Only some of it.")] = None,
    ) -> Page[models.Delivery]:
        wanted = (filter or NotificationDeliveryFilter()).parse()
        return await notifications.deliveries(info.context.actor, page, wanted)
