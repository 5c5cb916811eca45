"""Keeping the parts of a process running: what fails is said, paused for and started again."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from prometheus_client import Counter

FIRST_PAUSE_S: Final = 0.1
LONGEST_PAUSE_S: Final = 5.0
CALM_AFTER_S: Final = 30.0

_FAILED: Final = Counter("daftari_part_failures_total", "Parts of the process that failed and were started again.", ["part"])

logger = structlog.get_logger(__name__)


async def keep_running(name: str, part: Callable[[], Awaitable[None]]) -> None:
    """Run ``part`` until this task is cancelled; when it fails or ends, begin again, slower each time it fails soon."""
    pause = FIRST_PAUSE_S
    loop = asyncio.get_running_loop()
    while True:
        began = loop.time()
        try:
            await part()
        except Exception as error:
            _FAILED.labels(name).inc()
            logger.warning("part_failed", part=name, error=str(error) or type(error).__name__, exc_info=True)
        if loop.time() - began > CALM_AFTER_S:
            pause = FIRST_PAUSE_S
        await asyncio.sleep(pause * random.uniform(0.5, 1.5))
        pause = min(pause * 2, LONGEST_PAUSE_S)
