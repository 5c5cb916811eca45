"""Reading the books: balances now and as of any date or moment, the journal, statements, the trial balance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tortoise.expressions import Q

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.database import fetch, fetchrow
from domain.kit.errors import NotFound
from domain.kit.money import Money
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import RowsWith, rows_by_id, rows_of
from domain.ledger.chart import AccountKind, every_house_account, id_of_house_account
from domain.ledger.models import Account, JournalEntry, JournalLine


@dataclass(frozen=True, slots=True)
class Balance:
    """An account's balance on its natural side; negative when it leans to the other."""

    account_id: UUID
    posted: Money
    held: Money
    as_of: date | None

    @property
    def available(self) -> Money:
        return self.posted - self.held


@dataclass(frozen=True, slots=True)
class TrialBalanceRow:
    """One account of the trial balance: its net balance, in the column of its side."""

    account_id: UUID
    code: str
    name: str
    kind: AccountKind
    currency: str
    debit: Money
    credit: Money


@dataclass(frozen=True, slots=True)
class TrialBalanceTotal:
    """The foot of the trial balance in one currency; the books are right when both sides are equal."""

    currency: str
    debit: Money
    credit: Money

    @property
    def balanced(self) -> bool:
        return self.debit == self.credit


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """House accounts one by one, persons' accounts summed under their code."""

    as_of: date | None
    rows: Sequence[TrialBalanceRow]
    totals: Sequence[TrialBalanceTotal]


@dataclass(frozen=True, slots=True)
class ChartAccount:
    """A house account of the chart in one currency. It is opened by its first entry."""

    account_id: UUID
    code: str
    name: str
    kind: AccountKind
    currency: str


# The balance of one account now: guarded accounts keep theirs, house accounts have a snapshot and a tail.
BALANCE_NOW = """
select case when a.guarded then a.balance_minor
            when is_debit_account(a.kind) then h.amount_minor else -h.amount_minor end::bigint as posted,
       a.held_minor as held, a.currency
from ledger_account a left join house_balance h on h.account_id = a.id
where a.id = $1
"""

# The balance by effective date and by the moment of recording, from the lines themselves.
BALANCE_AS_OF = """
select coalesce(sum(case when is_debit_account(a.kind) then l.amount_minor else -l.amount_minor end), 0)::bigint as posted,
       0::bigint as held, a.currency
from ledger_account a
left join journal_line l on l.account_id = a.id
     and l.effective_on <= coalesce($2::date, 'infinity'::date)
     and l.recorded_at <= coalesce($3::timestamptz, 'infinity'::timestamptz)
where a.id = $1
group by a.id
"""

# Net balances of all accounts now, debit positive; persons' accounts of one code are one row.
TRIAL_NOW = """
with net as (
    select a.id, a.code, a.name, a.kind, a.currency, h.amount_minor as amount
    from ledger_account a join house_balance h on h.account_id = a.id
    union all
    select (array_agg(a.id order by a.id))[1], a.code, '', a.kind, a.currency,
           sum(case when is_debit_account(a.kind) then a.balance_minor else -a.balance_minor end)
    from ledger_account a where a.guarded
    group by a.code, a.kind, a.currency
)
select * from net where amount <> 0 order by currency, code
"""

# The same as of an effective date, from the sums by day.
TRIAL_BY_DAY = """
select (select a.id from ledger_account a where a.code = d.code and a.currency = d.currency and a.guarded = d.guarded
        order by a.owner_id nulls first limit 1) as id,
       d.code,
       coalesce((select a.name from ledger_account a
                 where a.code = d.code and a.currency = d.currency and not d.guarded and a.owner_id is null), '') as name,
       d.kind, d.currency, sum(d.amount_minor) as amount
from ledger_daily d
where d.effective_on <= $1
group by d.code, d.kind, d.currency, d.guarded
having sum(d.amount_minor) <> 0
order by d.currency, d.code
"""

# The same as of an effective date and a moment of recording.
TRIAL_AS_OF = """
select (array_agg(a.id order by a.id))[1] as id, a.code, min(case when a.guarded then '' else a.name end) as name, a.kind,
       a.currency, sum(l.amount_minor) as amount
from journal_line l join ledger_account a on a.id = l.account_id
where l.effective_on <= coalesce($1::date, 'infinity'::date)
  and l.recorded_at <= coalesce($2::timestamptz, 'infinity'::timestamptz)
group by a.code, a.kind, a.currency, a.guarded
having sum(l.amount_minor) <> 0
order by a.currency, a.code
"""


