"""Reading what came in and what was spent."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest
from domain.school import models
from domain.school.queries import transactions as queries
from schema.kit import ID, Info, argument, listing, query, read_id
from schema.school.money.inputs import FinancialTransactionFilter
from schema.school.money.types import FinancialTransaction

READ = Permission.FEES_READ


@strawberry.type
class Query:
    @query(
        FinancialTransaction | None,
        "One transaction, whether it stands or was reversed; null when there is none, or none for you.",
        requires=READ,
    )
    async def financial_transaction(self, info: Info, id: Annotated[ID, argument("Its id.")]) -> object:
        return await info.context.load(queries.transactions_by_id, read_id("FinancialTransaction", id, "id"))

    @listing(
        FinancialTransaction,
        "The income and the expenses of the school that stand in its books, the latest first. Of a fee that is one row of "
        "all that is paid, and none when nothing is.",
        requires=READ,
    )
    async def financial_transactions(
        self,
        info: Info,
        page: PageRequest,
        filter: Annotated[FinancialTransactionFilter | None, argument("Only some of them.")] = None,
    ) -> Page[models.SchoolTransaction]:
        return await queries.transactions(info.context.actor, page, filter.parse() if filter else None)
