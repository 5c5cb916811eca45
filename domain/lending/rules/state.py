"""What the engine answers: the state of a loan on a day, quotes and pay-off amounts.

All amounts are whole minor units of the loan's currency.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from domain.lending.rules.terms import ChargeTime


@dataclass(frozen=True, slots=True)
class Components:
    """An amount in its four parts."""

    principal: int = 0
    interest: int = 0
    fee: int = 0
    penalty: int = 0

    @property
    def total(self) -> int:
        return self.principal + self.interest + self.fee + self.penalty

    def __add__(self, other: Components) -> Components:
        return Components(
            self.principal + other.principal,
            self.interest + other.interest,
            self.fee + other.fee,
            self.penalty + other.penalty,
        )

    def __sub__(self, other: Components) -> Components:
        return Components(
            self.principal - other.principal,
            self.interest - other.interest,
            self.fee - other.fee,
            self.penalty - other.penalty,
        )

    def __bool__(self) -> bool:
        return bool(self.principal or self.interest or self.fee or self.penalty)

    @classmethod
    def sum(cls, parts: Iterable[Components]) -> Components:
        principal = interest = fee = penalty = 0
        for part in parts:
            principal += part.principal
            interest += part.interest
            fee += part.fee
            penalty += part.penalty
        return cls(principal, interest, fee, penalty)


class InstalmentKind(StrEnum):
    """NORMAL rows repay the loan; DOWN_PAYMENT is due at disbursement; ADDITIONAL holds what fell due after maturity.

    DISBURSEMENT rows hold the fees of a payout, which are deducted from it and so are always paid.
    """

    DISBURSEMENT = "DISBURSEMENT"
    NORMAL = "NORMAL"
    DOWN_PAYMENT = "DOWN_PAYMENT"
    ADDITIONAL = "ADDITIONAL"


class LoanCondition(StrEnum):
    """What the facts make of a loan that was approved. Charge-off is a flag beside ACTIVE, overdue is derived."""

    NOT_DISBURSED = "NOT_DISBURSED"
    ACTIVE = "ACTIVE"
    CLOSED = "CLOSED"
    OVERPAID = "OVERPAID"
    WRITTEN_OFF = "WRITTEN_OFF"


@dataclass(frozen=True, slots=True)
class InstalmentState:
    """One row of the schedule. ``unpaid`` = due - paid - waived - written_off, per component, never negative.

    ``number`` counts from 1 without gaps in the order of due dates, rows of every kind included. ``balance_after`` is the
    principal left, of what was paid out by then, when all rows are paid as scheduled. ``completed_on`` is the day on which
    nothing was left to pay of it. ``late_interest`` says by how much its interest grew on which day after maturity.
    """

    number: int
    kind: InstalmentKind
    from_on: date
    due_on: date
    due: Components
    paid: Components
    waived: Components
    written_off: Components
    balance_after: int
    completed_on: date | None
    late_interest: tuple[tuple[date, int], ...] = ()

    @property
    def unpaid(self) -> Components:
        return self.due - self.paid - self.waived - self.written_off

    @property
    def is_complete(self) -> bool:
        return self.completed_on is not None


class PaymentKind(StrEnum):
    """REPAYMENT was received; DEDUCTION is kept back from a payout for its fees; SET_OFF is credit used up by a new debt."""

    REPAYMENT = "REPAYMENT"
    DEDUCTION = "DEDUCTION"
    SET_OFF = "SET_OFF"


@dataclass(frozen=True, slots=True)
class AllocatedPart:
    """What one fact paid of one row."""

    instalment: int
    amounts: Components


@dataclass(frozen=True, slots=True)
class PaymentState:
    """How money was applied: ``sum(parts) + overpaid = amount``. ``fact_id`` is the fact that it came with."""

    fact_id: UUID
    kind: PaymentKind
    on: date
    amount: int
    parts: tuple[AllocatedPart, ...]
    overpaid: int

    @property
    def total(self) -> Components:
        return Components.sum(part.amounts for part in self.parts)


@dataclass(frozen=True, slots=True)
class WaiverState:
    """What one waiver (InterestWaived, ChargeWaived) let go of each row. The books ask whether it was due already."""

    fact_id: UUID
    on: date
    parts: tuple[AllocatedPart, ...]


@dataclass(frozen=True, slots=True)
class ChargeState:
    """One charge: made by a fact (``key`` = its id) or by a rule of the terms (``key`` = code and what it is about).

    ``growth`` is of penal interest: by how much it grew on which day, together its amount. Other charges are made at once.
    """

    key: str
    code: str
    title: str
    time: ChargeTime
    penalty: bool
    instalment: int
    charged_on: date
    due_on: date
    amount: int
    paid: int
    waived: int
    written_off: int
    growth: tuple[tuple[date, int], ...] = ()

    @property
    def unpaid(self) -> int:
        return self.amount - self.paid - self.waived - self.written_off


@dataclass(frozen=True, slots=True)
class Delinquency:
    """How late a loan is on a day.

    ``past_due_since`` is the due date of the oldest unpaid row; past-due days count from it. ``delinquent_since`` is that
    date plus the days of grace; delinquent days count from there and leave the days of pauses out.
    """

    past_due_since: date | None
    past_due_days: int
    delinquent_since: date | None
    delinquent_days: int
    past_due: Components
    paused: bool


@dataclass(frozen=True, slots=True)
class LoanState:
    """The whole booked state of a loan on ``as_of``.

    ``outstanding`` is all that is unpaid of the schedule (interest of rows to come included); ``principal_outstanding`` its
    principal alone, which is the balance that the books carry. ``interest_earned`` is all interest accrued until the day,
    due yet or not; ``accrued_interest`` the part of it that is neither paid, waived nor written off. What a fact did is
    found by comparing the states with and without it.
    """

    as_of: date
    condition: LoanCondition
    charged_off_on: date | None
    written_off_on: date | None
    closed_on: date | None
    maturity_on: date | None
    disbursed: int
    instalments: tuple[InstalmentState, ...]
    charges: tuple[ChargeState, ...]
    payments: tuple[PaymentState, ...]
    due: Components
    paid: Components
    waived: Components
    written_off: Components
    outstanding: Components
    overpaid: int
    refunded: int
    charged_back: int
    recovered: int
    accrued_interest: int
    interest_earned: int
    delinquency: Delinquency
    waivers: tuple[WaiverState, ...] = ()

    @property
    def principal_outstanding(self) -> int:
        return self.outstanding.principal

    @property
    def next_due(self) -> InstalmentState | None:
        """The oldest row that is not complete."""
        return next((row for row in self.instalments if not row.is_complete), None)


@dataclass(frozen=True, slots=True)
class Quote:
    """What a loan would cost: the very schedule that is booked when it is paid out in one sum on ``disbursed_on``.

    ``regular_payment`` is the instalment of most rows (with principal grace, after it). ``total_fees`` includes those
    deducted from the payout. ``apr`` is the annual percentage rate in percent with two decimals, fees included.
    """

    disbursed_on: date
    instalments: tuple[InstalmentState, ...]
    principal: int
    total_interest: int
    total_fees: int
    total_payable: int
    regular_payment: int
    apr: Decimal
    maturity_on: date

    @property
    def payout(self) -> int:
        """What the borrower gets: the principal without the fees that are kept back of it."""
        kept_back = (row.due.total for row in self.instalments if row.kind is InstalmentKind.DISBURSEMENT)
        return self.principal - sum(kept_back)


@dataclass(frozen=True, slots=True)
class Payoff:
    """What closes the loan on a day: ``amounts.total`` repaid on that day leaves nothing unpaid.

    ``interest_until`` is the day that interest is charged to. ``saved_interest`` is what paying as scheduled would cost on
    top of it.
    """

    on: date
    interest_until: date
    amounts: Components
    saved_interest: int
