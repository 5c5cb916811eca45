"""Reading what moved, what is there, what can be had, and what it is worth."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest
from domain.milling import models
from domain.milling.queries import statement as statements
from domain.milling.queries import stock as queries
from domain.milling.queries import stock_documents as documents
from domain.milling.queries import valuation as valuations
from domain.milling.states import ItemCategory, MovementKind
from schema.kit import ID, Info, argument, listing, query, read_id, read_optional_id
from schema.milling.catalogue.types import StockLevel
from schema.milling.stock.inputs import StockDocumentFilter, StockLevelFilter
from schema.milling.stock.types import (
    StockAvailability,
    StockDocument,
    StockMovement,
    StockStatement,
    StockValuation,
)

READ = Permission.MILL_READ
STATEMENT_COST = 10
VALUATION_COST = 20

OneItem = Annotated[ID, argument("The item.")]
MaybeItem = Annotated[ID | None, argument("Only of this item.")]
MaybeWarehouse = Annotated[ID | None, argument("Only in this warehouse, which the viewer may see.")]


@strawberry.type
class Query:
    @listing(
        StockMovement,
        "What moved in the warehouses that the viewer may see, the latest first; what was taken back, too.",
        requires=READ,
    )
    async def stock_movements(
        self,
        info: Info,
        page: PageRequest,
        item_id: MaybeItem = None,
        warehouse_id: MaybeWarehouse = None,
        since: Annotated[datetime | None, argument("From this moment on.", name="from")] = None,
        until: Annotated[datetime | None, argument("Before this moment.", name="to")] = None,
        kinds: Annotated[list[MovementKind] | None, argument("Only of one of these kinds.")] = None,
        cancelled: Annotated[bool | None, argument("Only those that were taken back, or that stand; null for both.")] = None,
    ) -> Page[queries.MovementRow]:
        wanted = queries.MovementFilter(
            item_id=read_optional_id("Item", item_id, "itemId"),
            warehouse_id=read_optional_id("Warehouse", warehouse_id, "warehouseId"),
            since=since,
            until=until,
            kinds=kinds or (),
            cancelled=cancelled,
        )
        return await queries.stock_movements(info.context.actor, page, wanted)

    @query(
        StockAvailability,
        "What can be had of an item now, and whether it is as much as is wanted. Nothing is held back by asking.",
        requires=READ,
    )
    async def stock_availability(
        self,
        info: Info,
        item_id: OneItem,
        warehouse_id: MaybeWarehouse = None,
        quantity: Annotated[Decimal | None, argument("How much is wanted: above 0, with at most 3 decimals.")] = None,
        unit: Annotated[str | None, argument("The unit that `quantity` is in; the base unit when left out.")] = None,
    ) -> queries.Availability:
        return await queries.stock_availability(
            info.context.actor,
            item_id=read_id("Item", item_id, "itemId"),
            warehouse_id=read_optional_id("Warehouse", warehouse_id, "warehouseId"),
            quantity=quantity,
            unit=unit,
        )

    @listing(
        StockLevel,
        "What lies where, as far as the viewer may see: item by item in the order in which they were made known.",
        requires=READ,
    )
    async def stock_levels(
        self,
        info: Info,
        page: PageRequest,
        filter: Annotated[StockLevelFilter | None, argument("Only some of them.")] = None,
    ) -> Page[models.StockBin]:
        return await queries.stock_levels(info.context.actor, page, filter.parse() if filter else None)

    @query(StockDocument | None, "One document about stock; null when there is none, or none for you.", requires=READ)
    async def stock_document(self, info: Info, id: Annotated[ID, argument("Its id.")]) -> object:
        return await info.context.load(documents.stock_documents_by_id, read_id("StockDocument", id, "id"))

    @listing(
        StockDocument,
        "Documents about stock alone, as far as the viewer may see; the newest first.",
        requires=READ,
    )
    async def stock_documents(
        self,
        info: Info,
        page: PageRequest,
        filter: Annotated[StockDocumentFilter | None, argument("Only some of them.")] = None,
    ) -> Page[models.StockDocument]:
        return await documents.stock_documents(info.context.actor, page, filter.parse() if filter else None)

    @query(
        StockStatement,
        "An item over a stretch of time: what there was, each movement with what there was after it, and what there is.",
        requires=READ,
        cost=STATEMENT_COST,
    )
    async def stock_statement(
        self,
        info: Info,
        item_id: OneItem,
        since: Annotated[datetime, argument("The first moment that is in it.", name="from")],
        until: Annotated[datetime, argument("The first moment that is not in it any more.", name="to")],
        warehouse_id: MaybeWarehouse = None,
    ) -> statements.Statement:
        return await statements.stock_statement(
            info.context.actor,
            item_id=read_id("Item", item_id, "itemId"),
            warehouse_id=read_optional_id("Warehouse", warehouse_id, "warehouseId"),
            since=since,
            until=until,
        )

    @query(
        StockValuation,
        "What stock is worth, now or as of any moment, as history is known today.",
        requires=READ,
        cost=VALUATION_COST,
    )
    async def stock_valuation(
        self,
        info: Info,
        as_of: Annotated[datetime | None, argument("With all that took effect by this moment; now when left out.")] = None,
        warehouse_id: MaybeWarehouse = None,
        item_id: MaybeItem = None,
        categories: Annotated[list[ItemCategory] | None, argument("Only items of one of these categories.")] = None,
    ) -> valuations.Valuation:
        return await valuations.stock_valuation(
            info.context.actor,
            as_of=as_of,
            warehouse_id=read_optional_id("Warehouse", warehouse_id, "warehouseId"),
            item_id=read_optional_id("Item", item_id, "itemId"),
            categories=categories or (),
        )
