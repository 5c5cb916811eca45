"""Servers that are compared under the same load: who they are, and what each round showed of them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from statistics import median
from typing import Final

import psutil  # type: ignore[import-untyped]

from tests.performance.load import Load
from tests.performance.programs import Server

P50, P99 = 0.50, 0.99


@dataclass
class Rounds:
    """One server's rounds with one kind of request. Medians of the rounds; times are of requests."""

    rates: list[float] = field(default_factory=list)
    cpu_us: list[float] = field(default_factory=list)
    database_us: list[float] = field(default_factory=list)
    p50_ms: list[float] = field(default_factory=list)
    p99_ms: list[float] = field(default_factory=list)

    def add(self, load: Load, cpu_s: float, database_s: float) -> None:
        self.rates.append(load.rate)
        self.cpu_us.append(cpu_s / load.answers * 1e6)
        self.database_us.append(database_s / load.answers * 1e6)
        self.p50_ms.append(load.wait_ms(P50))
        self.p99_ms.append(load.wait_ms(P99))

    @property
    def rate(self) -> float:
        return median(self.rates)

    @property
    def p99(self) -> float:
        return median(self.p99_ms)

    @property
    def row(self) -> Sequence[object]:
        """For a table under :data:`HEAD`, after the server's name."""
        return [round(median(each), 1) for each in (self.rates, self.cpu_us, self.database_us, self.p50_ms, self.p99_ms)]


HEAD: Final = ("", "per second", "server CPU, us each", "database CPU, us each", "p50, ms", "p99, ms")


def _cpu_s_of_tree(pid: int) -> float:
    """What a process and those it has started, such as PostgreSQL's, have computed so far."""
    root = psutil.Process(pid)
    total = 0.0
    for process in (root, *root.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += float(times.user + times.system)
    return total


class Meter:
    """What a server and its database compute while something is asked of them."""

    def __init__(self, server: Server, database_pid: int) -> None:
        self._server = server
        self._database_pid = database_pid
        self._before = self._now()

    def _now(self) -> tuple[float, float]:
        return self._server.cpu_s(), _cpu_s_of_tree(self._database_pid)

    def read(self) -> tuple[float, float]:
        """Seconds of the server and of the database since the meter was made."""
        now = self._now()
        return now[0] - self._before[0], now[1] - self._before[1]
