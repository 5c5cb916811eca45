"""Reading invoices and what belongs to them: each reader sees what concerns them, and investors never see each other.

The functions that take several ids are for loaders: one statement answers for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.invoice_finance import access
from domain.invoice_finance.access import visible_invoices
from domain.invoice_finance.errors import InvoiceNotFound
from domain.invoice_finance.models import Bid, Investment, Invoice, InvoiceMessage, InvoicePayment, Payout
from domain.invoice_finance.states import BidState, InvestmentState, InvoiceStatus, Party
from domain.kit.paging import Page, PageRequest, page_of

T = TypeVar("T")


async def invoice(actor: Actor, invoice_id: UUID) -> Invoice:
    """An invoice that the actor may see."""
    actor.require(Permission.INVOICE_READ)
    found = await visible_invoices(actor).get_or_none(id=invoice_id)
    if found is None:
        raise InvoiceNotFound(field=("invoiceId",))
    return found


async def invoices(
    actor: Actor, page: PageRequest, *, statuses: Sequence[InvoiceStatus] = (), party: Party | None = None
) -> Page[Invoice]:
    """The invoices that the actor has to do with or may see, the newest first."""
    actor.require(Permission.INVOICE_READ)
    query = visible_invoices(actor)
    if statuses:
        query = query.filter(status__in=statuses)
    if party is not None:
        query = query.filter(_as_party(actor, party))
    return await page_of(query, page, "-created_at", "-id")


def _as_party(actor: Actor, party: Party) -> Q:
    match party:
        case Party.SELLER:
            return Q(seller_id=actor.id)
        case Party.DEBTOR:
            return Q(debtor_id=actor.id)
        case Party.INVESTOR:
            return Q(id__in=Subquery(Investment.filter(investor_id=actor.id).values("invoice_id")))
        case Party.STAFF:
            return Q() if actor.may(Permission.INVOICES_MANAGE) else Q(id__isnull=True)


async def investments(
    actor: Actor, page: PageRequest, *, invoice_id: UUID | None = None, states: Sequence[InvestmentState] = ()
) -> Page[Investment]:
    """The investments that the actor may see, the newest first: an investor's own, a seller's in the own invoices."""
    actor.require(Permission.INVOICE_READ)
    query = visible_investments(actor)
    if invoice_id is not None:
        query = query.filter(invoice_id=(await invoice(actor, invoice_id)).id)
    if states:
        query = query.filter(state__in=states)
    return await page_of(query, page, "-made_at", "-id")


async def bids(actor: Actor, page: PageRequest, *, invoice_id: UUID) -> Page[Bid]:
    """The bids for an invoice, the best first: the lowest rate, and of equal ones the earliest."""
    found = await invoice(actor, invoice_id)
    return await page_of(Bid.filter(invoice_id=found.id), page, "rate_bps", "placed_at", "id")


async def invoice_messages(actor: Actor, page: PageRequest, *, invoice_id: UUID) -> Page[InvoiceMessage]:
    """The conversation about an invoice, in the order of time."""
    found = await invoice(actor, invoice_id)
    return await page_of(InvoiceMessage.filter(invoice_id=found.id), page, "sent_at", "id")


def visible_investments(actor: Actor) -> QuerySet[Investment]:
    """An investor's own, those in a seller's own invoices, all for staff. Never another investor's."""
    if actor.may(Permission.INVOICES_MANAGE):
        return Investment.all()
    in_own = Subquery(Invoice.filter(seller_id=actor.id).values("id"))
    return Investment.filter(Q(investor_id=actor.id) | Q(invoice_id__in=in_own))


def knows_bidder(actor: Actor, bid: Bid, of: Invoice) -> bool:
    """Who bid is between the bidder and the seller, and staff know."""
    return actor.id in (bid.bidder_id, of.seller_id) or actor.may(Permission.INVOICES_MANAGE)


async def invoices_by_id(actor: Actor, invoice_ids: Sequence[UUID]) -> dict[UUID, Invoice]:
    return {each.id: each for each in await visible_invoices(actor).filter(id__in=invoice_ids)}


async def investments_by_id(actor: Actor, investment_ids: Sequence[UUID]) -> dict[UUID, Investment]:
    return {each.id: each for each in await visible_investments(actor).filter(id__in=investment_ids)}


async def investments_of(actor: Actor, invoice_ids: Sequence[UUID]) -> dict[UUID, list[Investment]]:
    """Those investments in some invoices that the actor may see, the earliest first."""
    rows = await visible_investments(actor).filter(invoice_id__in=invoice_ids).order_by("made_at", "id")
    return _grouped(rows, "invoice_id")


async def bids_by_id(actor: Actor, bid_ids: Sequence[UUID]) -> dict[UUID, Bid]:
    seen = Subquery(visible_invoices(actor).values("id"))
    return {each.id: each for each in await Bid.filter(id__in=bid_ids, invoice_id__in=seen)}


async def standing_bids_of(actor: Actor, invoice_ids: Sequence[UUID]) -> dict[UUID, list[Bid]]:
    """The bids that stand or have won, the best first, for those of some invoices that the actor may see."""
    seen = Subquery(visible_invoices(actor).filter(id__in=invoice_ids).values("id"))
    standing = Bid.filter(invoice_id__in=seen, state__in=(BidState.ACTIVE, BidState.WON))
    return _grouped(await standing.order_by("rate_bps", "placed_at", "id"), "invoice_id")


async def payments_by_id(actor: Actor, payment_ids: Sequence[UUID]) -> dict[UUID, InvoicePayment]:
    return {each.id: each for each in await _visible_payments(actor).filter(id__in=payment_ids)}


async def payments_of(actor: Actor, invoice_ids: Sequence[UUID]) -> dict[UUID, list[InvoicePayment]]:
    """What came in for some invoices, the earliest first."""
    rows = await _visible_payments(actor).filter(invoice_id__in=invoice_ids).order_by("recorded_at", "id")
    return _grouped(rows, "invoice_id")


async def payouts_of(actor: Actor, investment_ids: Sequence[UUID]) -> dict[UUID, list[Payout]]:
    """What some investments have paid back, the earliest first."""
    seen = Subquery(visible_investments(actor).filter(id__in=investment_ids).values("id"))
    return _grouped(await Payout.filter(investment_id__in=seen).order_by("paid_at", "id"), "investment_id")


async def messages_by_id(actor: Actor, message_ids: Sequence[UUID]) -> dict[UUID, InvoiceMessage]:
    seen = Subquery(visible_invoices(actor).values("id"))
    return {each.id: each for each in await InvoiceMessage.filter(id__in=message_ids, invoice_id__in=seen)}


def party_of(actor: Actor, of: Invoice) -> Party:
    return access.party_of(actor, of)


def _visible_payments(actor: Actor) -> QuerySet[InvoicePayment]:
    """The seller, the debtor and staff see how a payment was shared out; an investor sees the own payouts."""
    if actor.may(Permission.INVOICES_MANAGE):
        return InvoicePayment.all()
    concerned = Subquery(Invoice.filter(Q(seller_id=actor.id) | Q(debtor_id=actor.id)).values("id"))
    return InvoicePayment.filter(Q(invoice_id__in=concerned) | Q(payer_id=actor.id))


def _grouped(rows: Sequence[T], column: str) -> dict[Any, list[T]]:
    groups: dict[Any, list[T]] = {}
    for row in rows:
        groups.setdefault(getattr(row, column), []).append(row)
    return groups
