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
from domain.milling.models import StockAlert
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
            await _acknowledge(work, actor, found.get(alert_id), said, ("input", "alertIds", str(index)))
    return [found[alert_id] for alert_id in alert_ids]


async def _acknowledge(work: Work, actor: Actor, alert: StockAlert | None, comment: str, field: tuple[str, ...]) -> None:
    if alert is None or not actor.sees_branch(alert.branch_id):
        raise AlertNotFound(field=field)
    if alert.state is AlertState.RESOLVED:
        raise AlertOver("its cause is gone", field=field)
    if alert.state is AlertState.ACKNOWLEDGED:
        return
    alert.state = AlertState.ACKNOWLEDGED
    alert.acknowledged_by_id, alert.acknowledged_at, alert.comment = actor.id, clock.now(), comment
    await alert.save(update_fields=["state", "acknowledged_by_id", "acknowledged_at", "comment"])
    work.record(AlertAcknowledged(alert=AlertFigures.of(alert)))
