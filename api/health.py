"""Health: is the process alive, and should it get traffic."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from domain.kit.database import fetchval

PROBE_LIMIT_S: Final = 2.0
NEVER_KEPT: Final = {"cache-control": "no-store"}

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Probe:
    """Something the server leans on. Without what is ``required`` it asks for no traffic; without the rest it is only
    slower, as without Redis, whose messages are read from the database then."""

    name: str
    works: Callable[[], Awaitable[object]]
    required: bool = True


async def database_answers() -> None:
    await fetchval("select 1")


class Health:
    """``/health/live`` and ``/health/ready``. Whoever drains is alive and not ready.

    That a process is alive depends on nothing else: to start it again would not bring the database back.
    """

    def __init__(self, probes: Sequence[Probe]) -> None:
        self._probes = probes
        self.draining = False

    async def live(self, request: Request) -> Response:
        return JSONResponse({"status": "ok"}, headers=NEVER_KEPT)

    async def ready(self, request: Request) -> Response:
        found = dict(await asyncio.gather(*map(_look, self._probes)))
        broken = [probe.name for probe in self._probes if probe.required and found[probe.name] != "ok"]
        ready = not broken and not self.draining
        status = "ok" if ready else "draining" if self.draining else "unavailable"
        return JSONResponse({"status": status, "checks": found}, 200 if ready else 503, headers=NEVER_KEPT)


async def _look(probe: Probe) -> tuple[str, str]:
    """Why it fails is for the log, not for whoever asks."""
    try:
        async with asyncio.timeout(PROBE_LIMIT_S):
            await probe.works()
    except Exception as error:
        logger.warning("probe_failed", probe=probe.name, error=str(error) or type(error).__name__)
        return probe.name, "failing"
    return probe.name, "ok"
