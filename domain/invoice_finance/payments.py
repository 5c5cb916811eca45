"""An invoice as something that its debtor pays from outside: what is owed on it, and the money that came.

What was passed on to investors and the seller is theirs. So a payment that is taken back later leaves the invoice settled,
and a person looks for the money.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.invoice_finance import access
from domain.invoice_finance.errors import InvoiceNotFound, InvoiceNotPayable, NotThePayer, SettlementNotReversible
from domain.invoice_finance.models import Invoice
from domain.invoice_finance.service.repayment import take_collected
from domain.invoice_finance.states import OUTSTANDING, Party
from domain.kit.database import fetch
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried
from domain.payments.purposes import Due, PaidFor, PurposeKind, book_on_its_day, near, register_purpose, require_collector
from domain.payments.rules.references import bare
from domain.payments.states import Purpose

# Invoices on which something is owed, whose number comes to these letters and digits: those of two sellers may.
BY_NUMBER: Final = """
select id from invoice
where upper(regexp_replace(number, '[^A-Za-z0-9]', '', 'g')) = $1
  and status in ('FUNDED', 'PARTIALLY_REPAID', 'OVERDUE', 'DEFAULTED') limit 2
"""

# Invoices on which about an amount is owed, the nearest to it ($4) first.
OWED_NEAR: Final = """
select id from invoice
where status in ('FUNDED', 'PARTIALLY_REPAID', 'OVERDUE', 'DEFAULTED') and currency = $1
  and face_minor - repaid_minor between $2 and $3
order by abs(face_minor - repaid_minor - $4), due_on, id limit $5
"""

LOCK: Final = "select from invoice where id = any($1::uuid[]) order by id for update"

# What is paid on an invoice goes to its seller and to those who hold a part of it.
ACCOUNTS: Final = """
select w.account_id from invoice i join wallet w on w.currency = i.currency
     and (w.user_id = i.seller_id or w.user_id in (select investor_id from investment where invoice_id = i.id))
where i.id = any($1::uuid[])
"""


async def due(actor: Actor, invoice_id: UUID) -> Due:
    """Refuses with INVOICE_NOT_FOUND, INVOICE_NOT_PAYABLE, NOT_THE_PAYER and FORBIDDEN."""
    invoice = await access.visible_invoices(actor).get_or_none(id=invoice_id)
    if invoice is None:
        raise InvoiceNotFound
    match access.party_of(actor, invoice):
        case Party.DEBTOR:
            actor.require(Permission.INVOICE_SETTLE)
        case Party.STAFF:
            require_collector(actor, None)
        case _:
            raise NotThePayer("only the debtor pays this invoice, or staff who collect from the debtor")
    if invoice.status not in OUTSTANDING:
        raise InvoiceNotPayable("nothing is owed on this invoice")
    return _due(invoice)


async def due_by_reference(reference: str) -> Due | None:
    rows = await fetch(BY_NUMBER, bare(reference))
    return _due(await Invoice.get(id=rows[0]["id"])) if len(rows) == 1 else None


async def candidates(amount: Money, limit: int) -> Sequence[Due]:
    rows = await fetch(OWED_NEAR, amount.currency, *near(amount), amount.amount_minor, limit)
    invoices = {invoice.id: invoice for invoice in await Invoice.filter(id__in=[row["id"] for row in rows])}
    return [_due(invoices[row["id"]]) for row in rows]


def _due(invoice: Invoice) -> Due:
    return Due(
        purpose=Purpose.INVOICE_SETTLEMENT,
        target_id=invoice.id,
        title=f"Invoice {invoice.number}",
        amount=invoice.outstanding_amount,
        most=invoice.outstanding_amount,
        currency=invoice.currency,
        client_id=invoice.debtor_id,
        client_name=invoice.debtor_name,
        payee_id=invoice.seller_id,
        payee_name=invoice.seller_name,
        branch_id=None,
        account_reference=invoice.number,
    )


@retried
async def apply(paid: PaidFor) -> UUID:
    """Pass a payment on as of the day on which it was made; as of today when the books of that day are closed."""
    return await book_on_its_day(paid, _settle)


async def _settle(work: Work, paid: PaidFor, at: datetime) -> UUID:
    payment = await take_collected(
        work,
        invoice_id=paid.target_id,
        amount=paid.amount,
        received_on=at.date(),
        reference=paid.reference,
        payer_id=paid.client_id,
        payment_id=paid.payment_id,
    )
    return payment.id


async def undo(paid: PaidFor, record_id: UUID) -> None:
    raise SettlementNotReversible("what was paid on this invoice went to its investors and its seller")


async def lock(work: Work, invoice_ids: Sequence[UUID]) -> Sequence[UUID]:
    """The invoices, and then, so that nobody comes to hold a part meanwhile, the wallets of all who get something."""
    await work.execute(LOCK, invoice_ids)
    return [row["account_id"] for row in await work.fetch(ACCOUNTS, invoice_ids)]


register_purpose(
    PurposeKind(
        purpose=Purpose.INVOICE_SETTLEMENT,
        title="Invoice settlement",
        due=due,
        due_by_reference=due_by_reference,
        candidates=candidates,
        apply=apply,
        undo=undo,
        lock=lock,
    )
)
