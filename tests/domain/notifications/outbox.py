"""People who can be reached, told something at any time, and the worker at any other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from domain.events.event import Event
from domain.identity.actor import SYSTEM, Actor
from domain.identity.permissions import Role
from domain.identity.service import set_phone
from domain.kit import database
from domain.kit.clock import clock_set_to
from domain.notifications.models import Channel
from domain.notifications.service import tell
from tests.support.notices import logged_at, work_off
from tests.support.people import a_user, actor_for

NOON = datetime(2030, 3, 4, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PHONE = "+254712345678"
M, S = Channel.MAIL, Channel.SMS


async def somebody(*roles: Role, phone: str | None = PHONE) -> Actor:
    user = await a_user(*roles)
    if phone:
        await set_phone(SYSTEM, phone=phone, user_id=user.id)
    return await actor_for(user)


async def told(fact: Event, position: int, at: datetime = NOON) -> int:
    logged = logged_at(fact, position, at)
    with clock_set_to(at):
        return await tell(fact, logged)


async def worked_off_at(moment: datetime) -> None:
    with clock_set_to(moment):
        await work_off()


async def states() -> dict[str, int]:
    rows = await database.fetch("select state, count(*) as count from notification_delivery group by 1")
    return {row["state"]: row["count"] for row in rows}
