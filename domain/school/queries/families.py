"""What families read: their wards, and what a student was charged and paid over a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.database import Record, fetch, fetchval
from domain.kit.errors import InvalidInput
from domain.kit.money import Money, decimals_of
from domain.kit.reading import read
from domain.school import settings
from domain.school.fee_access import payer_of
from domain.school.models import Student, StudentGuardian
from domain.school.states import GuardianRelation
from domain.school.words import require_forward

MAX_ROWS: Final = 500


@dataclass(frozen=True, slots=True)
class _OfAStudent:
    """What tells of a student by id and by name."""

    student: Student

    @property
    def student_id(self) -> UUID:
        return self.student.id

    @property
    def student_name(self) -> str:
        return self.student.full_name


@dataclass(frozen=True, slots=True)
class Ward(_OfAStudent):
    """Somebody whom the viewer answers for."""

    relation: GuardianRelation
    is_primary: bool


async def my_wards(actor: Actor) -> list[Ward]:
    """The students whom the actor answers for, by name."""
    actor.require(Permission.WARDS_READ)
    answers = {row.student_id: row for row in await read(StudentGuardian.filter(user_id=actor.id))}
    students = Student.filter(id__in=list(answers), deleted_at__isnull=True).order_by("full_name", "id")
    return [Ward(each, answers[each.id].relation, answers[each.id].is_primary) for each in await read(students)]


@dataclass(frozen=True, slots=True)
class Balance:
    """What a student's fees in one currency come to: credit of one fee does not pay another, and is shown apart."""

    currency: str
    outstanding: Money
    credit: Money
    advances: Money


# What is owed by students ($1), was paid beyond fees, and is there for no fee yet, by currency.
BALANCES: Final = """
select student_id, currency, sum(outstanding)::bigint as outstanding, sum(credit)::bigint as credit,
       sum(advances)::bigint as advances
from (select student_id, currency, greatest(arrears_minor, 0) as outstanding, greatest(-arrears_minor, 0) as credit,
             0 as advances
      from school_fee where student_id = any ($1) and voided_at is null
      union all
      select student_id, currency, 0, 0, amount_minor from student_advance where student_id = any ($1)) sums
group by student_id, currency order by student_id, currency
"""


async def balances_of(student_ids: Collection[UUID]) -> dict[UUID, list[Balance]]:
    """What students owe who were found visible with their money."""
    found: dict[UUID, list[Balance]] = {}
    for row in await fetch(BALANCES, list(student_ids)):
        currency = row["currency"]
        outstanding, credit, advances = (Money(row[name], currency) for name in ("outstanding", "credit", "advances"))
        found.setdefault(row["student_id"], []).append(Balance(currency, outstanding, credit, advances))
    return found


class StatementKind(StrEnum):
    """What a line of a statement is. CHARGE: more is due, or less. ADVANCE: money that is for no fee yet."""

    CHARGE = "CHARGE"
    PAYMENT = "PAYMENT"
    CORRECTION = "CORRECTION"
    REFUND = "REFUND"
    MOVED = "MOVED"
    ADVANCE = "ADVANCE"


@dataclass(frozen=True, slots=True)
class StatementLine:
    """What changed what a student owes: ``charged`` adds to it, ``paid`` takes off; ``balance`` is what is owed after it."""

    kind: StatementKind
    on: date
    fee_id: UUID | None
    reference: str
    text: str
    receipt_number: str | None
    charged: Money
    paid: Money
    balance: Money


@dataclass(frozen=True, slots=True)
class StudentStatement(_OfAStudent):
    """What a student owed before a time, was charged and paid in it, and owes at its end. Under zero is the family's."""

    currency: str
    since: date
    until: date
    brought_forward: Money
    lines: Sequence[StatementLine]
    charged: Money
    paid: Money
    closing: Money


