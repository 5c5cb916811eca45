"""Giving back what is held for an invoice that will not be funded, or not by them."""

from __future__ import annotations

from collections.abc import Sequence

from domain.invoice_finance.events import InvestmentReleased, InvoiceState
from domain.invoice_finance.models import Bid, Investment, Invoice
from domain.invoice_finance.states import BidState, InvestmentState
from domain.kit import clock
from domain.kit.unit_of_work import Work
from domain.wallets import service as wallets


async def release_everything(work: Work, invoice: Invoice) -> None:
    """Release every hold for an invoice that left the market, and tell those whose money was held."""
    investments = await Investment.filter(invoice_id=invoice.id, state=InvestmentState.HELD).order_by("id")
    bids = await standing_bids(invoice)
    hold_ids = [each.hold_id for each in investments if each.hold_id is not None] + [bid.hold_id for bid in bids]
    if not hold_ids:
        return
    moment = clock.now()
    await Investment.filter(id__in=[investment.id for investment in investments]).update(
        state=InvestmentState.RELEASED, ended_at=moment
    )
    await lose(bids)
    await wallets.release_holds(hold_ids)
    state = InvoiceState.of(invoice)
    work.record(
        *(
            InvestmentReleased(invoice=state, investment_id=each.id, investor_id=each.investor_id, amount=each.amount)
            for each in investments
        )
    )


async def standing_bids(invoice: Invoice) -> list[Bid]:
    """The bids that stand, the best first: the lowest rate, and of equal ones the earliest."""
    return await Bid.filter(invoice_id=invoice.id, state=BidState.ACTIVE).order_by("rate_bps", "placed_at", "id")


async def lose(bids: Sequence[Bid]) -> None:
    """End bids that were not taken; their holds are the caller's to release."""
    await Bid.filter(id__in=[bid.id for bid in bids]).update(state=BidState.LOST, ended_at=clock.now())
