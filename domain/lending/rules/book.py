"""The working state of a replay: rows, balances and charges while the facts are told one after another.

Nothing outside the rules sees it; what comes out is the frozen LoanState. A row's amounts are lists of four in the order of
``COMPONENTS``, which keeps a replay of hundreds of payments within milliseconds.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.lending.rules.state import AllocatedPart, Components, InstalmentKind, PaymentKind
from domain.lending.rules.terms import (
    ChargeBasis,
    ChargeRule,
    ChargeTime,
    Component,
    InterestMethod,
    LoanTerms,
    Recalculation,
)

COMPONENTS: Final = (Component.PRINCIPAL, Component.INTEREST, Component.FEE, Component.PENALTY)
PRINCIPAL: Final = 0
INTEREST: Final = 1
FEE: Final = 2
PENALTY: Final = 3
INDEX_OF: Final = {component: index for index, component in enumerate(COMPONENTS)}


def nothing() -> list[int]:
    return [0, 0, 0, 0]


@dataclass(slots=True, eq=False)
class Charge:
    """One charge while its loan is replayed; its amounts are a part of its row's.

    Of penal interest, ``exact`` is the numerator of what it is before it is rounded, and ``growth`` by how much the amount
    grew on which day.
    """

    key: str
    code: str
    title: str
    time: ChargeTime
    penalty: bool
    charged_on: date
    due_on: date
    row: Row
    rule: ChargeRule | None = None
    amount: int = 0
    paid: int = 0
    waived: int = 0
    lost: int = 0
    exact: int = 0
    growth: list[tuple[date, int]] = field(default_factory=list)

    @property
    def unpaid(self) -> int:
        return self.amount - self.paid - self.waived - self.lost

    def split_off(self) -> Charge:
        """What is unpaid of it, as a charge of its own that has grown last; here stays what was met."""
        met, kept, later = self.amount - self.unpaid, list[tuple[date, int]](), list[tuple[date, int]]()
        for on, amount in self.growth:
            share = min(met, amount)
            met -= share
            kept += [(on, share)] if share else []
            later += [(on, amount - share)] if amount > share else []
        rest = replace(self, amount=self.unpaid, paid=0, waived=0, lost=0, growth=later)
        self.amount, self.growth = self.amount - self.unpaid, kept
        return rest


@dataclass(slots=True, eq=False)
class Row:
    """One row. ``tag`` is its name for ever (numbers shift when a row comes in between).

    Its principal is planned in one of two ways: ``instalment`` less the interest, or ``fixed_principal`` as it is. ``extra``
    is principal on top of the plan: charged back, or paid ahead. ``brought`` is interest taken over from rows that were
    re-aged. ``carry`` is interest that a row paid early left to the rows after it, to be paid within their instalments;
    ``put_off`` is interest of a grace on payment, which comes on top of the instalment. ``bears_from`` is where its interest
    starts if that is not the start of its period.
    """

    tag: str
    kind: InstalmentKind
    from_on: date
    due_on: date
    instalment: int | None = None
    fixed_principal: int | None = None
    interest_free: bool = False
    puts_off_interest: bool = False
    extra: int = 0
    brought: int = 0
    due: list[int] = field(default_factory=nothing)
    paid: list[int] = field(default_factory=nothing)
    waived: list[int] = field(default_factory=nothing)
    lost: list[int] = field(default_factory=nothing)
    accrued: int = 0
    carry: int = 0
    put_off: int = 0
    bears_from: date | None = None
    late_interest: list[tuple[date, int]] = field(default_factory=list)
    completed_on: date | None = None
    charges: list[Charge] = field(default_factory=list)

    @property
    def start(self) -> date:
        """The day that its interest runs from."""
        return self.bears_from or self.from_on

    def unpaid_of(self, index: int) -> int:
        return self.due[index] - self.paid[index] - self.waived[index] - self.lost[index]

    @property
    def unpaid(self) -> int:
        return sum(self.due) - sum(self.paid) - sum(self.waived) - sum(self.lost)

    @property
    def met_interest(self) -> int:
        """Interest that is paid, waived or written off already, below which what is due cannot fall."""
        return self.paid[INTEREST] + self.waived[INTEREST] + self.lost[INTEREST]


@dataclass(slots=True, eq=False)
class Overdue:
    """A row that bears penal interest: its days count from ``since``, the last day of grace, and are reckoned ``until``."""

    row: Row
    rule: ChargeRule
    since: date
    until: date

    @property
    def base(self) -> int:
        """What bears it, as the row is now."""
        base = self.row.unpaid_of(PRINCIPAL)
        return max(0, base + self.row.unpaid_of(INTEREST) if self.counts_interest else base)

    @property
    def counts_interest(self) -> bool:
        return self.rule.basis is ChargeBasis.PERCENT_PER_YEAR_OF_OVERDUE_PRINCIPAL_AND_INTEREST


class Parts:
    """What one payment or waiver does to rows, gathered to be told."""

    def __init__(self) -> None:
        self._rows: dict[int, tuple[Row, list[int]]] = {}

    def add(self, row: Row, index: int, amount: int) -> None:
        self._rows.setdefault(id(row), (row, nothing()))[1][index] += amount

    def rows(self) -> list[tuple[Row, list[int]]]:
        return list(self._rows.values())

    def total(self) -> int:
        return sum(sum(amounts) for _, amounts in self._rows.values())


@dataclass(slots=True)
class Telling:
    """A payment or a waiver that waits for its rows to get their numbers."""

    fact_id: UUID
    on: date
    parts: Parts

    def told(self, numbers: dict[int, int]) -> tuple[AllocatedPart, ...]:
        parts = [AllocatedPart(numbers[id(row)], Components(*amounts)) for row, amounts in self.parts.rows() if any(amounts)]
        return tuple(sorted(parts, key=lambda part: part.instalment))


@dataclass(slots=True)
class Paid(Telling):
    """A payment: what of it found no row is overpaid."""

    kind: PaymentKind
    amount: int
    overpaid: int


@dataclass(slots=True, eq=False)
class Book:
    """All of a loan between two facts.

    ``rows`` are the planned rows in order, of which the first ``closed`` have reached their due date: what is due of those
    does not change any more. ``others`` are down payments and rows after maturity. ``changes_on`` and ``balances`` are the
    history of the balance that interest is charged on; ``owed`` is all principal ever to be repaid, and ``owed_on`` since
    when. ``tail`` is interest charged after maturity, ``tail_until`` up to which day; ``handed_over`` is what rows taken
    apart had earned and not been paid.
    """

    terms: LoanTerms
    rows: list[Row] = field(default_factory=list)
    others: list[Row] = field(default_factory=list)
    closed: int = 0
    tags: int = 0
    open_ended: bool = False
    changes_on: list[date] = field(default_factory=list)
    balances: list[int] = field(default_factory=list)
    rates_on: list[date] = field(default_factory=list)
    rates: list[tuple[int, int]] = field(default_factory=list)
    owed: int = 0
    owed_on: list[tuple[date, int]] = field(default_factory=list)
    disbursed: int = 0
    first_on: date | None = None
    tail: int = 0
    tail_until: date | None = None
    handed_over: int = 0
    charges: dict[str, Charge] = field(default_factory=dict)
    threats: list[tuple[date, Row, ChargeRule]] = field(default_factory=list)
    overdue: list[Overdue] = field(default_factory=list)
    payments: list[Paid] = field(default_factory=list)
    waivers: list[Telling] = field(default_factory=list)
    overpaid: int = 0
    refunded: int = 0
    charged_back: int = 0
    recovered: int = 0
    pauses: list[tuple[date, date]] = field(default_factory=list)
    charged_off_on: date | None = None
    written_off_on: date | None = None
    projected_on: date | None = None

    @property
    def is_daily(self) -> bool:
        """Whether interest follows what is really owed."""
        return self.terms.recalculation is Recalculation.DAILY

    @property
    def is_flat(self) -> bool:
        return self.terms.interest_method is InterestMethod.FLAT

    @property
    def open_rows(self) -> list[Row]:
        return self.rows[self.closed :]

    @property
    def last_open(self) -> Row | None:
        """The last planned row not complete, which absorbs the remainder."""
        return next((row for row in reversed(self.rows) if row.completed_on is None), None)

    def new_tag(self) -> str:
        """The name of the next planned row, never used twice."""
        self.tags += 1
        return str(self.tags)

    def owe(self, on: date, amount: int) -> None:
        """More principal is to be repaid from this day on."""
        self.owed += amount
        self.owed_on.append((on, amount))

    def change_balance(self, on: date, amount: int) -> None:
        """The balance that bears interest changes from this day on; changes come in the order of their days."""
        balance = (self.balances[-1] if self.balances else 0) + amount
        if self.changes_on and self.changes_on[-1] == on:
            self.balances[-1] = balance
        else:
            self.changes_on.append(on)
            self.balances.append(balance)

    def balance_on(self, day: date) -> int:
        index = bisect_right(self.changes_on, day)
        return self.balances[index - 1] if index else 0

    def set_rate(self, on: date, annual_rate: Decimal) -> None:
        """From this day on; what was set for later days before now is replaced."""
        numerator, denominator = annual_rate.as_integer_ratio()
        while self.rates_on and self.rates_on[-1] >= on:
            self.rates_on.pop()
            self.rates.pop()
        self.rates_on.append(on)
        self.rates.append((numerator, 100 * denominator))

    def overdue_principal(self, on: date) -> int:
        """Principal of rows due by the day that is still unpaid."""
        rows = [*self.rows[: self.closed], *(row for row in self.others if row.due_on <= on)]
        return sum(row.unpaid_of(PRINCIPAL) for row in rows if row.completed_on is None)

    def unpaid_principal(self) -> int:
        """Principal still to be paid, due or not."""
        paid = sum(row.paid[PRINCIPAL] + row.lost[PRINCIPAL] for row in self.rows)
        return self.owed - paid - sum(row.paid[PRINCIPAL] + row.lost[PRINCIPAL] for row in self.others)

    def let_off(self, rows: list[Row]) -> None:
        """Rows that are not overdue any more, because they moved or were taken apart: no penalty waits for them."""
        self.threats = [threat for threat in self.threats if all(threat[1] is not row for row in rows)]
        self.overdue = [overdue for overdue in self.overdue if all(overdue.row is not row for row in rows)]

    def complete(self, row: Row, on: date) -> None:
        """Note when nothing is left to pay of a row whose dues are final."""
        if row.completed_on is None and row.unpaid == 0:
            row.completed_on = on
