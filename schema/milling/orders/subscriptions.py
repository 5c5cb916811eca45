"""Following one's own orders live."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.milling import access
from domain.milling import events as facts
from domain.milling.errors import SaleNotFound
from domain.milling.events import order_topic, orders_topic
from domain.milling.states import SaleChange
from schema.kit import ID, LiveEvent, argument, attribute, event_feed, event_type, read_id
from schema.milling.orders.types import MillOrder


@event_type("An own order was confirmed, delivered, paid, returned, invoiced, financed or called off.")
class MillOrderChanged(LiveEvent):
    order: MillOrder = attribute("The order as it was then.")
    change: SaleChange = attribute("What happened.")


@strawberry.type
class Subscription:
    @event_feed(
        "The viewer's own orders as they go their way, from when they are agreed on to the last payment; all or one.",
        requires=Permission.WALLET_USE,
        shows={facts.OrderChanged: MillOrderChanged},
    )
    async def mill_order_updated(
        actor: Actor, order_id: Annotated[ID | None, argument("Only this order, which is the viewer's.")] = None
    ) -> list[str]:
        if order_id is None:
            return [orders_topic(actor.id)]
        order = await access.own_orders(actor).get_or_none(id=read_id("MillOrder", order_id, "orderId"))
        if order is None:
            raise SaleNotFound(field=("orderId",))
        return [order_topic(order.id)]
