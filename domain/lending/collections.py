"""What is to be collected: unpaid instalments, by how they stand today, and what came in.

Staff who collect see the branches that they see: an officer a colleague's loans too, and can ask for the own ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final
from uuid import UUID

from tortoise.expressions import Q, Subquery

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.database import fetch
from domain.kit.decimals import percent
from domain.kit.errors import Forbidden, InvalidInput
from domain.kit.money import Money
from domain.kit.paging import Page, PageRequest, page_of
from domain.lending import days
from domain.lending.access import branch_condition
from domain.lending.days import HORIZON_DAYS, CollectionStats, Tally, in_currency
from domain.lending.models import Loan, LoanInstalment, LoanTransaction
from domain.lending.rules import BUCKETS
from domain.lending.states import RECEIPTS, CollectionBucket, DelinquencyBucket, PaymentChannel

RECEIVED_BY: Final = tuple(channel for channel in PaymentChannel if channel is not PaymentChannel.DIRECT)
MAX_HORIZON_DAYS: Final = 366


@dataclass(frozen=True, kw_only=True)
class CollectionFilter:
    """Which unpaid instalments; what is not said does not narrow. ``age`` is how many days they are overdue."""

    branch_id: UUID | None = None
    officer_id: UUID | None = None
    bucket: CollectionBucket | None = None
    age: DelinquencyBucket | None = None
    horizon_days: int = HORIZON_DAYS
    currency: str | None = None

    def due_on(self, today: date) -> Q:
        """The condition on due dates."""
        due = Q(due_on__lte=_horizon(today, self.horizon_days))
        match self.bucket:
            case CollectionBucket.DUE_TODAY:
                due &= Q(due_on=today)
            case CollectionBucket.OVERDUE:
                due &= Q(due_on__lt=today)
            case CollectionBucket.UPCOMING:
                due &= Q(due_on__gt=today)
            case None:
                pass
        return due & _aged(self.age, today) if self.age is not None else due


def _aged(age: DelinquencyBucket, today: date) -> Q:
    bucket = next(bucket for bucket in BUCKETS if bucket.code == age)
    if bucket.most == 0:
        return Q(due_on__gte=today)
    late = Q(due_on__lte=today - timedelta(days=bucket.least))
    return late if bucket.most is None else late & Q(due_on__gte=today - timedelta(days=bucket.most))


async def collections(actor: Actor, page: PageRequest, narrowed: CollectionFilter) -> Page[LoanInstalment]:
    """Unpaid instalments, the oldest first."""
    require_collector(actor)
    due = LoanInstalment.filter(narrowed.due_on(clock.today()), unpaid_minor__gt=0, currency=in_currency(narrowed.currency))
    branch = branch_condition(actor, narrowed.branch_id)
    if branch is not None:
        due = due.filter(branch_id=branch)
    if narrowed.officer_id is not None:
        due = due.filter(officer_id=narrowed.officer_id)
    return await page_of(due, page, "due_on", "id")


async def collection_stats(
    actor: Actor,
    *,
    branch_id: UUID | None = None,
    officer_id: UUID | None = None,
    horizon_days: int = HORIZON_DAYS,
    currency: str | None = None,
) -> CollectionStats:
    """How many unpaid instalments there are, and how much is unpaid of them."""
    require_collector(actor)
    today = clock.today()
    return await days.unpaid(
        in_currency(currency),
        today,
        _horizon(today, horizon_days),
        branch_id=branch_condition(actor, branch_id),
        officer_id=officer_id,
    )


def _horizon(today: date, horizon_days: int) -> date:
    if not 0 <= horizon_days <= MAX_HORIZON_DAYS:
        raise InvalidInput(f"the horizon is 0 to {MAX_HORIZON_DAYS} days ahead", field=("horizonDays",))
    return days.horizon(today, horizon_days)


@dataclass(frozen=True, kw_only=True)
class RepaymentFilter:
    """Which payments; what is not said does not narrow. The officer is who had the loan when it was paid."""

    from_on: date | None = None
    until_on: date | None = None
    branch_id: UUID | None = None
    officer_id: UUID | None = None
    borrower_id: UUID | None = None
    loan_id: UUID | None = None
    channel: PaymentChannel | None = None
    currency: str | None = None

    @property
    def condition(self) -> Q:
        if self.from_on is not None and self.until_on is not None and self.from_on > self.until_on:
            raise InvalidInput("the first day is after the last one", field=("filter", "fromOn"))
        columns = ("officer_id", "loan_id", "channel", "currency")
        found = Q(**{column: getattr(self, column) for column in columns if getattr(self, column) is not None})
        if self.from_on is not None:
            found &= Q(happened_on__gte=self.from_on)
        if self.until_on is not None:
            found &= Q(happened_on__lte=self.until_on)
        if self.borrower_id is not None:
            found &= Q(loan_id__in=Subquery(Loan.filter(borrower_id=self.borrower_id).values("id")))
        return found


async def loan_repayments(actor: Actor, page: PageRequest, narrowed: RepaymentFilter) -> Page[LoanTransaction]:
    """Payments received for loans, recoveries too, the latest first; those that were undone are not among them."""
    require_collector(actor)
    received = LoanTransaction.filter(narrowed.condition, kind__in=sorted(RECEIPTS), reversed_at__isnull=True)
    branch = branch_condition(actor, narrowed.branch_id)
    if branch is not None:
        received = received.filter(branch_id=branch)
    return await page_of(received, page, "-happened_on", "-id")


@dataclass(frozen=True, slots=True)
class ChannelTally:
    """What came in by one channel."""

    channel: PaymentChannel
    count: int
    amount: Money


@dataclass(frozen=True, slots=True)
class RepaymentStats:
    """What came in today, this week (since Monday) and this calendar month; the rest is of the month.

    On time and late are instalments that payments completed this month, with what these asked for.
    """

    currency: str
    as_of: date
    today: Tally
    this_week: Tally
    this_month: Tally
    average: Money | None
    by_channel: list[ChannelTally]
    on_time: Tally
    late: Tally

    @property
    def on_time_rate(self) -> Decimal | None:
        """Instalments completed on time, in percent of those completed."""
        return percent(self.on_time.count, self.on_time.count + self.late.count)


# What came in by channel, and the instalments it completed. $1 currency, $2 branch or all, $3 today, $4 and $5 the first
# days of the week and of the month.
REPAYMENTS: Final = """
select measure, channel,
       coalesce(sum(count) filter (where happens_on = $3), 0)::bigint as today_count,
       coalesce(sum(amount_minor) filter (where happens_on = $3), 0) as today_amount,
       coalesce(sum(count) filter (where happens_on >= $4), 0)::bigint as week_count,
       coalesce(sum(amount_minor) filter (where happens_on >= $4), 0) as week_amount,
       coalesce(sum(count) filter (where happens_on >= $5), 0)::bigint as month_count,
       coalesce(sum(amount_minor) filter (where happens_on >= $5), 0) as month_amount
