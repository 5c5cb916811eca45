"""Who comes back after others: told with what was written for them, and only what they themselves may see."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.events.event import LoggedEvent
from domain.events.log import Place
from domain.identity.actor import EVERYONE
from domain.identity.permissions import Role
from domain.kit.ids import new_id
from subscriptions.hub import Hub
from subscriptions.retelling import MOST, MOST_OF_ONE, Missed, Retelling
from tests.subscriptions.listening import CODEC, Listener, PlainShape, note, notes, somebody, until

HERE, LATER = Place(1, 100), Place(1, 101)


def missed(parts: int) -> Missed:
    event = LoggedEvent(1, 1, "tests.noted", 1, (), frozenset({EVERYONE}), None, new_id(), datetime.now(UTC), "{}")
    return Missed([[event]] * parts, 100)


def test_what_is_kept_is_of_the_present_and_bounded() -> None:
    retelling, asha, brian = Retelling(), missed(1), missed(1)
    assert retelling.keep("group", 7, HERE, asha) is asha
    assert retelling.keep("group", 7, HERE, brian) is asha
    assert retelling.find("group", 7, HERE) is asha
    assert retelling.find("group", 8, HERE) is retelling.find("other", 7, HERE) is None
    assert retelling.find("group", 7, LATER) is None
    retelling.keep("group", 9, HERE, missed(MOST_OF_ONE + 1))
    assert retelling.find("group", 9, HERE) is None
    for start in range(200, 200 + MOST):
        retelling.keep("group", start, HERE, missed(1))
    found = [start for start in range(300) if retelling.find("group", start, HERE)]
    assert found == list(range(200 + MOST // 2, 200 + MOST)), "an entry weighs its parts and one"
    retelling.keep("group", 1, LATER, asha)
    assert retelling.find("group", 1, LATER) is asha
    assert retelling.find("group", 200 + MOST - 1, HERE) is None


@pytest.mark.usefixtures("relay")
async def test_each_is_told_by_their_own_rights_what_was_written_for_another(hub: Hub) -> None:
    await note(1)
    await note(2, eyes="role:ACCOUNTANT")
    await note(3)
    await until(lambda: hub.told == 3)
    after = CODEC.encode(Place(hub.place.epoch, 0))
    shape = PlainShape("same")
    executions = hub.status().executions
    for role, numbers in ((Role.ACCOUNTANT, [1, 2, 3]), (Role.INVESTOR, [1, 3]), (Role.ACCOUNTANT, [1, 2, 3])):
        listener = Listener(hub, somebody(role))
        await hub.open(listener, "1", notes(after=after, shape=shape))
        assert listener.numbers == numbers
        assert listener.kinds[0] == "Ready" and listener.kinds[-1] == "CaughtUp"
    assert hub.status().executions - executions == 3
    await note(4)
    late = Listener(hub, somebody())
    await until(lambda: hub.told == 4)
    await hub.open(late, "1", notes(after=after, shape=shape))
    assert late.numbers == [1, 3, 4]
