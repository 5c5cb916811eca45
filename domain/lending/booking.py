"""What a loan has in the books, as a pure function of its facts and its state: the entries that there ought to be.

A service replays the facts, asks for these bookings and compares them with the ones that stand: what is not wanted any more
is reversed, what is missing is posted. So every act is booked in one way, and an undone or back-dated payment needs nothing
of its own.

The days of a loan are gone through in order. Each row and component remembers what fell due, what became income and what was
settled; hence a payment knows whether it pays a receivable or is income of its own, and a charge-off knows what there is to
take off the books. When dues are spread over later rows (re-ageing, re-amortising), their income moves to the new due dates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Final
from uuid import UUID

from domain.lending import accounts
from domain.lending.accounts import Settlement, Side
from domain.lending.history import Dated, MoneyWay
from domain.lending.rules import facts as f
from domain.lending.rules.state import AllocatedPart, Components, LoanState, PaymentKind, PaymentState
from domain.lending.states import TransactionKind


class BookingKind(StrEnum):
    """What an entry does; the journal knows it as ``lending.<kind>``."""

    DISBURSEMENT = "disbursement"
    DISBURSEMENT_FEES = "disbursement_fees"
    RECEIPT = "receipt"
    ALLOCATION = "allocation"
    SET_OFF = "set_off"
    ACCRUAL = "accrual"
    WAIVER = "waiver"
    CHARGE_BACK = "charge_back"
    REFUND = "refund"
    CHARGE_OFF = "charge_off"
    WRITE_OFF = "write_off"
    RESIDUAL = "residual_write_off"
    RECOVERY = "recovery"


@dataclass(frozen=True, slots=True)
class Statement:
    """What the loan's statement says of a booking: how it split over components and, for payments, over rows."""

    kind: TransactionKind
    amount: int
    split: Components = field(default_factory=Components)
    overpaid: int = 0
    parts: tuple[AllocatedPart, ...] = ()


@dataclass(frozen=True, slots=True)
class Booking:
    """One thing that a loan ought to have in the books: an entry, a line of its statement, or both.

    Two that are equal are the same. One without sides stands on the statement alone, such as interest that is let go before
    it fell due; one without a statement moves the money of an act that another one tells of.
    """

    kind: BookingKind
    fact_id: UUID | None
    on: date
    sides: tuple[Side, ...]
    statement: Statement | None = None


def bookings(history: Sequence[Dated], state: LoanState) -> list[Booking]:
    """Every booking of the loan up to ``state.as_of``, in the order of their days."""
    return _Books(sorted(history, key=lambda each: (each.fact.on, each.fact.sequence)), state).written()


@dataclass(slots=True)
class _Line:
    """One component of one row: amounts that fell due, became income, and were settled or let go."""

    due: int = 0
    recognised: int = 0
    settled: int = 0

    @property
    def receivable(self) -> int:
        return self.recognised - self.settled

    def fall_due(self, amount: int) -> int:
        """What becomes income because it is due; what was paid or let go before does not count twice."""
        ahead = max(0, self.recognised - self.due)
        self.due += amount
        income = max(0, amount - ahead)
        self.recognised += income
        return income

    def settle(self, amount: int) -> tuple[int, int]:
        """What of an amount meets the receivable, and what goes beyond it."""
        met = min(amount, self.receivable)
        beyond = amount - met
        self.recognised += beyond
        self.settled += amount
        return met, beyond


EARNING: Final = ("interest", "fee", "penalty")
"""The components that become income; principal is a receivable from the day it is paid out."""

_Step = Callable[[], Iterator[Booking]]
_Dues = list[tuple[int, str, int]]


