"""Matching the rows of a statement with payments by rules that people set, and what a row that nobody knows may belong to.

A rule is a list of criteria, all of which must hold; rules are tried in their order, the strictest first. Each criterion
allows a drift: of an amount as a fraction of it, of a date in seconds, of a text as the percentage of characters that may
differ. What could be matched in two equally good ways is not matched but said to be ambiguous.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import combinations
from typing import Final

from domain.kit.money import Money
from domain.payments.rules.references import bare, likeness

MAX_TOGETHER: Final = 12
"""Of so many candidates every selection is tried; of more only all of them together."""


class MatchField(StrEnum):
    """What of both sides is compared."""

    AMOUNT = "AMOUNT"
    DATE = "DATE"
    REFERENCE = "REFERENCE"
    DESCRIPTION = "DESCRIPTION"
    CURRENCY = "CURRENCY"


class Operator(StrEnum):
    """CONTAINS: the text of one side is in that of the other."""

    EQUALS = "EQUALS"
    CONTAINS = "CONTAINS"


class Strategy(StrEnum):
    """How many rows of a statement go with how many of our payments."""

    ONE_TO_ONE = "ONE_TO_ONE"
    ONE_TO_MANY = "ONE_TO_MANY"
    MANY_TO_ONE = "MANY_TO_ONE"


_TEXTS: Final = frozenset({MatchField.REFERENCE, MatchField.DESCRIPTION})
_MOST_DRIFT: Final[Mapping[MatchField, int]] = {
    MatchField.AMOUNT: 1,
    MatchField.DATE: 366 * 86_400,
    MatchField.REFERENCE: 100,
    MatchField.DESCRIPTION: 100,
    MatchField.CURRENCY: 0,
}


class BadRule(ValueError):
    """A rule that could not mean anything."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One comparison. The drift is a fraction of our amount, seconds, or percent of a text."""

    field: MatchField
    operator: Operator = Operator.EQUALS
    drift: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        if not self.drift.is_finite() or not 0 <= self.drift <= _MOST_DRIFT[self.field]:
            raise BadRule(f"the drift of {self.field} is from 0 to {_MOST_DRIFT[self.field]}")
        if self.operator is Operator.CONTAINS and (self.field not in _TEXTS or self.drift):
            raise BadRule("only a text contains another, and it does so without drift")


