"""The ring: what it gives is what a plain list would give, and it stays within its bounds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.events.event import LoggedEvent, payload_of
from domain.identity.events import BranchOpened
from subscriptions.feed import EVERYTHING, domain_topic, kind_topic
from subscriptions.ring import FACTS_KEPT, Ring

TOPICS = ["a", "b", "c", "d"]


def logged(position: int, topics: list[str], payload: str = "") -> LoggedEvent:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    return LoggedEvent(position, 1, "tests.happened", 1, tuple(topics), frozenset(), None, UUID(int=0), moment, payload)


@given(
    events=st.lists(st.lists(st.sampled_from(TOPICS), max_size=3), max_size=300),
    kept=st.integers(1, 200),
    asked=st.lists(st.sampled_from([*TOPICS, EVERYTHING, domain_topic("tests"), kind_topic("tests.happened")]), max_size=4),
    after=st.integers(0, 300),
    up_to=st.integers(0, 300),
)
def test_a_ring_remembers_like_a_list(events: list[list[str]], kept: int, asked: list[str], after: int, up_to: int) -> None:
    ring = Ring(max_events=kept, max_bytes=10**9)
    ring.clear(0)
    everything = [logged(position, topics) for position, topics in enumerate(events, start=1)]
    for each in everything:
        ring.append(each)
    assert len(ring) == min(kept, len(everything))
    assert ring.floor == max(0, len(everything) - kept)
    if ring.covers(after):
        by_being = {EVERYTHING, "domain:tests", "event:tests.happened"}
        expected = [
            each for each in everything if after < each.position <= up_to and set(asked) & (set(each.topics) | by_being)
        ]
        assert ring.between(after, up_to, asked) == expected


def test_large_events_push_out_more() -> None:
    ring = Ring(max_events=1_000, max_bytes=100_000)
    ring.clear(10)
    for position in range(11, 111):
        ring.append(logged(position, ["a"], payload="x" * 9_000))
    assert len(ring) == 10
    assert ring.floor == 100
    assert not ring.covers(99)


def test_what_a_ring_forgets_leaves_no_trace_in_its_index() -> None:
    ring = Ring(max_events=100, max_bytes=10**9)
    ring.clear(0)
    for position in range(1, 5_001):
        ring.append(logged(position, ["busy", f"rare:{position}"]))
    lists = ring._by_topic
    assert len(lists) == 100 + 4
    assert all(len(found) <= 100 * 8 / 7 + 2 for found in lists.values())


def test_what_was_read_of_old_events_is_let_go_and_read_again_by_whoever_asks() -> None:
    opened = BranchOpened(branch_id=UUID(int=1), code="NBO", branch_name="Nairobi")
    ring = Ring(max_events=10_000, max_bytes=10**9)
    ring.clear(0)
    events = []
    for position in range(1, FACTS_KEPT + 101):
        events.append(replace(logged(position, ["a"], payload_of(opened)), name=opened.name))
        ring.append(events[-1])
        assert events[-1].fact == opened
    assert ["fact" in vars(each) for each in events] == [False] * 100 + [True] * FACTS_KEPT
    assert ring.between(0, 1, ["a"])[0].fact == opened