from loan_daily
where currency = $1 and ($2::uuid is null or branch_id = $2) and measure in ('RECEIVED', 'ON_TIME', 'LATE')
  and happens_on between least($4::date, $5::date) and $3
group by measure, channel
"""


async def loan_repayment_stats(
    actor: Actor, *, branch_id: UUID | None = None, currency: str | None = None
) -> RepaymentStats:
    """What came in lately, of a branch or of all that the actor sees."""
    require_collector(actor)
    currency, today = in_currency(currency), clock.today()
    monday, first = today - timedelta(days=today.weekday()), today.replace(day=1)
    rows = await fetch(REPAYMENTS, currency, branch_condition(actor, branch_id), today, monday, first)
    nothing = Tally(0, Money.zero(currency))

    def tally(measure: str, period: str, channel: str | None = None) -> Tally:
        found = [row for row in rows if row["measure"] == measure and channel in (None, row["channel"])]
        return sum((Tally(row[f"{period}_count"], Money(int(row[f"{period}_amount"]), currency)) for row in found), nothing)

    month = tally("RECEIVED", "month")
    by_channel = [(channel, tally("RECEIVED", "month", channel.value)) for channel in RECEIVED_BY]
    return RepaymentStats(
        currency=currency,
        as_of=today,
        today=tally("RECEIVED", "today"),
        this_week=tally("RECEIVED", "week"),
        this_month=month,
        average=Money(round(Fraction(month.amount.amount_minor, month.count)), currency) if month.count else None,
        by_channel=[ChannelTally(channel, each.count, each.amount) for channel, each in by_channel],
        on_time=tally("ON_TIME", "month"),
        late=tally("LATE", "month"),
    )


def require_collector(actor: Actor) -> None:
    """Whoever collects does so as staff of a branch, or of all."""
    actor.require(Permission.LOAN_COLLECT)
    if Permission.LOAN_COLLECT not in actor.staff_permissions:
        raise Forbidden("this is for staff")
