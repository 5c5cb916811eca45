"""Replaying all movements from nothing, to prove that what is stored of stock is what follows from them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

from domain.kit.database import Connection, connection
from domain.milling.rules import BinKey, BinState, ItemRule, Movement, Posting, Walk
from domain.milling.rules.movements import Position
from domain.milling.states import ValuationMethod
from domain.milling.stock.facts import HOLDS, MOVEMENT, POSTING, movement_of, posting_of

HISTORY: Final = f"""
select {MOVEMENT}, {POSTING} from stock_movement m left join stock_posting p on p.movement_id = m.id
where {HOLDS} order by m.effective_at, m.seq
"""
ITEMS: Final = "select id, valuation_method, allow_negative from mill_item"
OVERHEADS: Final = "select pool_id, sum(amount_minor)::bigint as amount from stock_pool group by pool_id"
SNAPSHOTS: Final = "select item_id, warehouse_id, effective_at, seq, state from stock_snapshot"
BINS: Final = """
select item_id, warehouse_id, (on_hand * 1000)::bigint as on_hand, value_minor, last_at, last_seq,
       nullif(state, '{}') as state
from stock_bin
"""


@dataclass(slots=True)
class _Replay:
    """A walk through all of history, compared with what is stored as it goes."""

    walk: Walk
    snapshots: dict[tuple[BinKey, Position], dict[str, Any]]
    last: dict[BinKey, Position]
    found: list[str]

    def compare(self, movement: Movement, stored: Posting | None) -> None:
        if self.walk.apply(movement) != stored:
            self.found.append(f"movement {movement.id} is posted otherwise than a replay says")
        self.last[movement.key] = movement.position
        state = self.snapshots.pop((movement.key, movement.position), None)
        if state is not None and BinState.from_json(state) != self.walk.bins[movement.key]:
            self.found.append(f"the snapshot of a bin after movement {movement.id} is not what a replay comes to")

    def compare_bin(self, row: Any) -> None:
        key = (row["item_id"], row["warehouse_id"])
        state = self.walk.bins.get(key)
        last = None if row["last_at"] is None else (row["last_at"], row["last_seq"])
        wanted = (0, 0) if state is None else (state.on_hand, state.value)
        same = (row["on_hand"], row["value_minor"]) == wanted and last == self.last.get(key)
        if same and state is not None:
            same = row["state"] is not None and BinState.from_json(row["state"]) == state
        if not same:
            self.found.append(f"the bin of item {key[0]} in warehouse {key[1]} is not what a replay comes to")


async def verify_stock() -> list[str]:
    """A sentence for each posting, bin and snapshot that is not what follows from the movements."""
    async with connection() as c, c.transaction(isolation="repeatable_read", readonly=True):
        replay = await _beginning(c)
        async for row in _history(c):
            replay.compare(movement_of(row), posting_of(row))
        for row in await c.fetch(BINS):
            replay.compare_bin(row)
    replay.found += [f"a snapshot at {position} is of no movement" for _, position in replay.snapshots]
    return replay.found


async def _beginning(c: Connection) -> _Replay:
    items = {
        row["id"]: ItemRule(ValuationMethod(row["valuation_method"]), row["allow_negative"]) for row in await c.fetch(ITEMS)
    }
    overheads = {row["pool_id"]: row["amount"] for row in await c.fetch(OVERHEADS)}
    snapshots = {
        ((row["item_id"], row["warehouse_id"]), (row["effective_at"], row["seq"])): row["state"]
        for row in await c.fetch(SNAPSHOTS)
    }
    return _Replay(Walk(items, overheads=overheads), snapshots, {}, [])


async def _history(c: Connection) -> AsyncIterator[Any]:
    async for row in c.cursor(HISTORY, prefetch=1000):
        yield row
