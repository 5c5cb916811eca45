"""The marketplace: what takes money now, found and sorted as investors ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.invoice_finance import rules
from domain.invoice_finance.access import visible_invoices
from domain.invoice_finance.models import Invoice
from domain.invoice_finance.states import OPEN, Industry, SaleMethod
from domain.kit import clock
from domain.kit.errors import InvalidInput
from domain.kit.money import Money
from domain.kit.paging import Page, PageRequest, page_of

MAX_SEARCH: Final = 100


class MarketSort(str, Enum):
    """In which order the marketplace is shown."""

    NEWEST = "NEWEST"
    ENDING_SOON = "ENDING_SOON"
    DUE_SOON = "DUE_SOON"
    HIGHEST_YIELD = "HIGHEST_YIELD"
    LARGEST_REMAINING = "LARGEST_REMAINING"
    SMALLEST_REMAINING = "SMALLEST_REMAINING"


_ORDERS: Final = {
    MarketSort.NEWEST: ("-listed_at", "-id"),
    MarketSort.ENDING_SOON: ("funding_deadline_at", "id"),
    MarketSort.DUE_SOON: ("due_on", "id"),
    MarketSort.HIGHEST_YIELD: ("-expected_yield_bps", "-id"),
    MarketSort.LARGEST_REMAINING: ("-remaining_minor", "-id"),
    MarketSort.SMALLEST_REMAINING: ("remaining_minor", "id"),
}


@dataclass(frozen=True, kw_only=True)
class MarketFilter:
    """What an investor looks for; everything that is said must hold. A bound on an amount means its currency alone."""

    currency: str | None = None
    min_remaining: Money | None = None
    max_remaining: Money | None = None
    due_from: date | None = None
    due_until: date | None = None
    min_yield: Decimal | None = None
    industries: Sequence[Industry] = ()
    sale_method: SaleMethod | None = None
    recourse: bool | None = None
    search: str | None = None


async def marketplace(
    actor: Actor, page: PageRequest, *, wanted: MarketFilter | None = None, sort: MarketSort = MarketSort.NEWEST
) -> Page[Invoice]:
    """What takes money now: every investor sees all of it, a seller the own offers."""
    actor.require(Permission.INVOICE_READ)
    query = open_invoices(actor)
    if wanted is not None:
        query = query.filter(*_conditions(wanted))
    return await page_of(query, page, *_ORDERS[sort])


def open_invoices(actor: Actor) -> QuerySet[Invoice]:
    """What is on the market at this very moment, whether or not the job that ends offers has come by."""
    return visible_invoices(actor).filter(status__in=OPEN, funding_deadline_at__gt=clock.now(), due_on__gte=clock.today())


def _conditions(wanted: MarketFilter) -> list[Q]:
    bounds = [bound for bound in (wanted.min_remaining, wanted.max_remaining) if bound is not None]
    currencies = {each for each in (wanted.currency, *(bound.currency for bound in bounds)) if each is not None}
    if len(currencies) > 1:
        raise InvalidInput("a filter looks for one currency", field=("filter",))
    stated: dict[str, Any] = {
        "currency": next(iter(currencies), None),
        "remaining_minor__gte": wanted.min_remaining and wanted.min_remaining.amount_minor,
        "remaining_minor__lte": wanted.max_remaining and wanted.max_remaining.amount_minor,
        "due_on__gte": wanted.due_from,
        "due_on__lte": wanted.due_until,
        "industry__in": list(wanted.industries) or None,
        "sale_method": wanted.sale_method,
        "recourse": wanted.recourse,
    }
    if wanted.min_yield is not None:
        stated["expected_yield_bps__gte"] = rules.bps_of(wanted.min_yield, field=("filter", "minYield"))
    conditions = [Q(**{name: value}) for name, value in stated.items() if value is not None]
    text = (wanted.search or "").strip()
    if len(text) > MAX_SEARCH or not text.isprintable():
        raise InvalidInput(f"search for at most {MAX_SEARCH} printable characters", field=("filter", "search"))
    if text:
        names = ("number", "seller_name", "debtor_name")
        conditions.append(Q(*(Q(**{f"{name}__icontains": text}) for name in names), join_type="OR"))
    return conditions
