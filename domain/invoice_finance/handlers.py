"""What invoice finance does when others announce something: a sale that the mill offers becomes an invoice on the market."""

from __future__ import annotations

from domain.events.event import LoggedEvent
from domain.events.listeners import listener
from domain.identity import directory
from domain.invoice_finance.events import OfferRefused
from domain.invoice_finance.models import Invoice
from domain.invoice_finance.rules import FeeTerms, percent_of
from domain.invoice_finance.service import InvoiceTerms, create_invoice
from domain.invoice_finance.states import FeeMethod, Industry
from domain.kit.errors import DomainError
from domain.kit.unit_of_work import unit_of_work
from domain.milling.events import SaleOffered

offers = listener("invoice_finance")


@offers.on(SaleOffered)
async def list_offered_sale(fact: SaleOffered, logged: LoggedEvent) -> None:
    """List the invoice for whoever offered it, under the id that the offer names: heard twice, it is there once.

    What the market refuses is announced, so that whoever offered it learns why.
    """
    async with unit_of_work() as work:
        if await Invoice.exists(id=fact.invoice_id):
            return
        try:
            # A savepoint: what the tables refuse must not take the announcement with it.
            async with work.savepoint():
                seller = await directory.actor_of_user(fact.seller_id)
                await create_invoice(seller, terms=_terms_of(fact), invoice_id=fact.invoice_id)
        except DomainError as refusal:
            work.record(
                OfferRefused(
                    invoice_id=fact.invoice_id,
                    number=fact.invoice_number,
                    seller_id=fact.seller_id,
                    code=refusal.code,
                    reason=refusal.message,
                )
            )


def _terms_of(fact: SaleOffered) -> InvoiceTerms:
    return InvoiceTerms(
        number=fact.invoice_number,
        debtor_name=fact.debtor_name,
        debtor_id=fact.debtor_id,
        face=fact.amount,
        issued_on=fact.issued_on,
        due_on=fact.due_on,
        industry=Industry.MANUFACTURING,
        description=fact.description,
        advance_rate=percent_of(fact.advance_rate_bps),
        fee=FeeTerms(FeeMethod.FLAT, rate_bps=fact.fee_rate_bps),
        recourse=fact.recourse,
    )
