"""Traces: what was done under one correlation id, in which process, and how long each part of it took.

The correlation id is the id of the trace. So whatever carries the one (events, tasks, webhooks, log lines) carries the
other, and a trace goes on in another process, or days later, without anything being handed over beside it.

The edge brings the tracer, if there is to be one; without it every function here answers with the same empty block. What is
noted about a span says which kind of thing was done, never to whom: no names, addresses, arguments or texts of errors.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from enum import Enum
from typing import Final, Protocol
from uuid import UUID


class Kind(Enum):
    """Which side of a conversation a span is."""

    INTERNAL = "INTERNAL"
    SERVER = "SERVER"
    CLIENT = "CLIENT"
    PRODUCER = "PRODUCER"
    CONSUMER = "CONSUMER"


Notes = Mapping[str, str | int | float | bool]


class Span(Protocol):
    """What is being done."""

    def note(self, name: str, value: str | int | float | bool) -> None: ...


Block = AbstractContextManager[Span]


class Caused(Protocol):
    """Something that came of a call: an event, for one."""

    @property
    def correlation_id(self) -> UUID: ...


class Caller(Protocol):
    """The span of somebody else in which a request was made."""

    @property
    def trace_id(self) -> int: ...

    @property
    def span_id(self) -> int: ...


class Tracer(Protocol):
    """See the functions of the same names."""

    def part(self, name: str, kind: Kind, notes: Notes) -> Block: ...

    def act(self, name: str, kind: Kind, notes: Notes, caller: Caller | None, is_origin: bool) -> Block: ...

    def later(self, name: str, correlation_id: UUID, kind: Kind, notes: Notes) -> Block: ...

    def about(self, name: str, caused: Iterable[Caused], kind: Kind, notes: Notes) -> Block: ...

    def headers(self) -> dict[str, str]: ...


class _Nothing:
    def note(self, name: str, value: str | int | float | bool) -> None:
        return None


NOTHING: Final[Block] = nullcontext(_Nothing())

_tracer: Tracer | None = None


def trace_with(tracer: Tracer | None) -> None:
    """From here on this process tells what it does to ``tracer``, or to nobody."""
    global _tracer
    _tracer = tracer


def is_on() -> bool:
    return _tracer is not None


def part(name: str, kind: Kind = Kind.INTERNAL, notes: Notes | None = None) -> Block:
    """A part of what is being traced here; nothing where nothing is."""
    return NOTHING if _tracer is None else _tracer.part(name, kind, notes or {})


def act(
    name: str,
    kind: Kind = Kind.INTERNAL,
    notes: Notes | None = None,
    *,
    caller: Caller | None = None,
    is_origin: bool = True,
) -> Block:
    """A part of what is being traced here, or else what the call in progress begins with. ``caller`` is whose span it
    belongs to; ``is_origin`` says that nobody else has done anything under this correlation id before."""
    return NOTHING if _tracer is None else _tracer.act(name, kind, notes or {}, caller, is_origin)


def later(name: str, correlation_id: UUID, kind: Kind = Kind.CONSUMER, notes: Notes | None = None) -> Block:
    """Something that is done about a call elsewhere than where it was made, or when it is over."""
    return NOTHING if _tracer is None else _tracer.later(name, correlation_id, kind, notes or {})


def about(name: str, caused: Iterable[Caused], kind: Kind = Kind.CONSUMER, notes: Notes | None = None) -> Block:
    """Something that is done at once about what came of several calls: a span in the trace of each, linked to each other."""
    return NOTHING if _tracer is None else _tracer.about(name, caused, kind, notes or {})


def headers() -> dict[str, str]:
    """What a request to somebody else carries, so that they may go on with the trace."""
    return {} if _tracer is None else _tracer.headers()
