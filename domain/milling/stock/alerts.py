"""Alerts about stock that runs out and warehouses that fill up: raised and resolved as levels are crossed.

A bin's level is compared before and after, under its lock. How full a warehouse is, is compared with the alert that is
open: goods that come in lock the warehouse, goods that go out do not, and only look at it while its alert is open.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from domain.kit import clock
from domain.kit.database import Record
from domain.kit.decimals import plain
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work
from domain.milling.events import AlertFigures, AlertRaised, AlertResolved
from domain.milling.rules import BinKey
from domain.milling.rules.levels import MOST_KG, PRIORITY_OF, capacity_priority, crossing, level_of, used_percent
from domain.milling.states import AlertKind, AlertPriority, AlertState
from domain.milling.stock.checking import used_after
from domain.milling.stock.documents import milli, quantity_of
from domain.milling.stock.locking import Bin, lock_bins
from domain.milling.stock.outcome import Outcome

_COLUMNS: Final = """a.id, a.kind, a.priority, a.state, a.item_id, a.warehouse_id, a.branch_id, a.on_hand, a.threshold,
          a.used_percent, a.raised_at, a.acknowledged_by_id, a.acknowledged_at, a.comment, a.resolved_at"""

# The alerts of some warehouses that stand, and how many kilograms lie there.
STANDING: Final = """
select a.warehouse_id, a.priority, stock_kg_in(a.warehouse_id) as used_kg from stock_alert a
where a.item_id is null and a.state <> 'RESOLVED' and a.warehouse_id = any($1::uuid[])
"""

RESOLVE: Final = f"""
update stock_alert a set state = 'RESOLVED', resolved_at = $3
from unnest($1::uuid[], $2::uuid[]) as about (item_id, warehouse_id)
where a.state <> 'RESOLVED' and a.warehouse_id = about.warehouse_id and a.item_id is not distinct from about.item_id
returning {_COLUMNS}
"""

# Goods that go out do not lock the warehouse: of two that make it less full at once, one says so.
RAISE: Final = """
insert into stock_alert (id, kind, priority, state, item_id, warehouse_id, branch_id, on_hand, threshold, used_percent,
                         raised_at)
select id, kind, priority, 'OPEN', item_id, warehouse_id, branch_id, on_hand, threshold, used_percent, $9
from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::uuid[], $7::numeric[], $8::numeric[],
            $10::numeric[])
     as a (id, kind, priority, item_id, warehouse_id, branch_id, on_hand, threshold, used_percent)
on conflict do nothing returning id
"""

ITEM_BINS: Final = "select warehouse_id from stock_bin where item_id = $1 and reorder_level is null"


@dataclass(frozen=True, slots=True)
class About:
    """What alerts may be about: a bin, or (without an item) a warehouse."""

    item_id: UUID | None
    item_name: str | None
    base_unit: str | None
    warehouse_id: UUID
    warehouse_name: str
    branch_id: UUID | None

    @classmethod
    def bin(cls, here: Bin) -> About:
        return cls(here.key[0], here.item_name, here.base_unit, here.key[1], here.warehouse_name, here.branch_id)

    @classmethod
    def warehouse(cls, here: Bin) -> About:
        return cls(None, None, None, here.key[1], here.warehouse_name, here.branch_id)


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alert that begins, with the figures that it is raised for."""

    kind: AlertKind
    priority: AlertPriority
    on_hand: Decimal
    threshold: Decimal
    used_percent: Decimal | None = None


async def follow(work: Work, bins: Mapping[BinKey, Bin], outcome: Outcome) -> None:
    """Raise and resolve what follows from how much there is now in the bins that were walked."""
    changes: dict[About, Alarm | None] = {}
    for key, after in outcome.after.items():
        here = bins[key]
        _compare(changes, here, here.level, after.state.on_hand, here.level)
    await _compare_warehouses(work, changes, bins, outcome)
    await change(work, changes)


async def change_reorder_level(
    work: Work, *, item_id: UUID, level: Decimal | None, warehouse_id: UUID | None = None
) -> None:
    """Set the level at which an item is low: in one warehouse (None there for the item's own), or wherever no other is set.

    Alerts follow at once. A bin that does not exist yet is made.
    """
    if warehouse_id is None:
        assert level is not None, "an item has a level; 0 for one that nobody watches"
        keys = [(item_id, row["warehouse_id"]) for row in await work.fetch(ITEM_BINS, item_id)]
        bins = await lock_bins(work, dict.fromkeys(keys, False))
        await work.execute("update mill_item set reorder_level = $2 where id = $1", item_id, level)
    else:
        bins = await lock_bins(work, {(item_id, warehouse_id): True})
        await work.execute(
            "update stock_bin set reorder_level = $3, version = version + 1 where item_id = $1 and warehouse_id = $2",
            item_id,
            warehouse_id,
            level,
        )
        if level is None:
            level = await work.fetchval("select reorder_level from mill_item where id = $1", item_id)
    changes: dict[About, Alarm | None] = {}
    for here in bins.values():
        if here.last is not None:
            _compare(changes, here, here.level, here.on_hand, milli(level))
    await change(work, changes)


