"""Where a server's time goes: the profile of a while of load, switched on and off from outside by a signal.

Python's own profiler makes calls dearer than what is done between them, so its shares are pointers and no measurement.
"""

from __future__ import annotations

import asyncio
import cProfile
import json
import pstats
import re
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final

from tests.performance.programs import START_S, Server

HEAD: Final = ("function", "of its own time")
SHOWN: Final = 15
_PLACE: Final = re.compile(r".*(?:/site-packages/|/lib/python\d\.\d+/|(?<=/)(?=(?:api|schema|domain|subscriptions)/))")


class Profiler:
    """Inside the server: the first signal begins, the second says in a line of JSON what it found."""

    def __init__(self) -> None:
        self._profile: cProfile.Profile | None = None

    def toggle(self) -> None:
        if self._profile is None:
            self._profile = cProfile.Profile()
            self._profile.enable()
            return
        self._profile.disable()
        print(json.dumps(_shares(self._profile)), flush=True)
        self._profile = None


def _shares(profile: cProfile.Profile) -> list[tuple[str, float]]:
    """The functions that took the most time themselves, and which share of all."""
    own = {place: row[2] for place, row in pstats.Stats(profile).stats.items()}  # type: ignore[attr-defined]
    everything = sum(own.values())
    largest = sorted(own, key=lambda place: -own[place])[:SHOWN]
    return [
        (f"{function} ({_PLACE.sub('', file)})", own[file, line, function] / everything) for file, line, function in largest
    ]


async def profile_under(load: Callable[[], object], server: Server) -> Sequence[tuple[str, str]]:
    """The rows of a table: functions of the server and their shares while it was under load."""
    async with profiled(server) as rows:
        load()
    return rows


@asynccontextmanager
async def profiled(server: Server) -> AsyncIterator[Sequence[tuple[str, str]]]:
    """The same of what happens in the block; the rows are there when it is over."""
    rows: list[tuple[str, str]] = []
    server.process.send_signal(signal.SIGUSR2)
    await asyncio.sleep(0.1)
    yield rows
    server.process.send_signal(signal.SIGUSR2)
    assert server.process.stdout is not None
    async with asyncio.timeout(START_S):
        shares = json.loads(await server.process.stdout.readline())
    rows += [(f"`{name}`", f"{share:.1%}") for name, share in shares]
