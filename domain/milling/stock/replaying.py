"""Replaying bins from a moment in the middle of history, because a movement was put in or taken out there.

The walk begins in the bins that were touched. Whenever a movement turns out to be worth something else than is stored, the
bins of the movements that take their cost from it join the walk from there; whatever cannot have changed is not read.
Whoever replays holds the lock on all stock, so nothing moves meanwhile.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID

from domain.kit.database import Record
from domain.kit.unit_of_work import Work
from domain.milling.rules import BinKey, BinState, ItemRule, Movement, Posting, RateUnknown, Walk
from domain.milling.rules.movements import Position
from domain.milling.states import POOLED, MovementKind, ValuationMethod
from domain.milling.stock.facts import HOLDS, MOVEMENT, POSTING, Kin, kin_of, movement_of, posting_of

SNAPSHOT_EVERY: Final = 500
"""Movements of a bin from one snapshot of its state to the next."""

# The newest snapshot of each bin ($1 items, $2 warehouses) before a position ($3, $4), with how its item is valued.
STARTS: Final = """
select b.item_id, b.warehouse_id, i.valuation_method, i.allow_negative, s.effective_at, s.seq, s.state
from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::bigint[]) as b (item_id, warehouse_id, at, seq)
join mill_item i on i.id = b.item_id
left join lateral (
    select effective_at, seq, state from stock_snapshot
    where item_id = b.item_id and warehouse_id = b.warehouse_id and (effective_at, seq) < (b.at, b.seq)
    order by effective_at desc, seq desc limit 1
) s on true
"""

# The movements of each bin ($1 items, $2 warehouses) after a position ($3, $4; all of them where there is none).
LATER: Final = f"""
select {MOVEMENT}, {POSTING}
from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::bigint[]) as b (item_id, warehouse_id, at, after)
join stock_movement m on m.item_id = b.item_id and m.warehouse_id = b.warehouse_id
     and (b.at is null or (m.effective_at, m.seq) > (b.at, b.after))
left join stock_posting p on p.movement_id = m.id
where {HOLDS}
order by m.effective_at, m.seq
"""

# Where movements take their cost from sources ($1) or share it in pools ($2): the giver, and place and bin of the taker.
TAKERS: Final = f"""
select m.source_id as giver, m.item_id, m.warehouse_id, m.effective_at, m.seq from stock_movement m
where m.source_id = any($1::uuid[]) and m.kind in ('TRANSFER_IN', 'SALE_RETURN') and {HOLDS}
union all
select m.pool_id, m.item_id, m.warehouse_id, m.effective_at, m.seq from stock_movement m
where m.pool_id = any($2::uuid[]) and m.kind in ('PRODUCTION_OUTPUT', 'PRODUCTION_BY_PRODUCT', 'REPACK_IN') and {HOLDS}
"""


@dataclass(frozen=True, slots=True)
class Changed:
    """A movement that is worth something else than was stored (``before`` is None for a new one)."""

    movement: Movement
    before: Posting | None
    after: Posting


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state of a bin after the movement at a position."""

    bin: BinKey
    position: Position
    state: dict[str, Any]


class CannotBeValued(ValueError):
    """The walk came to goods whose cost nobody stated and nothing tells."""

    def __init__(self, movement: Movement) -> None:
        self.movement = movement
        super().__init__(f"movement {movement.id} has no rate")


def step(walk: Walk, movement: Movement) -> Posting:
    """Apply one movement; raises Short or CannotBeValued."""
    try:
        return walk.apply(movement)
    except RateUnknown:
        raise CannotBeValued(movement) from None


@dataclass(slots=True)
class Stream:
    """A bin in the walk: where it joined, what was on hand there, its movements since, and how far the walk has come."""

    joined: Position
    opening: int
    movements: list[Movement]
    last: Position | None
    since_snapshot: int
    place: int = 0

    @property
    def next(self) -> Movement | None:
        return self.movements[self.place] if self.place < len(self.movements) else None


