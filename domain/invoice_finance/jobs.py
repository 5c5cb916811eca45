"""What invoice finance does by the clock. Each invoice is its own transaction, so one that fails holds up no other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import UUID

import structlog

from domain.invoice_finance.service.auction import close_at_end
from domain.invoice_finance.service.default import age_invoice
from domain.invoice_finance.service.funding import close_at_deadline
from domain.invoice_finance.service.listing import expire_offer
from domain.kit import clock
from domain.kit.database import fetch
from domain.kit.jobs import job

BATCH: Final = 500

logger = structlog.get_logger(__name__)

# Offers whose funding deadline has passed, by how they are sold.
ENDED_OFFERS: Final = """
select id from invoice where status in ('LISTED', 'PARTIALLY_FUNDED') and funding_deadline_at <= $1 and sale_method = $2
order by funding_deadline_at, id limit $3
"""

# What is unpaid after its due date, or after its grace, and does not say so yet.
NEWLY_OVERDUE: Final = """
select id from invoice where status in ('FUNDED', 'PARTIALLY_REPAID') and due_on < $1 order by due_on, id limit $2
"""
NEWLY_DEFAULTED: Final = """
select id from invoice where status = 'OVERDUE' and due_on + grace_days < $1 order by due_on, id limit $2
"""


@job("invoice_finance.end_offers", schedule="* * * * *", purpose="Close or expire offers whose funding deadline passed.")
async def end_offers() -> object:
    async def end(invoice_id: UUID) -> None:
        if not await close_at_deadline(invoice_id):
            await expire_offer(invoice_id)

    return await _each(ENDED_OFFERS, end, clock.now(), "FIXED", BATCH)


@job("invoice_finance.close_auctions", schedule="* * * * *", purpose="Award auctions whose time is up.")
async def close_auctions() -> object:
    return await _each(ENDED_OFFERS, close_at_end, clock.now(), "AUCTION", BATCH)


@job("invoice_finance.mark_overdue", schedule="2-59/10 * * * *", purpose="Mark what is unpaid after its due date.")
async def mark_overdue() -> object:
    return await _each(NEWLY_OVERDUE, age_invoice, clock.today(), BATCH)


@job("invoice_finance.mark_default", schedule="5-59/10 * * * *", purpose="Mark what is unpaid after its grace.")
async def mark_default() -> object:
    return await _each(NEWLY_DEFAULTED, age_invoice, clock.today(), BATCH)


async def _each(sql: str, act: Callable[[UUID], Awaitable[object]], *args: Any) -> int:
    """Act on every invoice that the query names; returns on how many."""
    rows = await fetch(sql, *args)
    for row in rows:
        try:
            await act(row["id"])
        except Exception:
            logger.exception("invoice_job_failed", invoice_id=str(row["id"]), act=act.__name__)
    return len(rows)
