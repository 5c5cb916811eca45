"""Facts about alerts: raised once for each crossing, seen by somebody, over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from domain.events.event import event
from domain.milling.events.topics import Figures, OfABranch, item_topic, warehouse_topic
from domain.milling.states import AlertKind, AlertPriority, AlertState


@dataclass(frozen=True, kw_only=True)
class AlertFigures(Figures):
    """An alert as it stood, with the names of what it is about; without an item it is about a warehouse."""

    id: UUID
    kind: AlertKind
    priority: AlertPriority
    state: AlertState
    item_id: UUID | None
    item_name: str | None
    base_unit: str | None
    warehouse_id: UUID
    warehouse_name: str
    branch_id: UUID | None
    on_hand: Decimal
    threshold: Decimal
    used_percent: Decimal | None
    raised_at: datetime
    acknowledged_by_id: UUID | None
    acknowledged_at: datetime | None
    comment: str
    resolved_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class _AboutAlert(OfABranch):
    alert: AlertFigures

    @property
    def at_branch(self) -> UUID | None:
        return self.alert.branch_id

    def topics(self) -> Iterable[str]:
        item = [] if self.alert.item_id is None else [item_topic(self.alert.item_id)]
        return [*super().topics(), warehouse_topic(self.alert.warehouse_id), *item]


@event("milling.alert_raised")
@dataclass(frozen=True, kw_only=True)
class AlertRaised(_AboutAlert):
    """An item runs low or out somewhere, or a warehouse fills up."""


@event("milling.alert_acknowledged")
@dataclass(frozen=True, kw_only=True)
class AlertAcknowledged(_AboutAlert):
    """Somebody has taken note of an alert."""


@event("milling.alert_resolved")
@dataclass(frozen=True, kw_only=True)
class AlertResolved(_AboutAlert):
    """The cause of an alert is gone."""
