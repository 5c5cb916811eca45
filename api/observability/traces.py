"""Whether this process tells traces. What OpenTelemetry needs is imported only where it does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from api.settings import Settings


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
        # The last spans leave by a thread of the exporter's own; whoever waits for it must not hold up everybody else.
        await asyncio.to_thread(provider.shutdown)
