"""Reading alerts of high arrears, and above how much arrears are high."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from tortoise.expressions import Subquery
from tortoise.queryset import QuerySet

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.money import Money
from domain.kit.paging import Page, PageRequest, page_of
from domain.school.models import ArrearsAlert, SchoolFee, SchoolSetting
from domain.school.models.money import THE_SETTING
from domain.school.settings import threshold_of

REASSESS: Final = "school.reassess_arrears"
"""The work that another threshold leaves: until it is done, alerts may be those of the threshold before."""


def visible_alerts(actor: Actor) -> QuerySet[ArrearsAlert]:
    """Alerts about the fees that the actor reads as one of the staff."""
    if Permission.FEES_READ not in actor.staff_permissions:
        return ArrearsAlert.filter(id__isnull=True)
    if actor.branch_scope is None:
        return ArrearsAlert.all()
    return ArrearsAlert.filter(fee_id__in=Subquery(SchoolFee.filter(branch_id=actor.branch_scope).values("id")))


async def arrears_alerts(
    actor: Actor, page: PageRequest, *, standing: bool | None = True, currency: str | None = None
) -> Page[ArrearsAlert]:
    """The newest first: those that are open, those that are over (``standing`` is False), or all."""
    actor.require(Permission.FEES_READ)
    found = visible_alerts(actor)
    if standing is not None:
        found = found.filter(cleared_at__isnull=standing)
    if currency is not None:
        found = found.filter(currency=currency)
    return await page_of(found, page, "-raised_at", "-id")


async def alerts_by_id(actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, ArrearsAlert]:
    return {alert.id: alert for alert in await visible_alerts(actor).filter(id__in=list(ids))}


async def arrears_threshold(actor: Actor, currency: str) -> Money:
    """Above how much arrears in a currency are high."""
    actor.require(Permission.FEES_READ)
    return threshold_of(await thresholds_now(), currency)


async def thresholds_now() -> Mapping[str, int] | None:
    """What the school chose, in minor units by currency; None while it has chosen nothing."""
    setting = await SchoolSetting.get_or_none(id=THE_SETTING)
    return None if setting is None else setting.thresholds
