"""The figures of a day in East Africa: what was asked for, what came and by which channel, what agreed, and what the
provider's statement tells beside the books.

A receipt belongs to the day on which the money moved, by the earliest that anybody said; a payment to the day on which it
was opened. All figures are read in one snapshot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter

from domain.kit import clock
from domain.kit.database import Connection, Record, connection
from domain.kit.money import Money
from domain.ledger.chart import house_account
from domain.payments.accounts import MPESA_SUSPENSE
from domain.payments.provider import CURRENCY
from domain.payments.rules.wire import EAST_AFRICA
from domain.payments.states import Channel, DiscrepancyType, PaymentStatus, Purpose


@dataclass(frozen=True, kw_only=True)
class Sum:
    """How many, and how much together."""

    count: int
    amount: Money


@dataclass(frozen=True, kw_only=True)
class OfStatus(Sum):
    status: PaymentStatus


@dataclass(frozen=True, kw_only=True)
class OfChannel(Sum):
    channel: Channel


@dataclass(frozen=True, kw_only=True)
class OfPurpose(Sum):
    purpose: Purpose


@dataclass(frozen=True, kw_only=True)
class OfType:
    """Discrepancies of a type that were found on the day, and how many of them are not dealt with."""

    type: DiscrepancyType
    found: int
    unresolved: int


@dataclass(frozen=True, kw_only=True)
class Outcomes:
    """How the reconciliations of the day ended."""

    matched: int
    discrepancies: int
    failed: int
    unverified: int


@dataclass(frozen=True, kw_only=True)
class BesideStatement:
    """The provider's statement beside the books, of as much of the day as statements tell all of."""

    covered_s: int
    provider: Sum
    books: Sum
    only_provider: int
    only_books: int
    differing: int
    """Receipts that both have, with different amounts."""

    @property
    def difference(self) -> Money:
        return self.provider.amount - self.books.amount

    @property
    def agrees(self) -> bool:
        return not (self.only_provider or self.only_books or self.differing)


@dataclass(frozen=True, kw_only=True)
class DayFigures:
    """``received`` is all that came, of which ``reversed_amount`` was taken back by now, and ``orphans`` are a part.

    ``suspense`` is what was in suspense when the day ended, whenever it came; ``purposes`` is what of the day's money is at
    its purpose now. Without a statement of the day there is nothing to stand beside the books.
    """

    on_date: date
    payments: Sequence[OfStatus]
    received: Sum
    reversed_amount: Money
    channels: Sequence[OfChannel]
    purposes: Sequence[OfPurpose]
    outcomes: Outcomes
    discrepancies: Sequence[OfType]
    orphans: Sum
    suspense: Money
    statement: BesideStatement | None


_FIGURES: Final = TypeAdapter(DayFigures)


def kept(figures: DayFigures) -> dict[str, Any]:
    image: dict[str, Any] = _FIGURES.dump_python(figures, mode="json")
    return image


def figures_of(image: Mapping[str, Any]) -> DayFigures:
    """What :func:`kept` kept."""
    return _FIGURES.validate_python(image)


def bounds_of(day: date) -> tuple[datetime, datetime]:
    """From its midnight to the next one in East Africa."""
    begins = datetime.combine(day, time(), EAST_AFRICA)
    return begins, begins + timedelta(days=1)


def day_of(moment: datetime) -> date:
    """The day in East Africa."""
    return moment.astimezone(EAST_AFRICA).date()


def today() -> date:
    return day_of(clock.now())


_PAYMENTS: Final = """
select status, count(*) as count, sum(amount_minor)::bigint as minor from payment
where created_at >= $1 and created_at < $2 group by status order by status
"""

# Money that moved in a time ($1 to $2), by receipt; a credit of which the receipt is not known yet moved when it was booked.
# What several say of a receipt may lie on both sides of midnight, so claims from around the time are looked at.
_MOVED: Final = """
with told as (
    select receipt, min(transacted_at) as at from payment_evidence
    where outcome = 'PAID' and receipt is not null
      and transacted_at >= $1::timestamptz - interval '1 day' and transacted_at < $2::timestamptz + interval '1 day'
    group by receipt
), moved as (
    select credit.*, coalesce(registered.first_channel, 'QUERY') as channel, coalesce(told.at, credit.created_at) as at
    from payment_credit credit
    join told on told.receipt = credit.receipt and told.at >= $1 and told.at < $2
    join mpesa_receipt registered on registered.receipt = credit.receipt
    union all
    select credit.*, 'QUERY', credit.created_at from payment_credit credit
    where credit.receipt is null and credit.created_at >= $1 and credit.created_at < $2
)
"""

_CHANNELS: Final = f"""
{_MOVED}
select channel, count(*) as count, sum(amount_minor)::bigint as minor, sum(reversed_minor)::bigint as reversed_minor,
       count(*) filter (where payment_id is null) as orphans,
       coalesce(sum(net_minor) filter (where payment_id is null), 0)::bigint as orphan_minor
from moved group by channel order by channel
"""

