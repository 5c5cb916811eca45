"""How a hub is, at a glance, and what it has done so far."""

from __future__ import annotations

from dataclasses import dataclass

from domain.events.log import Place


@dataclass(slots=True)
class HubStatistics:
    """Counters since the start, for the metrics."""

    events: int = 0
    deliveries: int = 0
    replayed: int = 0
    resyncs: int = 0
    overflows: int = 0


@dataclass(frozen=True, slots=True)
class HubStatus:
    """How the hub is, at a glance."""

    connections: int
    feeds: int
    groups: int
    shapes: int
    place: Place
    doorbell: bool
    real_time: bool
    executions: int
    queries: int
    gaps: int
    uptime_s: float
