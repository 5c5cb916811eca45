"""What is looked at every few seconds, and whether it stays as it was.

A series is flat when the line through its second half rises by no more than its allowance over that half. The first half is
left out: caches fill, pools open what they need, and the allocator finds its size.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import asyncpg
import psutil  # type: ignore[import-untyped]
import redis.asyncio as redis

MEGABYTE: Final = 1024 * 1024
CONNECTIONS: Final = (
    "select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()"
)
SHARE: Final = 0.03
"""Memory may drift by this share of itself."""
LEAST: Final[Mapping[str, float]] = {"MB": 4.0, "descriptors": 3.0, "connections": 3.0}
"""Or by so much, which is less than one may see without a leak: an arena of the allocator, a pool's next connection."""


@dataclass
class Series:
    """One figure over time; moments are seconds since the start of the load."""

    name: str
    unit: str
    moments: list[float] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def add(self, moment_s: float, value: float) -> None:
        self.moments.append(moment_s)
        self.values.append(value)

    def verdict(self) -> dict[str, Any]:
        """The figure at the beginning and at the end of the second half, by the line through it."""
        middle = len(self.values) // 2
        moments, values = self.moments[middle:], self.values[middle:]
        line = statistics.linear_regression(moments, values)
        first, last = (line.intercept + line.slope * moment for moment in (moments[0], moments[-1]))
        allowed = max(LEAST[self.unit], SHARE * statistics.mean(values) if self.unit == "MB" else 0.0)
        return {
            "name": self.name,
            "unit": self.unit,
            "samples": len(values),
            "from": round(first, 1),
            "to": round(last, 1),
            "allowedGrowth": round(allowed, 1),
            "flat": last - first <= allowed,
        }


class Watch:
    """Looks at processes by their names, and at what PostgreSQL and Valkey say of who is connected."""

    def __init__(self, processes: Mapping[str, int], postgres_pid: int) -> None:
        self._processes = {name: psutil.Process(pid) for name, pid in processes.items()}
        self._postgres = psutil.Process(postgres_pid)
        self._series: dict[str, Series] = {}

    @property
    def series(self) -> Sequence[Series]:
        return list(self._series.values())

    async def look(self, moment_s: float, database: asyncpg.Connection, valkey: redis.Redis) -> None:
        for name, process in self._processes.items():
            self._add(f"memory of the {name}", "MB", moment_s, process.memory_info().rss / MEGABYTE)
            self._add(f"file descriptors of the {name}", "descriptors", moment_s, process.num_fds())
        self._add("PostgreSQL's own memory, all processes", "MB", moment_s, self._memory_of_postgres())
        self._add("connections to PostgreSQL", "connections", moment_s, await database.fetchval(CONNECTIONS))
        said = await valkey.info()
        self._add("memory of Valkey", "MB", moment_s, said["used_memory"] / MEGABYTE)
        self._add("connections to Valkey", "connections", moment_s, said["connected_clients"])

    def _memory_of_postgres(self) -> float:
        """What is not shared: shared buffers fill up with the data and then stay."""
        total = 0
        for process in (self._postgres, *self._postgres.children()):
            try:
                total += process.memory_full_info().uss
            except psutil.NoSuchProcess:
                continue
        return total / MEGABYTE

    def _add(self, name: str, unit: str, moment_s: float, value: float) -> None:
        self._series.setdefault(name, Series(name, unit)).add(moment_s, float(value))
