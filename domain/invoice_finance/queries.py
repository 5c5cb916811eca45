"""Reading invoices and what belongs to them: each reader sees what concerns them, and investors never see each other.

What answers several ids at once does so in one statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from tortoise.expressions import Q

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.invoice_finance import access
from domain.invoice_finance.access import seen_by, visible_invoices
from domain.invoice_finance.errors import InvoiceNotFound
from domain.invoice_finance.models import Bid, Investment, Invoice, InvoiceMessage, InvoicePayment, Payout
from domain.invoice_finance.states import BidState, InvestmentState, InvoiceStatus, Party
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import RowsWith, lasting, read_one, rows_by_id, rows_of


async def invoice(actor: Actor, invoice_id: UUID) -> Invoice:
    """An invoice that the actor may see."""
    actor.require(Permission.INVOICE_READ)
    found = await read_one(visible_invoices(actor).filter(id=invoice_id))
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
            return Q(id__in=RowsWith(Investment, Q(investor_id=actor.id), column="invoice_id"))
        case Party.STAFF:
            return Q() if actor.may(Permission.INVOICES_MANAGE) else Q(id__isnull=True)


async def investments(
    actor: Actor, page: PageRequest, *, invoice_id: UUID | None = None, states: Sequence[InvestmentState] = ()
) -> Page[Investment]:
    """The investments that the actor may see, the newest first: an investor's own, a seller's in the own invoices."""
    actor.require(Permission.INVOICE_READ)
    query = Investment.filter(_seen_investments(actor))
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


def knows_bidder(actor: Actor, bid: Bid, of: Invoice) -> bool:
    """Who bid is between the bidder and the seller, and staff know."""
    return actor.id in (bid.bidder_id, of.seller_id) or actor.may(Permission.INVOICES_MANAGE)


@lasting
def _seen_investments(actor: Actor) -> Q:
    """An investor's own, those in a seller's own invoices, all for staff. Never another investor's."""
    if actor.may(Permission.INVOICES_MANAGE):
        return Q()
    return Q(investor_id=actor.id) | Q(invoice_id__in=RowsWith(Invoice, Q(seller_id=actor.id)))


@lasting
def _seen_payments(actor: Actor) -> Q:
    """The seller, the debtor and staff see how a payment was shared out; an investor sees the own payouts."""
    if actor.may(Permission.INVOICES_MANAGE):
        return Q()
    concerned = RowsWith(Invoice, Q(seller_id=actor.id) | Q(debtor_id=actor.id))
    return Q(invoice_id__in=concerned) | Q(payer_id=actor.id)


@lasting
def _of_seen_invoices(actor: Actor) -> Q:
    return Q(invoice_id__in=RowsWith(Invoice, seen_by(actor)))


@lasting
def _standing_in_seen_invoices(actor: Actor) -> Q:
    return _of_seen_invoices(actor) & Q(state__in=(BidState.ACTIVE, BidState.WON))


@lasting
def _of_seen_investments(actor: Actor) -> Q:
    return Q(investment_id__in=RowsWith(Investment, _seen_investments(actor)))


invoices_by_id = rows_by_id(Invoice, seen_by)

investments_by_id = rows_by_id(Investment, _seen_investments)

investments_of = rows_of(Investment, "invoice_id", _seen_investments, order=("made_at", "id"))
"""Those investments in some invoices that the actor may see, the earliest first."""

bids_by_id = rows_by_id(Bid, _of_seen_invoices)

standing_bids_of = rows_of(Bid, "invoice_id", _standing_in_seen_invoices, order=("rate_bps", "placed_at", "id"))
"""The bids that stand or have won, the best first, for those of some invoices that the actor may see."""

payments_by_id = rows_by_id(InvoicePayment, _seen_payments)

payments_of = rows_of(InvoicePayment, "invoice_id", _seen_payments, order=("recorded_at", "id"))
"""What came in for some invoices, the earliest first."""

payouts_of = rows_of(Payout, "investment_id", _of_seen_investments, order=("paid_at", "id"))
"""What some investments have paid back, the earliest first."""

messages_by_id = rows_by_id(InvoiceMessage, _of_seen_invoices)


def party_of(actor: Actor, of: Invoice) -> Party:
    return access.party_of(actor, of)
