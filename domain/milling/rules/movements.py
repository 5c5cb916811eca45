"""What happened to stock: dated facts, from which every quantity, value and rate of the mill follows.

Nothing of a movement is ever edited. To cancel one is to replay without it; to back-date one is to replay with it in its
place. Quantities are thousandths of the item's base unit, values whole minor units. Movements of one moment count in the
order in which they were booked (``seq``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.milling.states import CostRule, MovementKind

BinKey = tuple[UUID, UUID]
"""An item in a warehouse: (item_id, warehouse_id)."""

Position = tuple[datetime, int]
"""The place of a movement in the order of replay: (effective_at, seq)."""

GIVEN_BY_SOURCE: Final = frozenset({MovementKind.TRANSFER_IN, MovementKind.SALE_RETURN})
"""Movements whose cost is what their source was posted with. When that changes, they change."""

GIVEN_BY_POOL: Final = frozenset(
    {MovementKind.PRODUCTION_OUTPUT, MovementKind.PRODUCTION_BY_PRODUCT, MovementKind.REPACK_IN}
)
"""Movements whose cost is a part of what their pool has consumed. When that changes, they change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One movement of one item in one warehouse.

    ``quantity`` is signed; 0 for a COUNT and for a movement of value alone. ``counted`` is what a COUNT found. ``value`` is
    what the document states: the cost of incoming goods, the change of a receipt's cost, or for a COUNT what the whole
    counted quantity is worth, of which a surplus takes its part. ``source_id`` is the movement that gives the cost: the
    TRANSFER_OUT, the delivery of a SALE_RETURN, the receipt of a PURCHASE_RETURN, LANDED_COST or BILL_DIFFERENCE.
    ``cost_value`` is minor units in total for FIXED and basis points of the pool for SHARE.
    """

    id: UUID
    seq: int
    effective_at: datetime
    item_id: UUID
    warehouse_id: UUID
    kind: MovementKind
    quantity: int = 0
    counted: int | None = None
    value: int | None = None
    source_id: UUID | None = None
    pool_id: UUID | None = None
    cost_rule: CostRule | None = None
    cost_value: int | None = None

    @property
    def key(self) -> BinKey:
        return (self.item_id, self.warehouse_id)

    @property
    def position(self) -> Position:
        return (self.effective_at, self.seq)


@dataclass(frozen=True, slots=True)
class Posting:
    """What a movement is worth in the books: its quantity, its value in stock, and what of its cost found no stock to be in.

    ``quantity`` and ``value`` are signed as stock changes. ``cost`` is what a movement brought or took altogether; for
    incoming goods it is the stated value.
    """

    quantity: int
    value: int
    variance: int = 0

    @property
    def cost(self) -> int:
        return self.value + self.variance


def takes_cost_from(later: Movement, earlier: Movement) -> bool:
    """Whether the posting of ``later`` can follow from that of ``earlier``, which is in another bin or the same.

    Returns of one delivery share its cost to the last minor unit, so that one that is put in or taken out before another
    can change that one.
    """
    if later.position <= earlier.position:
        return False
    if later.kind in GIVEN_BY_SOURCE:
        sibling = later.kind is MovementKind.SALE_RETURN and earlier.kind is MovementKind.SALE_RETURN
        return later.source_id is not None and later.source_id == (earlier.source_id if sibling else earlier.id)
    return later.kind in GIVEN_BY_POOL and later.pool_id is not None and later.pool_id == earlier.pool_id
