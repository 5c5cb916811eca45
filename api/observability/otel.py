"""Traces for OpenTelemetry: the tracer behind :mod:`domain.kit.tracing`, and where it sends what it is told.

The correlation id is the trace id. The first span of a call gets a span id that follows from the correlation id too, so that
whoever goes on with the call elsewhere knows its parent without being told. Which traces are kept follows from their ids as
well: all processes keep the same ones, or none of them does.

OpenTelemetry's own instrumentation is not used: it writes statements with what rides on them, takes what clients name things
for a name, and knows neither our pool nor our log.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from importlib.metadata import version
from typing import Final
from uuid import UUID
from zlib import crc32

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanLimits, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import Decision, ParentBased, Sampler, SamplingResult
from opentelemetry.trace import Link, NonRecordingSpan, SpanContext, SpanKind, Status, StatusCode, TraceFlags
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.trace.span import TraceState
from opentelemetry.util.types import Attributes

from domain.kit import tracing
from domain.kit.context import call_in_progress
from domain.kit.tracing import NOTHING, Block, Caller, Caused, Kind, Notes

NAME: Final = "daftari"
MOST_TOGETHER: Final = 64
"""Of what is done about more calls at once, so many traces tell."""

_SPAN_IDS: Final = (1 << 64) - 1
_KINDS: Final = {kind: SpanKind[kind.value] for kind in Kind}
_SAMPLED: Final = TraceFlags(TraceFlags.SAMPLED)
_propagator: Final = TraceContextTextMapPropagator()


def first_span_id(correlation_id: UUID) -> int:
    """The id of the first span of a call."""
    return correlation_id.int & _SPAN_IDS or 1


class Ids(RandomIdGenerator):
    """A trace that begins during a call has the call's ids. All of it happens in one turn of the event loop."""

    def __init__(self) -> None:
        self._first: int | None = None

    def generate_trace_id(self) -> int:
        call = call_in_progress()
        if call is None or not call.correlation_id.int:
            self._first = None
            return super().generate_trace_id()
        self._first = first_span_id(call.correlation_id)
        return call.correlation_id.int

    def generate_span_id(self) -> int:
        first, self._first = self._first, None
        return super().generate_span_id() if first is None else first


class ByTrace(Sampler):
    """Keeps a share of all traces, chosen by their ids and by nothing that a client says. Ids that are given in one moment
    count up, so their bits are mixed first: OpenTelemetry's own sampler would keep all of them or none."""

    def __init__(self, share: float) -> None:
        assert 0 <= share <= 1
        self._share = share
        self._bound = round(share * (1 << 32))

    def keeps(self, trace_id: int) -> bool:
        return crc32(trace_id.to_bytes(16, "big")) < self._bound

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        kept = self.keeps(trace_id)
        return SamplingResult(Decision.RECORD_AND_SAMPLE if kept else Decision.DROP, attributes if kept else None)

    def get_description(self) -> str:
        return f"ByTrace({self._share:g})"


class _Noted:
    """A span as the house sees it."""

    __slots__ = ("_spans",)

    def __init__(self, *spans: trace.Span) -> None:
        self._spans = spans

    def note(self, name: str, value: str | int | float | bool) -> None:
        for span in self._spans:
            span.set_attribute(name, value)


