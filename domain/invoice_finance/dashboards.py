"""What people see at a glance: the dashboard, an investor's portfolio and its analysis. Each is one SQL statement.

A dashboard is in one currency, because amounts of several cannot be added up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.invoice_finance import rules
from domain.invoice_finance.models import Invoice
from domain.invoice_finance.states import Industry, InvoiceStatus
from domain.kit import clock
from domain.kit.database import Record, fetch, fetchrow
from domain.kit.money import Money, decimals_of
from domain.wallets import settings as wallet_settings

MAX_POSITIONS: Final = 100
MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class DashboardStats:
    """Counts and sums of what somebody sells, has invested, and owes."""

    draft_invoices: int
    open_invoices: int
    outstanding_invoices: int
    overdue_invoices: int
    settled_invoices: int
    raised: Money
    active_investments: int
    invested: Money
    held_for_investments: Money
    received_from_investments: Money
    invoices_to_pay: int
    amount_to_pay: Money


@dataclass(frozen=True, slots=True)
class UserDashboard:
    """Somebody's wallet and the numbers beside it."""

    user_id: UUID
    currency: str
    wallet_balance: Money
    wallet_held: Money
    stats: DashboardStats

    @property
    def wallet_available(self) -> Money:
        return self.wallet_balance - self.wallet_held


# A person's wallet ($1, $2: person and currency), what they sell, what they have invested and what they owe.
DASHBOARD: Final = """
with sold as (
    select count(*) filter (where status = 'DRAFT') as draft_invoices,
           count(*) filter (where status in ('LISTED', 'PARTIALLY_FUNDED')) as open_invoices,
           count(*) filter (where status in ('FUNDED', 'PARTIALLY_REPAID', 'OVERDUE', 'DEFAULTED')) as outstanding_invoices,
           count(*) filter (where status in ('OVERDUE', 'DEFAULTED')) as overdue_invoices,
           count(*) filter (where status in ('SETTLED', 'RECOVERED')) as settled_invoices,
           -- An offer that pays all or nothing has raised nothing before it is full.
           coalesce(sum(funded_minor) filter (where status <> 'PARTIALLY_FUNDED' or funding_mode = 'IMMEDIATE'), 0)::bigint
               as raised
    from invoice where seller_id = $1 and currency = $2
), invested as (
    select count(*) filter (where v.state = 'ACTIVE' and i.ended_at is null) as active_investments,
           coalesce(sum(v.amount_minor) filter (where v.state = 'ACTIVE' and i.ended_at is null), 0)::bigint as invested,
           coalesce(sum(v.amount_minor) filter (where v.state = 'HELD'), 0)::bigint as held_for_investments,
           coalesce(sum(v.paid_minor), 0)::bigint as received_from_investments
    from investment v join invoice i on i.id = v.invoice_id
    where v.investor_id = $1 and v.currency = $2
), owed as (
    select count(*) as invoices_to_pay, coalesce(sum(face_minor - repaid_minor), 0)::bigint as amount_to_pay
    from invoice
    where debtor_id = $1 and currency = $2 and status in ('FUNDED', 'PARTIALLY_REPAID', 'OVERDUE', 'DEFAULTED')
), money as (
    select a.balance_minor, a.held_minor from wallet w join ledger_account a on a.id = w.account_id
    where w.user_id = $1 and w.currency = $2
)
select sold.*, invested.*, owed.*, coalesce(money.balance_minor, 0) as balance, coalesce(money.held_minor, 0) as held
from sold cross join invested cross join owed left join money on true
"""

_AMOUNTS: Final = {"raised", "invested", "held_for_investments", "received_from_investments", "amount_to_pay"}


async def user_dashboard(actor: Actor, currency: str | None = None) -> UserDashboard:
    """The actor's own, in the default currency unless another is asked for."""
    actor.require(Permission.WALLET_USE)
    currency = _checked(currency)
    row = await fetchrow(DASHBOARD, actor.id, currency)
    assert row is not None, "aggregates always answer"
    values: dict[str, Any] = {
        name: Money(row[name], currency) if name in _AMOUNTS else row[name] for name in DashboardStats.__dataclass_fields__
    }
    return UserDashboard(
        actor.id, currency, Money(row["balance"], currency), Money(row["held"], currency), DashboardStats(**values)
    )


