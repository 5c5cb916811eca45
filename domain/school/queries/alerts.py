"""Reading alerts of high arrears, and above how much arrears are high."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tortoise.expressions import Q

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.money import Money
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import RowsWith, read_one, rows_by_id
from domain.school.access import NOBODY
from domain.school.models import ArrearsAlert, SchoolFee, SchoolSetting
from domain.school.models.money import THE_SETTING
from domain.school.settings import threshold_of

REASSESS: Final = "school.reassess_arrears"
"""The work that another threshold leaves: until it is done, alerts may be those of the threshold before."""


def _seen(actor: Actor) -> Q:
    """The condition on alerts that they are about fees that the actor reads as one of the staff."""
    if Permission.FEES_READ not in actor.staff_permissions:
        return NOBODY
    scope = actor.branch_scope
    return Q() if scope is None else Q(fee_id__in=RowsWith(SchoolFee, Q(branch_id=scope)))


async def arrears_alerts(
    actor: Actor, page: PageRequest, *, standing: bool | None = True, currency: str | None = None
) -> Page[ArrearsAlert]:
    """The newest first: those that are open, those that are over (``standing`` is False), or all."""
    actor.require(Permission.FEES_READ)
    found = ArrearsAlert.filter(_seen(actor))
    if standing is not None:
        found = found.filter(cleared_at__isnull=standing)
    if currency is not None:
        found = found.filter(currency=currency)
    return await page_of(found, page, "-raised_at", "-id")


alerts_by_id = rows_by_id(ArrearsAlert, _seen)


async def arrears_threshold(actor: Actor, currency: str) -> Money:
    """Above how much arrears in a currency are high."""
    actor.require(Permission.FEES_READ)
    return threshold_of(await thresholds_now(), currency)


async def thresholds_now() -> Mapping[str, int] | None:
    """What the school chose, in minor units by currency; None while it has chosen nothing."""
    setting = await read_one(SchoolSetting.filter(id=THE_SETTING))
    return None if setting is None else setting.thresholds