def chart_of_accounts(actor: Actor, currency: str) -> list[ChartAccount]:
    """Every house account that can be posted to in a currency, by code."""
    actor.require(Permission.LEDGER_READ)
    return [
        ChartAccount(id_of_house_account(each, currency), each.code, each.name, each.kind, currency)
        for each in every_house_account()
        if not each.of_persons
    ]


async def accounts(
    actor: Actor, page: PageRequest, *, kind: AccountKind | None = None, currency: str | None = None
) -> Page[Account]:
    """The chart in the order of its codes, persons' accounts included."""
    actor.require(Permission.LEDGER_READ)
    query = Account.all()
    if kind is not None:
        query = query.filter(kind=kind)
    if currency is not None:
        query = query.filter(currency=currency)
    return await page_of(query, page, "code", "id")


async def account_balance(
    actor: Actor, *, account_id: UUID, as_of: date | None = None, recorded_by: datetime | None = None
) -> Balance:
    """The balance now, or by effective date, or as the books stood at a moment; NOT_FOUND for an unknown account."""
    actor.require(Permission.LEDGER_READ)
    if as_of is None and recorded_by is None:
        row = await fetchrow(BALANCE_NOW, account_id)
    else:
        row = await fetchrow(BALANCE_AS_OF, account_id, as_of, recorded_by)
    if row is None:
        raise NotFound("there is no such account", field=("accountId",))
    currency = row["currency"]
    return Balance(account_id, Money(row["posted"], currency), Money(row["held"], currency), as_of)


async def trial_balance(actor: Actor, *, as_of: date | None = None, recorded_by: datetime | None = None) -> TrialBalance:
    """Every account with a balance, and the totals of both sides by currency."""
    actor.require(Permission.LEDGER_READ)
    if as_of is None and recorded_by is None:
        found = await fetch(TRIAL_NOW)
    elif as_of is not None and recorded_by is None:
        found = await fetch(TRIAL_BY_DAY, as_of)
    else:
        found = await fetch(TRIAL_AS_OF, as_of, recorded_by)
    rows = [
        TrialBalanceRow(
            row["id"],
            row["code"],
            row["name"] or f"Accounts of persons under {row['code']}",
            AccountKind(row["kind"]),
            row["currency"],
            Money(max(int(row["amount"]), 0), row["currency"]),
            Money(max(-int(row["amount"]), 0), row["currency"]),
        )
        for row in found
    ]
    totals = []
    for currency in dict.fromkeys(row.currency for row in rows):
        of_currency = [row for row in rows if row.currency == currency]
        zero = Money.zero(currency)
        totals.append(
            TrialBalanceTotal(
                currency, sum((r.debit for r in of_currency), zero), sum((r.credit for r in of_currency), zero)
            )
        )
    return TrialBalance(as_of, rows, totals)


async def journal_entries(
    actor: Actor, page: PageRequest, *, account_id: UUID | None = None, since: date | None = None, until: date | None = None
) -> Page[JournalEntry]:
    """The journal, the newest entry first."""
    actor.require(Permission.LEDGER_READ)
    query = JournalEntry.filter(effective_on__gte=since or date.min, effective_on__lte=until or date.max)
    if account_id is not None:
        query = query.filter(id__in=RowsWith(JournalLine, Q(account_id=account_id), column="entry_id"))
    return await page_of(query, page, "-number")


lines_of = rows_of(JournalLine, "entry_id", order=("line_no",))
"""The lines of several entries, each in its order, for whoever has the entries."""

accounts_read = rows_by_id(Account, permission=Permission.LEDGER_READ)
"""Several accounts at once, none for whoever may not read the books."""

entries_by_id = rows_by_id(JournalEntry, permission=Permission.LEDGER_READ)
"""Several entries at once, none for whoever may not read the books."""


async def reversals_of(entry_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Which entry reversed which of several: original to reversal; for loaders."""
    rows = await fetch("select id, reverses_id from journal_entry where reverses_id = any ($1::uuid[])", list(entry_ids))
    return {row["reverses_id"]: row["id"] for row in rows}
