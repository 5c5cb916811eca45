"""Writing movements and everything that is derived from them, a statement for each table however many rows there are."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from domain.identity.actor import SYSTEM_ID
from domain.kit import clock
from domain.kit.context import current_call
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work
from domain.milling.rules import BinKey, Movement
from domain.milling.rules.movements import Position
from domain.milling.stock.documents import Document, Leg, milli
from domain.milling.stock.locking import Bin
from domain.milling.stock.outcome import After, Outcome
from domain.milling.stock.replaying import Changed, Snapshot

APPEND: Final = """
insert into stock_movement (id, item_id, warehouse_id, kind, quantity, counted, value_minor, source_id, pool_id, cost_rule,
                            cost_value, line_no, note, document_kind, document_id, effective_at, recorded_at, actor_id)
select id, item_id, warehouse_id, kind, quantity, counted, value_minor, source_id, pool_id, cost_rule, cost_value, line_no,
       note, $14, $15, $16, $17, $18
from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::numeric[], $6::numeric[], $7::bigint[], $8::uuid[],
            $9::uuid[], $10::text[], $11::numeric[], $12::int[], $13::text[]) with ordinality
     as m (id, item_id, warehouse_id, kind, quantity, counted, value_minor, source_id, pool_id, cost_rule, cost_value,
           line_no, note, place)
order by place
returning id, seq
"""

ADD_OVERHEADS: Final = """
insert into stock_pool (id, pool_id, amount_minor, document_id, recorded_at, actor_id)
select id, pool_id, amount, $4, $5, $6 from unnest($1::uuid[], $2::uuid[], $3::bigint[]) as o (id, pool_id, amount)
"""

CANCEL: Final = """
insert into stock_cancellation (movement_id, reason, cancelled_at, actor_id)
select id, $2, $3, $4 from unnest($1::uuid[]) as m (id)
"""

DELETE_POSTINGS: Final = "delete from stock_posting where movement_id = any($1::uuid[])"

INSERT_POSTINGS: Final = """
insert into stock_posting (movement_id, quantity, value_minor, variance_minor)
select id, quantity / 1000.0, value, variance
from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[]) as p (id, quantity, value, variance)
"""

UPDATE_POSTINGS: Final = """
update stock_posting s set quantity = p.quantity / 1000.0, value_minor = p.value, variance_minor = p.variance
from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[]) as p (id, quantity, value, variance)
where s.movement_id = p.id
"""

UPDATE_BINS: Final = """
update stock_bin b
set on_hand = n.on_hand / 1000.0, value_minor = n.value, last_at = n.last_at, last_seq = n.last_seq, state = n.state::jsonb,
    version = b.version + greatest(n.steps, 1)
from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::bigint[], $7::text[], $8::int[])
     as n (item_id, warehouse_id, on_hand, value, last_at, last_seq, state, steps)
where b.item_id = n.item_id and b.warehouse_id = n.warehouse_id
returning b.item_id, b.warehouse_id, b.version, (b.reserved * 1000)::bigint as reserved
"""

DAYS: Final = """
select m.item_id, m.warehouse_id, (m.effective_at at time zone 'UTC')::date as day,
       sum(greatest(p.quantity, 0)) as received, -sum(least(p.quantity, 0)) as issued,
       coalesce(-sum(p.quantity) filter (where m.kind in ('SALE_DELIVERY', 'SALE_RETURN')), 0) as sold,
       sum(greatest(p.value_minor, 0))::bigint as received_value_minor,
       -sum(least(p.value_minor, 0))::bigint as issued_value_minor, count(*)::int as movements
from stock_movement m join stock_posting p on p.movement_id = m.id"""
"""What movements add up to by bin and day; a cancelled one has no posting."""

_DAY: Final = "item_id, warehouse_id, day, received, issued, sold, received_value_minor, issued_value_minor, movements"

ADD_TO_DAYS: Final = f"""
insert into stock_day as d ({_DAY})
{DAYS} where m.id = any($1::uuid[]) group by 1, 2, 3
on conflict (item_id, warehouse_id, day) do update
set received = d.received + excluded.received, issued = d.issued + excluded.issued, sold = d.sold + excluded.sold,
    received_value_minor = d.received_value_minor + excluded.received_value_minor,
    issued_value_minor = d.issued_value_minor + excluded.issued_value_minor, movements = d.movements + excluded.movements
"""

# The days of bins ($1, $2), each from the day of a moment ($3) on, are added up anew.
DELETE_DAYS: Final = """
delete from stock_day d
using unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) as b (item_id, warehouse_id, since)
where d.item_id = b.item_id and d.warehouse_id = b.warehouse_id and d.day >= (b.since at time zone 'UTC')::date
"""
INSERT_DAYS: Final = f"""
insert into stock_day ({_DAY})
{DAYS}
join unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) as b (item_id, warehouse_id, since)
     on m.item_id = b.item_id and m.warehouse_id = b.warehouse_id
        and m.effective_at >= date_trunc('day', b.since, 'UTC')
