"""Following productions and bills of materials live. Staff of a branch hear of its productions alone."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.milling import events as facts
from domain.milling.events import MILL, production_topic
from domain.milling.queries import production as queries
from domain.milling.states import ProductionChange, ProductionStatus, RecordChange
from schema.kit import ID, LiveEvent, argument, attribute, event_feed, event_type, read_id
from schema.kit.fields import FieldRule
from schema.milling.catalogue.subscriptions import of_the_mill
from schema.milling.production.types import ABOUT_SO_MANY_LINES, BillOfMaterials, Production, ProductionLine

READ = Permission.MILL_READ


@event_type("Something happened to a production.")
class ProductionUpdated(LiveEvent):
    production: Production = attribute("The production as it was then.")
    lines: list[ProductionLine] = attribute(
        "Its lines as they were then.", rule=FieldRule(size=ABOUT_SO_MANY_LINES, shared=True)
    )
    change: ProductionChange = attribute("What happened.")
    status_before: ProductionStatus = attribute("Where it stood before.", name="previousStatus")


@event_type("A bill of materials was made or changed.")
class BillOfMaterialsUpdated(LiveEvent):
    bom: BillOfMaterials = attribute("The bill of materials as it was then.", name="billOfMaterials")
    change: RecordChange = attribute("What happened.")


@strawberry.type
class Subscription:
    @event_feed(
        "Productions as they are planned, started, completed and taken back, and as what they have cost changes: one, those "
        "of a warehouse, or all that the viewer may see.",
        requires=READ,
        shows={facts.ProductionChanged: ProductionUpdated},
    )
    async def production_updated(
        actor: Actor,
        production_id: Annotated[ID | None, argument("Only this production.")] = None,
        warehouse_id: Annotated[ID | None, argument("Only what takes from this warehouse or brings into it.")] = None,
    ) -> list[str]:
        if production_id is None:
            return await of_the_mill(actor, warehouse_id)
        found = await queries.production(actor, read_id("Production", production_id, "productionId"))
        return [production_topic(found.id)]

    @event_feed(
        "Bills of materials as they are made and changed.",
        requires=READ,
        shows={facts.BomChanged: BillOfMaterialsUpdated},
    )
    async def bill_of_materials_updated(actor: Actor) -> list[str]:
        return [MILL]
