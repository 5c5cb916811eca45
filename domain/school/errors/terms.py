"""Refusals about what fees are made of and how they are charged, given back and moved."""

from __future__ import annotations

from domain.kit.errors import Conflict, DomainError, InvalidInput, NotFound
from domain.kit.money import Money


class BadFeeStructure(InvalidInput):
    """What the fee structure says does not fit together; the field says where."""

    code = "BAD_FEE_STRUCTURE"


class FeeCategoryNotFound(NotFound):
    """There is no such category of fees."""

    code = "FEE_CATEGORY_NOT_FOUND"

    def __init__(self, category: str, *, field: tuple[str, ...] | None = None) -> None:
        super().__init__(f"there is no category {category[:40]} of fees", field=field)


class NotAnIncomeAccount(InvalidInput):
    """The chart of accounts has no such income account that the school may post to."""

    code = "NOT_AN_INCOME_ACCOUNT"


class FeeStructureNotFound(NotFound):
    """There is no such fee structure, or none for you."""

    code = "FEE_STRUCTURE_NOT_FOUND"

    def __init__(self, *, field: tuple[str, ...] | None = ("input", "structureId")) -> None:
        super().__init__("there is no such fee structure", field=field)


class FeeScheduleNotFound(NotFound):
    """The fee structure has no such schedule."""

    code = "FEE_SCHEDULE_NOT_FOUND"

    def __init__(self, *, field: tuple[str, ...] | None = ("input", "scheduleId")) -> None:
        super().__init__("the structure has no such schedule", field=field)


class StudentDiscountNotFound(NotFound):
    """There is no such discount, or none for you."""

    code = "STUDENT_DISCOUNT_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("there is no such discount", field=("input", "discountId"))


class FeeStructureInactive(DomainError):
    """Nobody is charged by this fee structure any more."""

    code = "FEE_STRUCTURE_INACTIVE"
    field = ("input", "structureId")


class FeeStructureUnfit(DomainError):
    """The fee structure is for another class, programme or period than the enrolment."""

    code = "FEE_STRUCTURE_UNFIT"
    field = ("input", "structureId")


class NotEnrolled(DomainError):
    """The student is not enrolled for what this is about."""

    code = "NOT_ENROLLED"


class ChargedAlready(Conflict):
    """The student was charged this already."""

    code = "CHARGED_ALREADY"

    def __init__(self, number: str) -> None:
        super().__init__(f"{number} charges this already", field=("input", "structureId"))


class FeeWithoutStructure(DomainError):
    """The fee was charged by no structure, so that nothing says how this is to be done."""

    code = "FEE_WITHOUT_STRUCTURE"
    field = ("input", "feeId")


class FeeSettled(Conflict):
    """The fee was settled when the student left; that is not done again."""

    code = "FEE_SETTLED"
    field = ("input", "feeId")


class NothingToRefund(DomainError):
    """Nothing of the fee goes back."""

    code = "NOTHING_TO_REFUND"


class RefundTooLarge(DomainError):
    """More is to go back than was paid for what is not due."""

    code = "FEE_REFUND_TOO_LARGE"
    field = ("input", "amount")
    figures = ("refundable",)

    def __init__(self, refundable: Money) -> None:
        self.refundable = refundable
        super().__init__(f"only {refundable} can go back")


class AdvanceTooSmall(DomainError):
    """The student's advance is less than this."""

    code = "ADVANCE_TOO_SMALL"
    field = ("input", "amount")
    figures = ("available",)

    def __init__(self, available: Money) -> None:
        self.available = available
        super().__init__(f"only {available} of advances is unused")


class FeeCreditTooSmall(DomainError):
    """What was paid beyond the fee is less than this."""

    code = "FEE_CREDIT_TOO_SMALL"
    field = ("input", "amount")
    figures = ("credit",)

    def __init__(self, credit: Money) -> None:
        self.credit = credit
        super().__init__(f"only {credit} was paid beyond the fee")
