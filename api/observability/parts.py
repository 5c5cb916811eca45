"""The parts of a process that Prometheus is told about when it asks: the hub, the relay, the pools, the event loop.

They are looked at as they are in that moment, so they keep no figures for Prometheus and know nothing of it. A process of
`daftari dev` has all of them, and tests have several of one kind: then these are added up.
"""

from __future__ import annotations

import asyncio
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import Final, NoReturn

from prometheus_client import REGISTRY, Gauge, Histogram
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from domain.kit.database import pool_if_open
from subscriptions.hub import Hub
from subscriptions.reading import PoolFigures
from subscriptions.relay import Relay

PULSE_S: Final = 0.5

_LATE: Final = Histogram(
    "daftari_event_loop_late_seconds",
    "By how much the event loop was late with what was due, looked at twice a second.",
    buckets=(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5),
)
_BUILD: Final = Gauge("daftari_build_info", "Which program runs here.", ["version", "python"])
_BUILD.labels(version("daftari"), platform.python_version()).set(1)


class Parts(Collector):
    """Those that are at work."""

    def __init__(self) -> None:
        self._hubs: list[Hub] = []
        self._relays: list[Relay] = []

    @contextmanager
    def with_hub(self, hub: Hub) -> Iterator[None]:
        """While the block runs, the hub is looked at."""
        self._hubs.append(hub)
        try:
            yield
        finally:
            self._hubs.remove(hub)

    @contextmanager
    def with_relay(self, relay: Relay) -> Iterator[None]:
        """While the block runs, the relay is looked at."""
        self._relays.append(relay)
        try:
            yield
        finally:
            self._relays.remove(relay)

    def collect(self) -> Iterator[Metric]:
        if self._hubs:
            yield from self._of_hubs()
        if self._relays:
            yield from self._of_relays()
        yield from self._of_pools()

    def _of_hubs(self) -> Iterator[Metric]:
        statuses = [hub.status() for hub in self._hubs]
        done = [hub.statistics for hub in self._hubs]
        yield _gauge("daftari_hub_connections", "Sockets and streams of users.", sum(s.connections for s in statuses))
        yield _gauge("daftari_hub_feeds", "Feeds that are open.", sum(s.feeds for s in statuses))
        yield _gauge("daftari_hub_groups", "Groups of feeds that are told together.", sum(s.groups for s in statuses))
        yield _gauge("daftari_hub_shapes", "Selections that items are written in.", sum(s.shapes for s in statuses))
        yield _gauge(
            "daftari_hub_position", "The position of the log up to which was heard.", min(s.place.position for s in statuses)
        )
        yield _gauge("daftari_hub_doorbell", "1 while Redis tells what happens.", min(s.doorbell for s in statuses))
        yield _counter("daftari_hub_events_total", "Events heard.", sum(d.events for d in done))
        yield _counter("daftari_hub_deliveries_total", "Items handed to connections.", sum(d.deliveries for d in done))
        yield _counter(
            "daftari_hub_replayed_total", "Items of the past told to those who came back.", sum(d.replayed for d in done)
        )
        yield _counter(
            "daftari_hub_resyncs_total",
            "Feeds that were told to read anew, because what they missed is not known any more.",
            sum(d.resyncs for d in done),
        )
        yield _counter(
            "daftari_hub_overflows_total",
            "Times that more waited for a connection than may, so that it was dropped.",
            sum(d.overflows for d in done),
        )
        yield _counter(
            "daftari_hub_refills_total",
            "Times that a feed which fell behind went on from the log.",
            sum(d.refills for d in done),
        )
        yield _counter("daftari_hub_executions_total", "Items written.", sum(s.executions for s in statuses))
        yield _counter("daftari_hub_reads_total", "Reads of the log.", sum(s.queries for s in statuses))
        yield _counter(
            "daftari_hub_read_failures_total", "Reads of the log that were tried again.", sum(s.failures for s in statuses)
        )
        yield _counter(
            "daftari_hub_gaps_total", "Times that the doorbell had left something out.", sum(s.gaps for s in statuses)
        )

    def _of_relays(self) -> Iterator[Metric]:
        statuses = [relay.status for relay in self._relays]
        yield _gauge("daftari_relay_leads", "1 in the process that numbers events.", max(s.leads for s in statuses))
        yield _gauge(
            "daftari_relay_lag_seconds",
            "How old the oldest event of the last batch was when it got its number; 0 when idle.",
            max(s.lag_s for s in statuses),
        )
        yield _counter("daftari_relay_events_total", "Events numbered.", sum(s.sequenced for s in statuses))
        yield _counter("daftari_relay_published_total", "Batches told to Redis.", sum(s.published for s in statuses))
        yield _counter(
            "daftari_relay_unpublished_total", "Batches that Redis did not take.", sum(s.unpublished for s in statuses)
        )
        yield _counter(
            "daftari_relay_failures_total", "Times that the relay lost the database.", sum(s.failures for s in statuses)
        )

    def _of_pools(self) -> Iterator[Metric]:
        connections = GaugeMetricFamily(
            "daftari_pool_connections", "Connections of this process to PostgreSQL.", labels=["pool", "state"]
        )
        most = GaugeMetricFamily("daftari_pool_connections_max", "So many a pool has at most.", labels=["pool"])
        pool = pool_if_open()
        if pool is not None:
            lent, idle = pool.get_lent_size(), pool.get_idle_size()
            _add_pool(connections, most, "work", PoolFigures(idle=idle, lent=lent, most=pool.get_max_size()))
            connections.add_metric(["work", "arriving"], pool.get_size() - lent - idle)
            yield _gauge("daftari_pool_waiting", "Those who wait for a connection now.", pool.get_waiting())
        for hub in self._hubs[:1]:
            _add_pool(connections, most, "history", hub.reader_pool())
        yield from (connections, most)


def _add_pool(connections: GaugeMetricFamily, most: GaugeMetricFamily, name: str, figures: PoolFigures) -> None:
    connections.add_metric([name, "lent"], figures.lent)
    connections.add_metric([name, "idle"], figures.idle)
    most.add_metric([name], figures.most)


def _gauge(name: str, purpose: str, value: float) -> Metric:
    return GaugeMetricFamily(name, purpose, value=float(value))


def _counter(name: str, purpose: str, value: float) -> Metric:
    return CounterMetricFamily(name, purpose, value=float(value))


async def feel_pulse() -> NoReturn:
    """Note by how much the event loop is late, until cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        due_at = loop.time() + PULSE_S
        await asyncio.sleep(PULSE_S)
        _LATE.observe(max(0.0, loop.time() - due_at))


parts: Final = Parts()
REGISTRY.register(parts)
