"""The terms of a loan: every convention that decides how it is charged, scheduled, paid and closed.

The terms are agreed once and never change; what happens later (a rate change, a new due date) is a fact of the loan and not
an edit of its terms. A published schedule is one configuration of these fields, never a branch of the code.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from domain.kit.errors import CurrencyMismatch, InvalidInput
from domain.kit.money import Money, decimals_of

MAX_INSTALMENTS: Final = 600
MAX_EVERY: Final = 366
MAX_ANNUAL_RATE: Final = Decimal(1_000)
MAX_CHARGES: Final = 20
MAX_GRACE_DAYS: Final = 366
MAX_PRINCIPAL_MINOR: Final = 10**14
"""A tenth of the largest single amount of the books, so that interest on top of it still fits."""


class InterestMethod(StrEnum):
    """On what interest is charged: the balance still owed, or the whole principal in every period."""

    DECLINING_BALANCE = "DECLINING_BALANCE"
    FLAT = "FLAT"


class Amortisation(StrEnum):
    """What is equal from row to row: the whole instalment, or its principal."""

    EQUAL_INSTALLMENTS = "EQUAL_INSTALLMENTS"
    EQUAL_PRINCIPAL = "EQUAL_PRINCIPAL"


class InterestPeriod(StrEnum):
    """How the interest of a period is found.

    SAME_AS_REPAYMENT_PERIOD takes the nominal rate divided by the periods of a year, however long the month; DAILY takes the
    nominal rate times the days of the period by the day count.
    """

    SAME_AS_REPAYMENT_PERIOD = "SAME_AS_REPAYMENT_PERIOD"
    DAILY = "DAILY"


class DayCount(StrEnum):
    """How days become a fraction of a year. FIXED_364 is a year of 52 weeks, as weekly lenders count."""

    ACTUAL_365 = "ACTUAL_365"
    ACTUAL_360 = "ACTUAL_360"
    ACTUAL_ACTUAL = "ACTUAL_ACTUAL"
    THIRTY_360 = "THIRTY_360"
    FIXED_364 = "FIXED_364"


class PeriodUnit(StrEnum):
    """The unit of the repayment frequency."""

    DAYS = "DAYS"
    WEEKS = "WEEKS"
    MONTHS = "MONTHS"


class InstalmentBasis(StrEnum):
    """With DAILY interest, from which rates the equal instalment is computed.

    NOMINAL_PERIOD takes every month as 30 days of the day count's year (12 % over 30/365); ACTUAL_PERIODS takes the days
    that each period really has, so that the last row comes closest to the others.
    """

    NOMINAL_PERIOD = "NOMINAL_PERIOD"
    ACTUAL_PERIODS = "ACTUAL_PERIODS"


class InterestRounding(StrEnum):
    """Where half a cent of interest is rounded: once for each row, or for each balance that a row's period has seen."""

    EACH_ROW = "EACH_ROW"
    EACH_BALANCE = "EACH_BALANCE"


class RoundingMode(StrEnum):
    """Which way an instalment goes when it is not a multiple; NEAREST takes a half upwards."""

    NEAREST = "NEAREST"
    UP = "UP"
    DOWN = "DOWN"


class Recalculation(StrEnum):
    """NONE: interest is as scheduled. DAILY: it follows what is really owed day by day: early pays less, late more."""

    NONE = "NONE"
    DAILY = "DAILY"


class PrepaymentPolicy(StrEnum):
    """What money beyond the running instalment does to the rows that follow (with Recalculation.DAILY).

    REDUCE_NUMBER_OF_INSTALLMENTS keeps the instalment and drops rows at the end; REDUCE_INSTALLMENT_AMOUNT keeps the rows
    and computes a smaller instalment; RESCHEDULE_NEXT_REPAYMENTS takes the money off the next instalments.
    """

    REDUCE_NUMBER_OF_INSTALLMENTS = "REDUCE_NUMBER_OF_INSTALLMENTS"
    REDUCE_INSTALLMENT_AMOUNT = "REDUCE_INSTALLMENT_AMOUNT"
    RESCHEDULE_NEXT_REPAYMENTS = "RESCHEDULE_NEXT_REPAYMENTS"


class PayoffInterest(StrEnum):
    """How far a pay-off charges interest: until its day, or until the end of the period that is running.

    It holds for Recalculation.DAILY; with NONE interest is as scheduled, and a pay-off is all that is outstanding.
    """

    TILL_PRE_CLOSE_DATE = "TILL_PRE_CLOSE_DATE"
    TILL_REST_FREQUENCY_DATE = "TILL_REST_FREQUENCY_DATE"


