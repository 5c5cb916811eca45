"""Alerts: somebody takes note of what runs out or fills up, and says from which level on it does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.errors import InvalidInput
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.milling.errors import AlertNotFound, AlertOver
from domain.milling.events import AlertAcknowledged, AlertFigures
from domain.milling.models import Item, StockAlert, Warehouse
from domain.milling.service.desk import prose
from domain.milling.states import AlertState

MAX_AT_ONCE: Final = 100


@retried
async def acknowledge_alerts(actor: Actor, *, alert_ids: Sequence[UUID], comment: str = "") -> list[StockAlert]:
    """Take note of alerts, all or none. Who took note of one first stays; one that is over is refused with ALERT_OVER."""
    actor.require(Permission.STOCK_KEEP)
    said = prose(comment, "comment")
    if not 1 <= len(alert_ids) <= MAX_AT_ONCE:
        raise InvalidInput(f"name 1 to {MAX_AT_ONCE} alerts", field=("input", "alertIds"))
    async with unit_of_work() as work:
        locked = StockAlert.filter(id__in=list(alert_ids)).select_for_update(no_key=True)
        found = {alert.id: alert for alert in await locked.order_by("id")}
        for index, alert_id in enumerate(alert_ids):
            _require_standing(actor, found.get(alert_id), ("input", "alertIds", str(index)))
        await _note(work, actor, [alert for alert in found.values() if alert.state is AlertState.OPEN], said)
    return [found[alert_id] for alert_id in alert_ids]


def _require_standing(actor: Actor, alert: StockAlert | None, field: tuple[str, ...]) -> None:
    if alert is None or not actor.sees_branch(alert.branch_id):
        raise AlertNotFound(field=field)
    if alert.state is AlertState.RESOLVED:
        raise AlertOver("its cause is gone", field=field)


async def _note(work: Work, actor: Actor, alerts: Sequence[StockAlert], comment: str) -> None:
    items = await Item.in_bulk([alert.item_id for alert in alerts if alert.item_id is not None], "id")
    places = await Warehouse.in_bulk([alert.warehouse_id for alert in alerts], "id")
    for alert in alerts:
        alert.state = AlertState.ACKNOWLEDGED
        alert.acknowledged_by_id, alert.acknowledged_at, alert.comment = actor.id, clock.now(), comment
        await alert.save(update_fields=["state", "acknowledged_by_id", "acknowledged_at", "comment"])
        item = None if alert.item_id is None else items[alert.item_id]
        figures = AlertFigures.of(
            alert,
            item_name=None if item is None else item.name,
            base_unit=None if item is None else item.base_unit,
            warehouse_name=places[alert.warehouse_id].name,
        )
        work.record(AlertAcknowledged(alert=figures))
