"""Rules that are kept, and tried in their order, each in its own strategy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from domain.kit.money import Money
from domain.payments.rules.rule_book import OrderedRule, criteria_of, kept, match_in_order, reach_s
from domain.payments.rules.rule_matching import Criterion, Item, MatchField, MatchRule, Operator, Strategy, match

NOON = datetime(2025, 3, 5, 12, tzinfo=UTC)
DAY = Criterion(MatchField.DATE, drift=Decimal(86_400))
REFERENCE = Criterion(MatchField.REFERENCE)


def item(key: str, shillings: int = 100, *, reference: str = "", at_s: int = 0) -> Item:
    return Item(key=key, amount=Money(shillings * 100, "KES"), at=NOON + timedelta(seconds=at_s), reference=reference)


def ordered(title: str, strategy: Strategy, *criteria: Criterion) -> OrderedRule:
    return OrderedRule(MatchRule(title, criteria), strategy)


ONE = ordered("one", Strategy.ONE_TO_ONE, REFERENCE)
ONE_OF_THE_DAY = ordered("day", Strategy.ONE_TO_ONE, DAY)
PARTS = ordered("parts", Strategy.MANY_TO_ONE, REFERENCE)
LUMP = ordered("lump", Strategy.ONE_TO_MANY, REFERENCE)


def test_each_rule_has_its_strategy_and_what_the_others_left() -> None:
    rows = [
        item("r1", 100, reference="A"),
        item("r2", 40, reference="B"),
        item("r3", 60, reference="B"),
        item("r4", 90, reference="C"),
    ]
    payments = [
        item("p1", 100, reference="A"),
        item("p2", 100, reference="B"),
        item("p3", 30, reference="C"),
        item("p4", 60, reference="C"),
    ]
    found = match_in_order(rows, payments, [ONE, PARTS, LUMP])
    assert [(each.rule, each.rows, each.payments) for each in found.matches] == [
        ("one", ("r1",), ("p1",)),
        ("parts", ("r2", "r3"), ("p2",)),
        ("lump", ("r4",), ("p3", "p4")),
    ]
    assert found.unmatched_rows == found.ambiguous_rows == found.unmatched_payments == []


def test_what_is_doubtful_by_one_rule_may_be_certain_by_the_next() -> None:
    rows, payments = [item("r", reference="A")], [item("p1"), item("p2", reference="A")]
    assert match_in_order(rows, payments, [ONE_OF_THE_DAY]).matches[0].payments == ("p2",)
    doubtful = match_in_order([item("r")], [*payments[:1], item("p2")], [ONE_OF_THE_DAY, ONE])
    assert (doubtful.ambiguous_rows, doubtful.unmatched_rows, doubtful.unmatched_payments) == (["r"], [], ["p1", "p2"])


def test_without_rules_nothing_matches() -> None:
    found = match_in_order([item("r")], [item("p")], [])
    assert (found.matches, found.unmatched_rows, found.unmatched_payments) == ([], ["r"], ["p"])


@given(st.integers())
def test_with_one_strategy_it_is_the_same_as_all_rules_at_once(seed: int) -> None:
    random = Random(seed)

    def some(prefix: str) -> list[Item]:
        return [
            item(f"{prefix}{n}", random.choice((1, 2)), reference=random.choice("AB"), at_s=random.randrange(4))
            for n in range(5)
        ]

    rows, payments = some("r"), some("p")
    for strategy in Strategy:
        rules = [ordered("reference", strategy, REFERENCE), ordered("day", strategy, DAY)]
        together = match(rows, payments, [each.rule for each in rules], strategy)
        stepwise = match_in_order(rows, payments, rules)
        assert stepwise.matches == together.matches
        assert set(stepwise.ambiguous_rows) == set(together.ambiguous_rows)
        assert set(stepwise.unmatched_rows) == set(together.unmatched_rows)


def test_how_far_rules_reach() -> None:
    hour = ordered("hour", Strategy.ONE_TO_ONE, Criterion(MatchField.DATE, drift=Decimal("3599.5")))
    assert reach_s([hour], unlimited_s=10_000) == 3_600
    assert reach_s([hour, ONE], unlimited_s=10_000) == 10_000
    assert reach_s([], unlimited_s=10_000) == 0


def test_criteria_are_kept_as_they_are() -> None:
    criteria = (
        Criterion(MatchField.AMOUNT, drift=Decimal("0.0100")),
        Criterion(MatchField.DATE, drift=Decimal("1E+3")),
        Criterion(MatchField.DESCRIPTION, Operator.CONTAINS),
    )
    stored = kept(criteria)
    assert stored[0] == {"field": "AMOUNT", "operator": "EQUALS", "drift": "0.01"} and stored[1]["drift"] == "1000"
    assert criteria_of(stored) == criteria
