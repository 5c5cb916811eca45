"""Reading what every business shares."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import strawberry

from domain.events.models import AuditRecord as AuditRecordRow
from domain.events.models import RowChange
from domain.events.queries import AuditFilter
from domain.identity import oversight
from domain.identity.permissions import Permission
from domain.kit.paging import MAX_PAGE, Page, PageRequest
from domain.ledger import models
from domain.ledger import queries as books
from schema.core.activity import ActivityRecord
from schema.core.books import ABOUT_SO_MANY_ROWS, Account, AccountBalance, ChartAccount, JournalEntry, TrialBalance
from schema.core.inputs import AccountFilter, ActivityLogFilter, AuditLogFilter, JournalEntryFilter
from schema.core.realtime import RealtimeStatus
from schema.core.types import AuditRecord, IntegrityReport
from schema.kit import ID, CurrencyCode, Cursor, Info, Node, argument, listing, query, read_id
from schema.kit.context import RealtimeStatus as RealtimeStatusRow
from schema.kit.nodes import load_node, load_nodes

INTEGRITY_COST = 1_000

EffectiveDate = Annotated[date | None, argument("Count lines effective on this date or earlier; all when left out.")]
RecordedBy = Annotated[
    datetime | None, argument("Count lines written down at this instant or earlier: the books as they stood then.")
]


@strawberry.type
class Query:
    @query(Node | None, "The object with this id; null when there is none, or none for you.", requires=Permission.SIGNED_IN)
    async def node(self, info: Info, id: Annotated[ID, argument("Its id.")]) -> object:
        return await load_node(info.context, id, "id")

    @query(
        list[Node | None],
        f"The objects with these ids, {MAX_PAGE} at most, in the same order; each null when there is none, or none for you.",
        requires=Permission.SIGNED_IN,
        size="ids",
    )
    async def nodes(self, info: Info, ids: Annotated[list[ID], argument("Their ids.")]) -> object:
        return await load_nodes(info.context, ids, "ids")

    @query(
        Cursor,
        "The place of the event log that everything else in this operation includes. Subscribe with it as `after`, and "
        "nothing falls between what was read and what is followed.",
        requires=Permission.SIGNED_IN,
    )
    async def as_of(self, info: Info) -> str:
        return await info.context.as_of()

    @query(RealtimeStatus, "How live delivery stands on the server that answers.", requires=Permission.PUBLIC)
    async def realtime_status(self, info: Info) -> RealtimeStatusRow:
        return info.context.realtime_status

    @query(
        list[ChartAccount],
        "The house accounts that entries can be posted to in a currency, by code; those not open yet too.",
        requires=Permission.LEDGER_READ,
        size=ABOUT_SO_MANY_ROWS,
    )
    async def chart_of_accounts(
        self, info: Info, currency: Annotated[CurrencyCode, argument("The currency.")]
    ) -> list[books.ChartAccount]:
        return books.chart_of_accounts(info.context.actor, currency)

    @listing(Account, "The open accounts of the ledger in the order of their codes.", requires=Permission.LEDGER_READ)
    async def accounts(
        self, info: Info, page: PageRequest, filter: Annotated[AccountFilter | None, argument("Only some of them.")] = None
    ) -> Page[models.Account]:
        wanted = filter or AccountFilter()
        return await books.accounts(info.context.actor, page, kind=wanted.kind, currency=wanted.currency)

    @query(
        AccountBalance | None,
        "The balance of an account: now, by effective date, or as the books stood at some moment.",
        requires=Permission.LEDGER_READ,
    )
    async def account_balance(
        self,
        info: Info,
        account_id: Annotated[ID, argument("The account.")],
        as_of: EffectiveDate = None,
        recorded_by: RecordedBy = None,
    ) -> books.Balance:
        return await books.account_balance(
            info.context.actor,
            account_id=read_id("Account", account_id, "accountId"),
            as_of=as_of,
            recorded_by=recorded_by,
        )

    @query(
        TrialBalance,
        "Every account with a balance, and whether both sides are equal.",
        requires=Permission.LEDGER_READ,
        cost=50,
    )
    async def trial_balance(
        self, info: Info, as_of: EffectiveDate = None, recorded_by: RecordedBy = None
    ) -> books.TrialBalance:
        return await books.trial_balance(info.context.actor, as_of=as_of, recorded_by=recorded_by)

    @listing(JournalEntry, "The journal, the newest entry first.", requires=Permission.LEDGER_READ)
    async def journal_entries(
        self,
        info: Info,
        page: PageRequest,
        filter: Annotated[JournalEntryFilter | None, argument("Only some of it.")] = None,
    ) -> Page[models.JournalEntry]:
        wanted = filter or JournalEntryFilter()
        account_id = None if wanted.account_id is None else read_id("Account", wanted.account_id, "filter", "accountId")
        return await books.journal_entries(
            info.context.actor, page, account_id=account_id, since=wanted.since, until=wanted.until
        )

    @listing(AuditRecord, "Who did what, from where: the newest record first.", requires=Permission.AUDIT_READ)
    async def audit_log(
        self, info: Info, page: PageRequest, filter: Annotated[AuditLogFilter | None, argument("Only some of it.")] = None
    ) -> Page[AuditRecordRow]:
        asked = filter or AuditLogFilter()
        wanted = AuditFilter(
            domain=asked.domain,
            event_name=asked.event,
            actor_id=None if asked.actor_id is None else read_id("User", asked.actor_id, "filter", "actorId"),
            correlation_id=asked.correlation_id,
            since=asked.since,
            until=asked.until,
            search=asked.search,
        )
        return await oversight.audit_log(info.context.actor, page, wanted)

    @listing(
        ActivityRecord,
        "What rows were before and after each change, and who changed them: the newest change first.",
        requires=Permission.AUDIT_READ,
    )
    async def activity_log(
        self,
        info: Info,
        page: PageRequest,
        filter: Annotated[ActivityLogFilter | None, argument("Only some of it.")] = None,
    ) -> Page[RowChange]:
        return await oversight.activity_log(info.context.actor, page, (filter or ActivityLogFilter()).parse())

    @query(
        IntegrityReport,
        "Every promise of the house, recomputed now. It reads all of the books, so ask for it now and then only.",
        requires=Permission.INTEGRITY_READ,
        cost=INTEGRITY_COST,
    )
    async def integrity_report(self, info: Info) -> oversight.IntegrityReport:
        return await oversight.integrity_report(info.context.actor)
