"""Loan products and terms as clients see them: every convention is a field."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from domain.lending import models, queries
from domain.lending.rules import terms
from domain.lending.rules.terms import (
    AllocationPass,
    Amortisation,
    ChargeBasis,
    ChargeTime,
    Component,
    DayCount,
    FutureRule,
    InstalmentBasis,
    InterestMethod,
    InterestPeriod,
    InterestRounding,
    PayoffInterest,
    PeriodUnit,
    PrepaymentPolicy,
    Recalculation,
    RoundingMode,
)
from domain.lending.states import DocumentKind
from schema.kit import CurrencyCode, Money, Node, Parent, attribute, field, node_type, object_type
from schema.lending import enums  # noqa: F401  describes the enums that are used here


@object_type("Instalments are multiples of an amount.")
class LoanRounding:
    multiple_of: Decimal = attribute("The amount, in major units: 0.01, 1, 5 ...")
    mode: RoundingMode = attribute("Which way an instalment goes that is no multiple.")


@object_type("How many instalments, from the first one on, ask for less.")
class LoanGrace:
    principal: int = attribute("So many ask for no principal.")
    interest_payment: int = attribute("So many ask for no interest, which is then due with the first one after them.")
    interest_free: int = attribute("So many bear no interest at all.")


@object_type("Whom a repayment goes to.")
class LoanAllocationOrder:
    order: list[Component] = attribute("What is due, in this order.")
    in_advance: list[Component] | None = attribute("What falls due later, in this order; null for the same order.")
    past_due_order: list[Component] | None = attribute("What is past due, in this order; null for the same order.")
    due_pass: AllocationPass = attribute("In which order the dues are gone through.")
    future_rule: FutureRule = attribute("Which instalment money in advance goes to.")


@object_type("A charge that a loan makes by itself.")
class LoanChargeRule:
    code: str = attribute("What it is known by.")
    title: str = attribute("What it is for.")
    time: ChargeTime = attribute("When it falls due.")
    basis: ChargeBasis = attribute("Of what it is reckoned.")
    value: Decimal = attribute("Major units with FLAT, percent otherwise.")
    penalty: bool = attribute("Whether it is a penalty; otherwise it is a fee.")
    grace_days: int = attribute("With OVERDUE_INSTALMENT: so many days after the due date it is not charged yet.")


@object_type("All that is agreed about a loan: how it is charged, scheduled, paid and closed.")
class LoanTerms:
    principal: Money = attribute("What is lent.")
    annual_rate: Decimal = attribute("The nominal rate, in percent a year.")
    instalments: int = attribute("The number of instalments; with a fixed instalment it follows from that.")
    every: int = attribute("An instalment every so many units.")
    unit: PeriodUnit = attribute("The unit.")
    interest_method: InterestMethod = attribute("On what interest is charged.")
    amortisation: Amortisation = attribute("What is equal from instalment to instalment.")
    interest_period: InterestPeriod = attribute("How the interest of a period is found.")
    day_count: DayCount = attribute("How days become a part of a year.")
    instalment_basis: InstalmentBasis = attribute("From which rates the equal instalment is computed.")
    interest_rounding: InterestRounding = attribute("Where half a minor unit of interest is rounded.")
    rounding: LoanRounding = attribute("What instalments are multiples of.")
    even_out_last: bool = attribute("Whether the instalment is moved so that the last one is close to the others.")
    grace: LoanGrace = attribute("Which instalments ask for less.")
    fixed_instalment: Money | None = attribute("The instalment, where it is set and not computed.")
    down_payment_percent: Decimal = attribute("Percent of each disbursement that is due on its day.")
    recalculation: Recalculation = attribute("Whether interest follows what is really owed.")
    bears_after_maturity: bool = attribute(
        "With DAILY recalculation: what is unpaid after the last due date bears interest."
    )
    prepayment: PrepaymentPolicy = attribute("What principal paid ahead does to the instalments that follow.")
    payoff_interest: PayoffInterest = attribute("How far a pay-off quote charges interest.")
    allocation: LoanAllocationOrder = attribute("Whom a repayment goes to.")
    charges: list[LoanChargeRule] = attribute("What is charged by itself.")
    first_due_on: date | None = attribute("The first due date, where it is set.")
    delinquency_grace_days: int = attribute("So many days after a due date a loan is late and not delinquent.")
    residual_tolerance: Money | None = attribute("A rest up to this is given up by itself.")

    @field(CurrencyCode, "The currency.", shared=True)
    def currency(self, row: Parent[terms.LoanTerms]) -> str:
        return row.currency


@node_type(models.LoanProduct, queries.products_by_id, "What can be borrowed: bounds, and the terms of the usual loan.")
class LoanProduct(Node):
    code: str = attribute("Its code.")
    revision: int = attribute("How often it has changed, from 1; a loan keeps the terms that it was agreed on.")
    name: str = attribute("What it is called.")
    description: str = attribute("What it is for.")
    currency: CurrencyCode = attribute("The currency that is lent.")
    min_principal: Money = attribute("The smallest loan.")
    max_principal: Money = attribute("The largest loan.")
    min_instalments: int = attribute("The fewest instalments.")
    max_instalments: int = attribute("The most instalments.")
    min_annual_rate: Decimal = attribute("The lowest rate that can be agreed to, in percent a year.")
    max_annual_rate: Decimal = attribute("The highest rate that can be agreed to, in percent a year.")
    usual_terms: LoanTerms = attribute("The terms of a loan about which nothing else is said.")
    requires_kyc: bool = attribute("Whether the borrower's identity must be verified.")
    required_documents: list[DocumentKind] = attribute("Papers without which nothing is recommended.")
    active: bool = attribute("Whether it can be applied for.")
    created_at: datetime = attribute("When it was made.")
    updated_at: datetime = attribute("When it last changed.")
