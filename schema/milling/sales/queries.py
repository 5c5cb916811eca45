"""Reading sales, what came back of them, and what customers owe."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.errors import InvalidInput
from domain.kit.paging import MAX_PAGE, Page, PageRequest
from domain.milling import models
from domain.milling.queries import sales as queries
from domain.milling.queries.proceeds import finance_proceeds
from schema.kit import ID, Info, argument, listing, query, read_id, read_optional_id
from schema.milling.sales.inputs import SaleFilter
from schema.milling.sales.types import FinanceProceeds, Receivables, Sale, SaleReturn

READ = Permission.MILL_READ


@strawberry.type
class Query:
    @query(Sale | None, "One sale, by its id or its number; null when there is none, or none for you.", requires=READ)
    async def sale(
        self,
        info: Info,
        id: Annotated[ID | None, argument("Its id.")] = None,
        number: Annotated[str | None, argument("Or its number.")] = None,
    ) -> object:
        if (id is None) == (number is None):
            raise InvalidInput("name an id or a number", field=("id",))
        if id is not None:
            return await info.context.load(queries.sales_by_id, read_id("Sale", id, "id"))
        assert number is not None, "one of the two is there"
        return await queries.sale_of_number(info.context.actor, number)

    @listing(Sale, "The sales of the warehouses that the viewer may see, the newest first.", requires=READ)
    async def sales(
        self, info: Info, page: PageRequest, filter: Annotated[SaleFilter | None, argument("Only some of them.")] = None
    ) -> Page[models.Sale]:
        return await queries.sales(info.context.actor, page, filter.parse() if filter else None)

    @listing(SaleReturn, "What customers brought back, the newest first; cancelled returns among it.", requires=READ)
    async def sale_returns(
        self, info: Info, page: PageRequest, sale_id: Annotated[ID | None, argument("Only of this sale.")] = None
    ) -> Page[models.SaleReturn]:
        found = read_optional_id("Sale", sale_id, "saleId")
        return await queries.sale_returns(info.context.actor, page, sale_id=found)

    @query(
        FinanceProceeds,
        "What investors paid into the viewer's own wallet for invoices of the mill, and what is left of it there.",
        requires=Permission.MILL_SELL,
    )
    async def finance_proceeds(self, info: Info) -> object:
        return await finance_proceeds(info.context.actor)

    @query(Receivables, "What customers owe for sales, and how late it is; who owes the most first.", requires=READ, cost=10)
    async def receivables(
        self,
        info: Info,
        first: Annotated[int, argument(f"How many customers, from 1 to {MAX_PAGE}.")] = 20,
        branch_id: Annotated[ID | None, argument("Only of this branch.")] = None,
    ) -> object:
        if not 1 <= first <= MAX_PAGE:
            raise InvalidInput(f"first must be from 1 to {MAX_PAGE}", field=("first",))
        found = read_optional_id("Branch", branch_id, "branchId")
        return await queries.receivables(info.context.actor, branch_id=found, limit=first)
