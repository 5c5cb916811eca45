"""Traces that stay in memory, to be looked at."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from uuid import UUID

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from api.observability.otel import provider_of, telling

PATIENCE_S = 20


class Memory:
    """What was told."""

    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()

    def spans(self, call: UUID | None = None) -> list[ReadableSpan]:
        """All that ended, or those in the trace of one call."""
        found = self.exporter.get_finished_spans()
        return [span for span in found if call is None or span.context.trace_id == call.int]

    async def of(self, call: UUID, names: Collection[str]) -> dict[str, ReadableSpan]:
        """The spans of a call by name, once there are those of these names."""
        async with asyncio.timeout(PATIENCE_S):
            while not set(names) <= (told := {span.name: span for span in self.spans(call)}).keys():  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        return told


@contextmanager
def remembered(share: float = 1.0) -> Iterator[Memory]:
    """While the block runs, this process tells what it does to a memory."""
    memory = Memory()
    processor = SimpleSpanProcessor(memory.exporter)
    provider = provider_of(processor, service="daftari", process="tests", share=share)
    with telling(provider):
        yield memory
    provider.shutdown()
