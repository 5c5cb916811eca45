"""Reading orders as a customer of the mill who is a registered user: the own ones, and of them what a customer may see."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import read
from domain.milling.access import own_orders
from domain.milling.events import OrderFigures
from domain.milling.models import Sale
from domain.milling.queries.sales import lines_of
from domain.milling.states import AT_THE_CUSTOMER


async def orders(actor: Actor, page: PageRequest, *, unpaid: bool = False) -> Page[OrderFigures]:
    """What the actor ordered or got, the newest first; ``unpaid`` for what was delivered and is still owed for."""
    actor.require(Permission.WALLET_USE)
    found = own_orders(actor)
    if unpaid:
        found = found.filter(status__in=list(AT_THE_CUSTOMER), due_minor__gt=0)
    sales = await page_of(found, page.of_whole_rows, "-created_at", "-id")
    return sales.showing(await _shown(actor, sales.rows))


async def orders_by_id(actor: Actor, ids: Collection[UUID]) -> dict[UUID, OrderFigures]:
    if not actor.may(Permission.WALLET_USE):
        return {}
    return {order.id: order for order in await _shown(actor, await read(own_orders(actor).filter(id__in=list(ids))))}


async def _shown(actor: Actor, sales: Sequence[Sale]) -> list[OrderFigures]:
    lines = await lines_of(actor, [sale.id for sale in sales])
    return [OrderFigures.of_sale(sale, lines.get(sale.id, [])) for sale in sales]
