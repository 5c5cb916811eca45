"""Late fees: on what is unpaid once its days of grace are over, and never on what was paid by then.

A day is late from its first moment: it is charged by what the day before has left unpaid, so money that comes on a late day
ends the charge with the day after. What is charged only grows with the days, and money never makes it more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final

from domain.kit.money import Money
from domain.school.rules.allocation import spread
from domain.school.rules.figures import half_up, percentage, share_of, total
from domain.school.rules.plans import Line
from domain.school.rules.refusals import BadLateFee
from domain.school.states import LateFeeKind

MAX_GRACE_DAYS: Final = 366

_K = LateFeeKind
_FIXED: Final = frozenset({_K.FIXED, _K.FIXED_PER_DAY})
_PER_DAY: Final = frozenset({_K.FIXED_PER_DAY, _K.PERCENTAGE_PER_DAY})


@dataclass(frozen=True, slots=True, kw_only=True)
class LateFeeRule:
    """One charge. Several rules add up: a fixed amount at first, and another one for each day after.

    ``minimum`` and ``cap`` bound what one instalment is charged by the rule; below ``from_balance`` nothing is charged.
    """

    kind: LateFeeKind
    amount: Money | None = None
    percent: Decimal | None = None
    grace_days: int = 0
    minimum: Money | None = None
    cap: Money | None = None
    from_balance: Money | None = None

    def __post_init__(self) -> None:
        is_fixed = self.kind in _FIXED
        if (self.amount is not None) is not is_fixed or (self.percent is None) is not is_fixed:
            raise BadLateFee("a late fee is an amount or a percentage, as its kind says")
        if self.percent is not None:
            percentage(self.percent, above_zero=True)
        if not 0 <= self.grace_days <= MAX_GRACE_DAYS:
            raise BadLateFee(f"there are from 0 to {MAX_GRACE_DAYS} days of grace")
        bounds = (self.amount, self.minimum, self.cap, self.from_balance)
        if any(bound is not None and bound.amount_minor <= 0 for bound in bounds):
            raise BadLateFee("each amount of a late fee is of more than nothing")
        if self.minimum is not None and self.cap is not None and self.minimum > self.cap:
            raise BadLateFee("the least late fee is not above the cap")


@dataclass(frozen=True, slots=True)
class Paid:
    """Money for the instalment, and the day on which it came. What was taken back is negative."""

    on: date
    amount: Money


def late_fee(due: Money, due_on: date, payments: Iterable[Paid], rules: Iterable[LateFeeRule], *, as_of: date) -> Money:
    """What an instalment is charged for being late until the end of ``as_of``."""
    paid = sorted(payments, key=lambda each: each.on)
    return total((_by_rule(due, due_on, paid, rule, as_of) for rule in rules), due.currency)


def _by_rule(due: Money, due_on: date, payments: Sequence[Paid], rule: LateFeeRule, as_of: date) -> Money:
    late_from = due_on + timedelta(days=rule.grace_days + 1)
    until = as_of if rule.kind in _PER_DAY else min(as_of, late_from)
    exact = Fraction(0)
    for days, unpaid in _stretches(due, payments, late_from, until):
        if unpaid.amount_minor > 0 and (rule.from_balance is None or unpaid >= rule.from_balance):
            exact += days * _for_a_day(rule, unpaid)
    return _bounded(rule, Money(half_up(exact), due.currency)) if exact else Money.zero(due.currency)


def _for_a_day(rule: LateFeeRule, unpaid: Money) -> Fraction:
    """In minor units, exact until all days are summed."""
    if rule.amount is not None:
        unpaid.require_same_currency(rule.amount)
        return Fraction(rule.amount.amount_minor)
    assert rule.percent is not None, "a late fee that is no amount is a percentage"
    return unpaid.amount_minor * share_of(rule.percent)


def _bounded(rule: LateFeeRule, fee: Money) -> Money:
    at_least = fee if rule.minimum is None else max(fee, rule.minimum)
    return at_least if rule.cap is None else min(at_least, rule.cap)


def _stretches(due: Money, payments: Sequence[Paid], start: date, end: date) -> Iterable[tuple[int, Money]]:
    """How many days in a row from ``start`` to ``end``, both included, begin with how much unpaid."""
    unpaid, day = due, start
    for payment in payments:
        # It is off the balance of the day after.
        until = min(payment.on, end)
        if until >= day:
            yield (until - day).days + 1, unpaid
            day = until + timedelta(days=1)
        unpaid -= payment.amount
    if day <= end:
        yield (end - day).days + 1, unpaid


def payments_by_instalment(lines: Sequence[Line], payments: Iterable[Paid], currency: str) -> dict[int, tuple[Paid, ...]]:
    """What money made of each instalment, day by day: a payment paid what the fee has with it and had not before it."""
    nothing = Money.zero(currency)
    found: dict[int, list[Paid]] = {line.number: [] for line in lines}
    had: dict[int, Money] = {}
    paid = nothing
    for payment in sorted(payments, key=lambda each: each.on):
        paid += payment.amount
        # What was taken back can bear an earlier day than what it was taken from.
        has = spread(lines, max(paid, nothing)).by_instalment()
        for number, rows in found.items():
            change = has.get(number, nothing) - had.get(number, nothing)
            if change:
                rows.append(Paid(payment.on, change))
        had = has
    return {number: tuple(rows) for number, rows in found.items()}


def further_late_fees(
    lines: Sequence[Line],
    payments: Sequence[Paid],
    rules: Sequence[LateFeeRule],
    charged: Mapping[int, Money],
    *,
    as_of: date,
) -> dict[int, Money]:
    """What each instalment of a fee is to be charged beyond what it was ``charged`` for being late, until the end of a day.

    ``lines`` are without late fees, which are not late themselves. One that is paid by now is charged nothing more,
    and asking twice of one day charges nothing the second time.
    """
    if not lines:
        return {}
    found: dict[int, Money] = {}
    for number, paid in payments_by_instalment(lines, payments, lines[0].amount.currency).items():
        own = [line for line in lines if line.number == number]
        due = total((line.amount for line in own), own[0].amount.currency)
        if total((each.amount for each in paid), due.currency) >= due:
            continue
        further = late_fee(due, own[0].due_on, paid, rules, as_of=as_of) - charged.get(number, Money.zero(due.currency))
        if further.amount_minor > 0:
            found[number] = further
    return found
