"""Taking movements out of history: what came after them is replayed as if they had never been, and the books follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from domain.kit.database import Record
from domain.kit.unit_of_work import Work
from domain.milling.accounts import Side
from domain.milling.errors import BlockedByLaterDocument, RateRequired
from domain.milling.rules import BinKey, Movement, Posting, Short
from domain.milling.rules.movements import Position
from domain.milling.stock import checking, settling, writing
from domain.milling.stock.booking import starts_of
from domain.milling.stock.documents import Booked, Document
from domain.milling.stock.facts import HOLDS, MOVEMENT, POSTING, kin_of, movement_of, posting_of
from domain.milling.stock.locking import Bin, lock_bins
from domain.milling.stock.outcome import Outcome, from_the_middle
from domain.milling.stock.replaying import CannotBeValued, Replay

BINS: Final = "select distinct item_id, warehouse_id from stock_movement where id = any($1::uuid[])"

CANCELLED: Final = f"""
select {MOVEMENT}, {POSTING}, m.line_no from stock_movement m join stock_posting p on p.movement_id = m.id
where m.id = any($1::uuid[]) and {HOLDS}
order by m.effective_at, m.seq
"""

# Whether something that still holds takes its cost from movements ($1) that are to be cancelled, or from their pools.
BUILT_UPON: Final = f"""
select exists (
    select from stock_movement m where m.source_id = any($1::uuid[]) and m.id <> all($1::uuid[]) and {HOLDS}
) or exists (
    select from stock_movement m
    join stock_movement given on given.pool_id = m.pool_id and given.id = any($1::uuid[])
         and given.kind in ('PRODUCTION_CONSUME', 'REPACK_OUT')
    where m.kind in ('PRODUCTION_OUTPUT', 'PRODUCTION_BY_PRODUCT', 'REPACK_IN') and m.id <> all($1::uuid[]) and {HOLDS}
)
"""

# What a document ($1) has added to the cost of the pools whose outputs ($2) are taken back.
ADDED: Final = """
select pool_id, sum(amount_minor)::bigint as amount from stock_pool
where document_id = $1 and pool_id in (
    select pool_id from stock_movement where id = any($2::uuid[])
      and kind in ('PRODUCTION_OUTPUT', 'PRODUCTION_BY_PRODUCT', 'REPACK_IN'))
group by pool_id having sum(amount_minor) <> 0
"""


async def cancel(
    work: Work, document: Document, movement_ids: Sequence[UUID], *, reason: str, sides: Sequence[Side] = ()
) -> Booked:
    """Take movements of a document out of history, in the unit of work in progress, in which the document's row is locked.

    What they were worth is taken back on their own days, as are overheads that the document gave to their pools; ``sides``
    are further sides of that entry. Days in closed periods make room for the first open day after them. The answer tells
    what moved: the opposite of what had.

    Refuses with INSUFFICIENT_STOCK where later movements need what was brought in, RATE_REQUIRED where nothing would tell a
    later one's cost, and BLOCKED_BY_LATER_DOCUMENT where others take their cost from what is cancelled.
    """
    ids = list(movement_ids)
    assert ids, "something is cancelled"
    keys = {(row["item_id"], row["warehouse_id"]): False for row in await work.fetch(BINS, ids)}
    bins = await lock_bins(work, keys, alone=True)
    rows = await work.fetch(CANCELLED, ids)
    assert len(rows) == len(ids), "a movement is cancelled once"
    if await work.fetchval(BUILT_UPON, ids):
        raise BlockedByLaterDocument("a later document takes its cost from this one; cancel that first")
    cancelled = [(movement_of(row), _posting(row), row["line_no"]) for row in rows]
    movements = [movement for movement, *_ in cancelled]
    overhead = {row["pool_id"]: -row["amount"] for row in await work.fetch(ADDED, document.id, ids)}
    await writing.add_overheads(work, document.id, overhead)
    await writing.mark_cancelled(work, ids, reason)
    starts = starts_of(movements, await kin_of(work, movements))
    outcome = await _replayed(work, cancelled, starts, bins)
    checking.require_sane(outcome)
    return await settling.settle_cancelling(work, document, settling.Cancelling(cancelled, sides, overhead), bins, outcome)


async def _replayed(
    work: Work,
    cancelled: Sequence[tuple[Movement, Posting, int]],
    starts: Mapping[BinKey, Position],
    bins: Mapping[BinKey, Bin],
) -> Outcome:
    replay = Replay(work)
    movements = [movement for movement, *_ in cancelled]
    try:
        outcome = await from_the_middle(work, starts, replay)
        short = checking.require_held(movements, outcome, bins, {})
    except CannotBeValued:
        raise RateRequired("without this, nothing tells what later goods cost") from None
    except Short as error:
        short = error.movement
    else:
        if short is None:
            return outcome
    movement, posting = _culprit(cancelled, short)
    least = checking.least_after(replay.streams[movement.key], movement.position, bins[movement.key].reserved)
    raise checking.insufficient(bins[movement.key], posting.quantity, least + posting.quantity, None)


def _culprit(cancelled: Sequence[tuple[Movement, Posting, int]], short: Movement) -> tuple[Movement, Posting]:
    """Which of the movements had brought what a later one finds missing."""
    earlier = [each for each in cancelled if each[0].key == short.key and each[0].position <= short.position]
    movement, posting, _ = next((each for each in reversed(earlier) if each[1].quantity > 0), earlier[-1])
    return movement, posting


def _posting(row: Record) -> Posting:
    posting = posting_of(row)
    assert posting is not None, "what holds has a posting"
    return posting
