"""Counts and sums of lending, as clients see them. The figures of one object are in one currency, as of one day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from domain.identity.queries import people
from domain.lending import models, queries
from domain.lending.states import DelinquencyBucket, LoanStatus
from schema.identity.types import User
from schema.kit import ID, CurrencyCode, Money, Parent, attribute, field, global_id, object_type, relation
from schema.kit.fields import FieldRule
from schema.lending.types import Loan, LoanInstalment, LoanTransaction

SO_MANY_BUCKETS = 6
SO_MANY_STAGES = 5


def short_list(size: int) -> FieldRule:
    """The rule of a list of about so many rows."""
    return FieldRule(size=size, shared=True)


@object_type("How many, and how much in all.")
class LendingTally:
    count: int = attribute("How many.")
    amount: Money = attribute("How much in all.")


@object_type("What is in one bucket of arrears.")
class AgedTally:
    bucket: DelinquencyBucket = attribute("How late.")
    count: int = attribute("How many.")
    amount: Money = attribute("How much in all.")


@object_type(
    "The unpaid instalments that are due until a day. Due today, overdue and upcoming are disjoint, and together all."
)
class CollectionStats:
    currency: CurrencyCode = attribute("The currency of all amounts in it.")
    as_of: date = attribute("The day that is today in it.")
    horizon_on: date = attribute("The last due date that it looks at.")
    due_today: LendingTally = attribute("To be paid today.")
    overdue: LendingTally = attribute("Should have been paid before today.")
    upcoming: LendingTally = attribute("To be paid after today, until the horizon.")
    overdue_by_age: list[AgedTally] = attribute(
        "What is overdue by the days since its due date; every bucket but CURRENT.", rule=short_list(SO_MANY_BUCKETS)
    )


@object_type(
    "Active loans by how late they are. Amounts are outstanding principal. Loans that are written off are over; loans that "
    "are charged off are off the books, so they are said apart and are not in anything else here."
)
class LoanPortfolio:
    loans: int = attribute("How many loans.")
    outstanding: Money = attribute("Their outstanding principal: the gross portfolio.")
    by_bucket: list[AgedTally] = attribute(
        "The same by the days since the due date of each loan's oldest unpaid instalment; every bucket.",
        rule=short_list(SO_MANY_BUCKETS),
    )
    par1: Decimal = attribute(
        "Portfolio at risk: percent of the gross portfolio that is with loans of which anything is late; two decimals, "
        "rounded half-even. Re-planned loans are in it. The whole principal of a loan counts, not what is overdue of it."
    )
    par30: Decimal = attribute("The same of loans with an instalment more than 30 days late.")
    par60: Decimal = attribute("The same of loans with an instalment more than 60 days late.")
    par90: Decimal = attribute("The same of loans with an instalment more than 90 days late.")
    charged_off: LendingTally = attribute("Active loans that are charged off, and their principal.")


@object_type("What a loan officer, a branch or the house has lent and collected. Months are calendar months, up to today.")
class LendingFigures:
    currency: CurrencyCode = attribute("The currency of all amounts in it; the counts are of its loans too.")
    as_of: date = attribute("The day that is today in it.")
    portfolio: LoanPortfolio = attribute("What is lent.")
    collections: CollectionStats = attribute("What is to be collected, until 30 days ahead.")
    collected_today: LendingTally = attribute("Payments received today.")
    collected_this_month: LendingTally = attribute("Payments received this month, overdue and early ones too.")
    due_this_month: LendingTally = attribute("Instalments that fell due this month so far.")
    collection_rate: Decimal | None = attribute(
        "What was collected this month in percent of what fell due in it so far; two decimals. Null when nothing did."
    )
    disbursed_today: LendingTally = attribute("Paid out today. Nothing for a single officer: officers pay nothing out.")
    disbursed_this_month: LendingTally = attribute("Paid out this month. Nothing for a single officer.")
    completed_on_time: LendingTally = attribute(
        "Instalments that payments completed this month on or before their due date. Nothing for a single officer."
    )
    completed_late: LendingTally = attribute("The same, after their due date. Nothing for a single officer.")


@object_type("Applications at one stage.")
class ApplicationStage:
    status: LoanStatus = attribute("The stage.")
    count: int = attribute("How many.")
    amount: Money = attribute("What was agreed to, or before that what was asked for, in all.")


@object_type("How the loans of an officer at a branch do.")
class OfficerRank:
    officer_id: ID = global_id("User", "The officer.")
    figures: LendingFigures = attribute("The officer's figures at this branch.")

    officer: User | None = relation(people, "officer_id", "The officer.")


@object_type("An unpaid instalment that is to be collected.")
class CollectionItem:
    past_due_days: int = attribute("Days since the due date; 0 before.")

    @field(LoanInstalment, "The instalment.", shared=True)
    def instalment(self, row: Parent[models.LoanInstalment]) -> object:
        return row

    loan: Loan | None = relation(queries.loans_by_id, "loan_id", "The loan that it is of.")


@object_type("A payment that was received for a loan.")
class LoanReceipt:
    @field(LoanTransaction, "The payment.", shared=True)
    def transaction(self, row: Parent[models.LoanTransaction]) -> object:
        return row

    loan: Loan | None = relation(queries.loans_by_id, "loan_id", "The loan that it is for.")
