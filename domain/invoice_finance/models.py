"""Invoices, investments, bids, payments, payouts and messages; an invoice guards its own states and sums."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tortoise import fields
from tortoise.models import Model

from domain.invoice_finance import rules
from domain.invoice_finance.figures import InvoiceFigures
from domain.invoice_finance.rules import percent_of
from domain.invoice_finance.states import (
    ENDED,
    TRANSITIONS,
    BidState,
    FeeMethod,
    FundingMode,
    Industry,
    InvestmentState,
    InvoiceStatus,
    Party,
    PaymentSource,
    SaleMethod,
)
from domain.kit import clock
from domain.kit.money import Money, MoneyOf


class Invoice(InvoiceFigures, Model):
    """An invoice on offer, financed, or over; see :mod:`domain.invoice_finance.states`."""

    id = fields.UUIDField(primary_key=True)
    number = fields.CharField(max_length=60)
    seller_id = fields.UUIDField()
    seller_name = fields.CharField(max_length=120)
    debtor_name = fields.CharField(max_length=120)
    debtor_id = fields.UUIDField(null=True)
    industry = fields.CharEnumField(Industry, max_length=20)
    description = fields.CharField(max_length=2000)
    currency = fields.CharField(max_length=3)
    face_minor = fields.BigIntField()
    advance_rate_bps = fields.IntField()
    requested_minor = fields.BigIntField()
    funded_minor = fields.BigIntField(default=0)
    remaining_minor = fields.BigIntField(generated=True)
    min_investment_minor = fields.BigIntField()
    fee_method = fields.CharEnumField(FeeMethod, max_length=8)
    fee_rate_bps = fields.IntField()
    awarded_rate_bps = fields.IntField(null=True)
    fee_tiers: fields.Field[list[dict[str, Any]]] = fields.JSONField(default=list)
    recourse = fields.BooleanField()
    sale_method = fields.CharEnumField(SaleMethod, max_length=7)
    funding_mode = fields.CharEnumField(FundingMode, max_length=14)
    issued_on = fields.DateField()
    due_on = fields.DateField()
    grace_days = fields.IntField()
    funding_deadline_at = fields.DatetimeField()
    status = fields.CharEnumField(InvoiceStatus, max_length=16)
    repaid_minor = fields.BigIntField(default=0)
    investors_paid_minor = fields.BigIntField(default=0)
    seller_paid_minor = fields.BigIntField(default=0)
    platform_paid_minor = fields.BigIntField(default=0)
    default_fee_minor = fields.BigIntField(default=0)
    loss_minor = fields.BigIntField(default=0)
    expected_yield_bps = fields.IntField(default=0)
    fee_stopped_on = fields.DateField(null=True)
    paid_through_on = fields.DateField(null=True)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    listed_at = fields.DatetimeField(null=True)
    funded_at = fields.DatetimeField(null=True)
    overdue_at = fields.DatetimeField(null=True)
    defaulted_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "invoice"

    def reckon_yield(self) -> None:
        self.expected_yield_bps = rules.yield_bps(self.requested_amount, self.expected_return, self.tenor_days)

    def become(self, status: InvoiceStatus) -> InvoiceStatus:
        """Move on to another state, stamping when; returns the state before. What may follow what is our own concern."""
        before = self.status
        assert status in TRANSITIONS[before], f"an invoice cannot go from {before.value} to {status.value}"
        self.status = status
        moment = clock.now()
        match status:
            case InvoiceStatus.LISTED:
                self.listed_at = moment
            case InvoiceStatus.FUNDED:
                self.funded_at = moment
            case InvoiceStatus.OVERDUE:
                self.overdue_at = moment
            case InvoiceStatus.DEFAULTED:
                self.defaulted_at = moment
            case _ if status in ENDED:
                self.ended_at = moment
        return before

    def take(self, amount: Money) -> None:
        """Count an investment in; the last one makes it FUNDED."""
        assert amount <= self.remaining_amount, "checked before"
        self.funded_minor += amount.amount_minor
        if self.funded_minor == self.requested_minor:
            self.become(InvoiceStatus.FUNDED)
            self.reckon_yield()
        elif self.status is InvoiceStatus.LISTED:
            self.become(InvoiceStatus.PARTIALLY_FUNDED)

    def close_short(self) -> None:
        """Be content with what is funded so far."""
        assert 0 < self.funded_minor < self.requested_minor, "checked before"
        self.requested_minor = self.funded_minor
        self.become(InvoiceStatus.FUNDED)
        self.reckon_yield()

    def give_up(self, status: InvoiceStatus) -> None:
        """Leave the market with nothing funded: what was held for it goes back."""
        self.funded_minor = 0
        self.become(status)

    def divide(self, amount: Money, received_on: date) -> rules.Waterfall:
        """Whom a payment of ``amount`` goes to, counted in; the last one ends the invoice."""
        assert amount <= self.outstanding_amount, "checked before"
        platform_owed = Money(0, self.currency)
        if self.defaulted_at is not None and rules.is_in_default(received_on, self.due_on, self.grace_days):
            platform_owed = Money(self.default_fee_minor - self.platform_paid_minor, self.currency)
        entitled = self.entitlement_on(received_on)
        still = max(0, entitled.amount_minor - self.investors_paid_minor)
        parts = rules.pour(amount, platform_owed=platform_owed, investors_owed=Money(still, self.currency))
        self.repaid_minor += amount.amount_minor
        self.platform_paid_minor += parts.platform.amount_minor
        self.investors_paid_minor += parts.investors.amount_minor
        self.seller_paid_minor += parts.seller.amount_minor
        self.paid_through_on = received_on
        if self.fee_stopped_on is None and self.investors_paid_minor >= entitled.amount_minor:
            self.fee_stopped_on = received_on
        self._note_repayment()
        return parts

    def _note_repayment(self) -> None:
        if self.repaid_minor == self.face_minor:
            self.become(InvoiceStatus.RECOVERED if self.status is InvoiceStatus.DEFAULTED else InvoiceStatus.SETTLED)
        elif self.status is InvoiceStatus.FUNDED:
            self.become(InvoiceStatus.PARTIALLY_REPAID)

    def fall_into_default(self, fee_bps: int) -> None:
        """Fall into default: from now on the platform's fee on what is owed is met first."""
        self.default_fee_minor = rules.portion(self.outstanding_amount, Fraction(fee_bps, rules.WHOLE_BPS)).amount_minor
        self.become(InvoiceStatus.DEFAULTED)

    def close_recovery(self) -> None:
        """Give the rest up as lost."""
        self.loss_minor = self.face_minor - self.repaid_minor
        self.become(InvoiceStatus.RECOVERED)


