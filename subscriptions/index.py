"""Who listens to what: groups by topic, so that an event nobody listens to costs nothing."""

from __future__ import annotations

from collections.abc import Sequence

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

    def interested_in(self, run: Sequence[LoggedEvent]) -> dict[Group, list[LoggedEvent]]:
        """For each group that follows any of these events, those that it follows, each once and in order."""
        found: dict[Group, list[LoggedEvent]] = {}
        for logged in run:
            for group in self._following(logged):
                found.setdefault(group, []).append(logged)
        return found

    def _following(self, logged: LoggedEvent) -> dict[Group, None]:
        following: dict[Group, None] = {}
        for topic in topics_touched(logged):
            for group in self._by_topic.get(topic, ()):
                if group.feed.cares_about(logged.name):
                    following[group] = None
        return following