_PURPOSES: Final = f"""
{_MOVED}
select payment.purpose, count(*) as count, sum(moved.net_minor)::bigint as minor
from moved join payment on payment.id = moved.payment_id
where moved.destination = 'PURPOSE' group by payment.purpose order by payment.purpose
"""

_OUTCOMES: Final = """
select coalesce(sum(matched), 0)::bigint as matched, coalesce(sum(discrepancies), 0)::bigint as discrepancies,
       coalesce(sum(failed), 0)::bigint as failed, coalesce(sum(unverified), 0)::bigint as unverified
from reconciliation_tally where hour >= $1 and hour < $2
"""

_DISCREPANCIES: Final = """
select type, count(*) as found, count(*) filter (where status <> 'RESOLVED') as unresolved from discrepancy
where found_at >= $1 and found_at < $2 group by type order by type
"""

_SUSPENSE: Final = """
select coalesce(-sum(amount_minor), 0)::bigint from journal_line where account_id = $1 and recorded_at < $2
"""

# Of the times of the day that statements tell all of: what came by them and by the books, receipt by receipt.
_BESIDE: Final = f"""
{_MOVED}, covered as (
    select range_agg(tstzrange(from_at, until_at, '[]')) * tstzmultirange(tstzrange($1, $2)) as times
    from statement_import where status = 'DONE' and from_at is not null and from_at < $2 and until_at >= $1
), provider as (
    select stated.receipt, min(stated.amount_minor) as minor
    from statement_row stated, covered
    where stated.completed_at >= $1 and stated.completed_at < $2 and stated.completed_at <@ covered.times
      and stated.kind = 'PAYMENT_IN' and stated.outcome in ('PAID', 'REVERSED')
    group by stated.receipt
), books as (
    select moved.receipt, moved.amount_minor as minor from moved, covered
    where moved.at <@ covered.times and moved.receipt is not null
), beside as (
    select provider.minor as provider_minor, books.minor as books_minor
    from provider full join books on books.receipt = provider.receipt
)
select (select coalesce(sum(extract(epoch from upper(part) - lower(part))), 0)::int
        from covered, unnest(covered.times) as part) as covered_s,
       count(provider_minor) as provider_count, coalesce(sum(provider_minor), 0)::bigint as provider_minor,
       count(books_minor) as books_count, coalesce(sum(books_minor), 0)::bigint as books_minor,
       count(*) filter (where books_minor is null) as only_provider,
       count(*) filter (where provider_minor is null) as only_books,
       count(*) filter (where provider_minor <> books_minor) as differing
from beside
"""


async def figures_on(day: date) -> DayFigures:
    """The figures of a day as they stand now."""
    suspense = await house_account(MPESA_SUSPENSE, CURRENCY)
    async with connection() as c, c.transaction(isolation="repeatable_read", readonly=True):
        return await _read(c, day, suspense)


async def _read(c: Connection, day: date, suspense: UUID) -> DayFigures:
    times = bounds_of(day)
    channels = await c.fetch(_CHANNELS, *times)
    outcomes, beside = await c.fetchrow(_OUTCOMES, *times), await c.fetchrow(_BESIDE, *times)
    assert outcomes is not None and beside is not None, "sums of nothing are a row too"
    return DayFigures(
        on_date=day,
        payments=[OfStatus(status=PaymentStatus(row["status"]), **_sum(row)) for row in await c.fetch(_PAYMENTS, *times)],
        received=Sum(count=_total(channels, "count"), amount=_money(_total(channels, "minor"))),
        reversed_amount=_money(_total(channels, "reversed_minor")),
        channels=[OfChannel(channel=Channel(row["channel"]), **_sum(row)) for row in channels],
        purposes=[OfPurpose(purpose=Purpose(row["purpose"]), **_sum(row)) for row in await c.fetch(_PURPOSES, *times)],
        outcomes=Outcomes(**outcomes),
        discrepancies=[
            OfType(type=DiscrepancyType(row["type"]), found=row["found"], unresolved=row["unresolved"])
            for row in await c.fetch(_DISCREPANCIES, *times)
        ],
        orphans=Sum(count=_total(channels, "orphans"), amount=_money(_total(channels, "orphan_minor"))),
        suspense=_money(await c.fetchval(_SUSPENSE, suspense, times[1])),
        statement=_beside(beside),
    )


def _sum(row: Record) -> dict[str, Any]:
    return {"count": row["count"], "amount": _money(row["minor"])}


def _total(rows: Sequence[Record], column: str) -> int:
    return sum(row[column] for row in rows)


def _money(minor: int) -> Money:
    return Money(minor, CURRENCY)


def _beside(row: Record) -> BesideStatement | None:
    if not row["covered_s"]:
        return None
    return BesideStatement(
        covered_s=row["covered_s"],
        provider=Sum(count=row["provider_count"], amount=_money(row["provider_minor"])),
        books=Sum(count=row["books_count"], amount=_money(row["books_minor"])),
        only_provider=row["only_provider"],
        only_books=row["only_books"],
        differing=row["differing"],
    )
