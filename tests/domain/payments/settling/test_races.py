"""Many at once, and killed anywhere: a receipt counts once, nobody waits in a circle, and half a settling does not exist."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from domain.kit import clock, unit_of_work
from domain.kit.unit_of_work import Work
from domain.payments.rules.evidence import Evidence
from domain.payments.settling import settle_orphans, settle_payments
from tests.domain.payments.rules.factory import ASKED, LATER, callback, confirmation, row, taken_back
from tests.domain.payments.settling.factory import Made, a_payment, all_is_well, books, payments, rows, want, write_claims
from tests.support.happenings import nothing_happens
from tests.support.races import outcomes_of

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def _nothing_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unit_of_work, "MAX_ATTEMPTS", 1)


@unit_of_work.retried
async def settled(told: list[tuple[Made | None, Evidence]]) -> None:
    """As a worker does that has taken some messages off the queue."""
    nobodys = {claim.reverses or claim.receipt or "" for made, claim in told if made is None}
    async with unit_of_work.unit_of_work() as work:
        await write_claims(work, told)
        await settle_payments(work, [want(made) for made, _ in told if made], orphans=nobodys)
        await settle_orphans(work, nobodys)


def receipt(number: int) -> str:
    return f"TF{number:08d}"


@pytest.mark.usefixtures("_nothing_is_tried_again")
async def test_batches_that_overlap_wait_for_each_other_and_never_in_a_circle() -> None:
    made = await payments(12)
    chance = random.Random(7)
    batches: list[list[tuple[Made | None, Evidence]]] = []
    for _ in range(16):
        chosen = chance.sample(range(12), 8)
        # Of each payment the callback of its own receipt, and somebody else's confirmation of another's.
        batches.append([(made[n], callback(receipt=receipt(n))) for n in chosen[:6]])
        batches[-1] += [(made[n], confirmation(receipt=receipt(100 + (n + 1) % 12))) for n in chosen[6:]]
    with clock.clock_set_to(LATER):
        async with asyncio.timeout(60):
            outcomes = await outcomes_of(settled(batch) for batch in batches)
    assert [each for each in outcomes if isinstance(each, BaseException)] == []
    await all_is_well()
    credited = await rows("select receipt, count(*) from payment_credit group by receipt having count(*) > 1")
    assert credited == []


@pytest.mark.usefixtures("_nothing_is_tried_again")
async def test_orphans_and_payments_that_name_the_same_receipts_settle_once() -> None:
    made = await payments(6, prompted=False)
    batches: list[list[tuple[Made | None, Evidence]]] = []
    for turn in range(10):
        numbers = list(range(6)) if turn % 2 else list(reversed(range(6)))
        nobodys: list[tuple[Made | None, Evidence]] = [(None, row(receipt=receipt(50 + n))) for n in numbers]
        batches.append(nobodys + [(made[n], confirmation(receipt=receipt(n))) for n in numbers[:3]])
    with clock.clock_set_to(LATER):
        outcomes = await outcomes_of(settled(batch) for batch in batches)
    assert [each for each in outcomes if isinstance(each, BaseException)] == []
    assert await books() == {"1210": 12 * 250_000, "2910": 6 * 250_000, "2920": 6 * 250_000}
    await all_is_well()


async def test_who_takes_it_for_an_orphan_while_it_becomes_a_payments_looks_again() -> None:
    """What takes money back can be heard of at the moment when its payment is."""
    made = await payments(8)

    @unit_of_work.retried
    async def heard(number: int) -> None:
        async with unit_of_work.unit_of_work() as work:
            name = receipt(number)
            owner = await work.fetchval("select payment_id from mpesa_receipt where receipt = $1", name)
            ours = next((each for each in made if each.id == owner), None)
            await write_claims(work, [(ours, taken_back(receipt=name))])
            if ours is None:
                await settle_orphans(work, {name})
            else:
                await settle_payments(work, [want(ours)])

    acts = [settled([(made[n], callback(receipt=receipt(n)))]) for n in range(8)]
    with clock.clock_set_to(LATER):
        outcomes = await outcomes_of([act for n in range(8) for act in (acts[n], heard(n))])
    assert [each for each in outcomes if isinstance(each, BaseException)] == []
    assert await books() == {}
    assert {status for (status,) in await rows("select status from payment")} == {"REVERSED"}
    await all_is_well()


@asynccontextmanager
async def killed_at(statement: int, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[str]]:
    """Whoever works inside is cancelled at its so-manieth statement."""
    said: list[str] = []
    with monkeypatch.context() as patch:
        for name in ("fetch", "execute"):
            asked = getattr(Work, name)

            async def killing(self: Work, sql: str, *args: object, asked: object = asked) -> object:
                said.append(sql)
                if len(said) == statement:
                    raise asyncio.CancelledError
                return await asked(self, sql, *args)  # type: ignore[operator]

            patch.setattr(Work, name, killing)
        yield said


async def test_who_is_killed_anywhere_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    made = await a_payment()
    with clock.clock_set_to(LATER):
        await settled([(None, confirmation()), (None, confirmation(receipt=receipt(9)))])
        statement, said = 0, ["not yet"]
        while len(said) > statement - 1:
            statement += 1
            async with nothing_happens(), killed_at(statement, monkeypatch) as said:
                with suppress(asyncio.CancelledError, ZeroDivisionError):
                    await _to_the_end_and_back(made)
        assert statement > 15
        await settled([(made, callback(amount=ASKED)), (None, row(receipt=receipt(10)))])
    assert await books() == {"1210": 750_000, "2910": 250_000, "2920": 500_000}
    await all_is_well()


async def _to_the_end_and_back(made: Made) -> None:
    """All of it, and then somebody else's mistake in the same unit of work."""
    async with unit_of_work.unit_of_work():
        await settled([(made, callback(amount=ASKED)), (None, row(receipt=receipt(10)))])
        raise ZeroDivisionError
