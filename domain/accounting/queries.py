"""Reading vouchers and fiscal periods; staff of a branch see the vouchers of their branch."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from domain.accounting.models import (
    Expense,
    FiscalPeriod,
    FiscalYear,
    JournalDraft,
    Revenue,
    Transfer,
    Voucher,
    VoucherLine,
)
from domain.accounting.states import PeriodState, VoucherState
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.database import fetch
from domain.kit.errors import InvalidInput
from domain.kit.money import Money
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import rows_by_id, rows_of

V = TypeVar("V", bound=Voucher)

MAX_SEARCH: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherFilter:
    """Which vouchers to list; those that fit all that is said. ``account_id`` is on either side."""

    states: Collection[VoucherState] = ()
    since: date | None = None
    until: date | None = None
    account_id: UUID | None = None
    branch_id: UUID | None = None
    created_by: UUID | None = None
    search: str | None = None


async def expenses(actor: Actor, page: PageRequest, wanted: VoucherFilter | None = None) -> Page[Expense]:
    """Expenses, the newest first."""
    return await page_of(_chosen(actor, Expense, wanted), page, "-number")


async def revenues(actor: Actor, page: PageRequest, wanted: VoucherFilter | None = None) -> Page[Revenue]:
    """Revenues, the newest first."""
    return await page_of(_chosen(actor, Revenue, wanted), page, "-number")


async def transfers(actor: Actor, page: PageRequest, wanted: VoucherFilter | None = None) -> Page[Transfer]:
    """Transfers between accounts of the house, the newest first."""
    return await page_of(_chosen(actor, Transfer, wanted), page, "-number")


async def journal_drafts(actor: Actor, page: PageRequest, wanted: VoucherFilter | None = None) -> Page[JournalDraft]:
    """Entries by hand that were written down as drafts, the newest first; those in the books too."""
    return await page_of(_chosen(actor, JournalDraft, wanted), page, "-number")


def _seen(actor: Actor) -> Q:
    """The vouchers of the actor's branch, or all of them."""
    scope = actor.branch_scope
    return Q() if scope is None else Q(branch_id=scope)


expenses_by_id = rows_by_id(Expense, _seen, permission=Permission.ACCOUNTING_READ)
"""Those of some expenses that the actor may see."""

revenues_by_id = rows_by_id(Revenue, _seen, permission=Permission.ACCOUNTING_READ)
"""Those of some revenues that the actor may see."""

transfers_by_id = rows_by_id(Transfer, _seen, permission=Permission.ACCOUNTING_READ)
"""Those of some transfers that the actor may see."""

journal_drafts_by_id = rows_by_id(JournalDraft, _seen, permission=Permission.ACCOUNTING_READ)
"""Those of some drafts of entries that the actor may see."""


def vouchers_seen(model: type[V]) -> Callable[[Actor, Sequence[UUID]], Awaitable[Collection[UUID]]]:
    """Who may read the papers of a kind of voucher: whoever sees the voucher."""
    vouchers = rows_by_id(model, _seen, permission=Permission.ACCOUNTING_READ)

    async def seen(actor: Actor, voucher_ids: Sequence[UUID]) -> Collection[UUID]:
        return await vouchers(actor, voucher_ids)

    return seen


lines_of_drafts = rows_of(VoucherLine, "voucher_id", order=("line_no",))
"""The lines of several drafts, each in its order, for whoever has the drafts."""


async def fiscal_years(actor: Actor, page: PageRequest) -> Page[FiscalYear]:
    """Fiscal years, the latest first."""
    actor.require(Permission.ACCOUNTING_READ)
    return await page_of(FiscalYear.all(), page, "-starts_on", "id")


async def fiscal_periods(
    actor: Actor, page: PageRequest, *, year_id: UUID | None = None, state: PeriodState | None = None
) -> Page[FiscalPeriod]:
    """Fiscal periods in the order of time."""
    actor.require(Permission.ACCOUNTING_READ)
    found = FiscalPeriod.all() if year_id is None else FiscalPeriod.filter(year_id=year_id)
    if state is not None:
        found = found.filter(state=state)
    return await page_of(found, page, "starts_on", "id")


fiscal_years_by_id = rows_by_id(FiscalYear, permission=Permission.ACCOUNTING_READ)
"""Several fiscal years at once, none for whoever may not read the accounts."""

fiscal_periods_by_id = rows_by_id(FiscalPeriod, permission=Permission.ACCOUNTING_READ)
"""Several fiscal periods at once, none for whoever may not read the accounts."""


async def results_of(year_ids: Sequence[UUID]) -> dict[UUID, list[Money]]:
    """What each of several fiscal years carried into retained earnings, by currency; for loaders."""
    rows = await fetch(
        """select year_id, currency, result_minor::bigint as result_minor from fiscal_year_closing
           where reversal_id is null and year_id = any($1) order by currency""",
        list(year_ids),
    )
    results: dict[UUID, list[Money]] = {year_id: [] for year_id in year_ids}
    for row in rows:
        results[row["year_id"]].append(Money(row["result_minor"], row["currency"]))
    return results


async def in_order_of_date(chosen: QuerySet[V], behind: tuple[date, int] | None, limit: int) -> list[V]:
    """Some of ``chosen`` by date and number, those behind a row that was seen; for reading all of them in batches."""
    if behind is not None:
        day, number = behind
        chosen = chosen.filter(Q(dated_on__gt=day) | Q(dated_on=day, number__gt=number))
    return await chosen.order_by("dated_on", "number").limit(limit)


def visible_vouchers(actor: Actor, model: type[V]) -> QuerySet[V]:
    """The vouchers of a kind that the actor may see; every read starts here."""
    actor.require(Permission.ACCOUNTING_READ)
    return model.filter(_seen(actor))


def _chosen(actor: Actor, model: type[V], wanted: VoucherFilter | None) -> QuerySet[V]:
    found, wanted = visible_vouchers(actor, model), wanted or VoucherFilter()
    if wanted.states:
        found = found.filter(state__in=list(wanted.states))
    if wanted.since is not None:
        found = found.filter(dated_on__gte=wanted.since)
    if wanted.until is not None:
        found = found.filter(dated_on__lte=wanted.until)
    if wanted.account_id is not None:
        found = found.filter(Q(debit_account_id=wanted.account_id) | Q(credit_account_id=wanted.account_id))
    if wanted.branch_id is not None:
        found = found.filter(branch_id=wanted.branch_id)
    if wanted.created_by is not None:
        found = found.filter(created_by=wanted.created_by)
    if wanted.search:
        words = wanted.search.strip()
        if len(words) > MAX_SEARCH or not words.isprintable():
            raise InvalidInput(f"search for at most {MAX_SEARCH} printable characters", field=("filter", "search"))
        found = found.filter(Q(description__icontains=words) | Q(party__icontains=words) | Q(reference__icontains=words))
    return found
