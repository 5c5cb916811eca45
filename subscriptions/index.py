"""Who listens to what: groups by topic, so that an event nobody listens to costs nothing."""

from __future__ import annotations

from collections.abc import Iterator

from domain.events.event import LoggedEvent
from subscriptions.groups import Group
from subscriptions.ring import topics_touched


class TopicIndex:
    def __init__(self) -> None:
        self._by_topic: dict[str, dict[Group, None]] = {}

    def add(self, group: Group) -> None:
        for topic in group.topics:
            self._by_topic.setdefault(topic, {})[group] = None

    def discard(self, group: Group) -> None:
        for topic in group.topics:
            groups = self._by_topic.get(topic)
            if groups is not None:
                groups.pop(group, None)
                if not groups:
                    del self._by_topic[topic]

    def interested_in(self, logged: LoggedEvent) -> Iterator[Group]:
        """Each group once, in the order in which they were opened topic by topic."""
        found: dict[Group, None] = {}
        for topic in topics_touched(logged):
            groups = self._by_topic.get(topic)
            if groups is not None:
                found.update(groups)
        return iter([group for group in found if group.feed.cares_about(logged.name)])
