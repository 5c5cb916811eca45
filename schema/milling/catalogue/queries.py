"""Reading what the mill deals in, where it lies, with whom it deals, and what its stock warns of."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.errors import InvalidInput
from domain.kit.paging import Page, PageRequest
from domain.milling import models
from domain.milling.queries import catalogue as queries
from schema.kit import ID, Info, argument, listing, query, read_id
from schema.milling.catalogue.inputs import ItemFilter, StockAlertFilter
from schema.milling.catalogue.types import Customer, Item, StockAlert, Supplier, Warehouse

READ = Permission.MILL_READ

Search = Annotated[str | None, argument("A part of the name.")]
Active = Annotated[bool | None, argument("Those that are used, or those that are not; null for all.")]


@strawberry.type
class Query:
    @query(Item | None, "One item, by its id or its code; null when there is none.", requires=READ)
    async def item(
        self,
        info: Info,
        id: Annotated[ID | None, argument("Its id.")] = None,
        code: Annotated[str | None, argument("Or its code.")] = None,
    ) -> object:
        if (id is None) == (code is None):
            raise InvalidInput("name an id or a code", field=("id",))
        if id is not None:
            return await info.context.load(queries.items_by_id, read_id("Item", id, "id"))
        assert code is not None, "one of the two is there"
        return await queries.item_of_code(info.context.actor, code)

    @listing(Item, "The items of the mill by their names.", requires=READ)
    async def items(
        self, info: Info, page: PageRequest, filter: Annotated[ItemFilter | None, argument("Only some of them.")] = None
    ) -> Page[models.Item]:
        return await queries.items(info.context.actor, page, filter.parse() if filter else None)

    @query(Warehouse | None, "One warehouse; null when there is none, or none for you.", requires=READ)
    async def warehouse(self, info: Info, id: Annotated[ID, argument("Its id.")]) -> object:
        return await info.context.load(queries.warehouses_by_id, read_id("Warehouse", id, "id"))

    @listing(Warehouse, "The warehouses that the viewer may see, by their names.", requires=READ)
    async def warehouses(self, info: Info, page: PageRequest, active: Active = True) -> Page[models.Warehouse]:
        return await queries.warehouses(info.context.actor, page, active=active)

    @listing(Supplier, "Whom the mill buys from, by their names.", requires=READ)
    async def suppliers(
        self, info: Info, page: PageRequest, search: Search = None, active: Active = True
    ) -> Page[models.Supplier]:
        return await queries.suppliers(info.context.actor, page, search=search, active=active)

    @listing(Customer, "Whom the mill sells to by name, by their names.", requires=READ)
    async def customers(
        self, info: Info, page: PageRequest, search: Search = None, active: Active = True
    ) -> Page[models.Customer]:
        return await queries.customers(info.context.actor, page, search=search, active=active)

    @listing(
        StockAlert,
        "What runs out, what ran out and which warehouse fills up, as far as the viewer may see; the newest first.",
        requires=READ,
    )
    async def stock_alerts(
        self,
        info: Info,
        page: PageRequest,
        filter: Annotated[StockAlertFilter | None, argument("Only some of them.")] = None,
    ) -> Page[models.StockAlert]:
        return await queries.stock_alerts(info.context.actor, page, filter.parse() if filter else None)
