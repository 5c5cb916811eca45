"""Reading fees: what is due and paid of them, line by line, the money that came, and receipts as they were given."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from tortoise.expressions import Q

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.database import fetch
from domain.kit.errors import InvalidInput
from domain.kit.money import Money
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import RowsWith, Wanted, read, read_one, rows_by_id, rows_of, source
from domain.school.access import seen_fees, visible_fees
from domain.school.fee_access import of_seen_fees, visible_advances, visible_fee_payments
from domain.school.models import FeePayment, SchoolFee, Student, StudentAdvance
from domain.school.rules.allocation import spread
from domain.school.rules.fees import fee_id_in
from domain.school.rules.plans import Line
from domain.school.states import OWING, FeePaymentMethod, FeeStatus
from domain.school.words import require_forward

MAX_FEES: Final = 100
MAX_SEARCH: Final = 100
MAX_NUMBER: Final = 40
MAX_DIGITS: Final = 18
IN_ADVANCE: Final = "Money in advance"

# What some fees ($1) ask for now, line by line, in their order.
LINES: Final = """
select f.id as fee_id, f.currency, f.paid_minor, l.instalment_no, l.due_on, l.category_code, c.title, l.amount_minor
from school_fee f
join fee_line l on l.fee_id = f.id and l.edition = f.edition
join fee_category c on c.code = l.category_code
where f.id = any($1) order by f.id, l.position
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeFilter:
    """Which fees; what is not said does not narrow, but that deleted ones are left out unless their status is asked for.

    ``since`` and ``until`` are days on which they are due. ``overdue`` are those of which something ought to be paid by now.
    ``search`` is a number, or a part of the student's name.
    """

    statuses: Sequence[FeeStatus] = ()
    student_id: UUID | None = None
    class_id: UUID | None = None
    structure_id: UUID | None = None
    branch_id: UUID | None = None
    currency: str | None = None
    since: date | None = None
    until: date | None = None
    overdue: bool = False
    alerted: bool | None = None
    search: str | None = None

    def __post_init__(self) -> None:
        require_forward(self.since, self.until, "filter", "to")

    @property
    def condition(self) -> Q:
        said: dict[str, Any] = {
            "student_id": self.student_id,
            "class_id": self.class_id,
            "structure_id": self.structure_id,
            "branch_id": self.branch_id,
            "currency": self.currency,
            "due_on__gte": self.since,
            "due_on__lte": self.until,
            "arrears_alerted": self.alerted,
        }
        found = Q(**{name: value for name, value in said.items() if value is not None})
        found &= Q(status__in=list(self.statuses)) if self.statuses else Q(voided_at__isnull=True)
        if self.overdue:
            found &= Q(due_on__lt=clock.today(), status__in=list(OWING))
        return found & _searched(self.search)


def _searched(text: str | None) -> Q:
    if text is None:
        return Q()
    text = " ".join(text.split())
    if not 0 < len(text) <= MAX_SEARCH or not text.isprintable():
        raise InvalidInput(f"look for 1 to {MAX_SEARCH} characters", field=("filter", "search"))
    named = RowsWith(Student, Q(full_name__icontains=text))
    serial = serial_in(text)
    return Q(student_id__in=named) if serial is None else Q(Q(serial=serial), Q(student_id__in=named), join_type=Q.OR)


async def fees(actor: Actor, page: PageRequest, wanted: FeeFilter | None = None) -> Page[SchoolFee]:
    """The fees that the actor reads as staff or as a guardian, the newest first."""
    actor.require(Permission.SIGNED_IN)
    return await page_of(visible_fees(actor).filter((wanted or FeeFilter()).condition), page, "-created_at", "-id")


fees_by_id = rows_by_id(SchoolFee, seen_fees)
"""Several fees; deleted ones are among them."""


def _seen_and_standing(actor: Actor) -> Q:
    return Q(voided_at__isnull=True) & seen_fees(actor)


_all_fees_of_students = rows_of(SchoolFee, "student_id", _seen_and_standing, order=("-due_on", "-serial"))


@source
async def fees_of_students(actor: Actor, student_ids: Collection[UUID], wanted: Wanted) -> dict[UUID, list[SchoolFee]]:
    """The fees of several students that stand and that the actor sees: of each the latest due first, and ``MAX_FEES`` at
    most."""
    found = await _all_fees_of_students.read(actor, student_ids, wanted)
    return {student_id: fees[:MAX_FEES] for student_id, fees in found.items()}


async def fee_of_number(actor: Actor, number: str) -> SchoolFee | None:
    actor.require(Permission.SIGNED_IN)
    serial = serial_in(number)
    return None if serial is None else await read_one(visible_fees(actor).filter(serial=serial))


def serial_in(number: str) -> int | None:
    """The serial number of a fee in what somebody typed for its number; None when that is none."""
    digits = fee_id_in(_number(number)) or ""
    return int(digits) if digits.isdigit() and len(digits) <= MAX_DIGITS else None


def _number(text: str) -> str:
    """As numbers are kept; nothing for what cannot be one."""
    found = text.strip().upper()
    return found if len(found) <= MAX_NUMBER and found.isascii() and found.isprintable() else ""


