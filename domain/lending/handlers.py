"""What lending does when others announce something: a defaulted invoice is a debt to recover."""

from __future__ import annotations

from domain.events.event import LoggedEvent
from domain.events.listeners import listener
from domain.invoice_finance.events import InvoiceDefaulted
from domain.kit.unit_of_work import unit_of_work
from domain.lending.service.recovery import recover_invoice

recoveries = listener("lending")


@recoveries.on(InvoiceDefaulted)
async def plan_recovery(fact: InvoiceDefaulted, logged: LoggedEvent) -> None:
    """Put a demand to the debtor on the list of those who see every branch."""
    invoice = fact.invoice
    async with unit_of_work() as work:
        await recover_invoice(
            work,
            invoice_id=invoice.id,
            number=invoice.number,
            debtor_id=invoice.debtor_id,
            debtor_name=invoice.debtor_name,
            outstanding=fact.outstanding,
        )
