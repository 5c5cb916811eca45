"""What is told together: events that wait for the same people go to each of them in one piece.

A write to the network costs much more than the bytes in it. So events that come faster than they can be told one by one are
told several at a time, and what a transport has made of them for one connection is kept for the next.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import Any, Final

from domain.events.event import LoggedEvent
from subscriptions.access import Viewer
from subscriptions.limits import HubLimits
from subscriptions.shapes import Rendered

_OF_A_USER: Final = "user:"


class Parcel:
    """Items for one operation, in their order. ``forms`` is for transports: what they have made of the items, to be used
    again for the next connection. It lives as long as the parcel does."""

    __slots__ = ("forms", "items", "size")

    def __init__(self, *items: Rendered) -> None:
        assert items, "an empty parcel"
        self.items = items
        self.size = sum([len(item.body) for item in items])
        self.forms: dict[Hashable, Any] = {}


class Shares:
    """What of some events, already written, is for whom. Asked once for all who may see the same."""

    __slots__ = ("_by_audiences", "_names_users", "_parcels", "_written", "first", "last")

    def __init__(self, written: Sequence[tuple[LoggedEvent, Rendered]]) -> None:
        self.first = written[0][0].position
        self.last = written[-1][0].position
        self._written = written
        self._names_users = any(entry.startswith(_OF_A_USER) for logged, _ in written for entry in logged.audience)
        self._by_audiences: dict[frozenset[str], Parcel | None] = {}
        self._parcels: dict[tuple[Rendered, ...], Parcel] = {}

    def of(self, viewer: Viewer, after: int) -> Parcel | None:
        """What this viewer gets of what comes after this position; None when nothing of it may be seen."""
        if self._names_users or after >= self.first:
            return self._found_for(viewer, after)
        # Nobody is meant in person, so what one may see is decided by what they share with others.
        audiences = viewer.shared
        if audiences in self._by_audiences:
            return self._by_audiences[audiences]
        found = self._by_audiences[audiences] = self._found_for(viewer, after)
        return found

    def _found_for(self, viewer: Viewer, after: int) -> Parcel | None:
        seen = tuple([rendered for logged, rendered in self._written if logged.position > after and viewer.sees(logged)])
        if not seen:
            return None
        found = self._parcels.get(seen)
        if found is None:
            found = self._parcels[seen] = Parcel(*seen)
        return found


def parts_of(events: Sequence[LoggedEvent], limits: HubLimits) -> Iterator[list[LoggedEvent]]:
    """The same events in parts that may be told together: not too many, not too large."""
    part: list[LoggedEvent] = []
    size = 0
    for logged in events:
        if part and (len(part) >= limits.together_events or size + len(logged.payload) > limits.together_bytes):
            yield part
            part, size = [], 0
        part.append(logged)
        size += len(logged.payload)
    if part:
        yield part
