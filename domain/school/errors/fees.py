"""Refusals about fees and the money for them."""

from __future__ import annotations

from domain.kit.errors import Conflict, DomainError, InvalidInput, NotFound
from domain.kit.money import Money


class FeeNotFound(NotFound):
    """There is no such fee, or none for you."""

    code = "FEE_NOT_FOUND"

    def __init__(self, *, field: tuple[str, ...] | None = ("input", "feeId")) -> None:
        super().__init__("there is no such fee", field=field)


class FeeChangedMeanwhile(Conflict):
    """The fee was changed since the caller read it."""

    code = "FEE_CHANGED_MEANWHILE"
    field = ("input", "expectedVersion")
    figures = ("version",)

    def __init__(self, version: int) -> None:
        self.version = version
        super().__init__(f"the fee is at version {version} by now")


class FeeDeleted(Conflict):
    """The fee was deleted; nothing is done with it any more."""

    code = "FEE_DELETED"
    field = ("input", "feeId")

    def __init__(self, number: str) -> None:
        super().__init__(f"{number} was deleted")


class BadFee(InvalidInput):
    """What the fee is to be does not fit together: its lines, its days or its amounts."""

    code = "BAD_FEE"


class FeeMoneyFromElsewhere(Conflict):
    """More is to be taken off the fee than was recorded by hand.

    The rest came by mobile money, a loan or an advance, and is taken back where it came from, refunded or moved."""

    code = "FEE_MONEY_FROM_ELSEWHERE"
    figures = ("correctable",)

    def __init__(self, correctable: Money, *, field: tuple[str, ...] | None = ("input", "amountPaid")) -> None:
        self.correctable = correctable
        super().__init__(f"only {correctable} of what is paid was recorded by hand", field=field)


class FeeMoneyUndone(Conflict):
    """What the fee had been paid was undone before; it is undone once."""

    code = "FEE_MONEY_UNDONE"
    field = ("input", "feePaymentId")


class FeeChannelNotPossible(InvalidInput):
    """Money for a fee cannot take this way: no wallet is somebody else's, and its provider tells of mobile money."""

    code = "FEE_CHANNEL_NOT_POSSIBLE"
    field = ("input", "method")


class FeeDayInvalid(InvalidInput):
    """Money cannot have come on this day: it is yet to come, or too long ago."""

    code = "FEE_DAY_INVALID"


class FeePaymentNotFound(NotFound):
    """There is no such payment of the fee, or none for you."""

    code = "FEE_PAYMENT_NOT_FOUND"
    field = ("input", "feePaymentId")


class FeeStudentDeleted(DomainError):
    """The student was deleted, and is charged nothing any more."""

    code = "FEE_STUDENT_DELETED"
    field = ("input", "studentId")
