"""Whether this process tells traces. What OpenTelemetry needs is imported only where it does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from threading import Thread
from typing import Final

from api.settings import Settings

LAST_SPANS_S: Final = 3.0
"""So long a process that stops waits until its last spans have left."""


@asynccontextmanager
async def traced(settings: Settings, process: str) -> AsyncIterator[None]:
    """While the block runs, traces are told to the collector that the settings name, if they name one."""
    if settings.otlp_endpoint is None:
        yield
        return
    from api.observability.otel import exporting_to, provider_of, telling

    provider = provider_of(
        exporting_to(settings.otlp_endpoint),
        service=settings.otel_service_name,
        process=process,
        share=settings.trace_share,
    )
    try:
        with telling(provider):
            yield
    finally:
        await _ended(provider.shutdown)


async def _ended(shutdown: Callable[[], None]) -> None:
    """The last spans leave by threads of the exporter's own. A collector that takes none holds nobody up for long."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()

    def end() -> None:
        shutdown()
        # Nobody may be waiting any more.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(ended.set)

    Thread(target=end, name="last-spans", daemon=True).start()
    with suppress(TimeoutError):
        async with asyncio.timeout(LAST_SPANS_S):
            await ended.wait()
