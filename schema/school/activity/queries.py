"""Reading what people did at the school, and what the viewer was told about it."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest
from domain.notifications import queries as notifications
from domain.notifications.models import Category
from domain.notifications.models import Notification as NotificationRow
from domain.school import models
from domain.school.queries import activities
from domain.school.rules.activity import MAX_ACTIVITIES, MAX_DAYS
from schema.kit import Info, argument, listing, query
from schema.notifications.types import Notification
from schema.school.activity.inputs import SystemNotificationFilter, UserActivityFilter
from schema.school.activity.types import UserActivity

_SEEN = "of the viewer's campus, about money for those who read fees, and for a teacher their own"


@strawberry.type
class Query:
    @query(
        list[UserActivity],
        f"The latest activities at the school, the newest first: {_SEEN}.",
        requires=Permission.SCHOOL_READ,
        size="limit",
    )
    async def recent_activities(
        self,
        info: Info,
        days: Annotated[int, argument(f"Of how many days back, from 1 to {MAX_DAYS}.")] = MAX_DAYS,
        limit: Annotated[int, argument(f"How many at most, from 1 to {MAX_ACTIVITIES}.")] = MAX_ACTIVITIES,
    ) -> object:
        return await activities.recent_activities(info.context.actor, days=days, limit=limit)

    @listing(
        UserActivity,
        f"The log of activities at the school, or its archive, the newest first: {_SEEN}.",
        requires=Permission.SCHOOL_READ,
    )
    async def user_activity_log(
        self,
        info: Info,
        page: PageRequest,
        filter: Annotated[UserActivityFilter | None, argument("Only some of them.")] = None,
    ) -> Page[models.UserActivity]:
        return await activities.user_activity_log(info.context.actor, page, filter.parse() if filter else None)

    @listing(
        Notification,
        "What the viewer was told about the school and has not expired, the newest first; `notificationReceived` tells it "
        "live.",
        requires=Permission.SIGNED_IN,
    )
    async def system_notifications(
        self,
        info: Info,
        page: PageRequest,
        filter: Annotated[SystemNotificationFilter | None, argument("Only some of them.")] = None,
    ) -> Page[NotificationRow]:
        wanted = filter or SystemNotificationFilter()
        return await notifications.notifications(
            info.context.actor,
            page,
            category=Category.SCHOOL,
            unread_only=wanted.unread_only,
            type=wanted.type,
            priorities=wanted.priorities or (),
        )
