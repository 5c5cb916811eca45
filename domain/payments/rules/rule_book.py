"""The house's match rules as they are kept, and tried one after the other, each in its own strategy.

A criterion is kept as an object ``{"field", "operator", "drift"}``; the drift is a decimal in a text, so that nothing is
rounded on the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any, Final

from domain.kit.decimals import plain
from domain.payments.rules.rule_matching import (
    Criterion,
    Item,
    MatchField,
    Matching,
    MatchRule,
    Operator,
    Strategy,
    match,
)

MAX_CRITERIA: Final = len(MatchField)


@dataclass(frozen=True, slots=True)
class OrderedRule:
    """A rule, and how many rows go with how many payments by it."""

    rule: MatchRule
    strategy: Strategy


def match_in_order(rows: Sequence[Item], payments: Sequence[Item], rules: Iterable[OrderedRule]) -> Matching:
    """As :func:`~domain.payments.rules.rule_matching.match`, with a strategy for each rule.

    What is doubtful by one rule may be certain by a later one; it is ambiguous when none has decided.
    """
    whole = Matching(unmatched_rows=_keys(rows), unmatched_payments=_keys(payments))
    doubtful: set[str] = set()
    for each in rules:
        found = match(_those(rows, _free(whole)), _those(payments, whole.unmatched_payments), [each.rule], each.strategy)
        doubtful.update(found.ambiguous_rows)
        whole.matches += found.matches
        whole.unmatched_rows = _keys(_those(rows, _free(found)))
        whole.unmatched_payments = found.unmatched_payments
    whole.ambiguous_rows = [key for key in whole.unmatched_rows if key in doubtful]
    whole.unmatched_rows = [key for key in whole.unmatched_rows if key not in doubtful]
    return whole


def _free(matching: Matching) -> list[str]:
    return matching.unmatched_rows + matching.ambiguous_rows


def _keys(items: Iterable[Item]) -> list[str]:
    return [item.key for item in items]


def _those(items: Iterable[Item], keys: Iterable[str]) -> list[Item]:
    wanted = set(keys)
    return [item for item in items if item.key in wanted]


def reach_s(rules: Iterable[OrderedRule], *, unlimited_s: int) -> int:
    """Seconds that a row and a payment can lie apart at most; rules that do not ask for the time reach ``unlimited_s``."""
    return max((_reach_s(each.rule, unlimited_s) for each in rules), default=0)


def _reach_s(rule: MatchRule, unlimited_s: int) -> int:
    dates = [criterion.drift for criterion in rule.criteria if criterion.field is MatchField.DATE]
    return min(int(dates[0].to_integral_value(ROUND_CEILING)), unlimited_s) if dates else unlimited_s


def kept(criteria: Iterable[Criterion]) -> list[dict[str, str]]:
    """Criteria as they are stored."""
    return [
        {"field": each.field.value, "operator": each.operator.value, "drift": f"{plain(each.drift):f}"} for each in criteria
    ]


def criteria_of(stored: Iterable[Mapping[str, Any]]) -> tuple[Criterion, ...]:
    """What :func:`kept` stored."""
    return tuple(Criterion(MatchField(each["field"]), Operator(each["operator"]), Decimal(each["drift"])) for each in stored)
