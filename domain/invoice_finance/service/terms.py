"""The terms of an invoice offer as a seller states them, and what makes them acceptable."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from domain.identity.models import User
from domain.identity.permissions import Role
from domain.invoice_finance import rules, settings
from domain.invoice_finance.errors import DebtorNotFound, InvalidTerms, InvoicePastDue
from domain.invoice_finance.models import Invoice
from domain.invoice_finance.rules import FeeTerms
from domain.invoice_finance.states import FeeMethod, FundingMode, Industry, SaleMethod
from domain.kit import clock
from domain.kit.errors import CurrencyMismatch, InvalidAmount, InvalidInput
from domain.kit.money import Money

MAX_NUMBER: Final = 60
MAX_NAME: Final = 120
MAX_DESCRIPTION: Final = 2_000


@dataclass(frozen=True, kw_only=True)
class InvoiceTerms:
    """What a seller says about an invoice. Percentages have two decimals at most; None means the usual.

    The usual is: issued today, a grace as configured, funding open for the configured time but not past the due date, and
    the smallest minimum investment there is.
    """

    number: str
    debtor_name: str
    face: Money
    due_on: date
    debtor_id: UUID | None = None
    industry: Industry = Industry.OTHER
    description: str = ""
    advance_rate: Decimal = Decimal(100)
    fee: FeeTerms = field(default_factory=lambda: FeeTerms(FeeMethod.FLAT))
    issued_on: date | None = None
    grace_days: int | None = None
    funding_deadline_at: datetime | None = None
    min_investment: Money | None = None
    recourse: bool = False
    sale_method: SaleMethod = SaleMethod.FIXED
    funding_mode: FundingMode = FundingMode.IMMEDIATE


def terms_of(invoice: Invoice) -> InvoiceTerms:
    """The terms that an invoice was made with."""
    return InvoiceTerms(
        number=invoice.number,
        debtor_name=invoice.debtor_name,
        face=invoice.face_value,
        due_on=invoice.due_on,
        debtor_id=invoice.debtor_id,
        industry=invoice.industry,
        description=invoice.description,
        advance_rate=invoice.advance_rate,
        fee=invoice.offered_terms,
        issued_on=invoice.issued_on,
        grace_days=invoice.grace_days,
        funding_deadline_at=invoice.funding_deadline_at,
        min_investment=invoice.min_investment,
        recourse=invoice.recourse,
        sale_method=invoice.sale_method,
        funding_mode=invoice.funding_mode,
    )


async def columns_of(terms: InvoiceTerms, seller_id: UUID) -> dict[str, Any]:
    """The columns of an invoice on these terms; refuses what cannot be offered."""
    if terms.face.amount_minor <= 0:
        raise InvalidAmount("a face value is greater than zero", field=("input", "faceValue"))
    if terms.sale_method is SaleMethod.AUCTION and terms.fee.method is FeeMethod.TIERED:
        raise InvalidTerms("an auction is about one rate; a tiered fee has several", field=("input", "fee"))
    issued_on = terms.issued_on or clock.today()
    check_dates(issued_on, terms.due_on)
    grace_days = settings.current().grace_days if terms.grace_days is None else terms.grace_days
    if not 0 <= grace_days <= rules.MAX_GRACE_DAYS:
        raise InvalidTerms(f"a grace is of 0 to {rules.MAX_GRACE_DAYS} days", field=("input", "graceDays"))
    await _require_debtor(terms.debtor_id, seller_id)
    advance_rate_bps, requested = _advance(terms)
    return {
        "number": _line(terms.number, MAX_NUMBER, "number"),
        "debtor_name": _line(terms.debtor_name, MAX_NAME, "debtorName"),
        "debtor_id": terms.debtor_id,
        "industry": terms.industry,
        "description": _text(terms.description),
        "currency": terms.face.currency,
        "face_minor": terms.face.amount_minor,
        "advance_rate_bps": advance_rate_bps,
        "requested_minor": requested.amount_minor,
        "min_investment_minor": _minimum(terms.min_investment, requested).amount_minor,
        "fee_method": terms.fee.method,
        "fee_rate_bps": terms.fee.rate_bps,
        "fee_tiers": terms.fee.tiers_as_json(),
        "recourse": terms.recourse,
        "sale_method": terms.sale_method,
        "funding_mode": terms.funding_mode,
        "issued_on": issued_on,
        "due_on": terms.due_on,
        "grace_days": grace_days,
        "funding_deadline_at": _deadline(terms.funding_deadline_at, terms.due_on),
    }


def check_dates(issued_on: date, due_on: date) -> None:
    """An invoice was issued by now and is due later than today, within the longest tenor."""
    today = clock.today()
    if issued_on > today:
        raise InvalidTerms("an invoice is issued before it is offered", field=("input", "issuedOn"))
    if due_on <= today:
        raise InvoicePastDue(due_on, field=("input", "dueOn"))
    if due_on > today + timedelta(days=rules.MAX_TENOR_DAYS):
        raise InvalidTerms(f"an invoice is due within {rules.MAX_TENOR_DAYS} days", field=("input", "dueOn"))


def _advance(terms: InvoiceTerms) -> tuple[int, Money]:
    where = ("input", "advanceRate")
    rate_bps = rules.bps_of(terms.advance_rate, field=where)
    if not 1 <= rate_bps <= rules.WHOLE_BPS:
        raise InvalidTerms("an advance rate is more than 0 and at most 100 percent", field=where)
    requested = rules.advance_of(terms.face, rate_bps)
    if requested.amount_minor == 0:
        raise InvalidTerms("the advance is too small to be funded", field=where)
    return rate_bps, requested


def _minimum(minimum: Money | None, requested: Money) -> Money:
    least = rules.least_investment(requested)
    if minimum is None:
        return least
    where = ("input", "minInvestment")
    if minimum.currency != requested.currency:
        raise CurrencyMismatch(f"the minimum is in {minimum.currency}, the invoice in {requested.currency}", field=where)
    if not least <= minimum <= requested:
        raise InvalidTerms(f"the minimum investment is from {least} to {requested}", field=where)
    return minimum


def _deadline(deadline_at: datetime | None, due_on: date) -> datetime:
    moment = clock.now()
    last = datetime.combine(due_on, time.max, UTC)
    if deadline_at is None:
        return min(moment + settings.current().funding_period, last)
    if not moment < deadline_at <= last:
        raise InvalidTerms(
            "the funding deadline lies ahead and not after the due date", field=("input", "fundingDeadlineAt")
        )
    return deadline_at


async def _require_debtor(debtor_id: UUID | None, seller_id: UUID) -> None:
    if debtor_id is None:
        return
    debtor = await User.get_or_none(id=debtor_id, active=True)
    if debtor is None or Role.DEBTOR not in debtor.roles or debtor_id == seller_id:
        raise DebtorNotFound("there is no such debtor")


def _line(text: str, limit: int, name: str) -> str:
    text = " ".join(text.split())
    if not 1 <= len(text) <= limit or not text.isprintable():
        raise InvalidInput(f"this takes 1 to {limit} printable characters", field=("input", name))
    return text


def _text(text: str) -> str:
    text = text.strip()
    if len(text) > MAX_DESCRIPTION or not text.replace("\n", "").replace("\t", "").isprintable():
        raise InvalidInput(f"a description has up to {MAX_DESCRIPTION} characters", field=("input", "description"))
    return text
