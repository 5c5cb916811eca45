"""The risk score of an invoice: a few rules over what is known here, each of which says what it adds and why.

It starts at :data:`BASE` and every rule adds points (more risk) or takes some away; the sum is kept between 0 and 100.
Whoever may see an invoice sees its score; the sentences count invoices and name nobody but its own parties.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.invoice_finance.access import visible_invoices
from domain.invoice_finance.models import Invoice
from domain.invoice_finance.states import InvoiceStatus
from domain.kit.database import Record, fetch
from domain.kit.decimals import plain
from domain.kit.money import Money
from domain.kit.reading import read

BASE: Final = 20


class RiskGrade(str, Enum):
    """The score in one letter: A from 0, B from 20, C from 40, D from 60, E from 80."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"


class RiskRule(str, Enum):
    """What a rule looks at."""

    BASE = "BASE"
    DEBTOR_RECORD = "DEBTOR_RECORD"
    SELLER_RECORD = "SELLER_RECORD"
    TENOR = "TENOR"
    ADVANCE_RATE = "ADVANCE_RATE"
    RECOURSE = "RECOURSE"
    CONCENTRATION = "CONCENTRATION"
    SIZE = "SIZE"
    PAYMENT_STATUS = "PAYMENT_STATUS"


@dataclass(frozen=True, slots=True)
class RiskFactor:
    """What one rule found: points that raise (or, negative, lower) the score, and why."""

    rule: RiskRule
    points: int
    sentence: str


@dataclass(frozen=True, slots=True)
class RiskScore:
    """From 0 (little risk) to 100, with all that went into it, the weightiest first."""

    invoice_id: UUID
    score: int
    grade: RiskGrade
    factors: list[RiskFactor]


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """What became of other invoices: paid in full by the end of the grace, in full but later, not in full."""

    on_time: int = 0
    late: int = 0
    defaulted: int = 0

    @property
    def known(self) -> int:
        return self.on_time + self.late + self.defaulted


@dataclass(frozen=True, slots=True)
class History:
    """What is known around an invoice: its debtor's and its seller's record, and what they have going on."""

    debtor: TrackRecord
    seller: TrackRecord
    largest_repaid: Money
    open_with_debtor: int
    open_of_seller: int


# For each of some invoices ($1): the other invoices of its debtor (any seller's; by account, or by name where there is
# none), of its seller, and of both in the same currency. Late means: it had become overdue before it was settled.
HISTORY: Final = """
select i.id, i.currency, debtor.*, seller.*
from invoice i
cross join lateral (
    select count(*) filter (where o.status = 'SETTLED' and o.overdue_at is null) as debtor_on_time,
           count(*) filter (where o.status = 'SETTLED' and o.overdue_at is not null) as debtor_late,
           count(*) filter (where o.defaulted_at is not null) as debtor_defaulted,
           coalesce(max(o.face_minor) filter (where o.status = 'SETTLED' and o.currency = i.currency), 0) as largest_repaid
    from invoice o
    where o.id <> i.id
      and ((i.debtor_id is not null and o.debtor_id = i.debtor_id) or lower(o.debtor_name) = lower(i.debtor_name))
) debtor
cross join lateral (
    select count(*) filter (where o.status = 'SETTLED' and o.overdue_at is null) as seller_on_time,
           count(*) filter (where o.status = 'SETTLED' and o.overdue_at is not null) as seller_late,
           count(*) filter (where o.defaulted_at is not null) as seller_defaulted,
           count(*) filter (where o.ended_at is null and o.listed_at is not null) as open_of_seller,
           count(*) filter (where o.ended_at is null and o.listed_at is not null
                                  and lower(o.debtor_name) = lower(i.debtor_name)) as open_with_debtor
    from invoice o where o.id <> i.id and o.seller_id = i.seller_id
) seller
where i.id = any ($1)
"""


async def risk_scores(actor: Actor, invoice_ids: Sequence[UUID]) -> dict[UUID, RiskScore]:
    """The scores of those of some invoices that the actor may see; for loaders."""
    seen = {invoice.id: invoice for invoice in await read(visible_invoices(actor).filter(id__in=invoice_ids))}
    rows = await fetch(HISTORY, list(seen)) if seen else []
    return {row["id"]: score(seen[row["id"]], _history(row)) for row in rows}


