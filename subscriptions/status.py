"""How a hub is, at a glance, and what it has done so far."""

from __future__ import annotations

from dataclasses import dataclass

from domain.events.log import Place


@dataclass(slots=True)
class HubStatistics:
    """Counters since the start, for the metrics. ``overflows`` are of connections that did not take what waited for them,
    ``refills`` of feeds that went on from the log for that, ``resyncs`` of feeds that could not be told all they missed."""

    events: int = 0
    deliveries: int = 0
    replayed: int = 0
    resyncs: int = 0
    overflows: int = 0
    refills: int = 0


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
    failures: int
    gaps: int
    uptime_s: float
