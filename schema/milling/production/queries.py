"""Reading bills of materials and productions, and what making a quantity takes."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest
from domain.milling import models
from domain.milling.queries import production as queries
from domain.milling.queries.production_plan import production_plan
from schema.kit import ID, Info, argument, listing, query, read_id, read_optional_id
from schema.milling.production.inputs import ProductionFilter
from schema.milling.production.types import BillOfMaterials, Production, ProductionPlan

READ = Permission.MILL_READ
PLAN_COST = 10


@strawberry.type
class Query:
    @query(Production | None, "One production; null when there is none, or none for you.", requires=READ)
    async def production(self, info: Info, id: Annotated[ID, argument("Its id.")]) -> object:
        return await info.context.load(queries.productions_by_id, read_id("Production", id, "id"))

    @listing(Production, "Productions of the warehouses that you see, the newest first.", requires=READ)
    async def productions(
        self, info: Info, page: PageRequest, filter: Annotated[ProductionFilter | None, argument("Only some.")] = None
    ) -> Page[models.Production]:
        return await queries.productions(info.context.actor, page, filter.parse() if filter else None)

    @query(BillOfMaterials | None, "One bill of materials; null when there is none.", requires=READ)
    async def bill_of_materials(self, info: Info, id: Annotated[ID, argument("Its id.")]) -> object:
        return await info.context.load(queries.boms_by_id, read_id("BillOfMaterials", id, "id"))

    @listing(BillOfMaterials, "Bills of materials by their names.", requires=READ)
    async def bills_of_materials(
        self,
        info: Info,
        page: PageRequest,
        item_id: Annotated[ID | None, argument("By which this item is made.")] = None,
        active: Annotated[bool | None, argument("Those that are used, or those that are not; null for all.")] = True,
    ) -> Page[models.Bom]:
        item = read_optional_id("Item", item_id, "itemId")
        return await queries.bills_of_materials(info.context.actor, page, item_id=item, active=active)

    @query(
        ProductionPlan,
        "What making a quantity takes: how much of each material, what of it is missing, about what it will cost. Nothing "
        "is written down or held back.",
        requires=READ,
        cost=PLAN_COST,
    )
    async def production_plan(
        self,
        info: Info,
        bom_id: Annotated[ID, argument("The bill of materials.")],
        quantity: Annotated[Decimal, argument("How much is to be made: above 0.")],
        warehouse_id: Annotated[ID, argument("Where the materials would be taken.")],
        unit: Annotated[str | None, argument("The unit of the quantity; the item's base unit when left out.")] = None,
    ) -> object:
        return await production_plan(
            info.context.actor,
            bom_id=read_id("BillOfMaterials", bom_id, "bomId"),
            quantity=quantity,
            warehouse_id=read_id("Warehouse", warehouse_id, "warehouseId"),
            unit=unit,
        )
