"""What is to be collected and what came in: lists, statistics, and the statistics live."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import strawberry

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest
from domain.lending import collections, models
from domain.lending.access import branch_condition
from domain.lending.days import HORIZON_DAYS
from domain.lending.days import CollectionStats as Stats
from domain.lending.events import LOANS, LoanUpdated, loans_of_branch
from domain.lending.states import CollectionBucket, DelinquencyBucket, PaymentChannel
from schema.kit import (
    ID,
    CurrencyCode,
    Info,
    Money,
    argument,
    attribute,
    enum_type,
    input_type,
    listing,
    object_type,
    query,
    read_id,
    state_feed,
)
from schema.lending.figures import CollectionItem, CollectionStats, LendingTally, LoanReceipt, short_list

enum_type(
    CollectionBucket,
    "Where an unpaid instalment stands today.",
    {"DUE_TODAY": "To be paid today.", "OVERDUE": "Should have been paid before today.", "UPCOMING": "To be paid later."},
)

OneBranch = Annotated[
    ID | None, argument("Only this branch. Without it: one's own branch, or every one for those who see all.")
]
OneOfficer = Annotated[ID | None, argument("Only loans that this loan officer looks after.")]
InCurrency = Annotated[CurrencyCode | None, argument("In which currency; the house's default when left out.")]
Ahead = Annotated[int, argument("How many days ahead an instalment is upcoming, from 0 to 366.")]


@input_type("Which payments; what is left out does not narrow.")
class LoanRepaymentFilter:
    from_on: date | None = attribute("Received on this day or later.", default=None)
    until_on: date | None = attribute("Received on this day or earlier.", default=None)
    branch_id: ID | None = attribute("For loans of this branch.", default=None)
    officer_id: ID | None = attribute("For loans that this officer looked after when the payment came.", default=None)
    borrower_id: ID | None = attribute("For loans of this borrower.", default=None)
    loan_id: ID | None = attribute("For this loan.", default=None)
    channel: PaymentChannel | None = attribute("That came by this channel.", default=None)
    currency: CurrencyCode | None = attribute("In this currency.", default=None)

    def parse(self) -> collections.RepaymentFilter:
        return collections.RepaymentFilter(
            from_on=self.from_on,
            until_on=self.until_on,
            branch_id=id_or_none("Branch", self.branch_id, "filter", "branchId"),
            officer_id=id_or_none("User", self.officer_id, "filter", "officerId"),
            borrower_id=id_or_none("User", self.borrower_id, "filter", "borrowerId"),
            loan_id=id_or_none("Loan", self.loan_id, "filter", "loanId"),
            channel=self.channel,
            currency=self.currency,
        )


@object_type("What came in by one channel.")
class ChannelTally:
    channel: PaymentChannel = attribute("The channel.")
    count: int = attribute("How many payments.")
    amount: Money = attribute("How much in all.")


@object_type("What came in lately. A week begins on Monday, a month on its first day; both end today.")
class LoanRepaymentStats:
    currency: CurrencyCode = attribute("The currency of all amounts in it.")
    as_of: date = attribute("The day that is today in it.")
    today: LendingTally = attribute("Payments received today.")
    this_week: LendingTally = attribute("Payments received this week.")
    this_month: LendingTally = attribute("Payments received this month.")
    average: Money | None = attribute("The average payment of this month, rounded half-even; null when there is none.")
    by_channel: list[ChannelTally] = attribute("This month by channel, every channel.", rule=short_list(4))
    on_time: LendingTally = attribute("Instalments that payments completed this month on or before their due date.")
    late: LendingTally = attribute("Instalments that payments completed this month after their due date.")
    on_time_rate: Decimal | None = attribute(
        "Instalments completed on time in percent of those completed, two decimals; null when there is none."
    )


def id_or_none(type_name: str, given: str | None, *field: str) -> UUID | None:
    return None if given is None else read_id(type_name, given, *field)


async def _stats(
    actor: Actor,
    branch_id: str | None = None,
    officer_id: str | None = None,
    horizon_days: int = HORIZON_DAYS,
    currency: str | None = None,
) -> Stats:
    return await collections.collection_stats(
        actor,
        branch_id=id_or_none("Branch", branch_id, "branchId"),
        officer_id=id_or_none("User", officer_id, "officerId"),
        horizon_days=horizon_days,
        currency=currency,
    )


async def _repayment_stats(
    actor: Actor, branch_id: str | None = None, currency: str | None = None
) -> collections.RepaymentStats:
    branch = id_or_none("Branch", branch_id, "branchId")
    return await collections.loan_repayment_stats(actor, branch_id=branch, currency=currency)


def topics_of_branch(actor: Actor, branch_id: str | None) -> list[str]:
    """All that happens to the loans of a branch that the actor sees, or of all."""
    branch = branch_condition(actor, id_or_none("Branch", branch_id, "branchId"))
    return [LOANS if branch is None else loans_of_branch(branch)]


@strawberry.type
class Query:
    @listing(
        CollectionItem,
        "Unpaid instalments of the branches that one sees, the oldest first.",
        requires=Permission.LOAN_COLLECT,
    )
    async def collections(
        self,
        info: Info,
        page: PageRequest,
        branch_id: OneBranch = None,
        bucket: Annotated[CollectionBucket | None, argument("Only those that stand so.")] = None,
        age: Annotated[DelinquencyBucket | None, argument("Only those that are so many days overdue.")] = None,
        officer_id: OneOfficer = None,
        horizon_days: Ahead = HORIZON_DAYS,
        currency: InCurrency = None,
    ) -> Page[models.LoanInstalment]:
        narrowed = collections.CollectionFilter(
            branch_id=id_or_none("Branch", branch_id, "branchId"),
            officer_id=id_or_none("User", officer_id, "officerId"),
            bucket=bucket,
            age=age,
            horizon_days=horizon_days,
            currency=currency,
        )
        return await collections.collections(info.context.actor, page, narrowed)

    @query(CollectionStats, "How much is to be collected, by how it stands today.", requires=Permission.LOAN_COLLECT)
    async def collection_stats(
        self,
        info: Info,
        branch_id: OneBranch = None,
        officer_id: OneOfficer = None,
        horizon_days: Ahead = HORIZON_DAYS,
        currency: InCurrency = None,
    ) -> object:
        return await _stats(info.context.actor, branch_id, officer_id, horizon_days, currency)

    @listing(
        LoanReceipt,
        "Payments received for loans of the branches that one sees, recoveries too, the latest first; not those undone.",
        requires=Permission.LOAN_COLLECT,
    )
    async def loan_repayments(
        self,
        info: Info,
        page: PageRequest,
        filter: Annotated[LoanRepaymentFilter | None, argument("Only these.")] = None,
    ) -> Page[models.LoanTransaction]:
        narrowed = (filter or LoanRepaymentFilter()).parse()
        return await collections.loan_repayments(info.context.actor, page, narrowed)

    @query(LoanRepaymentStats, "What came in today, this week and this month.", requires=Permission.LOAN_COLLECT)
    async def loan_repayment_stats(self, info: Info, branch_id: OneBranch = None, currency: InCurrency = None) -> object:
        return await _repayment_stats(info.context.actor, branch_id, currency)


@strawberry.type
class Subscription:
    @state_feed(
        "How much is to be collected, anew when a loan changes.",
        requires=Permission.LOAN_COLLECT,
        state=_stats,
        shows=CollectionStats,
        on=[LoanUpdated],
    )
    async def collections_updated(
        actor: Actor,
        branch_id: OneBranch = None,
        officer_id: OneOfficer = None,
        horizon_days: Ahead = HORIZON_DAYS,
        currency: InCurrency = None,
    ) -> list[str]:
        collections.require_collector(actor)
        return topics_of_branch(actor, branch_id)

    @state_feed(
        "What came in today, this week and this month, anew when a loan changes.",
        requires=Permission.LOAN_COLLECT,
        state=_repayment_stats,
        shows=LoanRepaymentStats,
        on=[LoanUpdated],
    )
    async def loan_repayment_stats_updated(
        actor: Actor, branch_id: OneBranch = None, currency: InCurrency = None
    ) -> list[str]:
        collections.require_collector(actor)
        return topics_of_branch(actor, branch_id)
