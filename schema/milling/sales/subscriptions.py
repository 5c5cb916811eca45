"""Following sales live. Staff of a branch hear of its sales alone."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.milling import access
from domain.milling import events as facts
from domain.milling.errors import SaleNotFound
from domain.milling.events import sale_topic
from domain.milling.states import SaleChange, SaleStatus
from schema.kit import ID, LiveEvent, argument, attribute, event_feed, event_type, read_id
from schema.kit.fields import FieldRule
from schema.milling.catalogue.subscriptions import OneWarehouse, of_the_mill
from schema.milling.sales.types import Sale, SaleLine

ABOUT_SO_MANY_LINES = 5


@event_type("A sale was offered, ordered, delivered, paid, returned, invoiced, financed, changed or called off.")
class SaleChanged(LiveEvent):
    sale: Sale = attribute("The sale as it was then.")
    lines: list[SaleLine] = attribute("Its goods as they were then.", rule=FieldRule(size=ABOUT_SO_MANY_LINES, shared=True))
    change: SaleChange = attribute("What happened.")
    status_before: SaleStatus = attribute("Where it stood before.", name="previousStatus")


@strawberry.type
class Subscription:
    @event_feed(
        "Sales as they go their way, from the offer to the last payment; all that the viewer may see, one, or those of a "
        "warehouse.",
        requires=Permission.MILL_READ,
        shows={facts.SaleChanged: SaleChanged},
    )
    async def sales_updated(
        actor: Actor,
        sale_id: Annotated[ID | None, argument("Only this sale, which the viewer may see.")] = None,
        warehouse_id: OneWarehouse = None,
    ) -> list[str]:
        if sale_id is None:
            return await of_the_mill(actor, warehouse_id)
        sale = await access.visible_sales(actor).get_or_none(id=read_id("Sale", sale_id, "saleId"))
        if sale is None:
            raise SaleNotFound(field=("saleId",))
        return [sale_topic(sale.id)]
