"""What happened to a loan: dated facts, from which with the terms its whole booked state follows.

Nothing of a loan is edited. To undo a fact is to replay without it; to back-date one is to replay with it in its place. All
amounts are whole minor units of the loan's currency. Facts of one day count in the order of ``sequence``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from domain.lending.rules.terms import ChargeBasis, PeriodUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that holds from the day ``on``. ``sequence`` is the order of booking, unique within a loan."""

    id: UUID
    on: date
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Disbursed(Fact):
    """Money paid out: the whole loan or a tranche of it. What a borrower had overpaid is set off against it."""

    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaid(Fact):
    """Money received from the borrower. A down payment goes to the row of the down payment first."""

    amount_minor: int
    is_down_payment: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RateChanged(Fact):
    """A new nominal annual rate in percent from this day on."""

    annual_rate: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeAdded(Fact):
    """A charge made by staff, due on ``due_on``. Its key is ``str(id)``.

    ``value`` is major units for FLAT; percentages are of what was paid out (PERCENT_OF_PRINCIPAL), or of the amounts of the
    row that it falls in. After maturity, or when all rows are paid, it makes a row of its own.
    """

    code: str
    title: str
    due_on: date
    value: Decimal
    basis: ChargeBasis = ChargeBasis.FLAT
    penalty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeWaived(Fact):
    """What is still unpaid of the charge ``charge_key`` is let go."""

    charge_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestWaived(Fact):
    """Interest let go, oldest row first, or of the row ``instalment`` alone."""

    amount_minor: int
    instalment: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargedBack(Fact):
    """The bank took back (a part of) the repayment ``repayment_id``: the amount is owed again, as principal."""

    repayment_id: UUID
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditRefunded(Fact):
    """What was overpaid is given back. More than that is owed again, as principal."""

    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescheduled(Fact):
    """New terms for the rows due from ``from_on`` on that are not complete; each field that is None stays as it is.

    ``new_due_on`` moves the first of those rows to that day and the others after it; ``extra_instalments`` are added;
    ``instalment_minor`` fixes the instalment; ``annual_rate`` holds from ``from_on``; graces are counted from the first of
    those rows. Paid rows never change.
    """

    from_on: date
    new_due_on: date | None = None
    extra_instalments: int = 0
    instalment_minor: int | None = None
    annual_rate: Decimal | None = None
    grace_principal: int = 0
    interest_free: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaged(Fact):
    """All that is unpaid, overdue or not, is spread over ``instalments`` new rows, the first due on ``first_due_on``."""

    first_due_on: date
    instalments: int
    every: int
    unit: PeriodUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class Reamortised(Fact):
    """What is overdue today is spread over the rows still to come; their due dates stay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DelinquencyPaused(Fact):
    """Days from ``on`` to ``until``, both included, do not count as delinquent days."""

    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargedOff(Fact):
    """The balance is taken off the books; the loan stays ACTIVE and can still be repaid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenOff(Fact):
    """All that is unpaid is given up and the loan is closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered(Fact):
    """Money received after the write-off. It is income and pays no row."""

    amount_minor: int


AnyFact = (
    Disbursed
    | Repaid
    | RateChanged
    | ChargeAdded
    | ChargeWaived
    | InterestWaived
    | ChargedBack
    | CreditRefunded
    | Rescheduled
    | Reaged
    | Reamortised
    | DelinquencyPaused
    | ChargedOff
    | WrittenOff
    | Recovered
)