@dataclass(slots=True)
class Replay:
    """One walk over whatever follows from some movements, as they are stored: new ones are, cancelled ones are marked."""

    work: Work
    walk: Walk = field(default_factory=lambda: Walk({}))
    streams: dict[BinKey, Stream] = field(default_factory=dict)
    changed: list[Changed] = field(default_factory=list)
    snapshots: list[Snapshot] = field(default_factory=list)
    _items: dict[UUID, ItemRule] = field(default_factory=dict)
    _stored: dict[UUID, Posting] = field(default_factory=dict)
    _takers: dict[UUID, list[tuple[Position, BinKey]]] = field(default_factory=dict)
    _heap: list[tuple[Position, BinKey]] = field(default_factory=list)

    async def run(self, starts: Mapping[BinKey, Position]) -> None:
        """Walk from these positions to the end. Raises Short and CannotBeValued."""
        self.walk = Walk(self._items)
        await self._join(starts)
        while self._heap:
            position, key = heapq.heappop(self._heap)
            stream = self.streams[key]
            movement = stream.next
            if movement is None or movement.position != position:
                continue  # The bin has joined again, from an earlier place, since this stood in line.
            stream.place += 1
            stream.last = movement.position
            joining = self._apply(movement, stream)
            if stream.next is not None:
                heapq.heappush(self._heap, (stream.next.position, key))
            if joining:
                await self._join(joining)

    def _apply(self, movement: Movement, stream: Stream) -> dict[BinKey, Position]:
        """Take one step; returns the bins that have to be walked too because of it, each from where."""
        posting, before = step(self.walk, movement), self._stored.get(movement.id)
        stream.since_snapshot += 1
        if stream.since_snapshot >= SNAPSHOT_EVERY:
            stream.since_snapshot = 0
            state = self.walk.bins[movement.key].to_json()
            self.snapshots.append(Snapshot(movement.key, movement.position, state))
        if posting == before:
            return {}
        self.changed.append(Changed(movement, before, posting))
        takers = self._takers.get(movement.id, [])
        if movement.pool_id is not None:
            takers = takers + self._takers.get(movement.pool_id, [])
        return self._needed(taker for taker in takers if taker[0] > movement.position)

    def _needed(self, takers: Iterable[tuple[Position, BinKey]]) -> dict[BinKey, Position]:
        """The bins that do not walk yet, or wait to walk from a later place only, which the walk cannot have reached."""
        joining: dict[BinKey, Position] = {}
        for position, key in takers:
            if key not in self.streams or position < self.streams[key].joined:
                joining[key] = min(position, joining.get(key, position))
        return joining

    async def _join(self, starts: Mapping[BinKey, Position]) -> None:
        """Read bins, bring their states to where they join, and put what follows in line."""
        keys = list(starts)
        items, warehouses = [key[0] for key in keys], [key[1] for key in keys]
        positions = [starts[key] for key in keys]
        rows = await self.work.fetch(STARTS, items, warehouses, [at for at, _ in positions], [seq for _, seq in positions])
        found = {(row["item_id"], row["warehouse_id"]): row for row in rows}
        for row in rows:
            self._items[row["item_id"]] = ItemRule(ValuationMethod(row["valuation_method"]), row["allow_negative"])
        after = [found[key]["effective_at"] for key in keys], [found[key]["seq"] for key in keys]
        movements: dict[BinKey, list[Movement]] = {key: [] for key in keys}
        for row in await self.work.fetch(LATER, items, warehouses, *after):
            movement, posting = movement_of(row), posting_of(row)
            movements[movement.key].append(movement)
            if posting is not None:
                self._stored[movement.id] = posting
        loaded = [movement for each in movements.values() for movement in each]
        kin = await kin_of(self.work, loaded)
        await self._learn_takers(loaded)
        for key in keys:
            self._open(key, starts[key], found[key], movements[key], kin)
        self.walk.learn(kin.postings, kin.movements.values(), kin.overheads)

    async def _learn_takers(self, movements: Iterable[Movement]) -> None:
        sources, pools = [], set()
        for movement in movements:
            if movement.kind in (MovementKind.TRANSFER_OUT, MovementKind.SALE_DELIVERY):
                sources.append(movement.id)
            elif movement.kind in POOLED and movement.pool_id is not None:
                pools.add(movement.pool_id)
        if not sources and not pools:
            return
        for row in await self.work.fetch(TAKERS, sources, list(pools - self._takers.keys())):
            taker = (row["effective_at"], row["seq"]), (row["item_id"], row["warehouse_id"])
            self._takers.setdefault(row["giver"], []).append(taker)

    def _open(self, key: BinKey, start: Position, row: Record, movements: list[Movement], kin: Kin) -> None:
        """The bin's state at ``start``: that of its snapshot, moved on by what is stored, which holds up to there."""
        rule = self._items[key[0]]
        state = BinState(rule.method) if row["state"] is None else BinState.from_json(row["state"])
        last = None if row["state"] is None else (row["effective_at"], row["seq"])
        forward = Walk(self._items, bins={key: state}, postings=kin.postings | self._stored)
        place = 0
        while place < len(movements) and movements[place].position < start:
            movement = movements[place]
            stored = self._stored[movement.id]
            stated = stored.quantity > 0 and movement.kind is not MovementKind.COUNT
            forward.apply(replace(movement, value=stored.cost) if stated else movement)
            last = movement.position
            place += 1
        self.walk.open(key, forward.bins[key])
        stream = Stream(start, forward.bins[key].on_hand, movements[place:], last, place)
        self.streams[key] = stream
        if stream.next is not None:
            heapq.heappush(self._heap, (stream.next.position, key))
