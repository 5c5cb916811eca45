"""Connections: pages by keyset, which neither repeat nor skip a row, whatever is inserted meanwhile."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from domain.identity.models import User
from schema.pipeline import Pipeline
from tests.schema.pipeline.conftest import run
from tests.support.people import a_user
from tests.support.small_schema import small_schema

PIPELINE = Pipeline(small_schema())
QUERY = """
query ($first: Int, $after: Cursor, $last: Int, $before: Cursor) {
  people(first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node { id name } }
    nodes { name }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""
NAMES = ["Asha", "Asha", "Bina", "Chand", "Chand", "Dev", "Esha"]
"""Two of a name, so that the name alone is no order."""


@pytest_asyncio.fixture
async def people(database: None) -> list[str]:
    for name in NAMES:
        await a_user(name=name)
    return NAMES


async def page(**variables: Any) -> dict[str, Any]:
    answer = await run(PIPELINE, QUERY, variables)
    assert "errors" not in answer, answer
    found: dict[str, Any] = answer["data"]["people"]
    assert [edge["node"]["name"] for edge in found["edges"]] == [node["name"] for node in found["nodes"]]
    return found


def names(found: dict[str, Any]) -> list[str]:
    return [node["name"] for node in found["nodes"]]


async def refusal(**variables: Any) -> dict[str, Any]:
    """What is said of it, but for the id of the call."""
    answer = await run(PIPELINE, QUERY, variables)
    assert answer["data"] is None
    extensions: dict[str, Any] = answer["errors"][0]["extensions"]
    UUID(extensions.pop("correlationId"))
    return extensions


async def test_an_empty_list(database: None) -> None:
    found = await page()
    assert found["edges"] == []
    assert found["pageInfo"] == {
        "hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None,
    }  # fmt: skip


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
async def test_forwards(people: list[str], size: int) -> None:
    seen: list[str] = []
    ids: list[str] = []
    after = None
    while True:
        found = await page(first=size, after=after)
        assert found["pageInfo"]["hasPreviousPage"] is (after is not None)
        seen += names(found)
        ids += [edge["node"]["id"] for edge in found["edges"]]
        after = found["pageInfo"]["endCursor"]
        if not found["pageInfo"]["hasNextPage"]:
            break
    assert seen == people
    assert len(set(ids)) == len(people)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
async def test_backwards(people: list[str], size: int) -> None:
    seen: list[str] = []
    before = None
    while True:
        found = await page(last=size, before=before)
        assert found["pageInfo"]["hasNextPage"] is (before is not None)
        seen = names(found) + seen
        before = found["pageInfo"]["startCursor"]
        if not found["pageInfo"]["hasPreviousPage"]:
            break
    assert seen == people


async def test_twenty_when_nothing_is_said(database: None) -> None:
    for number in range(21):
        await a_user(name=f"Person {number:02}")
    found = await page()
    assert len(found["nodes"]) == 20
    assert found["pageInfo"]["hasNextPage"] is True


async def test_rows_that_come_and_go_shift_nothing(people: list[str]) -> None:
    first = await page(first=3)
    await a_user(name="Aaron")
    await a_user(name="Zoya")
    await User.filter(name="Bina").update(name="Bhavna")
    rest = await page(first=100, after=first["pageInfo"]["endCursor"])
    assert names(first) + names(rest) == [*people, "Zoya"]


async def test_between_two_cursors(people: list[str]) -> None:
    everyone = await page(first=100)
    cursors = [edge["cursor"] for edge in everyone["edges"]]
    assert names(await page(after=cursors[0], before=cursors[4])) == people[1:4]
    assert names(await page(last=2, after=cursors[0], before=cursors[4])) == people[2:4]
    assert names(await page(after=cursors[4], before=cursors[4])) == []


async def test_the_total_is_counted_when_it_is_selected(people: list[str]) -> None:
    answer = await run(PIPELINE, "{ people(first: 1) { totalCount } }")
    assert answer["data"]["people"]["totalCount"] == len(people)


@pytest.mark.attack("expensive pages", on="Pipeline")
@pytest.mark.parametrize(
    ("variables", "field"),
    [
        ({"first": 0}, "first"),
        ({"first": -1}, "first"),
        ({"first": 101}, "first"),
        ({"last": 0}, "last"),
        ({"last": 101}, "last"),
        ({"first": 1, "last": 1}, "last"),
    ],
)
async def test_sizes_have_bounds(people: list[str], variables: dict[str, int], field: str) -> None:
    assert await refusal(**variables) == {"code": "INVALID_INPUT", "field": [field]}


def forged(key: object) -> str:
    return urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


SOME_ID = "01a1fcaa-0fb0-7395-9996-b92a29eb55d8"
FORGED = {
    "nothing": "",
    "text": "abc",
    "another alphabet": "न",
    "no JSON": "AAAA",
    "no list": forged({"name": "A"}),
    "too short": forged(["Asha"]),
    "too long": forged(["Asha", SOME_ID, 1]),
    "no id": forged(["Asha", "1 or 1=1"]),
    "a number for an id": forged(["Asha", 5]),
    "a list for a name": forged([["Asha"], SOME_ID]),
    "null": forged([None, SOME_ID]),
    "a null character": forged(["A\0", SOME_ID]),
    "infinity": forged([float("inf"), SOME_ID]),
    "very deep": urlsafe_b64encode(b"[" * 1400).decode(),
    "very long": forged(["A" * 5000, SOME_ID]),
}


@pytest.mark.attack("forged cursors", on="Pipeline")
@pytest.mark.attack("SQL injection", on="Pipeline")
@pytest.mark.parametrize("argument", ["after", "before"])
@pytest.mark.parametrize("cursor", FORGED.values(), ids=FORGED.keys())
async def test_forged_cursors_are_refused(people: list[str], cursor: str, argument: str) -> None:
    assert await refusal(**{argument: cursor}) == {"code": "INVALID_INPUT", "field": [argument]}
