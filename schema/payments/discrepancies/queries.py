"""Reading what does not agree; for those who reconcile, and nobody else."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest
from domain.payments import models
from domain.payments.queries import discrepancies as queries
from domain.payments.queries.discrepancies import DiscrepancyOrder
from schema.kit import ID, Info, argument, listing, query, read_id
from schema.payments.discrepancies.inputs import DiscrepancyFilter
from schema.payments.discrepancies.types import Discrepancy

RECONCILE = Permission.PAYMENTS_RECONCILE


@strawberry.type
class Query:
    @query(Discrepancy | None, "One discrepancy; null when there is none.", requires=RECONCILE)
    async def discrepancy(self, info: Info, id: Annotated[ID, argument("Its id.")]) -> object:
        return await info.context.load(queries.discrepancies_by_id, read_id("Discrepancy", id, "id"))

    @listing(
        Discrepancy,
        "What does not agree about payments. The newest first, what is dealt with is among them.",
        requires=RECONCILE,
    )
    async def discrepancies(
        self,
        info: Info,
        page: PageRequest,
        filter: Annotated[DiscrepancyFilter | None, argument("Only some of them.")] = None,
        order: Annotated[DiscrepancyOrder, argument("Which come first.")] = DiscrepancyOrder.NEWEST_FIRST,
    ) -> Page[models.Discrepancy]:
        wanted = filter.parse() if filter else None
        return await queries.discrepancies(info.context.actor, page, wanted, order=order)
