"""Making everything that is derived anew from the facts: movements, cancellations, overheads of pools and reservations.

Nothing calls for it as long as the proof of stock holds. It is there for the day when a rule is put right, or rows were
touched by hand. The ledger is a book of its own and stays as it is; the integrity report says where the two differ.
"""

from __future__ import annotations

from typing import Final

from domain.kit.unit_of_work import retried, unit_of_work
from domain.milling.stock import writing
from domain.milling.stock.facts import HOLDS
from domain.milling.stock.locking import lock_bins
from domain.milling.stock.outcome import from_the_middle
from domain.milling.stock.replaying import Replay

# Each bin that something holds in, and where its history begins.
BEGINNINGS: Final = f"""
select distinct on (m.item_id, m.warehouse_id) m.item_id, m.warehouse_id, m.effective_at, m.seq
from stock_movement m where {HOLDS} order by m.item_id, m.warehouse_id, m.effective_at, m.seq
"""

# Bins of the facts that are missing are made, and those without facts are emptied.
MAKE_BINS: Final = """
insert into stock_bin (item_id, warehouse_id) select distinct item_id, warehouse_id from stock_movement
on conflict (item_id, warehouse_id) do nothing
"""
EMPTY_BINS: Final = f"""
update stock_bin b
set on_hand = 0, value_minor = 0, last_at = null, last_seq = null, state = '{{}}', version = b.version + 1
where b.last_at is not null
  and not exists (select from stock_movement m
                  where m.item_id = b.item_id and m.warehouse_id = b.warehouse_id and {HOLDS})
"""
DROP_POSTINGS: Final = """
delete from stock_posting p using stock_cancellation c where c.movement_id = p.movement_id
"""
HOLD_BACK_ANEW: Final = """
update stock_bin b set reserved = held.quantity, version = b.version + 1
from (select b.item_id, b.warehouse_id, coalesce(sum(r.quantity), 0) as quantity
      from stock_bin b left join stock_reservation r on (r.item_id, r.warehouse_id) = (b.item_id, b.warehouse_id)
      group by b.item_id, b.warehouse_id) held
where (held.item_id, held.warehouse_id) = (b.item_id, b.warehouse_id) and b.reserved <> held.quantity
"""


@retried
async def rebuild() -> int:
    """Replay all movements from nothing and write what follows; returns how many postings were other or missing."""
    async with unit_of_work() as work:
        await lock_bins(work, {}, alone=True)
        for statement in (MAKE_BINS, EMPTY_BINS, DROP_POSTINGS, "delete from stock_day", "delete from stock_snapshot"):
            await work.execute(statement)
        rows = await work.fetch(BEGINNINGS)
        starts = {(row["item_id"], row["warehouse_id"]): (row["effective_at"], row["seq"]) for row in rows}
        bins = await lock_bins(work, dict.fromkeys(starts, False), alone=True)
        outcome = await from_the_middle(work, starts, Replay(work))
        await writing.write(work, outcome, bins)
        await work.execute(HOLD_BACK_ANEW)
        return len(outcome.changed)