group by 1, 2, 3
"""

DELETE_SNAPSHOTS: Final = """
delete from stock_snapshot s
using unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::bigint[]) as b (item_id, warehouse_id, at, seq)
where s.item_id = b.item_id and s.warehouse_id = b.warehouse_id and (s.effective_at, s.seq) >= (b.at, b.seq)
"""

INSERT_SNAPSHOTS: Final = """
insert into stock_snapshot (item_id, warehouse_id, effective_at, seq, state)
select item_id, warehouse_id, at, seq, state::jsonb
from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::bigint[], $5::text[]) as s (item_id, warehouse_id, at, seq, state)
"""


async def append(work: Work, document: Document, legs: Sequence[Leg], at: datetime) -> list[Movement]:
    """Write the movements of a document, in this order; they are facts from now on."""
    if not legs:
        return []
    recorded_at = max(clock.now(), at)
    columns = [
        (
            leg.id, leg.item_id, leg.warehouse_id, leg.kind.value, leg.quantity, leg.counted, leg.value_minor, leg.source_id,
            leg.pool_id, leg.cost_rule and leg.cost_rule.value, leg.cost_value, leg.line_no, leg.note or "",
        )
        for leg in legs
    ]  # fmt: skip
    rows = await work.fetch(APPEND, *_columns(columns), document.kind.value, document.id, at, recorded_at, _actor_id())
    seqs = {row["id"]: row["seq"] for row in rows}
    return [
        Movement(
            id=leg.id,
            seq=seqs[leg.id],
            effective_at=at,
            item_id=leg.item_id,
            warehouse_id=leg.warehouse_id,
            kind=leg.kind,
            quantity=milli(leg.quantity or Decimal(0)),
            counted=None if leg.counted is None else milli(leg.counted),
            value=leg.value_minor,
            source_id=leg.source_id,
            pool_id=leg.pool_id,
            cost_rule=leg.cost_rule,
            cost_value=None if leg.cost_value is None else int(leg.cost_value),
        )
        for leg in legs
    ]


async def add_overheads(work: Work, document_id: UUID, amounts: Mapping[UUID, int]) -> None:
    """Cost that pools get besides what they consume; a negative amount takes some back."""
    told = [(new_id(), pool_id, amount) for pool_id, amount in amounts.items() if amount]
    if told:
        await work.execute(ADD_OVERHEADS, *_columns(told), document_id, clock.now(), _actor_id())


async def mark_cancelled(work: Work, movement_ids: Collection[UUID], reason: str) -> None:
    """Take movements out of history, with what they were worth."""
    await work.execute(CANCEL, list(movement_ids), reason, clock.now(), _actor_id())
    await work.execute(DELETE_POSTINGS, list(movement_ids))


async def write(work: Work, outcome: Outcome, bins: Mapping[BinKey, Bin]) -> None:
    """Bring everything derived to where movements have taken it; ``bins`` learn their version and what they hold back."""
    new = [each for each in outcome.changed if each.before is None]
    other = [each for each in outcome.changed if each.before is not None]
    if new:
        await work.execute(INSERT_POSTINGS, *_posted(new))
    if other:
        await work.execute(UPDATE_POSTINGS, *_posted(other))
    if outcome.after:
        for row in await work.fetch(UPDATE_BINS, *_columns(_bin_rows(outcome.after))):
            here = bins[row["item_id"], row["warehouse_id"]]
            here.version, here.reserved = row["version"], row["reserved"]
    if outcome.since:
        await _write_days_anew(work, outcome.since)
    elif new:
        await work.execute(ADD_TO_DAYS, [each.movement.id for each in new])
    if outcome.snapshots:
        await work.execute(INSERT_SNAPSHOTS, *_columns(_snapshot_rows(outcome.snapshots)))


async def _write_days_anew(work: Work, since: Mapping[BinKey, Position]) -> None:
    bins = [(*key, at, seq) for key, (at, seq) in since.items()]
    items, warehouses, moments, seqs = _columns(bins)
    await work.execute(DELETE_DAYS, items, warehouses, moments)
    await work.execute(INSERT_DAYS, items, warehouses, moments)
    await work.execute(DELETE_SNAPSHOTS, items, warehouses, moments, seqs)


def _posted(changed: Sequence[Changed]) -> list[list[Any]]:
    return _columns([(each.movement.id, each.after.quantity, each.after.value, each.after.variance) for each in changed])


def _bin_rows(after: Mapping[BinKey, After]) -> list[tuple[Any, ...]]:
    return [
        (
            *key,
            each.state.on_hand,
            each.state.value,
            *(each.last or (None, None)),
            json.dumps(each.state.to_json()),
            each.steps,
        )
        for key, each in after.items()
    ]


def _snapshot_rows(snapshots: Iterable[Snapshot]) -> list[tuple[Any, ...]]:
    return [(*each.bin, *each.position, json.dumps(each.state)) for each in snapshots]


def _columns(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """Rows turned into columns, which travel as one array each."""
    return [list(column) for column in zip(*rows, strict=True)]


def _actor_id() -> UUID:
    return current_call().actor_id or SYSTEM_ID
