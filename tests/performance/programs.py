"""The programs of a measurement: a server on a core of its own, and its subscribers on another with everything else."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psutil  # type: ignore[import-untyped]

PROJECT: Final = Path(__file__).resolve().parents[2]
START_S: Final = 120.0
STOP_S: Final = 20.0


CORES: Final = sorted(os.sched_getaffinity(0))


def share_out_cores() -> set[int]:
    """Leave the first core to the server under measurement, which is returned; this process and what it starts take the
    others."""
    os.sched_setaffinity(0, CORES[1:] or CORES)
    return {CORES[0]}


def take_all_cores() -> None:
    """For a benchmark that measures nothing beside itself."""
    os.sched_setaffinity(0, CORES)


@dataclass
class Server:
    """A server at work."""

    port: int
    process: asyncio.subprocess.Process

    def cpu_s(self) -> float:
        times = psutil.Process(self.process.pid).cpu_times()
        return float(times.user + times.system)

    def memory_kb(self) -> float:
        return float(psutil.Process(self.process.pid).memory_info().rss) / 1024

    async def counts(self) -> dict[str, int]:
        """What Daftari's server says of itself."""
        self.process.send_signal(signal.SIGUSR1)
        counts: dict[str, int] = json.loads(await _line_of(self.process))
        return counts


@asynccontextmanager
async def a_server(command: Sequence[str | Path], cores: set[int], environment: Mapping[str, str]) -> AsyncIterator[Server]:
    """A program whose first line says on which port it listens."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdout=asyncio.subprocess.PIPE,
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], "NODE_ENV": "production", **environment},
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
    )
    try:
        yield Server(int(await _line_of(process)), process)
    finally:
        await _end(process)


class Subscribers:
    """A crowd at work, all of them subscribed."""

    def __init__(self, process: asyncio.subprocess.Process, count: int) -> None:
        self._process = process
        self.count = count

    async def heard(self) -> float:
        """Waits until they have heard more; returns of how many events, to the tenth."""
        assert self._process.stdout is not None
        async with asyncio.timeout(START_S):
            dots = await self._process.stdout.read(4096)
        assert dots.strip(b".") == b"" and dots, f"the subscribers stopped listening: {dots[:200]!r}"
        return len(dots) / 10

    async def leave(self) -> dict[str, Any]:
        """How many deliveries the luckiest and the unluckiest had; of those that were timed, when each came."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        async with asyncio.timeout(STOP_S):
            found: dict[str, Any] = json.loads((await self._process.stdout.read()).lstrip(b"."))
            await self._process.wait()
        return found


@asynccontextmanager
async def subscribers(order: Mapping[str, Any]) -> AsyncIterator[Subscribers]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.performance.subscribers",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=PROJECT,
    )
    try:
        assert process.stdin is not None
        process.stdin.write(json.dumps(order).encode() + b"\n")
        assert await _line_of(process) == b"ready"
        yield Subscribers(process, order["sockets"])
    finally:
        await _end(process)


async def _line_of(process: asyncio.subprocess.Process) -> bytes:
    assert process.stdout is not None
    async with asyncio.timeout(START_S):
        line = await process.stdout.readline()
    assert line, "the program ended before it said anything"
    return line.strip()


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(STOP_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
