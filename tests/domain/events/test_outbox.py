"""The outbox: any number of events in the order in which they were recorded, with and without an idempotency key."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import asyncpg
import pytest

from domain.events.event import Event, event
from domain.events.outbox import A_FEW
from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.identity.service import sign_out
from domain.kit.context import CallContext, as_part_of, call_context
from domain.kit.database import fetch, fetchval
from domain.kit.idempotency import once
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import unit_of_work
from domain.lending.service import disburse_loan
from domain.lending.states import PaymentChannel
from domain.wallets.service import transfer_funds, wallet_of
from tests.support.happenings import events_so_far
from tests.support.loans import an_approved_loan, an_office
from tests.support.milled import a_mill
from tests.support.milling import receive
from tests.support.people import a_branch, a_user, an_actor, configure_identity
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


@contextmanager
def everything_sent() -> Iterator[list[str]]:
    """As :func:`statements`, with what has neither parameters nor results: BEGIN, COMMIT and the like."""
    run = asyncpg.Connection.execute

    with statements() as seen:

        async def noting(self: asyncpg.Connection, query: str, *args: Any, **kwargs: Any) -> str:
            if not args:
                seen.append(" ".join(query.split()))
            done: str = await run(self, query, *args, **kwargs)
            return done

        with patch.object(asyncpg.Connection, "execute", noting):
            yield seen


async def test_events_are_the_last_that_a_transaction_writes_and_nobody_is_notified_in_it() -> None:
    """NOTIFY would take a lock of the whole cluster at each commit, and what is written later could be read before."""
    configure_identity()
    admin, office, mill = await an_actor(Role.ADMIN), await an_office(), await a_mill()
    mine, theirs = [await wallet_of(each.id, "KES") for each in (office.borrower, admin)]
    loan = await an_approved_loan(office)
    acts: dict[str, Callable[[], Awaitable[object]]] = {
        "a loan is paid out": lambda: once(
            "one", disburse_loan, office.admin, loan_id=loan.id, channel=PaymentChannel.WALLET
        ),
        "money is sent": lambda: once(
            "two",
            transfer_funds,
            office.borrower,
            from_wallet_id=mine.id,
            to_wallet_id=theirs.id,
            amount=Money.of(5, "KES"),
        ),
        "stock comes in": lambda: receive(mill.wheat, mill.store, 5, value_minor=1_000),
        "a user is made": lambda: a_user(Role.CASHIER),
        "a branch opens": lambda: a_branch(),
        "somebody signs out": lambda: sign_out(admin),
    }
    for what, act in acts.items():
        with everything_sent() as sent:
            await act()
        begun = next(place for place, each in enumerate(sent) if each.startswith("BEGIN"))
        ended = sent.index("COMMIT;", begun)
        written = [place for place, each in enumerate(sent) if "insert into outbox" in each]
        assert written == [ended - 1], (what, sent)
        assert not [each for each in sent if "notify" in each.lower()], what
    hidden = await fetch(
        """select proname from pg_proc where pronamespace = 'public'::regnamespace and prosrc ~* '\\mnotify\\M|pg_notify'"""
    )
    assert hidden == [], "no function or trigger notifies either"