# All that ever changed what a student ($1) owes in a currency ($2), as the books have it: what is due by its entries, and
# money by its rows. Money that was in advance and went to a fee changes nothing, and neither row of it is told.
MOVES: Final = """
with due as (
    select e.effective_on as on_date, e.number as place, f.id as fee_id, f.number as reference, f.title, l.amount_minor
    from school_fee f
    join journal_entry e on e.reference_kind = 'school_fee_due' and e.reference_id = f.id
    join journal_line l on l.entry_id = e.id
    join ledger_account a on a.id = l.account_id and a.code = '1330'
    where f.student_id = $1 and f.currency = $2
), money as (
    select p.paid_on, e.number, f.id, f.number as reference, f.title, p.kind, p.receipt_number, p.amount_minor
    from school_fee f
    join fee_payment p on p.fee_id = f.id
    join journal_entry e on e.id = p.entry_id
    where f.student_id = $1 and f.currency = $2
      and not exists (select from student_advance used where used.fee_payment_id = p.id)
), advance as (
    select v.paid_on, e.number, v.receipt_number, v.amount_minor, v.reference
    from student_advance v join journal_entry e on e.id = v.entry_id
    where v.student_id = $1 and v.currency = $2 and v.fee_payment_id is null
)
select 'CHARGE' as kind, on_date, place, fee_id, reference, title, null as receipt_number, amount_minor as charged, 0 as paid
from due
union all
select kind, paid_on, number, id, reference, title, receipt_number, 0, amount_minor from money
union all
select 'ADVANCE', paid_on, number, null, coalesce(receipt_number, ''), reference, receipt_number, 0, amount_minor
from advance
"""

BEFORE: Final = f"select coalesce(sum(charged - paid), 0)::bigint from ({MOVES}) moves where on_date < $3"

# On one day what was charged comes first.
WITHIN: Final = f"""
select kind, on_date, fee_id, reference, title, receipt_number, charged::bigint as charged, paid::bigint as paid
from ({MOVES}) moves where on_date between $3 and $4 order by on_date, kind <> 'CHARGE', place limit $5
"""


async def student_statement(
    actor: Actor,
    *,
    student_id: UUID,
    since: date | None = None,
    until: date | None = None,
    currency: str | None = None,
    field: tuple[str, ...] = ("studentId",),
) -> StudentStatement:
    """What a student was charged and paid, from the first of January to today unless said otherwise, for staff who read fees
    and for guardians. Refuses with STUDENT_NOT_FOUND, and with INVALID_INPUT what is too long to be told at once."""
    actor.require(Permission.SIGNED_IN)
    student = await payer_of(actor, student_id, field=field)
    until = until or clock.today()
    since = since or until.replace(month=1, day=1)
    require_forward(since, until, "to")
    currency = currency or settings.current().currency
    decimals_of(currency)
    brought = Money(await fetchval(BEFORE, student_id, currency, since), currency)
    rows = await fetch(WITHIN, student_id, currency, since, until, MAX_ROWS + 1)
    if len(rows) > MAX_ROWS:
        raise InvalidInput(f"more than {MAX_ROWS} lines: ask for a shorter time", field=("to",))
    lines = list(_lines(rows, brought))
    zero = Money.zero(currency)
    return StudentStatement(
        student=student,
        currency=currency,
        since=since,
        until=until,
        brought_forward=brought,
        lines=lines,
        charged=sum((line.charged for line in lines), zero),
        paid=sum((line.paid for line in lines), zero),
        closing=lines[-1].balance if lines else brought,
    )


def _lines(rows: Iterable[Record], brought: Money) -> Iterator[StatementLine]:
    balance = brought
    for row in rows:
        charged, paid = Money(row["charged"], brought.currency), Money(row["paid"], brought.currency)
        balance = balance + charged - paid
        yield StatementLine(
            StatementKind(row["kind"]),
            row["on_date"],
            row["fee_id"],
            row["reference"],
            row["title"],
            row["receipt_number"],
            charged,
            paid,
            balance,
        )
