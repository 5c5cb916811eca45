"""Following purchases live. Staff of a branch hear of its purchases alone."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.milling.errors import PurchaseNotFound
from domain.milling.events import PurchaseChanged, purchase_topic
from domain.milling.queries import purchases as queries
from domain.milling.states import PurchaseChange, PurchaseStatus
from schema.kit import ID, LiveEvent, argument, attribute, event_feed, event_type, read_id
from schema.kit.fields import FieldRule
from schema.milling.catalogue.subscriptions import OneWarehouse, of_the_mill
from schema.milling.purchasing.types import ABOUT_SO_MANY_LINES, Purchase, PurchaseLine


@event_type("Something happened to a purchase.")
class PurchaseUpdated(LiveEvent):
    change: PurchaseChange = attribute("What happened.")
    status_before: PurchaseStatus = attribute("Where it stood before.")
    purchase: Purchase = attribute("The purchase as it was then.")
    lines: list[PurchaseLine] = attribute(
        "Its lines as they were then.", rule=FieldRule(size=ABOUT_SO_MANY_LINES, shared=True)
    )


@strawberry.type
class Subscription:
    @event_feed(
        "Purchases as they are ordered, received, billed, paid, sent back and called off; all, those into one warehouse, or "
        "a single one.",
        requires=Permission.MILL_READ,
        shows={PurchaseChanged: PurchaseUpdated},
    )
    async def purchase_updated(
        actor: Actor,
        warehouse_id: OneWarehouse = None,
        purchase_id: Annotated[ID | None, argument("Only this purchase, which the viewer may see.")] = None,
    ) -> list[str]:
        if purchase_id is None:
            return await of_the_mill(actor, warehouse_id)
        found = read_id("Purchase", purchase_id, "purchaseId")
        if found not in await queries.purchases_by_id(actor, [found]):
            raise PurchaseNotFound(field=("purchaseId",))
        return [purchase_topic(found)]
