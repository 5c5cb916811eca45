"""What every process does with an invoice: take it under its lock, check who asks, write it down and tell of it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.invoice_finance import access
from domain.invoice_finance.errors import InvoiceNotFound
from domain.invoice_finance.events import InvoiceState, InvoiceUpdated
from domain.invoice_finance.models import Invoice
from domain.invoice_finance.states import OPEN, InvoiceChange, InvoiceStatus
from domain.kit import clock
from domain.kit.unit_of_work import Work


async def locked(invoice_id: UUID) -> Invoice:
    """The invoice, locked until the unit of work ends: whoever comes second sees what the first one did."""
    invoice = await Invoice.filter(id=invoice_id).select_for_update().get_or_none()
    if invoice is None:
        raise InvoiceNotFound
    return invoice


async def locked_together(invoice_ids: Sequence[UUID]) -> list[Invoice]:
    """Several invoices, locked in the order of their ids, so that two who lock some of the same never wait in a circle."""
    invoices = await Invoice.filter(id__in=invoice_ids).order_by("id").select_for_update()
    if len(invoices) != len(set(invoice_ids)):
        raise InvoiceNotFound
    return invoices


async def locked_own(actor: Actor, invoice_id: UUID) -> Invoice:
    """The seller's own invoice, or any for staff. Somebody else's does not exist for them."""
    invoice = await locked(invoice_id)
    if invoice.seller_id != actor.id and not actor.may(Permission.INVOICES_MANAGE):
        raise InvoiceNotFound
    return invoice


async def save(invoice: Invoice) -> None:
    invoice.updated_at = clock.now()
    await invoice.save()


async def holders_to_tell(invoice: Invoice) -> tuple[UUID, ...]:
    """Those who hold a part of an invoice that is no longer on the market; before, every investor is told anyway."""
    if invoice.listed_at is None or invoice.status in OPEN:
        return ()
    return await access.holders_of(invoice.id)


async def tell_updated(work: Work, invoice: Invoice, change: InvoiceChange, before: InvoiceStatus) -> None:
    """Record that the invoice changed, for all who may see it; the last event of each process."""
    work.record(
        InvoiceUpdated(
            invoice=InvoiceState.of(invoice),
            previous_status=before,
            change=change,
            holders=await holders_to_tell(invoice),
        )
    )