class OpenTelemetryTracer:
    """The tracer of a process; see :mod:`domain.kit.tracing`."""

    def __init__(self, tracer: trace.Tracer) -> None:
        self._tracer = tracer

    def part(self, name: str, kind: Kind, notes: Notes) -> Block:
        return self._begun(name, kind, notes) if trace.get_current_span().is_recording() else NOTHING

    def act(self, name: str, kind: Kind, notes: Notes, caller: Caller | None, is_origin: bool) -> Block:
        call = call_in_progress()
        if trace.get_current_span().get_span_context().is_valid or call is None:
            return self._begun(name, kind, notes)
        if is_origin:
            return self._begun(name, kind, notes, Context())
        if caller is not None and caller.trace_id == call.correlation_id.int:
            return self._begun(name, kind, notes, _under(SpanContext(caller.trace_id, caller.span_id, True, _SAMPLED)))
        return self._begun(name, kind, notes, _under(_first_of(call.correlation_id)))

    def later(self, name: str, correlation_id: UUID, kind: Kind, notes: Notes) -> Block:
        return self._begun(name, kind, notes, _under(_first_of(correlation_id))) if correlation_id.int else NOTHING

    def about(self, name: str, caused: Iterable[Caused], kind: Kind, notes: Notes) -> Block:
        calls = list(dict.fromkeys(each.correlation_id for each in caused if each.correlation_id.int))[:MOST_TOGETHER]
        return self.later(name, calls[0], kind, notes) if len(calls) == 1 else self._together(name, calls, kind, notes)

    def headers(self) -> dict[str, str]:
        found: dict[str, str] = {}
        if trace.get_current_span().is_recording():
            _propagator.inject(found)
        return found

    @contextmanager
    def _begun(self, name: str, kind: Kind, notes: Notes, context: Context | None = None) -> Iterator[_Noted]:
        """A span from here to the end of the block. Of an error the class alone is told: its text may hold anything."""
        with self._tracer.start_as_current_span(
            name,
            context=context,
            kind=_KINDS[kind],
            attributes=dict(notes),
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield _Noted(span)
            except BaseException as error:
                _fail(span, error)
                raise

    @contextmanager
    def _together(self, name: str, calls: Sequence[UUID], kind: Kind, notes: Notes) -> Iterator[_Noted]:
        """A span in the trace of each call, linked to the other calls. None is current: what is done is about all."""
        spans = [
            self._tracer.start_span(
                name,
                context=_under(_first_of(call)),
                kind=_KINDS[kind],
                attributes=dict(notes),
                links=[Link(_first_of(other)) for other in calls if other != call],
            )
            for call in calls
        ]
        try:
            with trace.use_span(trace.INVALID_SPAN) if spans else nullcontext():
                yield _Noted(*spans)
        except BaseException as error:
            for span in spans:
                _fail(span, error)
            raise
        finally:
            for span in spans:
                span.end()


def _first_of(correlation_id: UUID) -> SpanContext:
    return SpanContext(correlation_id.int, first_span_id(correlation_id), True, _SAMPLED)


def _under(parent: SpanContext) -> Context:
    return trace.set_span_in_context(NonRecordingSpan(parent), Context())


def _fail(span: trace.Span, error: BaseException) -> None:
    span.set_attribute("error.type", type(error).__qualname__)
    span.set_status(Status(StatusCode.ERROR))


def provider_of(*processors: SpanProcessor, service: str, process: str, share: float) -> TracerProvider:
    """``share`` of all traces go to the processors."""
    sampler = ByTrace(share)
    provider = TracerProvider(
        # Whoever is not here has said nothing about what is kept: the id says it, wherever the parent is.
        sampler=ParentBased(sampler, remote_parent_sampled=sampler, remote_parent_not_sampled=sampler),
        id_generator=Ids(),
        resource=Resource.create(
            {
                "service.name": service,
                "service.version": version("daftari"),
                "service.instance.id": f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}",
                "daftari.process": process,
            }
        ),
        span_limits=SpanLimits(max_links=MOST_TOGETHER, max_span_attribute_length=200),
        shutdown_on_exit=False,
    )
    for processor in processors:
        provider.add_span_processor(processor)
    return provider


@contextmanager
def telling(provider: TracerProvider) -> Iterator[None]:
    """While the block runs, this process tells the provider what it does."""
    tracing.trace_with(OpenTelemetryTracer(provider.get_tracer(NAME, version("daftari"))))
    try:
        yield
    finally:
        tracing.trace_with(None)


def exporting_to(endpoint: str) -> SpanProcessor:
    """Spans go to a collector by OTLP over HTTP, in batches and from a thread of their own. The exporter's other settings
    (headers, certificates, time limits) are the SDK's own variables."""
    return BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces"))
