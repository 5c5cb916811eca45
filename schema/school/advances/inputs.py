"""What clients send about money of students in advance, and about what was paid beyond fees."""

from __future__ import annotations

from datetime import date

from domain.school.service.counter import Way
from domain.school.states import FeePaymentMethod
from schema.kit import ID, MoneyInput, attribute, idempotency_key, input_type, optional
from schema.school import enums  # noqa: F401  describes the enums that are used here
from schema.school.said import FEE_EXPECTED, SLIP


@input_type("Money that came for a student before there is a fee for it, or of it that goes back.")
class AdvanceInput:
    student_id: ID = attribute("The student.")
    amount: MoneyInput = attribute("How much.")
    method: FeePaymentMethod = attribute("`CASH` or `BANK`.", default=FeePaymentMethod.CASH)
    reference: str = attribute(SLIP, default="")
    note: str = attribute("What there is to say about it, in up to 300 characters.", default="")
    idempotency_key: str | None = idempotency_key()

    @property
    def way(self) -> Way:
        return Way(method=self.method, reference=self.reference, note=self.note)


@input_type("Money that came for a student before there is a fee for it.")
class RecordAdvanceInput(AdvanceInput):
    paid_on: date | None = optional("The day on which it came, not one to come; today when left out.")


@input_type("Money of a student's advances that goes back.")
class GiveBackAdvanceInput(AdvanceInput):
    pass


@input_type("A fee that is paid from the student's advances.")
class UseAdvanceInput:
    fee_id: ID = attribute("The fee.")
    amount: MoneyInput | None = optional("How much; as much as both have when left out.")
    expected_version: int | None = optional(FEE_EXPECTED)
    idempotency_key: str | None = idempotency_key()


@input_type("What a fee was paid from advances, to be taken back.")
class ReturnAdvanceInput:
    fee_payment_id: ID = attribute("The payment.")
    expected_version: int | None = optional(FEE_EXPECTED)
    idempotency_key: str | None = idempotency_key()


@input_type("What was paid beyond a fee, and where it goes.")
class MoveFeeCreditInput:
    from_fee_id: ID = attribute("The fee that has more than is due.")
    to_fee_id: ID | None = optional("Another fee of the student; the student's advances when left out.")
    amount: MoneyInput | None = optional("How much; as much as there is and the other takes when left out.")
    expected_version: int | None = optional(f"Of the first fee. {FEE_EXPECTED}")
    idempotency_key: str | None = idempotency_key()
