"""Whether this process tells traces. What OpenTelemetry needs is imported only where it does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from api.settings import Settings


@contextmanager
def traced(settings: Settings, process: str) -> Iterator[None]:
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
    with telling(provider):
        yield
