"""Bills of materials by the numbers: what a quantity needs, what can be made, and a cost that is shared out to the cent."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.kit.ids import new_id
from domain.milling.rules import ItemRule, Movement, replay
from domain.milling.rules.recipes import WHOLE, Taking, most_that_can_be_made, needed, shared_out
from domain.milling.states import CostRule, MovementKind, ValuationMethod

QUANTITIES = st.integers(1, 10**9)
NOON = datetime(2030, 3, 4, 12, tzinfo=UTC)
TAKINGS = st.lists(
    st.one_of(
        st.builds(Taking, st.just(CostRule.FIXED), st.integers(0, 10**7)),
        st.builds(Taking, st.just(CostRule.SHARE), st.integers(0, WHOLE)),
    ),
    max_size=4,
)


def test_a_tonne_of_flour_needs_1388_889_kg_of_wheat_at_72_percent() -> None:
    assert needed(100_000, 72_000, 1_000_000) == 1_388_889
    assert most_that_can_be_made(1_388_889, 100_000, 72_000) == 1_000_000
    assert most_that_can_be_made(0, 100_000, 72_000) == 0
    assert needed(1, 10**9, 1) == 1, "a trace of something is still taken"


@given(quantity=QUANTITIES, makes=QUANTITIES, available=st.integers(0, 10**9))
def test_the_most_that_can_be_made_is_the_most(quantity: int, makes: int, available: int) -> None:
    most = most_that_can_be_made(available, quantity, makes)
    assert most == 0 or needed(quantity, makes, most) <= available
    assert needed(quantity, makes, most + 1) > available


def test_bran_takes_its_share_and_flour_the_rest() -> None:
    bran, shorts = Taking(CostRule.SHARE, 800), Taking(CostRule.FIXED, 30_000)
    assert shared_out(1_000_001, [bran, shorts]) == ([80_000, 30_000], 890_001)
    assert shared_out(100, [Taking(CostRule.FIXED, 300), bran]) == ([100, 0], 0)


@given(cost=st.integers(0, 10**9), takings=TAKINGS)
def test_a_cost_is_shared_as_the_replay_shares_it(cost: int, takings: list[Taking]) -> None:
    parts, rest = shared_out(cost, takings)
    assert sum(parts) + rest == cost
    assert min([rest, *parts]) >= 0
    assert [*parts, rest] == as_replayed(cost, takings)


def as_replayed(cost: int, takings: list[Taking]) -> list[int]:
    """The same by the walk over stock: wheat for ``cost`` comes in, is milled, and what comes out takes its cost."""
    wheat, store, pool = new_id(), new_id(), new_id()
    out = [new_id() for _ in takings] + [new_id()]
    movements = [
        moved(wheat, store, 1, MovementKind.RECEIPT, 10, value=cost),
        moved(wheat, store, 2, MovementKind.PRODUCTION_CONSUME, -10, pool_id=pool),
    ]
    for seq, (item, taking) in enumerate(zip(out, takings, strict=False), start=3):
        rule = {"cost_rule": taking.rule, "cost_value": taking.value}
        movements.append(moved(item, store, seq, MovementKind.PRODUCTION_BY_PRODUCT, 1, pool_id=pool, **rule))
    rest = {"cost_rule": CostRule.REST, "pool_id": pool}
    movements.append(moved(out[-1], store, 99, MovementKind.PRODUCTION_OUTPUT, 1, **rest))
    items = {item: ItemRule(ValuationMethod.MOVING_AVERAGE, False) for item in [wheat, *out]}
    walk = replay(items, movements)
    return [walk.bins[item, store].value for item in out]


def moved(item: UUID, store: UUID, seq: int, kind: MovementKind, quantity: int, **more: Any) -> Movement:
    return Movement(
        id=new_id(), seq=seq, effective_at=NOON, item_id=item, warehouse_id=store, kind=kind, quantity=quantity, **more
    )
