"""How auctions stand: the best rate and the number of bids, which everybody may know who may see the invoice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.invoice_finance.access import visible_invoices
from domain.invoice_finance.rules import percent_of
from domain.invoice_finance.states import SaleMethod
from domain.kit.database import fetch
from domain.kit.reading import read


@dataclass(frozen=True, slots=True)
class AuctionStanding:
    """An auction as it stands, or how it ended; rates are percentages."""

    ends_at: datetime
    max_rate: Decimal
    best_rate: Decimal | None
    bid_count: int
    winning_rate: Decimal | None


# The bids that stand in each of some auctions ($1).
STANDING: Final = """
select invoice_id, min(rate_bps) as best, count(*) as bids from bid
where invoice_id = any ($1) and state = 'ACTIVE' group by invoice_id
"""


async def auctions_of(actor: Actor, invoice_ids: Sequence[UUID]) -> dict[UUID, AuctionStanding]:
    """The auctions among some invoices that the actor may see; for loaders."""
    asked = visible_invoices(actor).filter(id__in=invoice_ids, sale_method=SaleMethod.AUCTION)
    auctions = await read(asked)
    rows = await fetch(STANDING, [auction.id for auction in auctions]) if auctions else []
    standing = {row["invoice_id"]: row for row in rows}
    return {
        auction.id: AuctionStanding(
            ends_at=auction.funding_deadline_at,
            max_rate=percent_of(auction.fee_rate_bps),
            best_rate=percent_of(standing[auction.id]["best"]) if auction.id in standing else None,
            bid_count=standing[auction.id]["bids"] if auction.id in standing else 0,
            winning_rate=None if auction.awarded_rate_bps is None else percent_of(auction.awarded_rate_bps),
        )
        for auction in auctions
    }
