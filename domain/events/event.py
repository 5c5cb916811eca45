"""What an event is, and the register of all kinds.

An event is a fact in the past tense. It carries absolute state, so that hearing it twice is harmless, says which
``topics`` it belongs to (who is interested) and its ``audience`` (who may see it).

Topics are ``kind:id`` such as ``wallet:<uuid>``, or one word such as ``marketplace``. Audience entries are
``user:<uuid>``, ``role:<ROLE>``, ``permission:<PERMISSION>``, ``permission:<PERMISSION>@<branch uuid>`` (staff of that
branch), ``permission:<PERMISSION>@*`` (staff who see every branch) or ``everyone`` (whoever is signed in).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar, TypeVar
from uuid import UUID
from zlib import crc32

import orjson
from pydantic import TypeAdapter

E = TypeVar("E", bound="Event")


class Event:
    """The base of all events; subclasses are frozen dataclasses declared with :func:`event`."""

    name: ClassVar[str]
    version: ClassVar[int]

    def topics(self) -> Iterable[str]:
        raise NotImplementedError

    def audience(self) -> Iterable[str]:
        raise NotImplementedError

    @classmethod
    def domain(cls) -> str:
        return cls.name.partition(".")[0]


_kinds: dict[str, type[Event]] = {}
_adapters: dict[str, TypeAdapter[Any]] = {}


def event(name: str, *, version: int = 1) -> Callable[[type[E]], type[E]]:
    """Register an event class under ``business.fact_in_the_past``."""

    def register(kind: type[E]) -> type[E]:
        assert name not in _kinds or _kinds[name].__qualname__ == kind.__qualname__, f"two events named {name}"
        kind.name, kind.version = name, version
        _kinds[name] = kind
        return kind

    return register


def every_event() -> list[type[Event]]:
    return sorted(_kinds.values(), key=lambda kind: kind.name)


def event_named(name: str) -> type[Event]:
    return _kinds[name]


def adapter_of(kind: type[Event]) -> TypeAdapter[Any]:
    """Reads and writes the payload of one kind of event as JSON, and knows its JSON Schema."""
    found = _adapters.get(kind.name)
    if found is None:
        found = _adapters[kind.name] = TypeAdapter(kind)
    return found


def payload_of(fact: Event) -> str:
    payload: bytes = adapter_of(type(fact)).dump_json(fact)
    return payload.decode()


@dataclass(frozen=True)
class LoggedEvent:
    """An event at its place in the log. ``payload`` is JSON text; :attr:`fact` reads it when somebody needs to."""

    position: int
    epoch: int
    name: str
    version: int
    topics: tuple[str, ...]
    audience: frozenset[str]
    actor_id: UUID | None
    correlation_id: UUID
    occurred_at: datetime
    payload: str

    @cached_property
    def fact(self) -> Any:
        return adapter_of(event_named(self.name)).validate_json(self.payload)

    @property
    def fingerprint(self) -> int:
        """See :func:`fingerprint_of`."""
        return fingerprint_of(self.name, self.correlation_id, self.occurred_at)

    def forget_fact(self) -> None:
        """Let go of what was read, which is several times as large as its text; whoever asks again reads it again."""
        self.__dict__.pop("fact", None)

    @property
    def domain(self) -> str:
        return self.name.partition(".")[0]

    def to_wire(self) -> list[Any]:
        """As a JSON array, for the transport between processes."""
        return [
            self.position,
            self.epoch,
            self.name,
            self.version,
            self.topics,
            sorted(self.audience),
            self.actor_id and str(self.actor_id),
            str(self.correlation_id),
            self.occurred_at.isoformat(),
            self.payload,
        ]

    @classmethod
    def from_wire(cls, wire: list[Any]) -> LoggedEvent:
        position, epoch, name, version, topics, audience, actor_id, correlation_id, occurred_at, payload = wire
        return cls(
            position,
            epoch,
            name,
            version,
            tuple(topics),
            frozenset(audience),
            UUID(actor_id) if actor_id else None,
            UUID(correlation_id),
            datetime.fromisoformat(occurred_at),
            payload,
        )


def fingerprint_of(name: str, correlation_id: UUID, occurred_at: datetime) -> int:
    """32 bits, never 0, that tell an event from whatever another history has at its position.

    It is of what no erasure and no new version of the event changes. Cursors that clients hold are compared with it, so
    it is computed like this for ever.
    """
    return crc32(b"%b %b %d" % (name.encode(), correlation_id.bytes, round(occurred_at.timestamp() * 1_000_000))) or 1


def batch_to_wire(batch: Iterable[LoggedEvent]) -> bytes:
    return orjson.dumps([logged.to_wire() for logged in batch])


def batch_from_wire(message: bytes | str) -> list[LoggedEvent]:
    return [LoggedEvent.from_wire(wire) for wire in orjson.loads(message)]
