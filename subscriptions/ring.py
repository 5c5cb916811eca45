"""The recent past in memory, so that those who come back after a short cut cost the database nothing."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import chain
from operator import attrgetter
from typing import Final

from domain.events.event import LoggedEvent
from subscriptions.feed import EVERYTHING, domain_topic, kind_topic

_FIXED_COST_BYTES: Final = 1_000
"""What an event weighs beside its payload: the object, its topics and its places in the index, roughly."""

FACTS_KEPT: Final = 1_000
"""Of so many events, the newest, what was read of their payloads is kept too: those that somebody may be told just now."""

_SHORT_LIST: Final = 64
_position = attrgetter("position")


def topics_touched(logged: LoggedEvent) -> Iterator[str]:
    """The topics of an event: those that it names, and those that it has by being what it is."""
    return chain(logged.topics, (kind_topic(logged.name), domain_topic(logged.domain), EVERYTHING))


class Ring:
    """The events after :attr:`floor` without a gap, bounded in number and bytes, found by topic."""

    def __init__(self, *, max_events: int, max_bytes: int) -> None:
        self._max_events = max_events
        self._max_bytes = max_bytes
        self._events: deque[LoggedEvent] = deque()
        self._by_topic: dict[str, list[LoggedEvent]] = {}
        self._bytes = 0
        self.floor = 0
        self._floor_fingerprint = 0

    def __len__(self) -> int:
        return len(self._events)

    def clear(self, floor: int, fingerprint: int = 0) -> None:
        """Forget everything; the next event is the one after ``floor``, whose own event has this fingerprint."""
        self._events.clear()
        self._by_topic.clear()
        self._bytes = 0
        self.floor = floor
        self._floor_fingerprint = fingerprint

    def forget(self) -> None:
        """Forget everything up to now; the next event is the one after the last."""
        if self._events:
            self.clear(self._events[-1].position, self._events[-1].fingerprint)

    def append(self, logged: LoggedEvent) -> None:
        assert logged.position == (self._events[-1].position if self._events else self.floor) + 1, "a gap in the ring"
        self._events.append(logged)
        self._bytes += _weight(logged)
        for topic in topics_touched(logged):
            found = self._by_topic.setdefault(topic, [])
            if not found or found[-1] is not logged:
                found.append(logged)
        if len(self._events) > FACTS_KEPT:
            self._events[-1 - FACTS_KEPT].forget_fact()
        while len(self._events) > self._max_events or self._bytes > self._max_bytes:
            self._forget_oldest()

    def covers(self, position: int) -> bool:
        """Whether everything after ``position`` is here."""
        return position >= self.floor

    def fingerprint_at(self, position: int) -> int:
        """That of the event at a position; 0 where it is not known here."""
        if position == self.floor:
            return self._floor_fingerprint
        number = position - self.floor - 1
        return self._events[number].fingerprint if 0 <= number < len(self._events) else 0

    def between(self, after: int, up_to: int, topics: Sequence[str]) -> list[LoggedEvent]:
        """The events that touch one of ``topics``, in order. The work is in proportion to what is newer than ``after``
        on these topics, not to the size of the ring."""
        found: dict[int, LoggedEvent] = {}
        for topic in topics:
            for logged in reversed(self._by_topic.get(topic, ())):
                if logged.position <= after:
                    break
                if logged.position <= up_to:
                    found[logged.position] = logged
        return [found[position] for position in sorted(found)]

    def _forget_oldest(self) -> None:
        oldest = self._events.popleft()
        self._bytes -= _weight(oldest)
        self.floor, self._floor_fingerprint = oldest.position, oldest.fingerprint
        for topic in topics_touched(oldest):
            found = self._by_topic.get(topic)
            if found is not None:
                self._forget_past(topic, found)

    def _forget_past(self, topic: str, found: list[LoggedEvent]) -> None:
        """Short lists lose their past at once; long ones when an eighth of it is past: to cut a list moves its rest."""
        floor = self.floor
        if found[-1].position <= floor:
            del self._by_topic[topic]
        elif len(found) < _SHORT_LIST:
            if found[0].position <= floor:
                del found[0]
        elif found[len(found) // 8].position <= floor:
            del found[: bisect_right(found, floor, key=_position)]


def _weight(logged: LoggedEvent) -> int:
    return len(logged.payload) + _FIXED_COST_BYTES