@dataclass(frozen=True, slots=True)
class MatchRule:
    """Criteria that must all hold. Money is always compared, exactly where no criterion allows a drift."""

    title: str
    criteria: tuple[Criterion, ...]

    def __post_init__(self) -> None:
        fields = [criterion.field for criterion in self.criteria]
        if len(set(fields)) != len(fields):
            raise BadRule("a rule has one criterion for each field")
        if not set(fields) - {MatchField.AMOUNT, MatchField.CURRENCY}:
            raise BadRule("an amount alone does not say which payment it is")

    @property
    def amount_drift(self) -> Fraction:
        drifts = (criterion.drift for criterion in self.criteria if criterion.field is MatchField.AMOUNT)
        return Fraction(next(drifts, Decimal(0)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A row of a statement, or a payment of ours, as far as rules look at it."""

    key: str
    amount: Money
    at: datetime
    reference: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """Rows and payments that go together, and by which rule."""

    rows: tuple[str, ...]
    payments: tuple[str, ...]
    rule: str


@dataclass(slots=True)
class Matching:
    """What came of it. Every row and every payment is in exactly one of the lists."""

    matches: list[Match] = field(default_factory=list)
    ambiguous_rows: list[str] = field(default_factory=list)
    unmatched_rows: list[str] = field(default_factory=list)
    unmatched_payments: list[str] = field(default_factory=list)


def match(rows: Sequence[Item], payments: Sequence[Item], rules: Iterable[MatchRule], strategy: Strategy) -> Matching:
    """Match by each rule in turn what those before it left over. Nothing is changed anywhere: a dry run is not to use it.

    The order of rows and payments changes nothing. MANY_TO_ONE is ONE_TO_MANY with the sides exchanged; what is ambiguous
    is then said of the rows all the same.
    """
    assert len({item.key for item in rows}) == len(rows), "a row has a key of its own"
    assert len({item.key for item in payments}) == len(payments), "a payment has a key of its own"
    found = Matching()
    ambiguous: set[str] = set()
    free_rows, free_payments = _in_order(rows), _in_order(payments)
    for rule in rules:
        if strategy is Strategy.ONE_TO_ONE:
            pairs, doubtful = _one_to_one(free_rows, free_payments, rule)
        elif strategy is Strategy.ONE_TO_MANY:
            pairs, wanting = _one_to_many(free_rows, free_payments, rule)
            doubtful = set(wanting)
        else:
            turned, wanting = _one_to_many(free_payments, free_rows, rule)
            pairs = [(many, one) for one, many in turned]
            doubtful = _wanted(wanting)
        ambiguous |= doubtful
        found.matches += [Match(_keys(of_rows), _keys(of_payments), rule.title) for of_rows, of_payments in pairs]
        free_rows = _without(free_rows, (item for of_rows, _ in pairs for item in of_rows))
        free_payments = _without(free_payments, (item for _, of_payments in pairs for item in of_payments))
    found.ambiguous_rows = [item.key for item in free_rows if item.key in ambiguous]
    found.unmatched_rows = [item.key for item in free_rows if item.key not in ambiguous]
    found.unmatched_payments = [item.key for item in free_payments]
    return found


def _in_order(items: Iterable[Item]) -> list[Item]:
    return sorted(items, key=lambda item: (item.at, item.key))


def _keys(items: Sequence[Item]) -> tuple[str, ...]:
    return tuple(item.key for item in items)


def _without(items: Sequence[Item], gone: Iterable[Item]) -> list[Item]:
    keys = {item.key for item in gone}
    return [item for item in items if item.key not in keys]


Together = tuple[tuple[Item, ...], tuple[Item, ...]]
_Wanting = dict[str, list[tuple[Item, ...]]]
"""For the key of one the selections of others that it could be made up of."""


def _wanted(wanting: _Wanting) -> set[str]:
    return {item.key for selections in wanting.values() for selection in selections for item in selection}


def _one_to_one(rows: Sequence[Item], payments: Sequence[Item], rule: MatchRule) -> tuple[list[Together], set[str]]:
    """Pairs that are each other's best. Where a row or a payment has two equally good ones, nothing is decided for it."""
    near = _Near(payments, rule)
    distances = {
        (row.key, payment.key): _distance(row, payment)
        for row in rows
        for payment in near.to(row)
        if _holds(rule, row, payment)
    }
    best_of_row, best_of_payment = _best(distances, 0), _best(distances, 1)
    by_key = {payment.key: payment for payment in payments}
    pairs: list[Together] = []
    doubtful: set[str] = set()
    for row in rows:
        choices = best_of_row.get(row.key, [])
        if len(choices) == 1 and best_of_payment[choices[0]] == [row.key]:
            pairs.append(((row,), (by_key[choices[0]],)))
        elif choices:
            doubtful.add(row.key)
    return pairs, doubtful


def _best(distances: Mapping[tuple[str, str], tuple[Fraction, ...]], side: int) -> dict[str, list[str]]:
    """For each of one side those of the other at the least distance."""
    nearest: dict[str, tuple[Fraction, ...]] = {}
    best: dict[str, list[str]] = {}
    for keys, distance in distances.items():
        one, other = keys[side], keys[1 - side]
        if one not in nearest or distance < nearest[one]:
            nearest[one], best[one] = distance, []
        if distance == nearest[one]:
            best[one].append(other)
    return best


def _one_to_many(ones: Sequence[Item], others: Sequence[Item], rule: MatchRule) -> tuple[list[Together], _Wanting]:
    """Two or more of the others that together have the amount of one. Those of another one are not taken twice; what could
    be made up in two ways, or is wanted by two, is left, and given back as what is wanting."""
    wanted: _Wanting = {}
    for one in ones:
        candidates = [other for other in others if _holds(rule, one, other) and _same_currency(one, other)]
        wanted[one.key] = _selections(one, candidates, rule)
    users: dict[str, set[str]] = {}
    for key, selections in wanted.items():
        for item in (item for selection in selections for item in selection):
            users.setdefault(item.key, set()).add(key)
    pairs: list[Together] = []
    wanting: _Wanting = {}
    for one in ones:
        selections = wanted[one.key]
        if len(selections) == 1 and all(users[item.key] == {one.key} for item in selections[0]):
            pairs.append(((one,), selections[0]))
        elif selections:
            wanting[one.key] = selections
    return pairs, wanting


def _selections(one: Item, candidates: Sequence[Item], rule: MatchRule) -> list[tuple[Item, ...]]:
    if sum(item.amount.amount_minor for item in candidates) == one.amount.amount_minor and len(candidates) > 1:
        return [tuple(candidates)]
    sizes: Iterable[int] = range(2, len(candidates) + 1) if len(candidates) <= MAX_TOGETHER else [len(candidates)]
    fitting = [selection for size in sizes for selection in combinations(candidates, size) if _adds_up(one, selection, rule)]
    exact = [
        selection for selection in fitting if sum(item.amount.amount_minor for item in selection) == one.amount.amount_minor
    ]
    return exact or fitting


def _adds_up(one: Item, selection: Sequence[Item], rule: MatchRule) -> bool:
    total = sum(item.amount.amount_minor for item in selection)
    return abs(total - one.amount.amount_minor) <= rule.amount_drift * abs(total)


def _same_currency(one: Item, other: Item) -> bool:
    return one.amount.currency == other.amount.currency


class _Near:
    """Payments by amount, so that a row is compared with those of about its amount and not with all."""

    def __init__(self, payments: Sequence[Item], rule: MatchRule) -> None:
        self._sorted = sorted(payments, key=lambda item: (item.amount.amount_minor, item.key))
        self._amounts = [item.amount.amount_minor for item in self._sorted]
        self._drift = rule.amount_drift

    def to(self, row: Item) -> Sequence[Item]:
        """Those from which the row's amount is within the drift: a fraction of the payment's amount."""
        amount = row.amount.amount_minor
        low = bisect_left(self._amounts, amount / (1 + self._drift))
        high = bisect_right(self._amounts, amount / (1 - self._drift)) if self._drift < 1 else len(self._amounts)
        return [item for item in self._sorted[low:high] if _same_currency(row, item)]


def _holds(rule: MatchRule, row: Item, payment: Item) -> bool:
    """All criteria but those on money, which are the caller's."""
    return all(_COMPARISONS[criterion.field](criterion, row, payment) for criterion in rule.criteria)


def _is_near_in_time(criterion: Criterion, row: Item, payment: Item) -> bool:
    return abs((row.at - payment.at).total_seconds()) <= criterion.drift


def _is_like(one: str, other: str, criterion: Criterion) -> bool:
    if not bare(one) or not bare(other):
        return False
    if criterion.operator is Operator.CONTAINS:
        return bare(one) in bare(other) or bare(other) in bare(one)
    return (1 - likeness(one, other)) * 100 <= criterion.drift


_COMPARISONS: Final[Mapping[MatchField, Callable[[Criterion, Item, Item], bool]]] = {
    MatchField.AMOUNT: lambda criterion, row, payment: True,
    MatchField.DATE: _is_near_in_time,
    MatchField.REFERENCE: lambda criterion, row, payment: _is_like(row.reference, payment.reference, criterion),
    MatchField.DESCRIPTION: lambda criterion, row, payment: _is_like(row.description, payment.description, criterion),
    MatchField.CURRENCY: lambda criterion, row, payment: _same_currency(row, payment),
}


def _distance(row: Item, payment: Item) -> tuple[Fraction, ...]:
    """How far apart they are: in money, then in their references, then in time."""
    return (
        Fraction(abs(row.amount.amount_minor - payment.amount.amount_minor)),
        1 - Fraction(likeness(row.reference, payment.reference)),
        Fraction(abs(row.at - payment.at).total_seconds()),
    )
