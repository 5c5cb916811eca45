"""Movements and postings as they are stored, read for the rules: quantities as thousandths, values as minor units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Protocol
from uuid import UUID

from domain.kit.database import Record
from domain.kit.unit_of_work import Work
from domain.milling.rules import Movement, Posting
from domain.milling.states import POOLED, VALUE_ONLY, CostRule, MovementKind

_KINDS: Final = {kind.value: kind for kind in MovementKind}
_RULES: Final = {rule.value: rule for rule in CostRule} | {None: None}

MOVEMENT: Final = """m.id, m.seq, m.effective_at, m.item_id, m.warehouse_id, m.kind,
       (coalesce(m.quantity, 0) * 1000)::bigint as quantity, (m.counted * 1000)::bigint as counted, m.value_minor,
       m.source_id, m.pool_id, m.cost_rule, m.cost_value::bigint as cost_value"""
"""The columns of a movement ``m``, as :func:`movement_of` reads them."""

POSTING: Final = "(p.quantity * 1000)::bigint as posted, p.value_minor as posted_value, p.variance_minor as posted_variance"
"""The columns of a posting ``p`` beside those of its movement, as :func:`posting_of` reads them."""

HOLDS: Final = "not exists (select from stock_cancellation c where c.movement_id = m.id)"
"""That movement ``m`` is not cancelled."""

# What the cost of movements follows from, besides their own bin: sources ($1), other returns of deliveries ($2), and the
# members of pools ($3).
KIN: Final = f"""
select {MOVEMENT}, {POSTING} from stock_movement m left join stock_posting p on p.movement_id = m.id
where m.id = any($1::uuid[]) and {HOLDS}
union all
select {MOVEMENT}, {POSTING} from stock_movement m left join stock_posting p on p.movement_id = m.id
where m.source_id = any($2::uuid[]) and m.kind = 'SALE_RETURN' and {HOLDS}
union all
select {MOVEMENT}, {POSTING} from stock_movement m left join stock_posting p on p.movement_id = m.id
where m.pool_id = any($3::uuid[]) and {HOLDS}
"""

OVERHEADS: Final = """
select pool_id, sum(amount_minor)::bigint as amount from stock_pool where pool_id = any($1::uuid[]) group by pool_id
"""

_SOURCED: Final = VALUE_ONLY | {MovementKind.TRANSFER_IN, MovementKind.SALE_RETURN, MovementKind.PURCHASE_RETURN}


class Costed(Protocol):
    """What says where it takes its cost from: a movement, or the leg that will be one."""

    @property
    def kind(self) -> MovementKind: ...

    @property
    def source_id(self) -> UUID | None: ...

    @property
    def pool_id(self) -> UUID | None: ...


@dataclass(slots=True)
class Kin:
    """Movements that give their cost to others, with their postings, and the overheads of pools."""

    movements: dict[UUID, Movement] = field(default_factory=dict)
    postings: dict[UUID, Posting] = field(default_factory=dict)
    overheads: dict[UUID, int] = field(default_factory=dict)


async def kin_of(work: Work, movements: Iterable[Costed]) -> Kin:
    """What the costs of ``movements`` follow from, as far as it is stored."""
    sources, deliveries, pools = set(), set(), set()
    for movement in movements:
        if movement.source_id is not None and movement.kind in _SOURCED:
            sources.add(movement.source_id)
            if movement.kind is MovementKind.SALE_RETURN:
                deliveries.add(movement.source_id)
        if movement.pool_id is not None and movement.kind in POOLED:
            pools.add(movement.pool_id)
    kin = Kin()
    if not sources and not pools:
        return kin
    for row in await work.fetch(KIN, list(sources), list(deliveries), list(pools)):
        kin.movements[row["id"]] = movement_of(row)
        posting = posting_of(row)
        if posting is not None:
            kin.postings[row["id"]] = posting
    if pools:
        kin.overheads = {row["pool_id"]: row["amount"] for row in await work.fetch(OVERHEADS, list(pools))}
    return kin


def movement_of(row: Record) -> Movement:
    return Movement(
        id=row["id"],
        seq=row["seq"],
        effective_at=row["effective_at"],
        item_id=row["item_id"],
        warehouse_id=row["warehouse_id"],
        kind=_KINDS[row["kind"]],
        quantity=row["quantity"],
        counted=row["counted"],
        value=row["value_minor"],
        source_id=row["source_id"],
        pool_id=row["pool_id"],
        cost_rule=_RULES[row["cost_rule"]],
        cost_value=row["cost_value"],
    )


def posting_of(row: Record) -> Posting | None:
    """None for a movement that has none yet."""
    if row["posted"] is None:
        return None
    return Posting(row["posted"], row["posted_value"], row["posted_variance"])