class Investment(Model):
    """One investor's money in one invoice, by one act."""

    id = fields.UUIDField(primary_key=True)
    invoice_id = fields.UUIDField()
    investor_id = fields.UUIDField()
    amount_minor = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    paid_minor = fields.BigIntField(default=0)
    state = fields.CharEnumField(InvestmentState, max_length=8)
    hold_id = fields.UUIDField(null=True)
    entry_id = fields.UUIDField(null=True)
    made_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "investment"

    amount = MoneyOf("amount_minor")
    paid_amount = MoneyOf("paid_minor")
    """What it has paid back so far, principal and fee together."""


class Bid(Model):
    """An offer to fund the whole advance at a fee rate."""

    id = fields.UUIDField(primary_key=True)
    invoice_id = fields.UUIDField()
    bidder_id = fields.UUIDField()
    bidder_name = fields.CharField(max_length=120)
    rate_bps = fields.IntField()
    amount_minor = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    hold_id = fields.UUIDField()
    state = fields.CharEnumField(BidState, max_length=9)
    placed_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "bid"

    amount = MoneyOf("amount_minor")

    @property
    def rate(self) -> Decimal:
        return percent_of(self.rate_bps)


class InvoicePayment(Model):
    """Money that came in for an invoice, and the three parts it was split into."""

    id = fields.UUIDField(primary_key=True)
    invoice_id = fields.UUIDField()
    source = fields.CharEnumField(PaymentSource, max_length=6)
    payer_id = fields.UUIDField(null=True)
    recorded_by_id = fields.UUIDField()
    reference = fields.CharField(max_length=120)
    amount_minor = fields.BigIntField()
    platform_minor = fields.BigIntField()
    investors_minor = fields.BigIntField()
    seller_minor = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    received_on = fields.DateField()
    settlement_id = fields.UUIDField()
    entry_id = fields.UUIDField()
    collected_payment_id = fields.UUIDField(null=True)
    recorded_at = fields.DatetimeField()

    class Meta:
        table = "invoice_payment"

    amount = MoneyOf("amount_minor")
    to_platform = MoneyOf("platform_minor")
    to_investors = MoneyOf("investors_minor")
    to_seller = MoneyOf("seller_minor")


class Payout(Model):
    """One investment's part of one payment."""

    id = fields.UUIDField(primary_key=True)
    payment_id = fields.UUIDField()
    investment_id = fields.UUIDField()
    amount_minor = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    paid_at = fields.DatetimeField()

    class Meta:
        table = "payout"

    amount = MoneyOf("amount_minor")


class InvoiceMessage(Model):
    """A message in the conversation about an invoice."""

    id = fields.UUIDField(primary_key=True)
    invoice_id = fields.UUIDField()
    author_id = fields.UUIDField()
    author_party = fields.CharEnumField(Party, max_length=8)
    author_label = fields.CharField(max_length=120)
    body = fields.CharField(max_length=2000)
    sent_at = fields.DatetimeField()

    class Meta:
        table = "invoice_message"