def score(invoice: Invoice, history: History) -> RiskScore:
    """The sum of all rules for an invoice."""
    factors = [RiskFactor(RiskRule.BASE, BASE, f"Every invoice starts with {BASE} points.")]
    factors += [factor for rule in RULES for factor in rule(invoice, history)]
    points = min(100, max(0, sum(factor.points for factor in factors)))
    weighty = sorted(factors, key=lambda factor: -abs(factor.points))
    return RiskScore(invoice.id, points, list(RiskGrade)[min(points // 20, 4)], weighty)


def _debtor_record(invoice: Invoice, history: History) -> Iterator[RiskFactor]:
    name, record = invoice.debtor_name, history.debtor
    if not record.known:
        yield RiskFactor(RiskRule.DEBTOR_RECORD, 10, f"Nothing is known here yet of how {name} pays.")
        return
    points = -min(15, 5 * record.on_time) + min(15, 5 * record.late) + min(40, 20 * record.defaulted)
    yield RiskFactor(RiskRule.DEBTOR_RECORD, points, f"{name} {_told(record)}.")


def _seller_record(invoice: Invoice, history: History) -> Iterator[RiskFactor]:
    record = history.seller
    if not record.known:
        yield RiskFactor(RiskRule.SELLER_RECORD, 8, f"No invoice of {invoice.seller_name} has come to its end here yet.")
        return
    points = -min(10, 2 * record.on_time) + min(10, 2 * record.late) + min(30, 15 * record.defaulted)
    yield RiskFactor(RiskRule.SELLER_RECORD, points, f"Of what {invoice.seller_name} sold, debtors {_told(record)}.")


def _tenor(invoice: Invoice, history: History) -> Iterator[RiskFactor]:
    days = invoice.tenor_days
    points = next((points for limit, points in ((30, 0), (60, 3), (90, 6), (180, 10)) if days <= limit), 15)
    yield RiskFactor(RiskRule.TENOR, points, f"The money is out for {_count(days, 'day')}.")


def _advance_rate(invoice: Invoice, history: History) -> Iterator[RiskFactor]:
    rate = invoice.advance_rate
    points = 0 if rate <= Decimal(80) else 5 if rate <= Decimal(90) else 10
    reserve = plain(Decimal(100) - rate)
    cushion = f"leaves a reserve of {reserve} percent" if reserve else "leaves no reserve"
    yield RiskFactor(RiskRule.ADVANCE_RATE, points, f"An advance of {plain(rate)} percent {cushion}.")


def _recourse(invoice: Invoice, history: History) -> Iterator[RiskFactor]:
    if invoice.recourse:
        yield RiskFactor(RiskRule.RECOURSE, -5, "The seller answers for the debt if the debtor is late.")


def _concentration(invoice: Invoice, history: History) -> Iterator[RiskFactor]:
    if history.open_of_seller >= 2 and 2 * history.open_with_debtor > history.open_of_seller:
        part = f"{history.open_with_debtor} of {history.open_of_seller}"
        sentence = f"{part} other open invoices of the seller are owed by the same debtor."
        yield RiskFactor(RiskRule.CONCENTRATION, 8, sentence)


def _size(invoice: Invoice, history: History) -> Iterator[RiskFactor]:
    largest = history.largest_repaid
    if largest and invoice.face_minor > 2 * largest.amount_minor:
        sentence = f"It is more than twice as large as anything {invoice.debtor_name} has paid here."
        yield RiskFactor(RiskRule.SIZE, 7, sentence)


def _payment_status(invoice: Invoice, history: History) -> Iterator[RiskFactor]:
    if invoice.status is InvoiceStatus.OVERDUE:
        yield RiskFactor(RiskRule.PAYMENT_STATUS, 20, "It is overdue.")
    elif invoice.status is InvoiceStatus.DEFAULTED:
        yield RiskFactor(RiskRule.PAYMENT_STATUS, 50, "It is in default.")


Rule = Callable[[Invoice, History], Iterator[RiskFactor]]

RULES: Final[tuple[Rule, ...]] = (
    _debtor_record,
    _seller_record,
    _tenor,
    _advance_rate,
    _recourse,
    _concentration,
    _size,
    _payment_status,
)


def _told(record: TrackRecord) -> str:
    """A record in words: paid 3 invoices on time, paid 1 invoice late and defaulted on 2 invoices."""
    found = (
        (record.on_time, "paid {} on time"),
        (record.late, "paid {} late"),
        (record.defaulted, "defaulted on {}"),
    )
    parts = [words.format(_count(number, "invoice")) for number, words in found if number]
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _history(row: Record) -> History:
    return History(
        debtor=TrackRecord(row["debtor_on_time"], row["debtor_late"], row["debtor_defaulted"]),
        seller=TrackRecord(row["seller_on_time"], row["seller_late"], row["seller_defaulted"]),
        largest_repaid=Money(row["largest_repaid"], row["currency"]),
        open_with_debtor=row["open_with_debtor"],
        open_of_seller=row["open_of_seller"],
    )
