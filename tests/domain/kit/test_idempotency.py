"""Idempotency keys: once, whoever repeats it and whenever."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from domain.events.models import Checkpoint
from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.database import fetchval
from domain.kit.errors import Conflict, IdempotencyKeyReused, InProgress, InvalidInput
from domain.kit.idempotency import KEPT_FOR, forget_old_keys, once
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.snapshots import freeze, thaw
from tests.support.happenings import nothing_happens
from tests.support.statements import statements

pytestmark = pytest.mark.usefixtures("database")


@dataclass(frozen=True)
class Note:
    id: UUID
    amount: Money
    role: Role
    at: datetime
    on: date
    rate: Decimal
    checkpoint: Checkpoint


def someone() -> Actor:
    return Actor(id=new_id(), name="Asha", roles=frozenset({Role.INVESTOR}))


async def take_note(actor: Actor, *, text: str, fail: bool = False) -> Note:
    checkpoint = await Checkpoint.create(listener=text, epoch=0, position=0, updated_at=clock.now())
    if fail:
        raise Conflict("no")
    moment = datetime(2026, 11, 21, tzinfo=UTC)
    return Note(new_id(), Money(5, "INR"), Role.SELLER, moment, date(2026, 11, 21), Decimal("1.10"), checkpoint)


async def notes() -> int:
    return int(await fetchval("select count(*) from event_checkpoint"))


async def test_the_same_request_gives_the_first_result_again() -> None:
    actor = someone()
    first = await once("key", take_note, actor, text="x")
    again = await once("key", take_note, actor, text="x")
    assert (first.replayed, again.replayed) == (False, True)
    assert again.result.id == first.result.id
    assert again.result.checkpoint.updated_at == first.result.checkpoint.updated_at
    assert await notes() == 1


async def test_another_request_with_the_same_key_is_refused() -> None:
    actor = someone()
    await once("key", take_note, actor, text="x")
    async with nothing_happens():
        with pytest.raises(IdempotencyKeyReused):
            await once("key", take_note, actor, text="y")


@pytest.mark.parametrize("key", ["it's", "'); rollback; --", "a\\", "\\'", "{key} %s $1", "\u202f½ नमस्ते".strip(), "'" * 200])
async def test_a_key_is_any_printable_text(key: str) -> None:
    actor = someone()
    first = await once(key, take_note, actor, text="x")
    again = await once(key, take_note, actor, text="x")
    assert (first.replayed, again.replayed, again.result.id) == (False, True, first.result.id)
    assert await fetchval("select array_agg(key::text) from idempotency_key") == [key]
    assert await notes() == 1


async def test_a_new_key_costs_no_round_trip() -> None:
    actor = someone()
    with statements() as asked:
        await once("key", take_note, actor, text="x")
    assert not any("claim_idempotency_key" in each for each in asked)
    with statements() as asked:
        await once("key", take_note, actor, text="x")
    assert sum("claim_idempotency_key" in each for each in asked) == 1


@pytest.mark.attack("others' idempotency keys", on="Pipeline")
async def test_keys_belong_to_their_caller() -> None:
    await once("key", take_note, someone(), text="x")
    assert not (await once("key", take_note, someone(), text="y")).replayed


async def test_a_refused_act_frees_its_key() -> None:
    actor = someone()
    async with nothing_happens():
        with pytest.raises(Conflict):
            await once("key", take_note, actor, text="x", fail=True)
    assert not (await once("key", take_note, actor, text="x")).replayed


async def test_fifty_at_once_happen_once() -> None:
    actor = someone()
    outcomes = await asyncio.gather(*(once("key", take_note, actor, text="x") for _ in range(50)), return_exceptions=True)
    done = [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]
    assert sum(not outcome.replayed for outcome in done) == 1
    assert all(isinstance(outcome, InProgress) for outcome in outcomes if isinstance(outcome, BaseException))
    assert await notes() == 1


async def test_while_the_first_is_at_work_another_is_told_so() -> None:
    actor, begun, go = someone(), asyncio.Event(), asyncio.Event()

    async def slowly(actor: Actor, *, text: str) -> Note:
        note = await take_note(actor, text=text)
        begun.set()
        await go.wait()
        return note

    first = asyncio.create_task(once("key", slowly, actor, text="x"))
    await begun.wait()
    with pytest.raises(InProgress):
        await once("key", slowly, actor, text="x")
    go.set()
    assert not (await first).replayed
    assert await notes() == 1


@pytest.mark.parametrize("key", ["", "x" * 201, "a\nb"])
async def test_a_key_is_a_short_printable_text(key: str) -> None:
    async with nothing_happens():
        with pytest.raises(InvalidInput):
            await once(key, take_note, someone(), text="x")


async def test_keys_are_kept_for_a_day_at_least_and_then_forgotten() -> None:
    actor = someone()
    await once("key", take_note, actor, text="x")
    with clock.clock_set_to(clock.now() + timedelta(hours=24)):
        await forget_old_keys()
    assert (await once("key", take_note, actor, text="x")).replayed
    with clock.clock_set_to(clock.now() + KEPT_FOR + timedelta(seconds=1)):
        await forget_old_keys()
    assert not (await once("key", take_note, actor, text="y")).replayed


async def test_a_result_survives_freezing() -> None:
    note = await take_note(someone(), text="x")
    image = thaw(freeze({"notes": [note], "none": None, "flag": True}))
    copy = image["notes"][0]
    assert (copy.id, copy.amount, copy.role, copy.at, copy.on, copy.rate) == (
        note.id, note.amount, note.role, note.at, note.on, note.rate,
    )  # fmt: skip
    assert copy.checkpoint.listener == "x"
