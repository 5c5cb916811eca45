"""The figures of one fee: what is due, what is paid, and what follows from these alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from domain.kit.money import Money
from domain.school.rules.figures import not_negative
from domain.school.rules.refusals import BadFigure
from domain.school.states import FeeStatus

_REFERENCE: Final = "FEE-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """``paid`` is what the school has of it now; ``refunded`` is what it has given back, which ``paid`` has no more."""

    due: Money
    paid: Money
    refunded: Money
    void: bool = False

    def __post_init__(self) -> None:
        for amount, what in ((self.due, "what is due"), (self.paid, "what is paid"), (self.refunded, "what was refunded")):
            self.due.require_same_currency(amount)
            not_negative(amount, what)
        if self.void and self.paid:
            raise BadFigure("a deleted fee has no money")

    @classmethod
    def of(cls, due: Money, paid: Money | None = None) -> Figures:
        nothing = Money.zero(due.currency)
        return cls(due=due, paid=nothing if paid is None else paid, refunded=nothing)

    @property
    def arrears(self) -> Money:
        """What is due less what is paid; negative is credit, which :attr:`outstanding` and :attr:`credit` show apart."""
        return self.due - self.paid

    @property
    def outstanding(self) -> Money:
        """What is still to be paid, never less than nothing. Nobody owes a deleted fee."""
        return Money(0 if self.void else max(0, self.arrears.amount_minor), self.due.currency)

    @property
    def credit(self) -> Money:
        """What was paid beyond what is due."""
        return Money(max(0, -self.arrears.amount_minor), self.due.currency)

    @property
    def status(self) -> FeeStatus:
        """A fee of nothing, such as with a full scholarship, is paid."""
        if self.void:
            return FeeStatus.VOID
        if self.credit:
            return FeeStatus.OVERPAID
        if self.outstanding:
            return FeeStatus.PARTIALLY_PAID if self.paid else FeeStatus.UNPAID
        return FeeStatus.REFUNDED if self.refunded and not self.paid else FeeStatus.PAID


@dataclass(frozen=True, slots=True)
class Sums:
    """Of many fees: credit of one does not pay another, so both are summed apart."""

    due: Money
    paid: Money
    outstanding: Money
    credit: Money


def sums(fees: Iterable[Figures], currency: str) -> Sums:
    """Deleted fees are left out."""
    due = paid = outstanding = credit = Money.zero(currency)
    for fee in fees:
        if not fee.void:
            due, paid = due + fee.due, paid + fee.paid
            outstanding, credit = outstanding + fee.outstanding, credit + fee.credit
    return Sums(due, paid, outstanding, credit)


def reference_of(fee_id: object) -> str:
    """What the money of a fee is found by, in the books and in statements."""
    return f"{_REFERENCE}{fee_id}"


def fee_id_in(reference: str) -> str | None:
    """The id in such a reference; None when it is another one."""
    return reference.removeprefix(_REFERENCE) or None if reference.startswith(_REFERENCE) else None
