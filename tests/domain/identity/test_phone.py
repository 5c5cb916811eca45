"""Telephone numbers: in one form whoever types them, set by their owner or by those who manage users, masked to others."""

from __future__ import annotations

import asyncpg
import pytest

from domain.identity import rules
from domain.identity.actor import ANONYMOUS, Actor
from domain.identity.errors import InvalidPhone, SessionRequired, UserNotFound
from domain.identity.models import User
from domain.identity.permissions import Role
from domain.identity.service import set_phone
from domain.kit import database
from domain.kit.errors import Forbidden, Unauthenticated
from domain.kit.ids import new_id
from tests.support.happenings import events_so_far, nothing_happens
from tests.support.people import an_actor


@pytest.mark.parametrize(
    "typed", ["+254712345678", " +254 712 345 678 ", "+254-712-345678", "+254 (0)712 345678", "＋254712345678"]
)
def test_a_number_has_one_form(typed: str) -> None:
    assert rules.clean_phone(typed) == "+254712345678"


@pytest.mark.parametrize(
    "typed",
    ["", " ", "0712345678", "+", "+0712345678", "+2547", "+254000000000", "+999123456789", "call me", "+254712345678 ext. 5",
     "+1" * 30, "+25471234567\n8\x00", "00254712345678"],
)  # fmt: skip
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(InvalidPhone):
        rules.clean_phone(typed)


def test_a_masked_number_says_little() -> None:
    assert rules.masked_phone("+254712345678") == "+254******678"
    assert rules.masked_phone("+123") == "***"


@pytest.mark.usefixtures("database")
async def test_somebody_sets_and_takes_away_their_number() -> None:
    actor = await an_actor()
    assert (await set_phone(actor, phone="+254 712 345678")).phone == "+254712345678"
    async with nothing_happens():
        await set_phone(actor, phone="+254712345678")
    assert (await set_phone(actor, phone=None)).phone is None
    facts = [logged for logged in await events_so_far() if logged.name == "identity.phone_changed"]
    assert [logged.fact.masked_phone for logged in facts] == ["+254******678", None]
    assert all("712345678" not in logged.payload for logged in facts)


@pytest.mark.usefixtures("database")
async def test_nobody_sets_the_number_of_others_but_those_who_manage_users() -> None:
    admin, actor, other = await an_actor(Role.ADMIN), await an_actor(), await an_actor()
    key = Actor(id=actor.id, name="Key", roles=actor.roles, api_key_id=new_id())
    for who, error in ((ANONYMOUS, Unauthenticated), (other, Forbidden)):
        async with nothing_happens():
            with pytest.raises(error):
                await set_phone(who, phone="+254712345678", user_id=actor.id)
    async with nothing_happens():
        with pytest.raises(SessionRequired):
            await set_phone(key, phone="+254712345678")
    async with nothing_happens():
        with pytest.raises(UserNotFound):
            await set_phone(admin, phone="+254712345678", user_id=new_id())
    await set_phone(admin, phone="+254712345678", user_id=actor.id)
    assert (await User.get(id=actor.id)).phone == "+254712345678"


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("phone", ["0712345678", "+0712345678", "+254 712345678", "+25471234567890123", "+"])
async def test_the_table_takes_no_other_form(phone: str) -> None:
    actor = await an_actor()
    with pytest.raises((asyncpg.CheckViolationError, asyncpg.StringDataRightTruncationError)):
        await database.execute("update app_user set phone = $2 where id = $1", actor.id, phone)