def _compare(changes: dict[About, Alarm | None], here: Bin, level: int, on_hand: int, level_after: int) -> None:
    crossed = crossing(level_of(here.on_hand, level), level_of(on_hand, level_after))
    if crossed is not None:
        raised = crossed.raised
        changes[About.bin(here)] = (
            None if raised is None else Alarm(raised, PRIORITY_OF[raised], quantity_of(on_hand), quantity_of(level_after))
        )


async def _compare_warehouses(
    work: Work, changes: dict[About, Alarm | None], bins: Mapping[BinKey, Bin], outcome: Outcome
) -> None:
    limited = {
        key[1]: bins[key]
        for key, after in outcome.after.items()
        if bins[key].capacity_kg is not None and after.state.on_hand != bins[key].on_hand
    }
    if not limited:
        return
    used = used_after(outcome, bins)
    standing: dict[UUID, AlertPriority] = {}
    for row in await work.fetch(STANDING, list(limited)):
        standing[row["warehouse_id"]] = AlertPriority(row["priority"])
        used[row["warehouse_id"]] = row["used_kg"]
    for warehouse_id, here in limited.items():
        if warehouse_id not in used:
            continue
        priority = capacity_priority(used[warehouse_id], here.capacity_kg, here.alert_percent)
        if priority is not standing.get(warehouse_id):
            changes[About.warehouse(here)] = (
                None if priority is None else full(here.capacity_kg, priority, used[warehouse_id])
            )


def full(capacity_kg: Decimal | None, priority: AlertPriority, used_kg: Decimal) -> Alarm:
    """The alert of a warehouse that fills up."""
    assert capacity_kg is not None, "only a warehouse with a capacity fills up"
    percent = used_percent(used_kg, capacity_kg)
    return Alarm(AlertKind.WAREHOUSE_CAPACITY, priority, min(round(used_kg, 3), MOST_KG), capacity_kg, percent)


async def change(work: Work, changes: Mapping[About, Alarm | None]) -> None:
    """Resolve what stands about each, and raise what begins."""
    if not changes:
        return
    now, by_key = clock.now(), {(about.item_id, about.warehouse_id): about for about in changes}
    rows = await work.fetch(RESOLVE, [each.item_id for each in changes], [each.warehouse_id for each in changes], now)
    for row in rows:
        about = by_key[row["item_id"], row["warehouse_id"]]
        work.record(AlertResolved(alert=_figures(row, about)))
    raised = [(about, alarm, new_id()) for about, alarm in changes.items() if alarm is not None]
    if raised:
        await _raise(work, raised, now)


async def _raise(work: Work, raised: Collection[tuple[About, Alarm, UUID]], now: datetime) -> None:
    rows = await work.fetch(
        RAISE,
        [alert_id for *_, alert_id in raised],
        [alarm.kind.value for _, alarm, _ in raised],
        [alarm.priority.value for _, alarm, _ in raised],
        [about.item_id for about, *_ in raised],
        [about.warehouse_id for about, *_ in raised],
        [about.branch_id for about, *_ in raised],
        [alarm.on_hand for _, alarm, _ in raised],
        [alarm.threshold for _, alarm, _ in raised],
        now,
        [alarm.used_percent for _, alarm, _ in raised],
    )
    written = {row["id"] for row in rows}
    for about, alarm, alert_id in raised:
        if alert_id not in written:
            continue
        row = {
            "id": alert_id, "kind": alarm.kind, "priority": alarm.priority, "state": AlertState.OPEN,
            "on_hand": alarm.on_hand, "threshold": alarm.threshold, "used_percent": alarm.used_percent, "raised_at": now,
            "acknowledged_by_id": None, "acknowledged_at": None, "comment": "", "resolved_at": None,
        }  # fmt: skip
        work.record(AlertRaised(alert=_figures(row, about)))


def _figures(row: Record | Mapping[str, Any], about: About) -> AlertFigures:
    return AlertFigures(
        id=row["id"],
        kind=AlertKind(row["kind"]),
        priority=AlertPriority(row["priority"]),
        state=AlertState(row["state"]),
        item_id=about.item_id,
        item_name=about.item_name,
        base_unit=about.base_unit,
        warehouse_id=about.warehouse_id,
        warehouse_name=about.warehouse_name,
        branch_id=about.branch_id,
        on_hand=plain(row["on_hand"]),
        threshold=plain(row["threshold"]),
        used_percent=row["used_percent"],
        raised_at=row["raised_at"],
        acknowledged_by_id=row["acknowledged_by_id"],
        acknowledged_at=row["acknowledged_at"],
        comment=row["comment"],
        resolved_at=row["resolved_at"],
    )
