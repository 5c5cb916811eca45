"""When the debtor does not pay: overdue after the due date, in default after the grace, and the end of a recovery."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.invoice_finance import rules, settings
from domain.invoice_finance.errors import InvoiceNotDefaulted
from domain.invoice_finance.events import InvoiceDefaulted, InvoiceOverdue, InvoiceRecovered, InvoiceState
from domain.invoice_finance.models import Invoice
from domain.invoice_finance.service.desk import holders_to_tell, locked, save, tell_updated
from domain.invoice_finance.states import InvoiceChange, InvoiceStatus
from domain.kit import clock
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work


async def bring_up_to_date(work: Work, invoice: Invoice, on: date) -> None:
    """Let a locked invoice become overdue and fall into default as of a day, whether or not the job came by."""
    if invoice.status in (InvoiceStatus.FUNDED, InvoiceStatus.PARTIALLY_REPAID) and rules.is_overdue(on, invoice.due_on):
        await _become_overdue(work, invoice)
    if invoice.status is InvoiceStatus.OVERDUE and rules.is_in_default(on, invoice.due_on, invoice.grace_days):
        await _fall_into_default(work, invoice)


@retried
async def age_invoice(invoice_id: UUID) -> None:
    """Bring one invoice up to today: the job's work."""
    async with unit_of_work() as work:
        await bring_up_to_date(work, await locked(invoice_id), clock.today())


@retried
async def close_recovery(actor: Actor, *, invoice_id: UUID) -> Invoice:
    """Give up what a defaulted invoice still owes: staff record it as lost, and the invoice is over.

    Nothing is posted: the reserve that is not rebated and the shares that are not paid out are the loss.
    """
    actor.require(Permission.INVOICES_MANAGE)
    async with unit_of_work() as work:
        invoice = await locked(invoice_id)
        if invoice.status is not InvoiceStatus.DEFAULTED:
            raise InvoiceNotDefaulted("only the recovery of a defaulted invoice can be closed")
        before = invoice.status
        invoice.close_recovery()
        await save(invoice)
        await tell_recovered(work, invoice, before)
        await tell_updated(work, invoice, InvoiceChange.RECOVERY_CLOSED, before)
    return invoice


async def tell_recovered(work: Work, invoice: Invoice, before: InvoiceStatus) -> None:
    work.record(
        InvoiceRecovered(
            invoice=InvoiceState.of(invoice),
            previous_status=before,
            holders=await holders_to_tell(invoice),
            recovered=invoice.repaid_amount,
            loss=invoice.loss_amount,
        )
    )


async def _become_overdue(work: Work, invoice: Invoice) -> None:
    before = invoice.become(InvoiceStatus.OVERDUE)
    await save(invoice)
    work.record(
        InvoiceOverdue(
            invoice=InvoiceState.of(invoice),
            previous_status=before,
            holders=await holders_to_tell(invoice),
            outstanding=invoice.outstanding_amount,
            grace_ends_on=rules.grace_ends_on(invoice.due_on, invoice.grace_days),
        )
    )
    await tell_updated(work, invoice, InvoiceChange.BECAME_OVERDUE, before)


async def _fall_into_default(work: Work, invoice: Invoice) -> None:
    before = invoice.status
    invoice.fall_into_default(settings.current().default_fee_bps)
    await save(invoice)
    at_risk = max(0, invoice.requested_minor - invoice.investors_paid_minor)
    work.record(
        InvoiceDefaulted(
            invoice=InvoiceState.of(invoice),
            previous_status=before,
            holders=await holders_to_tell(invoice),
            outstanding=invoice.outstanding_amount,
            at_risk=Money(at_risk, invoice.currency),
        )
    )
    await tell_updated(work, invoice, InvoiceChange.DEFAULTED, before)
