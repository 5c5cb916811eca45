"""The outbox: any number of events in the order in which they were recorded, with and without an idempotency key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from domain.events.event import Event, event
from domain.events.outbox import A_FEW
from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit.context import CallContext, as_part_of, call_context
from domain.kit.database import fetchval
from domain.kit.idempotency import once
from domain.kit.ids import new_id
from domain.kit.unit_of_work import unit_of_work
from tests.support.happenings import events_so_far
from tests.support.statements import statements

pytestmark = pytest.mark.usefixtures("database")

COUNTS = [1, 2, A_FEW, A_FEW + 1, 40]


@event("test.tallied")
@dataclass(frozen=True, kw_only=True)
class Tallied(Event):
    number: int

    def topics(self) -> Iterable[str]:
        return ["counting", f"number:{self.number}"]

    def audience(self) -> Iterable[str]:
        return [f"user:{self.number}", "everyone"] if self.number else []


async def count_to(actor: Actor, *, last: int) -> int:
    async with unit_of_work() as work:
        for number in range(last):
            with as_part_of(new_id()):
                work.record(Tallied(number=number))
    return last


@pytest.mark.parametrize("last", COUNTS)
@pytest.mark.parametrize("key", [None, "key"])
async def test_all_are_written_in_their_order_by_one_statement(last: int, key: str | None) -> None:
    actor = Actor(id=new_id(), name="Asha", roles=frozenset({Role.INVESTOR}))
    with call_context(CallContext(actor_id=actor.id, address="192.0.2.1")), statements() as asked:
        await once(key, count_to, actor, last=last)
    assert len(asked) == 1, "a key is claimed together with the beginning"
    told = await events_so_far()
    assert [logged.fact for logged in told] == [Tallied(number=number) for number in range(last)]
    assert [logged.topics for logged in told] == [tuple(logged.fact.topics()) for logged in told]
    assert [logged.audience for logged in told] == [frozenset(logged.fact.audience()) for logged in told]
    assert {logged.actor_id for logged in told} == {actor.id}
    assert len({logged.correlation_id for logged in told}) == last
    assert await fetchval("select count(*) from idempotency_key") == (1 if key else 0)


async def test_a_key_is_kept_of_an_act_that_announces_nothing() -> None:
    actor = Actor(id=new_id(), name="Asha", roles=frozenset({Role.INVESTOR}))
    assert [(await once("key", count_to, actor, last=0)).replayed for _ in range(2)] == [False, True]
    assert await events_so_far() == []
