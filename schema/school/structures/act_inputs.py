"""What clients send about students who are charged by a structure, and given money back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.school.rules.proration import Presence
from domain.school.service.counter import Way
from domain.school.states import FeePaymentMethod, PlanKind
from domain.school.tariffs import bad_structure
from schema.kit import ID, MoneyInput, attribute, idempotency_key, input_type, optional, read_id
from schema.school import enums  # noqa: F401  describes the enums that are used here
from schema.school.said import EXPECTED, FEE_EXPECTED, REASON, SLIP
from schema.school.structures.inputs import PERCENT

_METHOD = "`CASH`, `BANK`, or `WALLET` for the wallet of a guardian."


def _students(ids: list[ID] | None) -> list[UUID] | None:
    if ids is None:
        return None
    return [read_id("Student", each, "input", "studentIds", str(place)) for place, each in enumerate(ids)]


@input_type("What a student pays less: an amount or a percentage.")
class GiveStudentDiscountInput:
    student_id: ID = attribute("The student.")
    title: str = attribute("What it is called, in 1 to 80 characters.")
    amount: MoneyInput | None = optional("The amount, off fees in its currency.")
    percent: Decimal | None = optional(f"The percentage. {PERCENT}")
    category: str | None = optional("The category that it is on; the whole fee when left out.")
    structure_id: ID | None = optional("The structure that it is of; all when left out.")
    valid_from: date | None = optional("The first day of charges that it holds for.")
    valid_until: date | None = optional("The last day of charges that it holds for.")
    idempotency_key: str | None = idempotency_key()


@input_type("A discount of a student that is withdrawn.")
class WithdrawStudentDiscountInput:
    discount_id: ID = attribute("The discount.")
    expected_version: int | None = optional(EXPECTED)


@input_type("Whom to charge by a structure: a class, or some students.")
class AddFeesInput:
    structure_id: ID = attribute("The structure.")
    class_id: ID | None = optional("All who are enrolled in this class for the time that the structure is for.")
    student_ids: list[ID] | None = optional("These students, at most 5000; instead of a class.")
    schedule_id: ID | None = optional("One of its schedules; the whole structure when left out.")
    plan_kind: PlanKind | None = optional("One of the plans that it offers; the usual one when left out.")
    idempotency_key: str | None = idempotency_key()

    def students(self) -> list[UUID] | None:
        return _students(self.student_ids)


@input_type("Which fees to charge for being late. What is left out does not narrow.")
class AddLateFeesInput:
    structure_id: ID | None = optional("Charged by this structure.")
    class_id: ID | None = optional("Charged in this class.")
    as_of: date | None = optional("Late by the end of this day, not one to come; today when left out.")
    idempotency_key: str | None = idempotency_key()


@input_type("Whose arrears are carried over, and to when.")
class CarryOverArrearsInput:
    year_id: ID = attribute("The year that they are carried over to.")
    term_id: ID | None = optional("The term of it; its first day when left out.")
    class_id: ID | None = optional("Of who is enrolled in this class in that year; of all when left out.")
    student_ids: list[ID] | None = optional("Of these students, instead.")
    idempotency_key: str | None = idempotency_key()

    def students(self) -> list[UUID] | None:
        return _students(self.student_ids)


@input_type("Money of a fee that goes back.")
class RefundFeeInput:
    fee_id: ID = attribute("The fee.")
    left_on: date | None = optional(
        "The student's last day: less is due by the ladder of the structure, once, and what was paid beyond that goes back. "
        "When left out, what was paid beyond the fee goes back."
    )
    amount: MoneyInput | None = optional("How much of it; all when left out. The rest stays credit.")
    method: FeePaymentMethod = attribute(f"How it goes back: {_METHOD}", default=FeePaymentMethod.CASH)
    to_user_id: ID | None = optional("The guardian whose wallet it goes into; the primary one when left out.")
    reference: str = attribute(SLIP, default="")
    reason: str = attribute(REASON, default="")
    expected_version: int | None = optional(FEE_EXPECTED)
    idempotency_key: str | None = idempotency_key()

    @property
    def way(self) -> Way:
        return Way(method=self.method, reference=self.reference)


@input_type("Other terms of a fee that is charged already.")
class ChangeFeeTermsInput:
    fee_id: ID = attribute("The fee.")
    plan_kind: PlanKind | None = optional("One of the plans that its structure offers; as it is when left out.")
    charge_anew: bool = attribute(
        "Charge it by its structure as that is now, with the discounts that the student has now. Else as much is due as "
        "before.",
        default=False,
    )
    expected_version: int | None = optional(FEE_EXPECTED)
    idempotency_key: str | None = idempotency_key()


@input_type("Lessons that were missed, and months that were not charged.")
class LessonsInput:
    missed: int = attribute("How many lessons were missed, up to 1000.")
    lesson: MoneyInput = attribute("What a lesson costs.")
    months_uncharged: int = attribute("How many months were not charged.", default=0)
    month: MoneyInput = attribute("What a month costs.")

    def figures(self, *path: str) -> dict[str, Any]:
        return {
            "missed": self.missed,
            "lesson": self.lesson.parse(*path, "lesson"),
            "months_uncharged": self.months_uncharged,
            "month": self.month.parse(*path, "month"),
        }


@input_type("Lessons that are settled with a fee.")
class SettleMissedLessonsInput(LessonsInput):
    fee_id: ID = attribute("The fee.")
    category: str = attribute("The code of the category that they are of.")
    expected_version: int | None = optional(FEE_EXPECTED)
    idempotency_key: str | None = idempotency_key()


@input_type("What was missed of a term, as somebody counted it.")
class MissedInput:
    units: int = attribute("How many days, weeks or lessons were missed, as the structure counts them.")
    of: int = attribute("Out of how many, up to 1000.")

    def parse(self, *path: str) -> Presence:
        with bad_structure(*path):
            return Presence(self.units, self.of)
