"""Reading purchases and what suppliers are owed."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.errors import InvalidInput
from domain.kit.paging import Page, PageRequest
from domain.milling import models
from domain.milling.queries import purchases as queries
from schema.kit import ID, Info, argument, listing, query, read_id, read_optional_id
from schema.milling.purchasing.inputs import PurchaseFilter
from schema.milling.purchasing.types import Purchase, PurchaseReturn, SupplierBalance

READ = Permission.MILL_READ
MOST_SUPPLIERS = 100


@strawberry.type
class Query:
    @query(Purchase | None, "One purchase; null when there is none, or none for you.", requires=READ)
    async def purchase(self, info: Info, id: Annotated[ID, argument("Its id.")]) -> object:
        return await info.context.load(queries.purchases_by_id, read_id("Purchase", id, "id"))

    @listing(Purchase, "The purchases for the warehouses that the viewer may see, the newest first.", requires=READ)
    async def purchases(
        self, info: Info, page: PageRequest, filter: Annotated[PurchaseFilter | None, argument("Only some of them.")] = None
    ) -> Page[models.Purchase]:
        return await queries.purchases(info.context.actor, page, filter.parse() if filter else None)

    @listing(PurchaseReturn, "What went back to suppliers, the newest first; cancelled returns too.", requires=READ)
    async def purchase_returns(
        self, info: Info, page: PageRequest, purchase_id: Annotated[ID | None, argument("Only of this purchase.")] = None
    ) -> Page[models.PurchaseReturn]:
        found = read_optional_id("Purchase", purchase_id, "purchaseId")
        return await queries.purchase_returns(info.context.actor, page, purchase_id=found)

    @query(
        list[SupplierBalance],
        "What suppliers are owed for purchases that the viewer may see, the most first.",
        requires=READ,
        size="first",
    )
    async def payables(
        self, info: Info, first: Annotated[int, argument("At most so many, 1 to 100.")] = MOST_SUPPLIERS
    ) -> list[queries.SupplierBalance]:
        if not 1 <= first <= MOST_SUPPLIERS:
            raise InvalidInput(f"ask for 1 to {MOST_SUPPLIERS}", field=("first",))
        return await queries.payables(info.context.actor, limit=first)
