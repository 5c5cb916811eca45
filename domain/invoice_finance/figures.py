"""What an invoice says in money, reckoned from its columns: the figures of the offer, the fee and what is owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from domain.invoice_finance import rules
from domain.invoice_finance.rules import FeeTerms, percent_of
from domain.invoice_finance.states import OPEN, OUTSTANDING, FeeMethod, InvoiceStatus
from domain.kit import clock
from domain.kit.money import Money, MoneyOf


@dataclass(frozen=True)
class OfferedTier:
    """``rate`` percent when the debtor has paid by day ``up_to_days``, that day included."""

    up_to_days: int
    rate: Decimal


@dataclass(frozen=True)
class OfferedFee:
    """The fee as it is shown: ``rate`` in percent of the face value (with PRORATED, for 30 days), or tiers of it."""

    method: FeeMethod
    rate: Decimal
    tiers: list[OfferedTier]


class InvoiceFigures:
    """The reckoning half of :class:`domain.invoice_finance.models.Invoice`; it reads columns and changes none."""

    currency: str
    status: InvoiceStatus
    face_minor: int
    advance_rate_bps: int
    requested_minor: int
    funded_minor: int
    min_investment_minor: int
    fee_method: FeeMethod
    fee_rate_bps: int
    awarded_rate_bps: int | None
    fee_tiers: list[dict[str, Any]]
    due_on: date
    grace_days: int
    funding_deadline_at: datetime
    funded_at: datetime | None
    fee_stopped_on: date | None
    repaid_minor: int
    investors_paid_minor: int
    seller_paid_minor: int
    default_fee_minor: int
    loss_minor: int
    expected_yield_bps: int

    face_value = MoneyOf("face_minor")
    requested_amount = MoneyOf("requested_minor")
    funded_amount = MoneyOf("funded_minor")

    @property
    def remaining_amount(self) -> Money:
        return Money(self.requested_minor - self.funded_minor, self.currency)

    @property
    def funded_percent(self) -> Decimal:
        return percent_of(self.funded_minor * rules.WHOLE_BPS // self.requested_minor)

    @property
    def reserve_amount(self) -> Money:
        return self.face_value - self.requested_amount

    min_investment = MoneyOf("min_investment_minor")
    repaid_amount = MoneyOf("repaid_minor")

    @property
    def outstanding_amount(self) -> Money:
        """What the debtor still owes investors, platform and seller together; nothing before the funding is complete."""
        owed = self.face_minor - self.repaid_minor - self.loss_minor if self.status in OUTSTANDING else 0
        return Money(owed, self.currency)

    investors_paid_amount = MoneyOf("investors_paid_minor")
    rebate_amount = MoneyOf("seller_paid_minor")
    """What the seller has received of the reserve."""
    default_fee_amount = MoneyOf("default_fee_minor")
    loss_amount = MoneyOf("loss_minor")

    @property
    def advance_rate(self) -> Decimal:
        return percent_of(self.advance_rate_bps)

    @property
    def expected_yield(self) -> Decimal:
        return percent_of(self.expected_yield_bps)

    @property
    def tenor_days(self) -> int:
        """From the advance (or today, before it) to the due date."""
        return max(0, (self.due_on - self._fee_starts_on).days)

    @property
    def open_for_funding(self) -> bool:
        return self.status in OPEN and clock.now() < self.funding_deadline_at and clock.today() <= self.due_on

    @property
    def offered_terms(self) -> FeeTerms:
        return FeeTerms(self.fee_method, self.fee_rate_bps, FeeTerms.tiers_from_json(self.fee_tiers))

    @property
    def fee_terms(self) -> FeeTerms:
        """The terms that hold: after an auction, at the winner's rate."""
        if self.awarded_rate_bps is None:
            return self.offered_terms
        return FeeTerms(self.fee_method, self.awarded_rate_bps)

    @property
    def fee(self) -> OfferedFee:
        terms = self.fee_terms
        tiers = [OfferedTier(tier.up_to_days, percent_of(tier.rate_bps)) for tier in terms.tiers]
        return OfferedFee(terms.method, percent_of(terms.rate_bps), tiers)

    @property
    def _fee_starts_on(self) -> date:
        return self.funded_at.date() if self.funded_at else clock.today()

    @property
    def _financed_face(self) -> Money:
        """The part of the face value that the fee is reckoned on: all of it, unless the funding was closed short."""
        offered = rules.advance_of(self.face_value, self.advance_rate_bps)
        return rules.portion(self.face_value, Fraction(self.requested_minor, offered.amount_minor))

    def fee_on(self, on: date) -> Money:
        """The fee if the debtor paid on that day. It stops growing once investors have all they were entitled to."""
        if self.fee_stopped_on is not None:
            on = min(on, self.fee_stopped_on)
        return self.fee_terms.fee(self._financed_face, (on - self._fee_starts_on).days)

    def entitlement_on(self, on: date) -> Money:
        """What investors get in all if the debtor has paid in full by that day."""
        return rules.entitlement(self.face_value, self.requested_amount, self.fee_on(on), self.default_fee_amount)

    @property
    def expected_fee(self) -> Money:
        """The fee if the debtor pays on the due date."""
        return self.fee_on(self.due_on)

    @property
    def expected_rebate(self) -> Money:
        """What the seller gets of the reserve if the debtor pays on the due date."""
        return rules.rebate_of(self.reserve_amount, self.expected_fee)

    @property
    def expected_return(self) -> Money:
        """What all investors together get if the debtor pays on the due date."""
        return self.entitlement_on(self.due_on)
