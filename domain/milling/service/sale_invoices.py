"""Invoices of sales: a number, and a day by which the customer pays."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.errors import InvalidInput
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.milling.errors import SaleInvoicedAlready
from domain.milling.models import Customer, Sale
from domain.milling.service.sale_desk import Sold, keep, locked, require_status
from domain.milling.states import SaleChange, SaleStatus

MAX_DUE_DAYS: Final = 730

# Numbers of invoices count up; one that is not used in the end is missed, as with every other number here.
NEXT_NUMBER: Final = (
    "select 'SI-' || lpad(n::text, greatest(6, length(n::text)), '0') from nextval('mill_sale_invoice_number') n"
)


@retried
async def invoice_sale(actor: Actor, *, sale_id: UUID, due_on: date | None = None) -> Sale:
    """Write the invoice of a delivered sale: due by the customer's terms of payment, unless a day is said.

    Refuses with SALE_NOT_FOUND, SALE_NOT_OPEN, SALE_ALREADY_INVOICED and INVALID_INPUT (a day that is over, or far off).
    """
    actor.require(Permission.MILL_SELL)
    async with unit_of_work() as work:
        sold = await locked(actor, sale_id)
        sale = sold.sale
        require_status(sale, SaleStatus.DELIVERED, SaleStatus.PAID, SaleStatus.PART_RETURNED)
        if sale.invoice_number is not None:
            raise SaleInvoicedAlready(f"sale {sale.number} has the invoice {sale.invoice_number}")
        await _invoice(work, sold, await _due_on(sale, due_on))
    return sale


async def _invoice(work: Work, sold: Sold, due_on: date) -> None:
    sale = sold.sale
    sale.invoice_number = await work.fetchval(NEXT_NUMBER)
    sale.invoiced_at, sale.due_on = clock.now(), due_on
    await keep(work, sold, SaleChange.INVOICED, sale.status)


async def _due_on(sale: Sale, said: date | None) -> date:
    today = clock.today()
    if said is None:
        customer = None if sale.customer_id is None else await Customer.get(id=sale.customer_id)
        return today + timedelta(days=0 if customer is None else customer.payment_days)
    if not today <= said <= today + timedelta(days=MAX_DUE_DAYS):
        raise InvalidInput(f"an invoice is due today or within {MAX_DUE_DAYS} days", field=("input", "dueOn"))
    return said
