"""Objects by their ids: in order, for those who may see them, so many at a time."""

from __future__ import annotations

import orjson
import pytest

from domain.identity.permissions import Role
from domain.kit.ids import new_id
from tests.support.graphql import ask, encode_id, refused_to_strangers, run
from tests.support.people import an_actor
from tests.support.statements import statements

pytestmark = pytest.mark.usefixtures("database")

NODE = "query ($id: ID!) { node(id: $id) { __typename id ... on User { name } } }"
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on User { name } } }"


async def test_one_object() -> None:
    asha = await an_actor(name="Asha Patel")
    id = encode_id("User", asha.id)
    await refused_to_strangers(NODE, id=id)
    assert await ask(asha, NODE, id=id) == {"__typename": "User", "id": id, "name": "Asha Patel"}


@pytest.mark.parametrize(
    "id",
    [encode_id("User", new_id()), encode_id("User", 7), encode_id("Nothing", new_id()), encode_id("Money", new_id())],
    ids=["nobody", "no UUID", "no type", "no node"],
)
async def test_an_id_of_nothing_finds_nothing(id: str) -> None:
    assert await ask(await an_actor(), NODE, id=id) is None


@pytest.mark.parametrize("id", ["", "x", "VXNlcg", "नमस्ते", "Og", "=" * 500])
async def test_what_is_no_id_is_refused_where_it_stands(id: str) -> None:
    asha = await an_actor()
    for document, given, field in ((NODE, {"id": id}, ["id"]), (NODES, {"ids": [id]}, ["ids", "0"])):
        answer = orjson.loads((await run(asha, document, **given)).to_bytes())
        [error] = answer["errors"]
        assert (error["extensions"]["code"], error["extensions"]["field"]) == ("NOT_FOUND", field)


async def test_several_objects_come_in_the_order_of_their_ids() -> None:
    admin = await an_actor(Role.ADMIN, name="Ada")
    others = [await an_actor(name=name) for name in ("Bina", "Chandra")]
    ids = [encode_id("User", each.id) for each in (*reversed(others), admin, others[0])]
    ids.insert(2, encode_id("User", new_id()))
    with statements() as seen:
        found = await ask(admin, NODES, ids=ids)
    assert [each and each["name"] for each in found] == ["Chandra", "Bina", None, "Ada", "Bina"]
    assert len(seen) == 1


async def test_so_many_at_a_time() -> None:
    asha = await an_actor()
    ids = [encode_id("User", asha.id)] * 100
    assert len(await ask(asha, NODES, ids=ids)) == 100
    answer = orjson.loads((await run(asha, NODES, ids=[*ids, ids[0]])).to_bytes())
    [error] = answer["errors"]
    assert (error["extensions"]["code"], error["extensions"]["field"]) == ("INVALID_INPUT", ["ids"])
    assert answer["data"] is None
