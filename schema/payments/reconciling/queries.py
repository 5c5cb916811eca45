"""Reading reconciliations; for those who reconcile, and nobody else."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest
from domain.payments.queries import reconciling as queries
from schema.kit import ID, Info, argument, listing, query, read_id
from schema.payments.reconciling.inputs import ReconciliationFilter
from schema.payments.reconciling.types import ReconciliationResult

RECONCILE = Permission.PAYMENTS_RECONCILE


@strawberry.type
class Query:
    @query(ReconciliationResult | None, "One reconciliation; null when there is none.", requires=RECONCILE)
    async def reconciliation(self, info: Info, id: Annotated[ID, argument("Its id.")]) -> object:
        return await info.context.load(queries.results_by_id, read_id("ReconciliationResult", id, "id"))

    @listing(
        ReconciliationResult,
        "Reconciliations, the newest first; those that wait are among them.",
        requires=RECONCILE,
    )
    async def reconciliation_results(
        self,
        info: Info,
        page: PageRequest,
        filter: Annotated[ReconciliationFilter | None, argument("Only some of them.")] = None,
    ) -> Page[queries.ReconciliationResult]:
        return await queries.reconciliation_results(info.context.actor, page, filter.parse() if filter else None)
