"""What a loan would cost, and what would pay one off: nothing of it is booked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from domain.lending.rules.state import InstalmentKind
from schema.kit import ID, Money, attribute, global_id, object_type
from schema.kit.fields import FieldRule
from schema.lending import enums  # noqa: F401  describes the enums that are used here
from schema.lending.types import ABOUT_SO_MANY_INSTALMENTS


@object_type("An instalment of a schedule that is not booked.")
class QuotedInstalment:
    number: int = attribute("Its place in the schedule, from 1.")
    kind: InstalmentKind = attribute("What it is.")
    from_on: date = attribute("The first day of its period.")
    due_on: date = attribute("The day by which it would have to be paid.")
    principal: Money = attribute("The principal in it.")
    interest: Money = attribute("The interest in it, rounded half-up to the minor unit.")
    fee: Money = attribute("The fees in it.")
    total: Money = attribute("All of it.")
    balance_after: Money = attribute("The principal left when all is paid up to here.")


@object_type("What a loan would cost if it were paid out in one sum: the very schedule that would then be booked.")
class LoanQuote:
    principal: Money = attribute("What is lent.")
    annual_rate: Decimal = attribute("The nominal rate, in percent a year.")
    disbursed_on: date = attribute("The day on which it would be paid out.")
    maturity_on: date = attribute("The last due date.")
    instalments: int = attribute("The number of instalments.")
    regular_payment: Money = attribute("What most instalments ask for; with grace, those after it.")
    monthly_payment: Money = attribute("The same by the word that borrowers know, whatever the period is.")
    total_interest: Money = attribute("The interest of all instalments.")
    total_fees: Money = attribute("The fees of all instalments, and those at disbursement.")
    total_payable: Money = attribute("Principal, interest and fees.")
    apr: Decimal = attribute("The annual percentage rate, fees included: percent with two decimals, half-up.")
    schedule: list[QuotedInstalment] = attribute(
        "The instalments.", rule=FieldRule(size=ABOUT_SO_MANY_INSTALMENTS, shared=True)
    )


@object_type("What a new plan would make of a loan. Nothing is written.")
class LoanPlanPreview:
    maturity_on: date | None = attribute("The last due date.")
    outstanding: Money = attribute("All that would be unpaid, interest to come included.")
    schedule: list[QuotedInstalment] = attribute(
        "The instalments that would still be to pay, with what they would ask for in all.",
        rule=FieldRule(size=ABOUT_SO_MANY_INSTALMENTS, shared=True),
    )


@object_type("What, paid on a day, closes a loan. Nothing is written.")
class LoanPayoff:
    loan_id: ID = global_id("Loan", "The loan.")
    on: date = attribute("The day.")
    interest_until: date = attribute("The day that interest is charged to.")
    principal: Money = attribute("The principal in it.")
    interest: Money = attribute("The interest in it.")
    fees: Money = attribute("The fees in it.")
    penalties: Money = attribute("The penalties in it.")
    total: Money = attribute("All of it.")
    saved_interest: Money = attribute("What paying as scheduled would cost more.")