@dataclass(slots=True)
class _Books:
    history: Sequence[Dated]
    state: LoanState
    lines: dict[tuple[int, str], _Line] = field(default_factory=dict)
    principal: int = 0
    credit: int = 0
    off_books: bool = False
    payments: dict[UUID, list[PaymentState]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for payment in self.state.payments:
            self.payments.setdefault(payment.fact_id, []).append(payment)

    def written(self) -> list[Booking]:
        steps = [step for step in self._steps() if step[0] <= self.state.as_of]
        steps.sort(key=lambda step: step[:3])
        written = [booking for *_, step in steps for booking in step()]
        assert self.credit == self.state.overpaid, f"the books owe {self.credit}, the state {self.state.overpaid}"
        owed = self.state.outstanding.principal
        assert self.off_books or self.principal == owed, f"the books carry {self.principal}, the state {owed}"
        return [booking for booking in written if booking.sides or (booking.statement and booking.statement.amount)]

    def _steps(self) -> Iterator[tuple[date, int, int, _Step]]:
        """Everything that is booked, with its day and its place in it: first what falls due, last what is written off."""
        for on, due in self._falling_due().items():
            yield on, 0, 0, partial(self._accrue, on, due)
        for dated in self.history:
            yield dated.fact.on, 1, dated.fact.sequence, partial(self._act, dated)
        for on, rows in self._written_off().items():
            yield on, 2, 0, partial(self._write_off, on, rows)

    def _falling_due(self) -> dict[date, _Dues]:
        """By day, what falls due of each row and component besides principal: charges on days of their own; penal interest,
        and interest after the last due date, day by day as it grew."""
        days: dict[date, _Dues] = {}
        rest = {(row.number, name): getattr(row.due, name) for row in self.state.instalments for name in EARNING}
        for charge in self.state.charges:
            key = charge.instalment, "penalty" if charge.penalty else "fee"
            for on, amount in charge.growth or ((max(charge.charged_on, charge.due_on), charge.amount),):
                if amount := min(amount, rest.get(key, 0)):
                    rest[key] -= amount
                    days.setdefault(on, []).append((*key, amount))
        for row in self.state.instalments:
            for on, amount in row.late_interest:
                if amount := min(amount, rest[row.number, "interest"]):
                    rest[row.number, "interest"] -= amount
                    days.setdefault(on, []).append((row.number, "interest", amount))
        due_on = {row.number: row.due_on for row in self.state.instalments}
        for (number, name), amount in rest.items():
            if amount:
                days.setdefault(due_on[number], []).append((number, name, amount))
        return days

    def _accrue(self, on: date, due: _Dues) -> Iterator[Booking]:
        income = Components.sum(Components(**{name: self._line(no, name).fall_due(amount)}) for no, name, amount in due)
        if not self.off_books:
            statement = Statement(TransactionKind.ACCRUAL, income.total, income)
            yield Booking(BookingKind.ACCRUAL, None, on, tuple(accounts.accrual(income)), statement)

    def _act(self, dated: Dated) -> Iterator[Booking]:
        fact = dated.fact
        match fact:
            case f.Disbursed():
                yield from self._disburse(fact, _way(dated))
            case f.Repaid():
                yield from self._receive(fact, _way(dated))
            case f.ChargeWaived():
                yield self._waive(fact, TransactionKind.CHARGE_WAIVER)
            case f.InterestWaived():
                yield self._waive(fact, TransactionKind.INTEREST_WAIVER)
            case f.ChargedBack():
                yield self._give_back(BookingKind.CHARGE_BACK, TransactionKind.CHARGE_BACK, fact, _way(dated))
            case f.CreditRefunded():
                yield self._give_back(BookingKind.REFUND, TransactionKind.CREDIT_REFUND, fact, _way(dated))
            case f.ChargedOff():
                yield self._charge_off(fact)
            case f.Recovered():
                statement = Statement(TransactionKind.RECOVERY, fact.amount_minor)
                sides = accounts.recovery(_way(dated).account, fact.amount_minor)
                yield _booked(BookingKind.RECOVERY, fact, sides, statement)
        for payment in self._payments(fact, PaymentKind.SET_OFF):
            self.credit -= payment.amount
            sides = accounts.set_off(payment.amount, self._settle(payment.parts, payment.overpaid))
            yield _booked(BookingKind.SET_OFF, fact, sides, _paid(TransactionKind.SET_OFF, payment))

    def _payments(self, fact: f.Fact, kind: PaymentKind) -> list[PaymentState]:
        return [payment for payment in self.payments.get(fact.id, ()) if payment.kind is kind]

    def _disburse(self, fact: f.Disbursed, way: MoneyWay) -> Iterator[Booking]:
        amount, fees = fact.amount_minor, self._payments(fact, PaymentKind.DEDUCTION)
        kept = sum(fee.amount for fee in fees) if way.fees_kept else 0
        self.principal += amount
        statement = Statement(TransactionKind.DISBURSEMENT, amount, Components(principal=amount))
        yield _booked(BookingKind.DISBURSEMENT, fact, accounts.disbursement(way.account, amount, kept), statement)
        for fee in fees:
            settlement = self._settle(fee.parts, fee.overpaid)
            sides = accounts.fees_paid(None if way.fees_kept else way.account, fee.amount, settlement)
            yield _booked(BookingKind.DISBURSEMENT_FEES, fact, sides, _paid(TransactionKind.FEE_DEDUCTION, fee))

    def _receive(self, fact: f.Repaid, way: MoneyWay) -> Iterator[Booking]:
        yield _booked(BookingKind.RECEIPT, fact, accounts.receipt(way.account, fact.amount_minor))
        [payment] = self._payments(fact, PaymentKind.REPAYMENT)
        kind = TransactionKind.DOWN_PAYMENT if fact.is_down_payment else TransactionKind.REPAYMENT
        sides = accounts.allocation(payment.amount, self._settle(payment.parts, payment.overpaid))
        yield _booked(BookingKind.ALLOCATION, fact, sides, _paid(kind, payment))

    def _waive(self, fact: f.ChargeWaived | f.InterestWaived, kind: TransactionKind) -> Booking:
        parts = tuple(part for waiver in self.state.waivers if waiver.fact_id == fact.id for part in waiver.parts)
        receivable, _ = self._settle_rows(parts)
        let_go = Components.sum(part.amounts for part in parts)
        sides = [] if self.off_books else accounts.waiver(receivable)
        return _booked(BookingKind.WAIVER, fact, sides, Statement(kind, let_go.total, let_go, parts=parts))

    def _give_back(
        self, booked: BookingKind, kind: TransactionKind, fact: f.ChargedBack | f.CreditRefunded, way: MoneyWay
    ) -> Booking:
        """Money that goes back is taken from what was overpaid; what exceeds that is owed again, as principal."""
        credit = min(fact.amount_minor, self.credit)
        owed_again = fact.amount_minor - credit
        self.credit -= credit
        self.principal += 0 if self.off_books else owed_again
        sides = accounts.given_back(way.account, credit, owed_again, off_books=self.off_books)
        statement = Statement(kind, fact.amount_minor, Components(principal=owed_again), credit)
        return _booked(booked, fact, sides, statement)

    def _charge_off(self, fact: f.ChargedOff) -> Booking:
        earned = Components.sum(Components(**{name: line.receivable}) for (_, name), line in self.lines.items())
        lost = Components(principal=self.principal) + earned
        self.off_books, self.principal = True, 0
        statement = Statement(TransactionKind.CHARGE_OFF, lost.total, lost)
        return _booked(BookingKind.CHARGE_OFF, fact, accounts.loss(lost), statement)

    def _written_off(self) -> dict[date, list[AllocatedPart]]:
        """By day, what was given up of each row: at the write-off, or the rest within the tolerance of a paid loan."""
        days: dict[date, list[AllocatedPart]] = {}
        for row in self.state.instalments:
            on = row.completed_on or self.state.written_off_on or self.state.closed_on
            if row.written_off and on is not None:
                days.setdefault(on, []).append(AllocatedPart(row.number, row.written_off))
        return days

    def _write_off(self, on: date, rows: Sequence[AllocatedPart]) -> Iterator[Booking]:
        receivable, _ = self._settle_rows(rows)
        given_up = Components.sum(row.amounts for row in rows)
        kind, fact_id, entry = TransactionKind.RESIDUAL_WRITE_OFF, None, accounts.residual
        if on == self.state.written_off_on:
            kind, entry = TransactionKind.WRITE_OFF, accounts.loss
            fact_id = next(each.fact.id for each in self.history if isinstance(each.fact, f.WrittenOff))
        sides = [] if self.off_books else entry(receivable)
        self.principal -= 0 if self.off_books else receivable.principal
        booked = BookingKind.WRITE_OFF if kind is TransactionKind.WRITE_OFF else BookingKind.RESIDUAL
        yield Booking(booked, fact_id, on, tuple(sides), Statement(kind, given_up.total, given_up))

    def _settle(self, parts: Sequence[AllocatedPart], overpaid: int) -> Settlement:
        """Where a payment goes. Once the loan is charged off, all that it pays is a recovery."""
        receivable, income = self._settle_rows(parts)
        self.credit += overpaid
        if self.off_books:
            return Settlement(recovered=receivable.total + income.total, overpaid=overpaid)
        self.principal -= receivable.principal
        return Settlement(receivable=receivable, income=income, overpaid=overpaid)

    def _settle_rows(self, parts: Sequence[AllocatedPart]) -> tuple[Components, Components]:
        met, beyond = [0, 0, 0], [0, 0, 0]
        for part in parts:
            amounts = part.amounts
            for i, amount in enumerate((amounts.interest, amounts.fee, amounts.penalty)):
                if amount:
                    first, rest = self._line(part.instalment, EARNING[i]).settle(amount)
                    met[i] += first
                    beyond[i] += rest
        principal = sum(part.amounts.principal for part in parts)
        return Components(principal, *met), Components(0, *beyond)

    def _line(self, number: int, name: str) -> _Line:
        return self.lines.setdefault((number, name), _Line())


def _way(dated: Dated) -> MoneyWay:
    assert dated.way is not None, "money moves by some way"
    return dated.way


def _booked(kind: BookingKind, fact: f.Fact, sides: Sequence[Side], statement: Statement | None = None) -> Booking:
    return Booking(kind, fact.id, fact.on, tuple(sides), statement)


def _paid(kind: TransactionKind, payment: PaymentState) -> Statement:
    return Statement(kind, payment.amount, payment.total, payment.overpaid, payment.parts)
