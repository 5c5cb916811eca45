"""What clients send about fees. Nobody sends arrears: they are what is due less what is paid."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from domain.school.fees import GENERAL
from domain.school.queries import fees as queries
from domain.school.rules.plans import Line
from domain.school.service.changing_fees import FeeEdits
from domain.school.service.charging import FeeTerms
from domain.school.service.counter import Way
from domain.school.states import FeePaymentMethod, FeeStatus
from schema.kit import (
    ID,
    CurrencyCode,
    MoneyInput,
    attribute,
    idempotency_key,
    input_type,
    read_id,
    read_optional_id,
)
from schema.school import enums  # noqa: F401  describes the enums that are used here
from schema.school.said import FEE_EXPECTED, REASON, SLIP

_METHOD = "How it came: `CASH` or `BANK`. Mobile money is told of by its provider, and loans by lending."
_NOTE = "What there is to say about the money, in up to 300 characters."
_PAID_ON = "The day on which the money came or went, not one to come; today when left out."


@input_type("What a fee asks for one category with one instalment.")
class FeeLineInput:
    category: str | None = attribute("The code of the category; the general one when left out.", default=None)
    amount: MoneyInput = attribute("How much.")
    due_on: date = attribute("When it is due.")
    instalment_no: int = attribute("Which instalment it is of, from 1.", default=1)

    def parse(self, *path: str) -> Line:
        category = GENERAL if self.category is None else self.category.strip().upper()
        return Line(self.instalment_no, self.due_on, category, self.amount.parse(*path, "amount"))


def _lines(lines: list[FeeLineInput]) -> tuple[Line, ...]:
    return tuple(line.parse("input", "lines", str(place)) for place, line in enumerate(lines))


@input_type("A fee that a student is to be charged, with what is paid of it at once.")
class AddFeeInput:
    student_id: ID = attribute("The student.")
    title: str = attribute("What it is called, in up to 120 characters.")
    amount_due: MoneyInput = attribute("What is due in all, from zero.")
    due_on: date | None = attribute("When it is due; today when left out. Lines have days of their own.", default=None)
    category: str | None = attribute("The code of its category; the general one when left out.", default=None)
    lines: list[FeeLineInput] | None = attribute(
        "What it asks for by instalment and category, in the order in which it is paid; it comes to `amountDue`.",
        default=None,
    )
    enrolment_id: ID | None = attribute("The enrolment that it is for; the one that stands when left out.", default=None)
    amount_paid: MoneyInput | None = attribute("What is paid of it at once, from zero; nothing when left out.", default=None)
    method: FeePaymentMethod = attribute(_METHOD, default=FeePaymentMethod.CASH)
    reference: str = attribute(SLIP, default="")
    note: str = attribute(_NOTE, default="")
    paid_on: date | None = attribute(_PAID_ON, default=None)
    idempotency_key: str | None = idempotency_key()

    def terms(self) -> FeeTerms:
        return FeeTerms(
            title=self.title,
            amount_due=self.amount_due.parse("input", "amountDue", zero=True),
            due_on=self.due_on,
            category=GENERAL if self.category is None else self.category,
            lines=_lines(self.lines or []),
            enrolment_id=read_optional_id("Enrolment", self.enrolment_id, "input", "enrolmentId"),
        )

    @property
    def way(self) -> Way:
        return Way(method=self.method, reference=self.reference, note=self.note)


@input_type("What is said anew about a fee. What is left out stays.")
class UpdateFeeInput:
    fee_id: ID = attribute("The fee.")
    expected_version: int | None = attribute(FEE_EXPECTED, default=None)
    amount_due: MoneyInput | None = attribute("What is due in all, from zero; each line keeps its part of it.", default=None)
    amount_paid: MoneyInput | None = attribute(
        "What is paid of it in all, from zero. More is a payment; less was written down wrongly, and goes back by the ways "
        "it came. At zero the books have no transaction of the fee any more.",
        default=None,
    )
    due_on: date | None = attribute(
        "When it, or the first of its instalments, is due; the others move with it.", default=None
    )
    title: str | None = attribute("What it is called.", default=None)
    lines: list[FeeLineInput] | None = attribute("All that it asks for from now on.", default=None)
    method: FeePaymentMethod = attribute(f"Of what more is paid. {_METHOD}", default=FeePaymentMethod.CASH)
    reference: str = attribute(SLIP, default="")
    note: str = attribute(_NOTE, default="")
    paid_on: date | None = attribute(_PAID_ON, default=None)
    reason: str = attribute(REASON, default="")
    idempotency_key: str | None = idempotency_key()

    def edits(self) -> FeeEdits:
        due, paid = self.amount_due, self.amount_paid
        return FeeEdits(
            amount_due=None if due is None else due.parse("input", "amountDue", zero=True),
            amount_paid=None if paid is None else paid.parse("input", "amountPaid", zero=True),
            due_on=self.due_on,
            title=self.title,
            lines=None if self.lines is None else _lines(self.lines),
        )

    @property
    def way(self) -> Way:
        return Way(method=self.method, reference=self.reference, note=self.note)


@input_type("A fee to be deleted.")
class DeleteFeeInput:
    fee_id: ID = attribute("The fee.")
    expected_version: int | None = attribute(FEE_EXPECTED, default=None)
    reason: str = attribute(REASON, default="")
    idempotency_key: str | None = idempotency_key()


@input_type("Money for a fee.")
class PayFeeInput:
    fee_id: ID = attribute("The fee.")
    amount: MoneyInput | None = attribute(
        "How much; all that is outstanding when left out. What exceeds the fee is the family's credit.", default=None
    )
    method: FeePaymentMethod = attribute(
        "How it came. Staff write down `CASH` and `BANK`; a guardian pays from the own `WALLET`. Mobile money is asked for "
        "by `initiateMpesaPayment`.",
        default=FeePaymentMethod.CASH,
    )
    reference: str = attribute(SLIP, default="")
    note: str = attribute(_NOTE, default="")
    paid_on: date | None = attribute(f"{_PAID_ON} Out of a wallet it is today.", default=None)
    expected_version: int | None = attribute(FEE_EXPECTED, default=None)
    idempotency_key: str | None = idempotency_key()

    @property
    def way(self) -> Way:
        return Way(method=self.method, reference=self.reference, note=self.note)


@input_type("Which fees. What is left out does not narrow, but that deleted fees are left out unless asked for.")
class SchoolFeeFilter:
    statuses: list[FeeStatus] | None = attribute("That stand there; `VOID` for those that were deleted.", default=None)
    student_id: ID | None = attribute("Of this student.", default=None)
    class_id: ID | None = attribute("Charged in this class.", default=None)
    structure_id: ID | None = attribute("Charged by this structure.", default=None)
    branch_id: ID | None = attribute("Of this campus.", default=None)
    currency: CurrencyCode | None = attribute("In this currency.", default=None)
    since: date | None = attribute("Due on this day or later.", default=None, name="from")
    until: date | None = attribute("Due on this day or earlier.", default=None, name="to")
    overdue: bool = attribute("Only those of which something ought to be paid by now.", default=False)
    alerted: bool | None = attribute("Whether an alert of high arrears is open.", default=None)
    search: str | None = attribute("The number of a fee, or a part of the student's name.", default=None)

    def parse(self) -> queries.FeeFilter:
        return queries.FeeFilter(
            statuses=self.statuses or (),
            student_id=read_optional_id("Student", self.student_id, "filter", "studentId"),
            class_id=read_optional_id("SchoolClass", self.class_id, "filter", "classId"),
            structure_id=read_optional_id("FeeStructure", self.structure_id, "filter", "structureId"),
            branch_id=read_optional_id("Branch", self.branch_id, "filter", "branchId"),
            currency=self.currency,
            since=self.since,
            until=self.until,
            overdue=self.overdue,
            alerted=self.alerted,
            search=self.search,
        )


def fee_id_of(fee_id: ID) -> UUID:
    found: UUID = read_id("SchoolFee", fee_id, "input", "feeId")
    return found
