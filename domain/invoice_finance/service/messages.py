"""The conversation about an invoice between its seller, its debtor, investors and staff."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.invoice_finance import access
from domain.invoice_finance.errors import InvoiceNotFound
from domain.invoice_finance.events import InvoiceMessageSent, InvoiceState
from domain.invoice_finance.models import Invoice, InvoiceMessage
from domain.invoice_finance.service.desk import holders_to_tell, locked
from domain.invoice_finance.states import Party
from domain.kit import clock
from domain.kit.errors import InvalidInput
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work, retried, unit_of_work

MAX_BODY: Final = 2_000

# How an investor was called in this conversation before, and how many investors have spoken.
ALIASES: Final = """
select (select author_label from invoice_message
        where invoice_id = $1 and author_id = $2 and author_party = 'INVESTOR' limit 1) as own,
       (select count(distinct author_id) from invoice_message
        where invoice_id = $1 and author_party = 'INVESTOR') as spoken
"""


@retried
async def send_invoice_message(actor: Actor, *, invoice_id: UUID, body: str) -> InvoiceMessage:
    """Say something about an invoice one may see. Investors appear as Investor 1, 2, ... and stay the same throughout."""
    actor.require(Permission.INVOICE_READ)
    body = body.strip()
    if not 1 <= len(body) <= MAX_BODY or not body.replace("\n", "").replace("\t", "").isprintable():
        raise InvalidInput(f"a message has 1 to {MAX_BODY} printable characters", field=("input", "body"))
    async with unit_of_work() as work:
        if not await access.visible_invoices(actor).filter(id=invoice_id).exists():
            raise InvoiceNotFound
        invoice = await locked(invoice_id)
        party = access.party_of(actor, invoice)
        message = await InvoiceMessage.create(
            id=new_id(),
            invoice_id=invoice.id,
            author_id=actor.id,
            author_party=party,
            author_label=await _label(work, actor, invoice, party),
            body=body,
            sent_at=clock.now(),
        )
        work.record(
            InvoiceMessageSent(
                invoice=InvoiceState.of(invoice),
                previous_status=invoice.status,
                holders=await holders_to_tell(invoice),
                message_id=message.id,
                author_party=party,
                author_label=message.author_label,
                body=body,
                sent_at=message.sent_at,
            )
        )
    return message


async def _label(work: Work, actor: Actor, invoice: Invoice, party: Party) -> str:
    match party:
        case Party.SELLER:
            return invoice.seller_name
        case Party.DEBTOR:
            return invoice.debtor_name
        case Party.STAFF:
            return "Staff"
        case Party.INVESTOR:
            row = await work.fetchrow(ALIASES, invoice.id, actor.id)
            assert row is not None
            return str(row["own"] or f"Investor {row['spoken'] + 1}")