class Component(StrEnum):
    """The four parts of what a borrower owes."""

    PRINCIPAL = "PRINCIPAL"
    INTEREST = "INTEREST"
    FEE = "FEE"
    PENALTY = "PENALTY"


class AllocationPass(StrEnum):
    """BY_INSTALMENT settles all of the oldest row before the next; BY_COMPONENT one component over all due rows."""

    BY_INSTALMENT = "BY_INSTALMENT"
    BY_COMPONENT = "BY_COMPONENT"


class FutureRule(StrEnum):
    """Which row money in advance goes to: the next one, the last one, or all that remain in equal shares."""

    NEXT = "NEXT"
    LAST = "LAST"
    REAMORTISE = "REAMORTISE"


class ChargeTime(StrEnum):
    """When a charge falls due."""

    DISBURSEMENT = "DISBURSEMENT"
    INSTALMENT = "INSTALMENT"
    SPECIFIED_DUE_DATE = "SPECIFIED_DUE_DATE"
    OVERDUE_INSTALMENT = "OVERDUE_INSTALMENT"


class ChargeBasis(StrEnum):
    """Of what a charge is computed. At disbursement it is of the amount paid out; on a row, of the row's amounts.

    The last two are penal interest: a yearly rate on what is overdue of a row, by the days for which it is.
    """

    FLAT = "FLAT"
    PERCENT_OF_PRINCIPAL = "PERCENT_OF_PRINCIPAL"
    PERCENT_OF_INTEREST = "PERCENT_OF_INTEREST"
    PERCENT_OF_PRINCIPAL_AND_INTEREST = "PERCENT_OF_PRINCIPAL_AND_INTEREST"
    PERCENT_PER_YEAR_OF_OVERDUE_PRINCIPAL = "PERCENT_PER_YEAR_OF_OVERDUE_PRINCIPAL"
    PERCENT_PER_YEAR_OF_OVERDUE_PRINCIPAL_AND_INTEREST = "PERCENT_PER_YEAR_OF_OVERDUE_PRINCIPAL_AND_INTEREST"


PENAL_INTEREST: Final = frozenset(
    {
        ChargeBasis.PERCENT_PER_YEAR_OF_OVERDUE_PRINCIPAL,
        ChargeBasis.PERCENT_PER_YEAR_OF_OVERDUE_PRINCIPAL_AND_INTEREST,
    }
)
"""Bases of charges that grow from day to day."""


@dataclass(frozen=True, slots=True)
class Rounding:
    """Instalments are multiples of ``multiple_of`` major units: 0.01, 1, 5, ..."""

    multiple_of: Decimal = Decimal("0.01")
    mode: RoundingMode = RoundingMode.NEAREST

    def __post_init__(self) -> None:
        path = ("input", "rounding", "multipleOf")
        require_plain(self.multiple_of, path, least=Decimal(0), most=Decimal(10**9))
        if self.multiple_of == 0:
            raise InvalidInput("instalments are rounded to a multiple of more than zero", field=path)


@dataclass(frozen=True, slots=True)
class Grace:
    """Numbers of instalments from the first one on.

    ``principal`` rows pay interest alone; ``interest_payment`` rows pay no interest, which is then due with the first row
    after them; ``interest_free`` rows bear none at all.
    """

    principal: int = 0
    interest_payment: int = 0
    interest_free: int = 0


@dataclass(frozen=True, slots=True)
class AllocationOrder:
    """Whom a repayment goes to.

    ``order`` is for what is due (or past due) on the day, ``in_advance`` for rows whose due date is still to come; without
    it the same order holds for both. ``past_due_order`` is for rows overdue; without it ``order`` is used for them too.
    """

    order: tuple[Component, ...] = (Component.PENALTY, Component.FEE, Component.INTEREST, Component.PRINCIPAL)
    in_advance: tuple[Component, ...] | None = None
    past_due_order: tuple[Component, ...] | None = None
    due_pass: AllocationPass = AllocationPass.BY_INSTALMENT
    future_rule: FutureRule = FutureRule.NEXT

    def __post_init__(self) -> None:
        for order in (self.order, self.in_advance, self.past_due_order):
            if order is not None and sorted(order) != sorted(Component):
                message = "an allocation order names principal, interest, fee and penalty, each once"
                raise InvalidInput(message, field=("input", "allocation", "order"))


STANDARD: Final = AllocationOrder()
"""Penalties, fees, interest, principal; oldest instalment first."""

INTEREST_FIRST: Final = AllocationOrder((Component.INTEREST, Component.PRINCIPAL, Component.PENALTY, Component.FEE))
"""Interest, principal, penalties, fees."""

