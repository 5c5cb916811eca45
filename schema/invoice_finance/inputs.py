"""What clients send about invoices. Percentages have two decimals at most; amounts are in the invoice's one currency."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import strawberry

from domain.invoice_finance import rules
from domain.invoice_finance.market import MarketFilter
from domain.invoice_finance.rules import FeeTerms
from domain.invoice_finance.service import InvoiceTerms
from domain.invoice_finance.states import FeeMethod, FundingMode, Industry, SaleMethod
from domain.kit.money import Money
from schema.kit import ID, CurrencyCode, MoneyInput, attribute, idempotency_key, input_type, read_id


@input_type("A percentage of the face value that holds until a day.")
class FeeTierInput:
    up_to_days: int = attribute("The last day of the tier, counted from the advance.")
    rate: Decimal = attribute("Percent of the face value, from 0 to 50.")


@input_type("What the advance costs.")
class FeeInput:
    method: FeeMethod = attribute("How it is reckoned.")
    rate: Decimal = attribute(
        "Percent of the face value, from 0 to 50; with PRORATED for 30 days; in an auction the highest acceptable. "
        "0 with TIERED.",
        default=Decimal(0),
    )
    tiers: list[FeeTierInput] | None = attribute(
        "With TIERED, the earliest first; each not cheaper than before.", default=None
    )

    def parse(self) -> FeeTerms:
        field = ("input", "fee", "tiers")
        tiers = [rules.FeeTier(tier.up_to_days, rules.bps_of(tier.rate, field=field)) for tier in self.tiers or ()]
        return FeeTerms(self.method, rules.bps_of(self.rate, field=("input", "fee", "rate")), tuple(tiers))


@input_type("An invoice to be offered for finance. What is left out is as usual.")
class CreateInvoiceInput:
    number: str = attribute("Your own number, of 1 to 60 characters; it is financed once for each debtor.")
    debtor_name: str = attribute("Who owes it, of 1 to 120 characters.")
    face_value: MoneyInput = attribute("What the debtor owes in all; says the currency.")
    due_on: date = attribute("The day by which the debtor pays; later than today.")
    debtor_id: ID | None = attribute("The debtor's user, so that they can repay it here.", default=None)
    industry: Industry = attribute("Your line of business.", default=Industry.OTHER)
    description: str = attribute("What it is for, up to 2,000 characters.", default="")
    advance_rate: Decimal = attribute("Percent of the face value to be advanced, above 0 up to 100.", default=Decimal(100))
    fee: FeeInput | None = attribute("What the advance costs; nothing when left out.", default=None)
    issued_on: date | None = attribute("The date of the invoice; today when left out.", default=None)
    grace_days: int | None = attribute("0 to 90 days; as configured when left out.", default=None)
    funding_deadline_at: datetime | None = attribute(
        "Until when it takes money; not after the due date. As configured when left out.", default=None
    )
    min_investment: MoneyInput | None = attribute("The smallest investment; at least a 500th of the advance.", default=None)
    recourse: bool = attribute("Whether you answer for the debt when the debtor is late.", default=False)
    sale_method: SaleMethod = attribute("How investors come to it.", default=SaleMethod.FIXED)
    funding_mode: FundingMode = attribute("When you get the money.", default=FundingMode.IMMEDIATE)
    draft: bool = attribute("Keep it as a draft instead of listing it.", default=False)
    idempotency_key: str | None = idempotency_key()

    def terms(self) -> InvoiceTerms:
        return InvoiceTerms(
            number=self.number,
            debtor_name=self.debtor_name,
            face=self.face_value.parse("input", "faceValue"),
            due_on=self.due_on,
            debtor_id=None if self.debtor_id is None else read_id("User", self.debtor_id, "input", "debtorId"),
            industry=self.industry,
            description=self.description,
            advance_rate=self.advance_rate,
            fee=FeeTerms(FeeMethod.FLAT) if self.fee is None else self.fee.parse(),
            issued_on=self.issued_on,
            grace_days=self.grace_days,
            funding_deadline_at=self.funding_deadline_at,
            min_investment=None if self.min_investment is None else self.min_investment.parse("input", "minInvestment"),
            recourse=self.recourse,
            sale_method=self.sale_method,
            funding_mode=self.funding_mode,
        )


def _change(description: str) -> Any:
    return attribute(description, default=strawberry.UNSET)


@input_type("What to change of a draft. What is left out stays; null brings back the usual, or stays where there is none.")
class UpdateInvoiceInput:
    invoice_id: ID = attribute("Your draft.")
    number: str | None = _change("Your own number.")
    debtor_name: str | None = _change("Who owes it.")
    face_value: MoneyInput | None = _change("What the debtor owes in all; says the currency.")
    due_on: date | None = _change("The day by which the debtor pays. It also brings back the usual funding deadline.")
    debtor_id: ID | None = _change("The debtor's user; null for none.")
    industry: Industry | None = _change("Your line of business.")
    description: str | None = _change("What it is for.")
    advance_rate: Decimal | None = _change("Percent of the face value to be advanced.")
    fee: FeeInput | None = _change("What the advance costs.")
    issued_on: date | None = _change("The date of the invoice; null for today.")
    grace_days: int | None = _change("The grace; null for the configured one.")
    funding_deadline_at: datetime | None = _change("Until when it takes money; null for the configured time.")
    min_investment: MoneyInput | None = _change("The smallest investment; null for a 500th of the advance.")
    recourse: bool | None = _change("Whether you answer for the debt when the debtor is late.")
    sale_method: SaleMethod | None = _change("How investors come to it.")
    funding_mode: FundingMode | None = _change("When you get the money.")

    def changes(self) -> dict[str, Any]:
        """What is to change, by the names of :class:`InvoiceTerms`."""
        found: dict[str, Any] = {}
        for name, read in _READERS.items():
            value = getattr(self, name)
            if value is strawberry.UNSET or (value is None and name not in _MAY_BE_NULL):
                continue
            found["face" if name == "face_value" else name] = None if value is None else read(value)
        return found


_MAY_BE_NULL: Final = {"debtor_id", "issued_on", "grace_days", "funding_deadline_at", "min_investment"}


def _as_it_is(value: Any) -> Any:
    return value


_READERS: Final[dict[str, Callable[[Any], Any]]] = {
    **dict.fromkeys(
        (
            "number",
            "debtor_name",
            "due_on",
            "industry",
            "description",
            "advance_rate",
            "issued_on",
            "grace_days",
            "funding_deadline_at",
            "recourse",
            "sale_method",
            "funding_mode",
        ),
        _as_it_is,
    ),
    "face_value": lambda amount: amount.parse("input", "faceValue"),
    "debtor_id": lambda text: read_id("User", text, "input", "debtorId"),
    "fee": FeeInput.parse,
    "min_investment": lambda amount: amount.parse("input", "minInvestment"),
}


@input_type("An act on one invoice that needs nothing but its id.")
class InvoiceActInput:
    invoice_id: ID = attribute("The invoice.")
    idempotency_key: str | None = idempotency_key()


@input_type("What to fund, and with how much.")
class FundInvoiceInput:
    invoice_id: ID = attribute("The invoice.")
    amount: MoneyInput = attribute("How much, in its currency; at least its minimum, unless less remains.")
    allow_partial: bool = attribute("Take what remains if that is less, instead of refusing.", default=False)
    idempotency_key: str | None = idempotency_key()


@input_type("An offer to fund the whole advance of an invoice in an auction.")
class PlaceBidInput:
    invoice_id: ID = attribute("The invoice.")
    rate: Decimal = attribute("The fee asked for, in percent with two decimals at most; lower than your own standing bid.")
    idempotency_key: str | None = idempotency_key()


@input_type("An invoice to be repaid from your wallet.")
class SettleInvoiceInput:
    invoice_id: ID = attribute("The invoice.")
    amount: MoneyInput | None = attribute("A part of what is owed; all of it when left out.", default=None)
    idempotency_key: str | None = idempotency_key()


@input_type("Several invoices of one seller to be repaid at once, in one journal entry.")
class SettleInvoicesInput:
    invoice_ids: list[ID] = attribute("1 to 20 different invoices of one seller, in one currency.")
    amount: MoneyInput | None = attribute(
        "A part of what is owed, for the earliest due first; all of everything when left out.", default=None
    )
    idempotency_key: str | None = idempotency_key()


@input_type("What a debtor has paid to the bank, recorded by staff.")
class RecordInvoicePaymentInput:
    invoice_id: ID = attribute("The invoice.")
    amount: MoneyInput = attribute("How much was received; not more than is owed.")
    received_on: date | None = attribute("The day on which it was received; today when left out.", default=None)
    reference: str = attribute(
        "What the bank's statement says, up to 120 characters; recorded once for an invoice.", default=""
    )
    idempotency_key: str | None = idempotency_key()


@input_type("Something to be said about an invoice.")
class SendInvoiceMessageInput:
    invoice_id: ID = attribute("The invoice.")
    body: str = attribute("1 to 2,000 characters. All who may see the invoice read it.")
    idempotency_key: str | None = idempotency_key()


@input_type("What to look for on the marketplace; everything that is said must hold.")
class MarketplaceFilter:
    currency: CurrencyCode | None = attribute("Invoices in this currency.", default=None)
    min_remaining: MoneyInput | None = attribute(
        "At least so much is still to be funded; means this currency.", default=None
    )
    max_remaining: MoneyInput | None = attribute("At most so much is still to be funded; means this currency.", default=None)
    due_from: date | None = attribute("Due on this day or later.", default=None)
    due_until: date | None = attribute("Due on this day or earlier.", default=None)
    min_yield: Decimal | None = attribute("An expected yearly yield of at least so many percent.", default=None)
    industries: list[Industry] | None = attribute("The seller is in one of these.", default=None)
    sale_method: SaleMethod | None = attribute("Sold in this way.", default=None)
    recourse: bool | None = attribute("With, or without, the seller answering for the debt.", default=None)
    search: str | None = attribute("A part of the number, the seller's or the debtor's name.", default=None)

    def parse(self) -> MarketFilter:
        return MarketFilter(
            currency=self.currency,
            min_remaining=_bound(self.min_remaining, "minRemaining"),
            max_remaining=_bound(self.max_remaining, "maxRemaining"),
            due_from=self.due_from,
            due_until=self.due_until,
            min_yield=self.min_yield,
            industries=self.industries or (),
            sale_method=self.sale_method,
            recourse=self.recourse,
            search=self.search,
        )


def _bound(amount: MoneyInput | None, name: str) -> Money | None:
    return None if amount is None else amount.parse("filter", name)
