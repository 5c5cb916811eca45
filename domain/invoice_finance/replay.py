"""What the log tells of invoices, of who has put money into them, and of what came back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.identity.actor import SYSTEM
from domain.invoice_finance.dashboards import investor_analytics, portfolio, user_dashboard
from domain.invoice_finance.events import (
    InvestmentMade,
    InvestmentReleased,
    InvoiceListed,
    InvoiceState,
    InvoiceUpdated,
    PayoutMade,
)
from domain.invoice_finance.figures import OfferedFee
from domain.invoice_finance.rules import WHOLE_BPS
from domain.invoice_finance.states import InvestmentState
from domain.kit.database import fetch
from domain.kit.projections import Board, Facts, Heard, Projection, Row, register_projection

# Once an invoice is funded, whatever was held for it has gone to the seller.
SPENT: Final = """
update investment v set state = 'ACTIVE' from invoice i
where i.id = v.invoice_id and v.state = 'HELD' and i.funded_at is not null
"""

# Whoever has a wallet, or a part in an invoice.
PERSONS: Final = """
select user_id, currency from wallet union select seller_id, currency from invoice
union select debtor_id, currency from invoice where debtor_id is not null
union select investor_id, currency from investment order by 1, 2
"""

_AS_THEY_ARE: Final = (
    "id", "number", "seller_id", "seller_name", "debtor_id", "debtor_name", "industry", "description", "currency",
    "recourse", "sale_method", "funding_mode", "issued_on", "due_on", "grace_days", "funding_deadline_at", "status",
    "created_at", "updated_at", "listed_at", "funded_at", "overdue_at", "defaulted_at", "ended_at", "fee_stopped_on",
)  # fmt: skip

_AMOUNTS: Final = {
    "face_minor": "face_value",
    "requested_minor": "requested_amount",
    "funded_minor": "funded_amount",
    "remaining_minor": "remaining_amount",
    "min_investment_minor": "min_investment",
    "repaid_minor": "repaid_amount",
    "investors_paid_minor": "investors_paid_amount",
    "seller_paid_minor": "rebate_amount",
    "default_fee_minor": "default_fee_amount",
    "loss_minor": "loss_amount",
}


def _invoice(facts: Facts, heard: Heard) -> None:
    told: InvoiceState = heard.fact.invoice
    columns: Row = {name: getattr(told, name) for name in _AS_THEY_ARE}
    columns |= {column: getattr(told, name).amount_minor for column, name in _AMOUNTS.items()}
    # What was repaid and is neither the investors' nor the seller's is the platform's.
    columns["platform_paid_minor"] = (told.repaid_amount - told.investors_paid_amount - told.rebate_amount).amount_minor
    facts.put(
        "invoice",
        told.id,
        **columns,
        **_terms(told.fee),
        advance_rate_bps=_bps(told.advance_rate),
        expected_yield_bps=_bps(told.expected_yield),
    )


def _terms(fee: OfferedFee) -> Row:
    """The terms that hold; after an auction they are the winner's, whatever was offered before."""
    tiers = [{"up_to_days": tier.up_to_days, "rate_bps": _bps(tier.rate)} for tier in fee.tiers]
    return {"fee_method": fee.method, "fee_rate_bps": _bps(fee.rate), "fee_tiers": tiers}


def _bps(percent: Decimal) -> int:
    return int(percent * WHOLE_BPS / 100)


def _invested(facts: Facts, heard: Heard) -> None:
    told: InvestmentMade = heard.fact
    facts.put(
        "investment",
        told.investment_id,
        id=told.investment_id,
        invoice_id=told.invoice.id,
        investor_id=told.investor_id,
        amount_minor=told.amount.amount_minor,
        currency=told.amount.currency,
        paid_minor=0,
        state=told.state,
        made_at=told.made_at,
    )


def _released(facts: Facts, heard: Heard) -> None:
    told: InvestmentReleased = heard.fact
    facts.change("investment", told.investment_id, state=InvestmentState.RELEASED)


def _paid_out(facts: Facts, heard: Heard) -> None:
    told: PayoutMade = heard.fact
    facts.change("investment", told.investment_id, paid_minor=told.paid_in_all.amount_minor)
    facts.put(
        "payout",
        (told.payment_id, told.investment_id),
        payment_id=told.payment_id,
        investment_id=told.investment_id,
        amount_minor=told.amount.amount_minor,
        currency=told.amount.currency,
        paid_at=heard.occurred_at,
    )


async def _boards() -> AsyncIterator[Board]:
    """What each person sees of what they sell, have invested and owe."""
    for row in await fetch(PERSONS):
        user_id, currency = row["user_id"], row["currency"]
        whose = f"{user_id}.{currency}"
        person = replace(SYSTEM, id=user_id)
        yield Board(f"dashboard.{whose}", await user_dashboard(person, currency), WHOSE)
        if await _invests(user_id, currency):
            yield Board(f"portfolio.{whose}", await portfolio(person, currency), WHOSE)
            yield Board(f"analytics.{whose}", await investor_analytics(person, currency), WHOSE)


WHOSE: Final = ("user_id", "currency")
"""Said by the name of the board already."""


async def _invests(user_id: UUID, currency: str) -> bool:
    rows = await fetch("select from investment where investor_id = $1 and currency = $2 limit 1", user_id, currency)
    return bool(rows)


register_projection(
    Projection(
        name="invoice_finance",
        tables=("invoice", "investment", "payout"),
        applies={
            InvoiceListed: _invoice,
            InvoiceUpdated: _invoice,
            InvestmentMade: _invested,
            InvestmentReleased: _released,
            PayoutMade: _paid_out,
        },
        derived=(SPENT,),
        boards=_boards,
    )
)
