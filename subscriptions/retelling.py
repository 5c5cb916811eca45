"""What those who come back have missed, ready to be told to the next: after a cut they stand at the same few places, and the
same selection of the same events is the same bytes for all of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from typing import Final

from domain.events.event import LoggedEvent
from domain.events.log import Place
from subscriptions.parcels import Shares

MOST_OF_ONE: Final = 8
MOST: Final = 64
"""So many parts are kept of what one has missed, and of all together."""


class Missed:
    """The events up to and including ``up_to`` in parts, each of which is written when the first is told it."""

    __slots__ = ("parts", "shares", "up_to")

    def __init__(self, parts: Sequence[Sequence[LoggedEvent]], up_to: int) -> None:
        self.parts = parts
        self.up_to = up_to
        self.shares: dict[int, Shares | None] = {}
        """By the number of the part; None when the feed passes over all of it."""


class Retelling:
    """One for a hub. What was written while the hub stood elsewhere is of no use any more, and forgotten."""

    def __init__(self) -> None:
        self._present = Place(0, 0)
        self._known: OrderedDict[tuple[Hashable, int], Missed] = OrderedDict()
        self._parts = 0

    def find(self, group: Hashable, after: int, present: Place) -> Missed | None:
        """What a group's members have missed who stand at ``after``, if another of them has asked already."""
        return self._known.get((group, after)) if present == self._present else None

    def keep(self, group: Hashable, after: int, present: Place, missed: Missed) -> Missed:
        """What is to be told: of several who found out together what they have missed, all tell what the first brought."""
        if present != self._present:
            self._known.clear()
            self._parts = 0
            self._present = present
        if len(missed.parts) > MOST_OF_ONE:
            return missed
        first = self._known.setdefault((group, after), missed)
        if first is not missed:
            return first
        self._parts += 1 + len(missed.parts)
        while self._parts > MOST:
            _, oldest = self._known.popitem(last=False)
            self._parts -= 1 + len(oldest.parts)
        return missed
