"""Reports of the lower floors: the trial balance, one account's ledger, the audit trail."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.database import Connection, connection
from domain.kit.errors import NotFound
from domain.kit.money import Money
from domain.ledger import queries as books
from domain.ledger.models import Account
from domain.reports.parameters import AccountPeriod, AsOf, CurrencyCode, Period
from domain.reports.registry import Expecting, report
from domain.reports.sheets import Column, ColumnKind, Row, Sheet

PREFETCH: Final = 1_000


class TrialBalanceParameters(AsOf):
    """How the books stood at the end of a day, in all currencies unless one is said."""

    currency: CurrencyCode | None = None


class TrailParameters(Period):
    """What happened in a period, by anybody unless somebody is said."""

    user_id: UUID | None = None


@report(
    "trial_balance",
    title="Trial balance",
    purpose="Every account with a balance, and the totals of both sides.",
    requires=Permission.LEDGER_READ,
    parameters=TrialBalanceParameters,
)
async def trial_balance(actor: Actor, parameters: TrialBalanceParameters, progress: Expecting) -> Sheet:
    as_of = parameters.as_of or clock.today()
    found = await books.trial_balance(actor, as_of=as_of)
    currencies = {parameters.currency} if parameters.currency else {total.currency for total in found.totals}
    rows = [row for row in found.rows if row.currency in currencies]
    await progress.expect(len(rows))
    return Sheet(
        title="Trial balance",
        subtitle=f"As of {as_of.isoformat()}, {', '.join(sorted(currencies)) or 'no balances'}",
        columns=[
            Column("Code"),
            Column("Account"),
            Column("Group"),
            Column("Currency"),
            Column("Debit", ColumnKind.MONEY),
            Column("Credit", ColumnKind.MONEY),
        ],
        rows=[(row.code, row.name, row.kind.value, row.currency, row.debit or None, row.credit or None) for row in rows],
        totals=[
            ("Total", None, None, total.currency, total.debit, total.credit)
            for total in found.totals
            if total.currency in currencies
        ],
    )


@report(
    "general_ledger",
    title="General ledger",
    purpose="Every line of one account in a period, with the balance after each.",
    requires=Permission.LEDGER_READ,
    parameters=AccountPeriod,
)
async def general_ledger(actor: Actor, parameters: AccountPeriod, progress: Expecting) -> Sheet:
    actor.require(Permission.LEDGER_READ)
    account = await Account.get_or_none(id=parameters.account_id)
    if account is None:
        raise NotFound("there is no such account", field=("input", "parameters", "accountId"))
    since, until = parameters.from_date, parameters.to_date
    return Sheet(
        title=f"General ledger: {account.code} {account.name}",
        subtitle=f"{since.isoformat()} to {until.isoformat()}, {account.currency}",
        columns=[
            Column("Date", ColumnKind.DATE),
            Column("Entry", ColumnKind.NUMBER),
            Column("Description"),
            Column("Debit", ColumnKind.MONEY, summed=True),
            Column("Credit", ColumnKind.MONEY, summed=True),
            Column("Balance", ColumnKind.MONEY),
        ],
        rows=_ledger_rows(account, since, until, progress),
    )


# What an account had before a period, debit positive, and how many lines it has in it.
_BEFORE: Final = """
select coalesce(sum(amount_minor) filter (where effective_on < $2), 0)::bigint as opening,
       count(*) filter (where effective_on >= $2) as lines
from journal_line where account_id = $1 and effective_on <= $3
"""

_LINES: Final = """
select line.effective_on, entry.number, entry.description, line.amount_minor
from journal_line line join journal_entry entry on entry.id = line.entry_id
where line.account_id = $1 and line.effective_on between $2 and $3
order by line.effective_on, line.id
"""


async def _ledger_rows(account: Account, since: date, until: date, progress: Expecting) -> AsyncIterator[Row]:
    """The opening balance, every line with the balance after it on the account's natural side, the closing balance.

    All of it is read in one snapshot, so that what is posted meanwhile is not half in it.
    """
    sign, currency = (1 if account.kind.grows_by_debit else -1), account.currency
    async with connection() as c, c.transaction(isolation="repeatable_read", readonly=True):
        before = await c.fetchrow(_BEFORE, account.id, since, until)
        assert before is not None, "sums of nothing are a row too"
        await progress.expect(before["lines"] + 2)
        balance = before["opening"]
        yield since, None, "Opening balance", None, None, Money(sign * balance, currency)
        async for day, number, description, amount in c.cursor(_LINES, account.id, since, until, prefetch=PREFETCH):
            balance += amount
            debit = Money(amount, currency) if amount > 0 else None
            credit = Money(-amount, currency) if amount < 0 else None
            yield day, number, description, debit, credit, Money(sign * balance, currency)
        yield until, None, "Closing balance", None, None, Money(sign * balance, currency)


@report(
    "audit_trail",
    title="Audit trail",
    purpose="Who did what, from where, in a period.",
    requires=Permission.AUDIT_READ,
    parameters=TrailParameters,
)
async def audit_trail(actor: Actor, parameters: TrailParameters, progress: Expecting) -> Sheet:
    actor.require(Permission.AUDIT_READ)
    return Sheet(
        title="Audit trail",
        subtitle=f"{parameters.from_date.isoformat()} to {parameters.to_date.isoformat()}, UTC",
        columns=[
            Column("When", ColumnKind.INSTANT),
            Column("Event"),
            Column("By"),
            Column("From"),
            Column("Correlation"),
            Column("What it says"),
        ],
        rows=_trail_rows(parameters, progress),
    )


_TRAIL: Final = """
from audit_record record left join app_user person on person.id = record.actor_id
where record.occurred_at >= $1 and record.occurred_at < $2 and ($3::uuid is null or record.actor_id = $3)
"""


async def _trail_rows(parameters: TrailParameters, progress: Expecting) -> AsyncIterator[Row]:
    since = datetime.combine(parameters.from_date, time.min, UTC)
    until = datetime.combine(parameters.to_date, time.min, UTC) + timedelta(days=1)
    about = (since, until, parameters.user_id)
    async with connection() as c, c.transaction(isolation="repeatable_read", readonly=True):
        await progress.expect(await c.fetchval(f"select count(*) {_TRAIL}", *about))
        async for row in _records(c, *about):
            yield row


async def _records(c: Connection, *about: object) -> AsyncIterator[Row]:
    query = f"""select record.occurred_at, record.event_name, coalesce(person.name, record.actor_id::text, ''),
                       coalesce(record.address, ''), record.correlation_id::text, record.payload::text
                {_TRAIL} order by record.occurred_at, record.position"""
    async for row in c.cursor(query, *about, prefetch=PREFETCH):
        yield tuple(row)
