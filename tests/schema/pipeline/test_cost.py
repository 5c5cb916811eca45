"""Cost and rate: what an operation costs with the lengths it really asks for, and whose budget pays."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import time_machine

from domain.identity.actor import ANONYMOUS, Actor
from domain.identity.key_limits import KeyLimits
from domain.kit.context import CallContext
from domain.kit.ids import new_id
from schema.kit import encode_id
from schema.kit.context import Context
from schema.pipeline import Limits, Pipeline, PointsPerMinute, Request, RequestRefused
from schema.pipeline.cost import Meter
from tests.schema.pipeline.conftest import ASHA, BINA, run
from tests.support.servers import served, settings_for_tests, small_app
from tests.support.small_schema import SHELVES, batches, small_schema, written

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


def price(query: str, **variables: Any) -> int:
    prepared = Pipeline(small_schema()).prepare(Request(query=query))
    return Meter(prepared.variables(variables)).price(prepared.root)


@pytest.mark.parametrize(
    ("query", "points"),
    [
        ("{ greeting }", 0),
        ('{ shelf(id: "a") { id label } }', 1),
        # A shelf and twenty neighbours.
        ('{ shelf(id: "a") { neighbours { label } } }', 1 + 20),
        ('{ shelf(id: "a") { neighbours { neighbours { label } } } }', 1 + 20 + 20 * 20),
        ('{ shelves(ids: ["a", "b", "c"]) { label } }', 3),
        ('{ shelves(ids: "a") { label } }', 1),
        # The connection, and what is selected of each of twenty rows.
        ("{ people { nodes { name } } }", 1 + 20),
        ("{ people(first: 50) { nodes { name } } }", 1 + 50),
        ("{ people(last: 7) { edges { cursor node { name } } } }", 1 + 7 + 7),
        ("{ people(first: 7) { pageInfo { hasNextPage } totalCount } }", 1 + 1 + 10),
        ("{ __schema { types { name } } }", 50),
        ('mutation { relabel(input: {label: "a"}) { label } }', 10),
        ("{ ...A ...A } fragment A on Query { people { nodes { name } } }", 2 * 21),
        ("{ people(first: 5) { ...A } } fragment A on PersonConnection { nodes { name } }", 1 + 5),
        ("{ people @skip(if: true) { nodes { name } } }", 0),
    ],
)
def test_prices(query: str, points: int) -> None:
    assert price(query) == points


INCLUDED = "query ($more: Boolean!) { people @include(if: $more) { nodes { name } } }"
SKIPPED = "query ($less: Boolean!) { ... @skip(if: $less) { people { nodes { name } } } }"
PAGED = "query ($n: Int = 30) { people(first: $n) { nodes { name } } }"


@pytest.mark.attack("expensive pages", on="Pipeline")
@pytest.mark.parametrize(
    ("variables", "points"),
    [({"n": 100}, 101), ({"n": 100.0}, 101), ({}, 31), ({"n": None}, 21), ({"n": 10**9}, 101), ({"n": -5}, 2)],
)
def test_lengths_come_from_the_variables(variables: dict[str, Any], points: int) -> None:
    assert price(PAGED, **variables) == points


def test_lists_of_ids_are_counted_where_they_are() -> None:
    assert price("query ($ids: [ID!]!) { shelves(ids: $ids) { label } }", ids=["a"] * 40) == 40
    assert price('query ($id: ID!) { shelves(ids: ["a", $id]) { label } }', id="b") == 2


def test_what_is_left_out_costs_nothing() -> None:
    query = "query ($more: Boolean!) { greeting ... @include(if: $more) { people { nodes { name } } } }"
    assert price(query, more=True) == 21
    assert price(query, more=False) == 0


@pytest.mark.parametrize(
    ("query", "first", "then"),
    [
        (PAGED, ({"n": 7}, 8), ({"n": 70}, 71)),
        (INCLUDED, ({"more": False}, 1), ({"more": True}, 21)),
        (SKIPPED, ({"less": True}, 1), ({"less": False}, 21)),
        ("query ($ids: [ID!]!) { shelves(ids: $ids) { label } }", ({"ids": []}, 1), ({"ids": ["a"] * 9}, 9)),
        ("{ people { nodes { name } } }", ({}, 21), ({"unknown": 3}, 21)),
    ],
)
def test_a_price_is_remembered_only_where_it_stays_the_same(query: str, first: Any, then: Any) -> None:
    prepared = Pipeline(small_schema()).prepare(Request(query=query))
    for variables, points in (first, then, first):
        assert prepared.price(prepared.variables(variables)) == points


async def test_too_costly_an_operation() -> None:
    pipeline = Pipeline(small_schema(), limits=Limits(cost=100))
    with pytest.raises(RequestRefused) as refused:
        await run(pipeline, PAGED, {"n": 100})
    assert refused.value.code == "COST_LIMIT_EXCEEDED"
    assert refused.value.errors[0]["extensions"]["cost"] == {"requested": 101, "limit": 100}


def spender(points: int) -> Pipeline:
    return Pipeline(small_schema(), budget=PointsPerMinute(points))


async def cost_of(pipeline: Pipeline, actor: Actor, **more: Any) -> dict[str, Any]:
    answer = await run(pipeline, 'mutation { relabel(input: {label: "a"}) { label } }', actor=actor, **more)
    found: dict[str, Any] = answer["extensions"]["cost"]
    return found


async def test_the_budget_is_told_with_every_answer() -> None:
    pipeline = spender(25)
    with time_machine.travel(NOON, tick=False):
        told = await cost_of(pipeline, ASHA)
        assert told == {"requested": 10, "remaining": 15, "limit": 25, "resetAt": "2030-01-01T12:01:00Z"}
        assert (await cost_of(pipeline, ASHA))["remaining"] == 5


@pytest.mark.attack("exhaustion", on="Pipeline")
async def test_an_empty_budget_refuses_until_the_minute_is_over() -> None:
    pipeline = spender(10)
    with time_machine.travel(NOON, tick=False) as time:
        await cost_of(pipeline, ASHA)
        before = list(written)
        time.shift(timedelta(seconds=20.5))
        with pytest.raises(RequestRefused) as refused:
            await cost_of(pipeline, ASHA)
        assert (refused.value.code, refused.value.status, refused.value.retry_after_s) == ("RATE_LIMITED", 429, 40)
        assert refused.value.errors[0]["extensions"]["cost"]["remaining"] == 0
        assert written == before
        time.shift(timedelta(seconds=40))
        assert (await cost_of(pipeline, ASHA))["remaining"] == 0


@pytest.mark.attack("exhaustion", on="Pipeline")
async def test_everybody_has_a_budget_and_strangers_share_that_of_their_address() -> None:
    pipeline = spender(10)
    for actor, address in ((ASHA, "192.0.2.1"), (BINA, "192.0.2.1"), (ANONYMOUS, "192.0.2.1"), (ANONYMOUS, "192.0.2.2")):
        assert (await cost_of(pipeline, actor, address=address))["remaining"] == 0
    for actor, address in ((ASHA, "192.0.2.9"), (ANONYMOUS, "192.0.2.1")):
        with pytest.raises(RequestRefused, match="0 are left"):
            await cost_of(pipeline, actor, address=address)


async def test_a_key_spends_its_owners_budget_unless_it_has_one_of_its_own() -> None:
    sharing = dataclasses.replace(ASHA, api_key_id=new_id())
    own = dataclasses.replace(ASHA, api_key_id=new_id(), key_limits=KeyLimits(points_per_minute=20))
    greedy = dataclasses.replace(ASHA, api_key_id=new_id(), key_limits=KeyLimits(points_per_minute=900))
    pipeline = spender(30)
    told = [(await cost_of(pipeline, actor))["remaining"] for actor in (ASHA, sharing, own, own, greedy)]
    assert told == [20, 10, 10, 0, 20]
    with pytest.raises(RequestRefused, match="0 are left"):
        await cost_of(pipeline, own)
    assert (await cost_of(pipeline, ASHA))["remaining"] == 0
    unbounded = Pipeline(small_schema())
    assert (await cost_of(unbounded, own))["limit"] == 20, "a server that limits nobody holds keys to what they were given"
    assert "remaining" not in await cost_of(unbounded, ASHA)


async def test_what_is_refused_for_rights_costs_nothing() -> None:
    pipeline = spender(10)
    with pytest.raises(RequestRefused) as refused:
        await run(pipeline, "{ books }", actor=ASHA)
    assert refused.value.code == "FORBIDDEN"
    assert (await cost_of(pipeline, ASHA))["remaining"] == 0, "all ten were there"


@pytest.mark.attack("exhaustion", on="Pipeline")
async def test_the_budgets_of_many_callers_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schema.pipeline.rate.MAX_CALLERS", 3)
    budget = PointsPerMinute(10)
    for caller in range(10):
        await budget.spend(f"user:{caller}", 1)
    assert len(budget._left) == 3


async def test_http_says_when_to_come_back() -> None:
    app = small_app(settings=settings_for_tests(), budget=PointsPerMinute(1))
    async with served(app) as address, httpx.AsyncClient(base_url=address) as client:
        first = await client.post("/graphql", json={"query": "{ greeting }"})
        second = await client.post("/graphql", json={"query": "{ greeting }"}, headers={"accept": "application/json"})
    assert first.json()["extensions"]["cost"]["remaining"] == 0
    assert first.headers["ratelimit-policy"] == '"points";q=1;w=60'
    assert first.headers["ratelimit"].startswith('"points";r=0;t=')
    assert second.status_code == 429
    assert second.headers["ratelimit"].split(";")[1] == "r=0"
    assert 1 <= int(second.headers["retry-after"]) <= 60
    assert second.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"


async def test_fields_of_one_operation_share_their_loads(pipeline: Pipeline) -> None:
    batches.clear()
    ids = [encode_id("Shelf", row.id) for row in SHELVES]
    query = "query ($ids: [ID!]!) { shelves(ids: $ids) { label neighbours { label } } }"
    answer = await run(pipeline, query, {"ids": ids})
    assert [each["label"] for each in answer["data"]["shelves"]] == [row.label for row in SHELVES]
    assert len(batches) == 1, "one load for all rows and all their neighbours"
    context = Context(ASHA, CallContext())
    assert await context.load(None, None) is None, "no key, no load"  # type: ignore[arg-type]
