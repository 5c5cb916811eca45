"""Reading statements, rules, money that nobody knows, and the reports of days."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest
from domain.payments import models
from domain.payments.queries import daily, orphans
from domain.payments.queries import statements as queries
from domain.payments.rules.orphans import MAX_SUGGESTIONS
from domain.payments.service.match_rules import MAX_RULES
from domain.payments.states import ImportStatus
from schema.kit import ID, Info, argument, listing, query, read_id
from schema.payments.statements.days import ReconciliationReport
from schema.payments.statements.matching import OrphanSuggestion, OrphanTransaction
from schema.payments.statements.types import MatchRule, StatementImport

RECONCILE = Permission.PAYMENTS_RECONCILE
SUGGESTIONS_COST = 20


@strawberry.type
class Query:
    @listing(StatementImport, "Statements that were handed in, the newest first.", requires=RECONCILE)
    async def statement_imports(
        self,
        info: Info,
        page: PageRequest,
        statuses: Annotated[list[ImportStatus] | None, argument("Only those of one of these statuses.")] = None,
    ) -> Page[models.StatementImport]:
        return await queries.statement_imports(info.context.actor, page, statuses=statuses or ())

    @query(StatementImport | None, "One statement that was handed in; null when there is none.", requires=RECONCILE)
    async def statement_import(self, info: Info, id: Annotated[ID, argument("Its id.")]) -> object:
        return await info.context.load(queries.imports_by_id, read_id("StatementImport", id, "id"))

    @query(
        list[MatchRule], "The rules for matching, in the order in which they are tried.", requires=RECONCILE, size=MAX_RULES
    )
    async def match_rules(self, info: Info) -> object:
        return await queries.match_rules(info.context.actor)

    @listing(
        OrphanTransaction,
        "Money that came of which no payment is known, the newest first, without what was taken back whole or dealt with.",
        requires=RECONCILE,
    )
    async def orphan_transactions(self, info: Info, page: PageRequest) -> Page[orphans.OrphanTransaction]:
        return await orphans.orphan_transactions(info.context.actor, page)

    @query(
        list[OrphanSuggestion],
        "What the money of a receipt may be for, the likeliest first: payments that are waited for, and what is owed to any "
        "business of the house. A person decides; see `resolveDiscrepancy` and `placeOrphanTransaction`.",
        requires=RECONCILE,
        size=MAX_SUGGESTIONS,
        cost=SUGGESTIONS_COST,
    )
    async def orphan_suggestions(self, info: Info, receipt: Annotated[str, argument("The receipt number.")]) -> object:
        return await orphans.orphan_suggestions(info.context.actor, receipt)

    @query(
        ReconciliationReport | None,
        "The report of a day as it was made last, by itself after midnight in East Africa or by `dailyReconciliation`; null "
        "when none was made yet.",
        requires=RECONCILE,
    )
    async def reconciliation_report(
        self, info: Info, on_date: Annotated[date, argument("The day in East Africa.", name="date")]
    ) -> object:
        return await daily.reconciliation_report(info.context.actor, on_date)