@dataclass(frozen=True, slots=True)
class Position:
    """What an investor has in one invoice, all acts of investing together."""

    invoice: Invoice
    invested: Money
    held: Money
    paid: Money

    @property
    def expected_return(self) -> Money:
        """What it will have paid in all if the debtor pays on the due date, rounded half-even to the minor unit.

        A payment is split to the minor unit among all investors, so the last unit may fall to another.
        """
        share = Fraction((self.invested + self.held).amount_minor, self.invoice.requested_minor)
        return rules.portion(self.invoice.expected_return, share)


@dataclass(frozen=True, slots=True)
class Portfolio:
    """An investor's money: at work, waiting, come back; with the positions that are not over."""

    user_id: UUID
    currency: str
    invested: Money
    held: Money
    received: Money
    realised_profit: Money
    expected_return: Money
    open_positions: int
    ended_positions: int
    positions: list[Position]


# Every position of an investor ($1) in a currency ($2), the earliest due first, and the sums of those that are over.
PORTFOLIO: Final = """
with own as (
    select invoice_id,
           coalesce(sum(amount_minor) filter (where state = 'ACTIVE'), 0)::bigint as own_invested,
           coalesce(sum(amount_minor) filter (where state = 'HELD'), 0)::bigint as own_held,
           coalesce(sum(paid_minor), 0)::bigint as own_paid
    from investment where investor_id = $1 and currency = $2 and state <> 'RELEASED' group by invoice_id
), over as (
    select count(*) as ended, coalesce(sum(own_paid), 0)::bigint as ended_paid,
           coalesce(sum(own_paid - own_invested), 0)::bigint as profit
    from own join invoice i on i.id = own.invoice_id where i.ended_at is not null
)
select over.*, going.* from over left join (
    select own.*, i.* from own join invoice i on i.id = own.invoice_id where i.ended_at is null
) going on true
order by going.due_on, going.id
"""


async def portfolio(actor: Actor, currency: str | None = None) -> Portfolio:
    """The actor's own investments that are not over, and what the others brought."""
    actor.require(Permission.INVOICE_FUND)
    currency = _checked(currency)
    rows = await fetch(PORTFOLIO, actor.id, currency)
    positions = [_position(row, currency) for row in rows if row["invoice_id"] is not None]
    zero, over = Money.zero(currency), rows[0]
    return Portfolio(
        user_id=actor.id,
        currency=currency,
        invested=sum((each.invested for each in positions), zero),
        held=sum((each.held for each in positions), zero),
        received=sum((each.paid for each in positions), Money(over["ended_paid"], currency)),
        realised_profit=Money(over["profit"], currency),
        expected_return=sum((each.expected_return for each in positions), zero),
        open_positions=len(positions),
        ended_positions=over["ended"],
        positions=positions[:MAX_POSITIONS],
    )


def _position(row: Record, currency: str) -> Position:
    found = Invoice(**{name: row[name] for name in Invoice._meta.db_fields})
    amounts = (Money(row[name], currency) for name in ("own_invested", "own_held", "own_paid"))
    return Position(found, *amounts)


@dataclass(frozen=True, slots=True)
class Slice:
    """The part of an investor's money that went into one industry, or into invoices that stand in one way."""

    investments: int
    invested: Money
    share: Decimal
    industry: Industry | None = None
    status: InvoiceStatus | None = None


@dataclass(frozen=True, slots=True)
class MonthOfInvesting:
    """What went out and came back in a calendar month (UTC)."""

    month: date
    invested: Money
    received: Money


@dataclass(frozen=True, slots=True)
class InvestorAnalytics:
    """How an investor has done; rates are percentages with two decimals, rounded half-even."""

    user_id: UUID
    currency: str
    invested: Money
    received: Money
    at_work: Money
    realised_profit: Money
    lost: Money
    average_expected_yield: Decimal | None
    realised_return: Decimal | None
    default_rate: Decimal | None
    by_industry: list[Slice]
    by_status: list[Slice]
    by_month: list[MonthOfInvesting]


