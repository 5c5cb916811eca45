"""What an act on a fee has done."""

from __future__ import annotations

from dataclasses import dataclass

from domain.school.models import ArrearsAlert, FeePayment, SchoolFee, SchoolTransaction
from domain.school.states import ArrearsMove, FeeChange, FeePaymentKind, FeeStatus


@dataclass(frozen=True, slots=True)
class Settled:
    """A fee as an act has left it.

    ``payments`` is the money that moved. ``posted`` is the row that the books have now, where it is another one than before,
    ``ended`` the one that they have no more. Of a new fee there was no status before.
    """

    fee: SchoolFee
    change: FeeChange
    status_before: FeeStatus | None
    payments: tuple[FeePayment, ...]
    posted: SchoolTransaction | None
    ended: SchoolTransaction | None
    alert: ArrearsMove | None
    raised: ArrearsAlert | None

    @classmethod
    def unchanged(cls, fee: SchoolFee) -> Settled:
        """By an act that said nothing new."""
        return cls(fee, FeeChange.EDITED, fee.status, (), None, None, None, None)

    @property
    def receipt(self) -> FeePayment | None:
        """The first payment that there is a receipt for."""
        return next((each for each in self.payments if each.kind is FeePaymentKind.PAYMENT), None)
