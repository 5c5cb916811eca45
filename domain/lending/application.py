"""What somebody asks for, what makes it acceptable and what it would cost: pure, so that a form can ask as it is typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.kit.errors import CurrencyMismatch, DomainError, InvalidAmount, InvalidInput
from domain.kit.money import Money
from domain.lending.errors import (
    InstalmentsOutOfRange,
    InvalidFirstDueDate,
    LoanProductRetired,
    PrincipalOutOfRange,
    RateOutOfRange,
)
from domain.lending.models import LoanProduct
from domain.lending.rules import quote
from domain.lending.rules.state import InstalmentKind, InstalmentState, Quote
from domain.lending.rules.terms import LoanTerms
from domain.payments.states import Purpose

MAX_PURPOSE: Final = 500
MAX_FIRST_DUE: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaysFor:
    """What a loan is for, when it is to be paid out straight to that."""

    purpose: Purpose
    target_id: UUID


@dataclass(frozen=True, kw_only=True)
class LoanApplication:
    """What is asked for. ``borrower_id`` of None is whoever asks; what else is None is as usual with the product.

    ``branch_id`` is for a borrower who belongs to no branch yet. With ``pays_for`` the borrower gets no money: it goes
    straight to what it is for.
    """

    product_id: UUID
    principal: Money
    instalments: int | None = None
    first_due_on: date | None = None
    purpose: str = ""
    borrower_id: UUID | None = None
    branch_id: UUID | None = None
    pays_for: PaysFor | None = None


def faults_of(product: LoanProduct, application: LoanApplication, today: date) -> list[DomainError]:
    """All that stands in the way of this application, in the order of a form; empty when nothing does."""
    return list(_faults(product, application, today))


def _faults(product: LoanProduct, application: LoanApplication, today: date) -> Iterator[DomainError]:
    if not product.active:
        yield LoanProductRetired("this product is not lent any more")
    yield from faults_of_terms(
        product,
        principal=application.principal,
        instalments=application.instalments,
        annual_rate=None,
        first_due_on=application.first_due_on,
        today=today,
    )
    purpose = application.purpose.strip()
    if len(purpose) > MAX_PURPOSE or not purpose.replace("\n", "").replace("\t", "").isprintable():
        yield InvalidInput(f"a purpose has up to {MAX_PURPOSE} printable characters", field=("input", "purpose"))


def faults_of_terms(
    product: LoanProduct,
    *,
    principal: Money,
    instalments: int | None,
    annual_rate: Decimal | None,
    first_due_on: date | None,
    today: date,
) -> Iterator[DomainError]:
    """Where one loan goes beyond the bounds of its product."""
    if principal.currency != product.currency:
        message = f"this product lends {product.currency}, not {principal.currency}"
        yield CurrencyMismatch(message, field=("input", "principal", "currency"))
    elif principal.amount_minor <= 0:
        yield InvalidAmount("a principal is greater than zero", field=("input", "principal"))
    elif not product.min_principal <= principal <= product.max_principal:
        yield PrincipalOutOfRange(product.min_principal, product.max_principal)
    if instalments is not None and not product.min_instalments <= instalments <= product.max_instalments:
        yield InstalmentsOutOfRange(product.min_instalments, product.max_instalments)
    if annual_rate is not None and not (
        annual_rate.is_finite() and product.min_annual_rate <= annual_rate <= product.max_annual_rate
    ):
        yield RateOutOfRange(f"this product bears {product.min_annual_rate} to {product.max_annual_rate} percent a year")
    if first_due_on is not None and not today < first_due_on <= today + MAX_FIRST_DUE:
        yield InvalidFirstDueDate(f"the first instalment is due within {MAX_FIRST_DUE.days} days")


@dataclass(frozen=True, slots=True)
class QuotedInstalment:
    """One row of a quoted schedule. ``balance_after`` is the principal left when all rows so far are paid."""

    number: int
    kind: InstalmentKind
    from_on: date
    due_on: date
    principal: Money
    interest: Money
    fee: Money
    total: Money
    balance_after: Money


@dataclass(frozen=True, slots=True)
class LoanQuote:
    """What a loan would cost if it were paid out in one sum on ``disbursed_on``: the schedule that would then be booked."""

    terms: LoanTerms
    quoted: Quote

    def _money(self, amount_minor: int) -> Money:
        return Money(amount_minor, self.terms.currency)

    @property
    def principal(self) -> Money:
        return self.terms.principal

    @property
    def payout(self) -> Money:
        return self._money(self.quoted.payout)

    @property
    def annual_rate(self) -> Decimal:
        return self.terms.annual_rate

    @property
    def disbursed_on(self) -> date:
        return self.quoted.disbursed_on

    @property
    def maturity_on(self) -> date:
        return self.quoted.maturity_on

    @property
    def instalments(self) -> int:
        return len(self.quoted.instalments)

    @property
    def total_interest(self) -> Money:
        return self._money(self.quoted.total_interest)

    @property
    def total_fees(self) -> Money:
        return self._money(self.quoted.total_fees)

    @property
    def total_payable(self) -> Money:
        return self._money(self.quoted.total_payable)

    @property
    def regular_payment(self) -> Money:
        return self._money(self.quoted.regular_payment)

    @property
    def monthly_payment(self) -> Money:
        """The regular instalment, whatever its period is: the word that borrowers know."""
        return self.regular_payment

    @property
    def apr(self) -> Decimal:
        return self.quoted.apr

    @property
    def schedule(self) -> list[QuotedInstalment]:
        return quoted_rows(self.quoted.instalments, self.terms.currency)


def quoted_rows(rows: Iterable[InstalmentState], currency: str) -> list[QuotedInstalment]:
    """Instalments of the engine in money."""
    return [_quoted(row, currency) for row in rows]


def _quoted(row: InstalmentState, currency: str) -> QuotedInstalment:
    return QuotedInstalment(
        number=row.number,
        kind=row.kind,
        from_on=row.from_on,
        due_on=row.due_on,
        principal=Money(row.due.principal, currency),
        interest=Money(row.due.interest, currency),
        fee=Money(row.due.fee, currency),
        total=Money(row.due.total, currency),
        balance_after=Money(row.balance_after, currency),
    )


def quote_for(terms: LoanTerms, disbursed_on: date) -> LoanQuote:
    return LoanQuote(terms, quote(terms, disbursed_on))