# All that an investor ($1) has paid in a currency ($2), by industry, by status and by month since $3.
ANALYTICS: Final = """
with own as (
    select v.amount_minor, v.paid_minor, v.made_at, i.status, i.industry, i.expected_yield_bps, i.defaulted_at, i.ended_at
    from investment v join invoice i on i.id = v.invoice_id
    where v.investor_id = $1 and v.currency = $2 and v.state = 'ACTIVE'
), months as (
    select month, sum(invested)::bigint as invested, sum(received)::bigint as received from (
        select date_trunc('month', made_at at time zone 'UTC')::date as month, amount_minor as invested, 0 as received
        from own where made_at >= $3
        union all
        select date_trunc('month', p.paid_at at time zone 'UTC')::date, 0, p.amount_minor
        from payout p join investment v on v.id = p.investment_id
        where v.investor_id = $1 and v.currency = $2 and p.paid_at >= $3
    ) moved group by month
)
select coalesce(sum(amount_minor), 0)::bigint as invested,
       coalesce(sum(paid_minor), 0)::bigint as received,
       coalesce(sum(amount_minor) filter (where ended_at is null), 0)::bigint as at_work,
       coalesce(sum(amount_minor) filter (where ended_at is not null), 0)::bigint as ended,
       coalesce(sum(paid_minor - amount_minor) filter (where ended_at is not null), 0)::bigint as profit,
       coalesce(sum(greatest(amount_minor - paid_minor, 0)) filter (where ended_at is not null), 0)::bigint as lost,
       coalesce(sum(amount_minor) filter (where defaulted_at is not null), 0)::bigint as defaulted,
       coalesce(sum(amount_minor::numeric * expected_yield_bps), 0)::numeric as weighted_yield,
       (select coalesce(jsonb_agg(to_jsonb(g) order by g.invested desc, g.name), '[]') from (
           select industry as name, count(*) as count, sum(amount_minor)::bigint as invested from own group by 1) g
       ) as by_industry,
       (select coalesce(jsonb_agg(to_jsonb(g) order by g.invested desc, g.name), '[]') from (
           select status as name, count(*) as count, sum(amount_minor)::bigint as invested from own group by 1) g
       ) as by_status,
       (select coalesce(jsonb_agg(to_jsonb(m) order by m.month), '[]') from months m) as by_month
from own
"""


async def investor_analytics(actor: Actor, currency: str | None = None) -> InvestorAnalytics:
    """The actor's own investing, from the first day; months are the last twelve."""
    actor.require(Permission.INVOICE_FUND)
    currency = _checked(currency)
    row = await fetchrow(ANALYTICS, actor.id, currency, _start_of_months(clock.today()))
    assert row is not None, "aggregates always answer"
    invested = row["invested"]
    return InvestorAnalytics(
        user_id=actor.id,
        currency=currency,
        invested=Money(invested, currency),
        received=Money(row["received"], currency),
        at_work=Money(row["at_work"], currency),
        realised_profit=Money(row["profit"], currency),
        lost=Money(row["lost"], currency),
        average_expected_yield=_percent(int(row["weighted_yield"]), invested * rules.WHOLE_BPS),
        realised_return=_percent(row["profit"], row["ended"]),
        default_rate=_percent(row["defaulted"], invested),
        by_industry=[_slice(each, currency, invested, industry=Industry(each["name"])) for each in row["by_industry"]],
        by_status=[_slice(each, currency, invested, status=InvoiceStatus(each["name"])) for each in row["by_status"]],
        by_month=[_month(each, currency) for each in row["by_month"]],
    )


def _slice(group: dict[str, Any], currency: str, whole: int, **name: Any) -> Slice:
    share = rules.percent_of(round(Fraction(group["invested"] * rules.WHOLE_BPS, whole)))
    return Slice(investments=group["count"], invested=Money(group["invested"], currency), share=share, **name)


def _month(row: dict[str, Any], currency: str) -> MonthOfInvesting:
    return MonthOfInvesting(
        date.fromisoformat(row["month"]), Money(row["invested"], currency), Money(row["received"], currency)
    )


def _percent(part: int, whole: int) -> Decimal | None:
    """None where there is nothing to compare with yet."""
    return rules.percent_of(round(Fraction(part * rules.WHOLE_BPS, whole))) if whole else None


def _start_of_months(today: date) -> datetime:
    """The first instant of the twelve calendar months that end with today's."""
    year, month = divmod(today.year * 12 + today.month - MONTHS, 12)
    return datetime(year, month + 1, 1, tzinfo=UTC)


def _checked(currency: str | None) -> str:
    """The currency asked for, or the default one."""
    if currency is None:
        return wallet_settings.current().default_currency
    decimals_of(currency)
    return currency
