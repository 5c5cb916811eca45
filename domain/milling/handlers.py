"""What the mill does when others announce something: it follows what becomes of invoices that it offered to investors."""

from __future__ import annotations

from typing import Final

from domain.events.event import LoggedEvent
from domain.events.listeners import listener
from domain.invoice_finance.events import InvoiceListed, InvoiceState, InvoiceUpdated, OfferRefused
from domain.milling.service.financing import note_finance
from domain.milling.service.proceeds import Receipts
from domain.milling.states import FinanceStatus

follower = listener("milling")

_F = FinanceStatus

BECAME: Final = {
    "LISTED": _F.LISTED,
    "PARTIALLY_FUNDED": _F.LISTED,
    "FUNDED": _F.FUNDED,
    "PARTIALLY_REPAID": _F.FUNDED,
    "OVERDUE": _F.FUNDED,
    "DEFAULTED": _F.DEFAULTED,
    "SETTLED": _F.SETTLED,
    "RECOVERED": _F.SETTLED,
    "CANCELLED": _F.ENDED,
    "EXPIRED": _F.ENDED,
}
"""What the status of an invoice means for the sale behind it. A draft was taken off no market."""


@follower.on(InvoiceListed)
async def sale_is_listed(fact: InvoiceListed, logged: LoggedEvent) -> None:
    await _follow(fact.invoice)


@follower.on(InvoiceUpdated)
async def sale_is_financed(fact: InvoiceUpdated, logged: LoggedEvent) -> None:
    await _follow(fact.invoice)


@follower.on(OfferRefused)
async def sale_is_refused(fact: OfferRefused, logged: LoggedEvent) -> None:
    await note_finance(invoice_id=fact.invoice_id, status=_F.REFUSED, note=f"{fact.code}: {fact.reason}")


async def _follow(invoice: InvoiceState) -> None:
    became = BECAME.get(invoice.status.value)
    if became is not None:
        await note_finance(
            invoice_id=invoice.id,
            status=became,
            repaid_minor=invoice.repaid_amount.amount_minor,
            receipts=Receipts(seller_id=invoice.seller_id, total_minor=_paid_to_seller(invoice)),
        )


def _paid_to_seller(invoice: InvoiceState) -> int:
    """What came into the seller's wallet so far. Where all is to be there first, what is there is held until then."""
    waits = invoice.funding_mode.value == "ALL_OR_NOTHING" and invoice.open_for_funding
    advanced = 0 if waits else invoice.funded_amount.amount_minor
    return advanced + invoice.rebate_amount.amount_minor
