"""The gauges that the rooms of the domain have registered, read when Prometheus asks the worker.

One process in an installation would be enough to tell them, and each worker does: rules take the greatest. A gauge that
cannot be read is left out, and counted, so that an old figure is never taken for a new one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import structlog
from prometheus_client import REGISTRY
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from domain.kit.database import fetch
from domain.kit.gauges import Gauge, every_gauge

FRESH_FOR_S: Final = 5.0
"""Whoever asks again so soon is told what was read before."""

READ_WITHIN_S: Final = 4.0
"""All of them together: Prometheus waits ten seconds."""

logger = structlog.get_logger(__name__)


class House(Collector):
    """Tells nothing until somebody looks through it."""

    def __init__(self, *, fresh_for_s: float = FRESH_FOR_S, gauges: Sequence[Gauge] | None = None) -> None:
        self._fresh_for_s = fresh_for_s
        self._gauges = gauges
        self._watchers = 0
        self._read: list[Metric] = []
        self._read_at = float("-inf")
        self._reading = asyncio.Lock()
        self._failures = 0

    @contextmanager
    def watched(self) -> Iterator[None]:
        """While the block runs, this process tells how the house stands."""
        self._watchers += 1
        try:
            yield
        finally:
            self._watchers -= 1
            if not self._watchers:
                self._read, self._read_at = [], float("-inf")

    async def refresh(self) -> None:
        """Read all gauges, if they are to be told here and were not read just now."""
        if not self._watchers:
            return
        async with self._reading:
            loop = asyncio.get_running_loop()
            if loop.time() - self._read_at >= self._fresh_for_s:
                self._read = await self._all()
                self._read_at = loop.time()

    async def _all(self) -> list[Metric]:
        found: list[Metric] = []
        gauges = self._gauges if self._gauges is not None else every_gauge()
        try:
            async with asyncio.timeout(READ_WITHIN_S):
                for gauge in gauges:
                    read = await self._one(gauge)
                    if read is not None:
                        found.append(read)
        except TimeoutError:
            self._failures += 1
            logger.warning("gauges_not_read_in_time", read=len(found), gauges=len(gauges))
        return found

    async def _one(self, gauge: Gauge) -> Metric | None:
        try:
            rows = await fetch(gauge.sql)
        except TimeoutError:
            raise
        except Exception as error:
            self._failures += 1
            logger.warning("gauge_not_read", gauge=gauge.name, error=type(error).__name__)
            return None
        family = GaugeMetricFamily(gauge.name, gauge.purpose, labels=gauge.labels)
        for row in rows:
            *labels, value = row.values()
            if value is not None:
                family.add_metric([str(label) for label in labels], float(value))
        return family

    def collect(self) -> Iterator[Metric]:
        if self._watchers:
            yield from self._read
            yield CounterMetricFamily(
                "daftari_gauge_failures_total", "Times that a gauge of the house could not be read.", value=self._failures
            )


house: Final = House()
REGISTRY.register(house)
