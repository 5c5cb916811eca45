"""Setting a telephone number, and who sees how much of it."""

from __future__ import annotations

import pytest

from domain.identity.permissions import Role
from tests.support.graphql import ask, do, do_refused, encode_id, refused_to_strangers
from tests.support.people import an_actor

pytestmark = pytest.mark.usefixtures("database")

SET = """
mutation ($phone: String, $user: ID) {
  setPhone(input: { phone: $phone, userId: $user }) { user { phone } errors { code field } }
}"""
NODE = "query ($id: ID!) { node(id: $id) { ... on User { phone } } }"
ME = "{ me { phone } }"


async def test_a_number_is_its_owners() -> None:
    await refused_to_strangers(SET, phone="+254712345678")
    actor, other, admin = await an_actor(), await an_actor(), await an_actor(Role.ADMIN)
    assert await ask(actor, ME) == {"phone": None}
    assert await do_refused(actor, SET, phone="0712345678") == ("INVALID_PHONE", ["input", "phone"])
    assert (await do(actor, SET, phone="+254 712 345678"))["user"] == {"phone": "+254712345678"}
    mine = encode_id("User", actor.id)
    assert await do_refused(other, SET, phone="+254712345679", user=mine) == ("FORBIDDEN", None)
    assert await ask(actor, ME) == {"phone": "+254712345678"}
    assert await ask(other, NODE, id=mine) is None
    assert await ask(admin, NODE, id=mine) == {"phone": "+254******678"}
    assert (await do(admin, SET, phone=None, user=mine))["user"] == {"phone": None}