@dataclass(frozen=True, slots=True)
class ShownLine:
    """What a fee asks for one category with one instalment, and what of it is paid: the oldest is paid first."""

    instalment_no: int
    due_on: date
    category_code: str
    category_title: str
    amount: Money
    paid: Money
    unpaid: Money


async def lines_of(fee_ids: Collection[UUID]) -> dict[UUID, list[ShownLine]]:
    """The lines of fees that were found visible, in the order in which they are paid."""
    titles: dict[str, str] = {}
    asked: dict[UUID, list[Line]] = {}
    paid: dict[UUID, Money] = {}
    for row in await fetch(LINES, list(fee_ids)):
        titles[row["category_code"]] = row["title"]
        paid[row["fee_id"]] = Money(row["paid_minor"], row["currency"])
        amount = Money(row["amount_minor"], row["currency"])
        line = Line(row["instalment_no"], row["due_on"], row["category_code"], amount)
        asked.setdefault(row["fee_id"], []).append(line)
    return {
        fee_id: [
            ShownLine(
                each.line.number,
                each.line.due_on,
                each.line.category,
                titles[each.line.category],
                each.line.amount,
                each.paid,
                each.unpaid,
            )
            for each in spread(lines, paid[fee_id]).rows
        ]
        for fee_id, lines in asked.items()
    }


payments_of = rows_of(FeePayment, "fee_id", order=("serial",))
"""What came for fees that were found visible and what went back, in the order in which it was written down."""

payments_by_id = rows_by_id(FeePayment, of_seen_fees)


async def student_names(fee_ids: Collection[UUID]) -> dict[UUID, str]:
    """How the students of fees that were found visible are called now; for those who read fees, and not of students."""
    rows = await fetch(
        "select f.id, s.full_name from school_fee f join student s on s.id = f.student_id where f.id = any($1)",
        list(fee_ids),
    )
    return {row["id"]: row["full_name"] for row in rows}


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """How much of a payment went to one category of one instalment."""

    instalment_no: int
    due_on: date
    category_code: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenReceipt:
    """A receipt as it was given, with the names and figures of then. One for money in advance is for no fee yet."""

    id: UUID
    number: str
    fee_id: UUID | None
    fee_number: str | None
    title: str
    student_name: str
    paid_on: date
    method: FeePaymentMethod
    reference: str
    amount: Money
    lines: Sequence[ReceiptLine]
    beyond: Money
    paid_in_all: Money | None
    outstanding: Money | None
    credit: Money | None
    taken_back: bool


async def receipt(actor: Actor, number: str) -> GivenReceipt | None:
    """A receipt by its number, for a fee or for money in advance; None when there is none, or none for the actor."""
    actor.require(Permission.SIGNED_IN)
    number = _number(number)
    if not number:
        return None
    payment = await read_one(visible_fee_payments(actor).filter(receipt_number=number))
    if payment is not None:
        return (await _receipts([payment]))[payment.id]
    advance = await read_one(visible_advances(actor).filter(receipt_number=number))
    return None if advance is None else (await _receipts([advance]))[advance.id]


async def receipts_of_payments(payments: Collection[UUID]) -> dict[UUID, GivenReceipt]:
    """The receipts of payments that were found visible; none for corrections and what went back."""
    given = FeePayment.filter(id__in=list(payments), receipt_number__isnull=False)
    rows: list[FeePayment] = await read(given)
    return await _receipts(rows)


async def _receipts(rows: Sequence[FeePayment | StudentAdvance]) -> dict[UUID, GivenReceipt]:
    ids = [row.id for row in rows]
    undone = {
        each["undoes_id"]
        for each in await fetch(
            """select undoes_id from fee_payment where undoes_id = any($1)
               union all select undoes_id from student_advance where undoes_id = any($1)""",
            ids,
        )
    }
    return {row.id: _given(row, row.id in undone) for row in rows}


def _given(row: FeePayment | StudentAdvance, taken_back: bool) -> GivenReceipt:
    said, number = row.receipt, row.receipt_number
    assert said is not None and number is not None, "both are there, or none"

    def money(name: str) -> Money | None:
        return None if said.get(name) is None else Money(said[name], row.currency)

    return GivenReceipt(
        id=row.id,
        number=number,
        fee_id=row.fee_id if isinstance(row, FeePayment) else None,
        fee_number=said.get("fee"),
        title=said.get("title", IN_ADVANCE),
        student_name=said["student"],
        paid_on=row.paid_on,
        method=row.method,
        reference=row.reference,
        amount=Money(row.amount_minor, row.currency),
        lines=[
            ReceiptLine(
                line["instalment"],
                date.fromisoformat(line["due_on"]),
                line["category"],
                Money(line["amount_minor"], row.currency),
            )
            for line in said.get("lines", ())
        ],
        # Money in advance is for no fee, and so all of it is beyond any.
        beyond=money("beyond_minor") or Money(0 if "fee" in said else row.amount_minor, row.currency),
        paid_in_all=money("paid_in_all_minor"),
        outstanding=money("outstanding_minor"),
        credit=money("credit_minor"),
        taken_back=taken_back,
    )