PRINCIPAL_FIRST: Final = AllocationOrder((Component.PRINCIPAL, Component.INTEREST, Component.PENALTY, Component.FEE))
"""Principal, interest, penalties, fees."""

DUE_THEN_IN_ADVANCE: Final = AllocationOrder(
    (Component.PENALTY, Component.FEE, Component.INTEREST, Component.PRINCIPAL),
    in_advance=(Component.PRINCIPAL, Component.PENALTY, Component.FEE, Component.INTEREST),
)
"""What is due as in the standard order; money in advance lowers principal first."""

SUB_STANDARD: Final = AllocationOrder(
    (Component.PRINCIPAL, Component.INTEREST, Component.PENALTY, Component.FEE), due_pass=AllocationPass.BY_COMPONENT
)
"""For loans that hardly perform: all principal due, then all interest due, then penalties and fees."""

ALLOCATIONS: Final[dict[str, AllocationOrder]] = {
    "STANDARD": STANDARD,
    "INTEREST_FIRST": INTEREST_FIRST,
    "PRINCIPAL_FIRST": PRINCIPAL_FIRST,
    "DUE_THEN_IN_ADVANCE": DUE_THEN_IN_ADVANCE,
    "SUB_STANDARD": SUB_STANDARD,
}
"""The strategies the field has names for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeRule:
    """A charge that the product makes by itself: a fee, or with ``penalty`` a penalty.

    ``value`` is major units for FLAT and a percentage otherwise: at DISBURSEMENT of the amount paid out, for INSTALMENT of
    the row's amounts, for OVERDUE_INSTALMENT of what is unpaid of them. ``grace_days`` is for OVERDUE_INSTALMENT: the charge
    is made on the day after due date + grace days, if the row is still unpaid at the end of the last day of grace. A charge
    with SPECIFIED_DUE_DATE is made by staff as a fact; as a rule it only gives its code and value.

    With one of the bases of PENAL_INTEREST the charge is made on that same day for the day that passed, and grows each day
    by the yearly rate on what was unpaid of the row at the end of the day before, by the terms' day count; days of a pause
    of delinquency count too. It is rounded half up as a whole, once for each row. It bears no penal interest itself, and
    it ends with the charge-off. A waiver lets go what it has grown to; what stays overdue goes on bearing it.
    """

    code: str
    title: str
    time: ChargeTime
    basis: ChargeBasis
    value: Decimal
    penalty: bool = False
    grace_days: int = 0

    def __post_init__(self) -> None:
        path = ("input", "charges")
        for name, text, most in (("code", self.code, 40), ("title", self.title, 120)):
            if not 1 <= len(text.strip()) <= len(text) <= most or not text.isprintable():
                raise InvalidInput(f"this takes 1 to {most} printable characters", field=(*path, name))
        require_plain(self.value, (*path, "value"), least=Decimal(0), most=self._most)
        require_whole(self.grace_days, (*path, "graceDays"), 0, MAX_GRACE_DAYS)
        if self.time is ChargeTime.OVERDUE_INSTALMENT and not self.penalty:
            raise InvalidInput("a charge on overdue instalments is a penalty", field=(*path, "penalty"))
        if self.is_penal_interest and self.time is not ChargeTime.OVERDUE_INSTALMENT:
            raise InvalidInput("penal interest is charged on overdue instalments", field=(*path, "basis"))

    @property
    def is_penal_interest(self) -> bool:
        """Whether the charge grows for as long as its row is overdue."""
        return self.basis in PENAL_INTEREST

    @property
    def _most(self) -> Decimal:
        if self.basis is ChargeBasis.FLAT:
            return Decimal(10**10)
        return MAX_ANNUAL_RATE if self.is_penal_interest else Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanTerms:
    """All that is agreed about one loan. ``annual_rate`` is nominal, in percent: ``Decimal("7")`` is 7 % a year.

    ``first_due_on`` moves the first due date; the others follow from it. ``fixed_instalment`` replaces the computed equal
    instalment, and then the number of rows follows from it. With ``even_out_last`` the computed one is moved towards a last
    row that differs by more than half a minor unit for each row. ``down_payment_percent`` of each disbursement is due on its
    day as a row of its own. With ``bears_after_maturity`` principal still unpaid after the last due date goes on bearing
    interest (with Recalculation.DAILY). Within ``residual_tolerance`` a small rest of an otherwise paid loan is written off
    by itself.
    """

    principal: Money
    annual_rate: Decimal
    instalments: int
    every: int = 1
    unit: PeriodUnit = PeriodUnit.MONTHS
    interest_method: InterestMethod = InterestMethod.DECLINING_BALANCE
    amortisation: Amortisation = Amortisation.EQUAL_INSTALLMENTS
    interest_period: InterestPeriod = InterestPeriod.SAME_AS_REPAYMENT_PERIOD
    day_count: DayCount = DayCount.ACTUAL_365
    instalment_basis: InstalmentBasis = InstalmentBasis.NOMINAL_PERIOD
    interest_rounding: InterestRounding = InterestRounding.EACH_ROW
    rounding: Rounding = field(default_factory=Rounding)
    grace: Grace = field(default_factory=Grace)
    even_out_last: bool = False
    fixed_instalment: Money | None = None
    down_payment_percent: Decimal = Decimal(0)
    recalculation: Recalculation = Recalculation.NONE
    bears_after_maturity: bool = True
    prepayment: PrepaymentPolicy = PrepaymentPolicy.REDUCE_NUMBER_OF_INSTALLMENTS
    payoff_interest: PayoffInterest = PayoffInterest.TILL_PRE_CLOSE_DATE
    allocation: AllocationOrder = STANDARD
    charges: tuple[ChargeRule, ...] = ()
    first_due_on: date | None = None
    delinquency_grace_days: int = 0
    residual_tolerance: Money | None = None

    def __post_init__(self) -> None:
        self._check_size()
        self._check_grace()
        self._check_amounts()
        if self.interest_method is InterestMethod.FLAT and self.recalculation is Recalculation.DAILY:
            raise InvalidInput("flat interest does not follow the balance", field=("input", "recalculation"))
        if len(self.charges) > MAX_CHARGES or len({charge.code for charge in self.charges}) < len(self.charges):
            raise InvalidInput(f"a loan has up to {MAX_CHARGES} charges, each code once", field=("input", "charges"))

    @property
    def currency(self) -> str:
        return self.principal.currency

    @property
    def rounding_minor(self) -> int:
        """The multiple of instalments in minor units; nothing is finer than the minor unit."""
        return max(1, int(self.rounding.multiple_of.scaleb(decimals_of(self.currency))))

    def _check_size(self) -> None:
        if not 0 < self.principal.amount_minor <= MAX_PRINCIPAL_MINOR:
            raise InvalidInput(
                "the principal is more than zero and within the limits of the books", field=("input", "principal")
            )
        require_plain(self.annual_rate, ("input", "annualRate"), least=Decimal(0), most=MAX_ANNUAL_RATE)
        require_whole(self.instalments, ("input", "instalments"), 1, MAX_INSTALMENTS)
        require_whole(self.every, ("input", "every"), 1, MAX_EVERY)
        require_whole(self.delinquency_grace_days, ("input", "delinquencyGraceDays"), 0, MAX_GRACE_DAYS)

    def _check_grace(self) -> None:
        most = self.instalments - 1
        require_whole(self.grace.principal, ("input", "grace", "principal"), 0, most)
        require_whole(self.grace.interest_payment, ("input", "grace", "interestPayment"), 0, most)
        require_whole(self.grace.interest_free, ("input", "grace", "interestFree"), 0, self.instalments)

    def _check_amounts(self) -> None:
        minor = self.rounding.multiple_of.scaleb(decimals_of(self.currency))
        if minor > 1 and minor != minor.to_integral_value():
            message = f"{self.currency} has no amounts like {self.rounding.multiple_of}"
            raise InvalidInput(message, field=("input", "rounding", "multipleOf"))
        require_plain(self.down_payment_percent, ("input", "downPaymentPercent"), least=Decimal(0), most=Decimal(99))
        for amount, name in ((self.fixed_instalment, "fixedInstalment"), (self.residual_tolerance, "residualTolerance")):
            if amount is None:
                continue
            if amount.currency != self.currency:
                message = f"{amount.currency} cannot be used for a loan in {self.currency}"
                raise CurrencyMismatch(message, field=("input", name, "currency"))
            if amount.amount_minor < (1 if name == "fixedInstalment" else 0):
                raise InvalidInput("an amount cannot be negative or nothing", field=("input", name))


def require_plain(value: Decimal, path: tuple[str, ...], *, least: Decimal, most: Decimal) -> None:
    """A finite decimal between two bounds with at most 12 decimals; NaN and infinity are refused."""
    if not isinstance(value, Decimal) or not value.is_finite():
        raise InvalidInput("this must be a plain number", field=path)
    if not least <= value <= most:
        raise InvalidInput(f"this must be from {least} to {most}", field=path)
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -12:
        raise InvalidInput("this has too many decimals", field=path)


def require_whole(value: int, path: tuple[str, ...], least: int, most: int) -> None:
    """A whole number between two bounds, both allowed."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise InvalidInput(f"this must be a whole number from {least} to {most}", field=path)
