"""Who may see an invoice: its seller, its debtor once it is listed, staff, those who put money or a bid on it, and every
investor while it is on the marketplace."""

from __future__ import annotations

from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.invoice_finance.models import Bid, Investment, Invoice
from domain.invoice_finance.states import OPEN, Party
from domain.kit.database import fetch
from domain.kit.reading import RowsWith, lasting


def visible_invoices(actor: Actor) -> QuerySet[Invoice]:
    """The invoices that the actor may see; every read starts here."""
    return Invoice.filter(seen_by(actor))


@lasting
def seen_by(actor: Actor) -> Q:
    """The condition on invoices behind :func:`visible_invoices`."""
    if actor.may(Permission.INVOICES_MANAGE):
        return Q()
    seen = Q(seller_id=actor.id) | Q(debtor_id=actor.id, listed_at__isnull=False)
    if actor.may(Permission.INVOICE_FUND):
        seen |= (
            Q(status__in=OPEN)
            | Q(id__in=RowsWith(Investment, Q(investor_id=actor.id), column="invoice_id"))
            | Q(id__in=RowsWith(Bid, Q(bidder_id=actor.id), column="invoice_id"))
        )
    return seen


def may_offer_to(actor: Actor, invoice: Invoice) -> bool:
    """Whether an investor may know that this invoice is or was for sale."""
    return invoice.listed_at is not None or invoice.seller_id == actor.id or actor.may(Permission.INVOICES_MANAGE)


def party_of(actor: Actor, invoice: Invoice) -> Party:
    """What somebody who may see an invoice is to it."""
    if actor.id == invoice.seller_id:
        return Party.SELLER
    if actor.id == invoice.debtor_id:
        return Party.DEBTOR
    return Party.STAFF if actor.may(Permission.INVOICES_MANAGE) else Party.INVESTOR


async def holders_of(invoice_id: UUID) -> tuple[UUID, ...]:
    """Those who put money into an invoice, each once."""
    rows = await fetch("select distinct investor_id from investment where invoice_id = $1 order by 1", invoice_id)
    return tuple(row["investor_id"] for row in rows)
