"""The catalogue's table of HTTP statuses, held against a server: every row, every code, both media types."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from api.negotiation import JSON, RESPONSE_JSON
from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit.ids import new_id
from schema.contract.errors import STATUSES
from schema.pipeline import TrustedDocuments
from schema.pipeline.rate import PointsPerMinute
from tests.support.servers import served, settings_for_tests, small_app

SELLER = Actor(id=new_id(), name="Asha", roles=frozenset({Role.SELLER}))
LIMITS = {
    "max_body_bytes": 4_000,
    "max_document_bytes": 2_000,
    "max_depth": 4,
    "max_aliases": 2,
    "max_root_fields": 3,
    "max_cost": 150,
    "operation_timeout_s": 0.1,
}
POINTS_PER_MINUTE = 90

Way = tuple[str, str, dict[str, Any]]
"""A method, a path, and what more httpx is to send."""


def _post(query: str, **more: Any) -> Way:
    return "POST", "/graphql", {"json": {"query": query, **more}}


def _body(content: bytes, declared: str = JSON) -> Way:
    return "POST", "/graphql", {"content": content, "headers": {"content-type": declared}}


WAYS: dict[tuple[int, str], Way] = {
    (400, "BAD_REQUEST"): _body(b"{ greeting }"),
    (400, "BATCHING_NOT_SUPPORTED"): _body(b"[]"),
    (400, "DOCUMENT_NOT_FOUND"): _body(b'{"documentId": "nobody\'s"}'),
    (400, "GRAPHQL_PARSE_FAILED"): _post("{ greeting"),
    (400, "GRAPHQL_VALIDATION_FAILED"): _post("{ nothing }"),
    (400, "OPERATION_NOT_FOUND"): _post("query A { greeting }", operationName="B"),
    (400, "INVALID_VARIABLES"): _post("query A($n: String!) { greeting(name: $n) }"),
    (400, "DEPTH_LIMIT_EXCEEDED"): _post(f"{{ shelf(id: 1) {{ {'neighbours { ' * 4}note{' }' * 4} }} }}"),
    (400, "ALIAS_LIMIT_EXCEEDED"): _post("{ a: greeting b: greeting c: greeting }"),
    (400, "ROOT_FIELD_LIMIT_EXCEEDED"): _post("{ greeting whence refused vault }"),
    (400, "DIRECTIVE_LIMIT_EXCEEDED"): _post(f"{{ {'greeting @include(if: true) ' * 41}}}"),
    (400, "COST_LIMIT_EXCEEDED"): _post(
        "{ a: people(first: 100) { nodes { name } } b: people(first: 100) { nodes { name } } }"
    ),
    (401, "UNAUTHENTICATED"): _post("{ books }"),
    (403, "FORBIDDEN"): (
        "POST",
        "/graphql",
        {"json": {"query": "{ books }"}, "headers": {"authorization": "Bearer seller"}},
    ),
    (405, "BAD_REQUEST"): ("GET", "/graphql", {"params": {"query": 'mutation { relabel(input: {label: "x"}) { label } }'}}),
    (406, "BAD_REQUEST"): _post("subscription { personRegistered { __typename } }"),
    (413, "BAD_REQUEST"): _body(b" " * 4_001),
    (413, "DOCUMENT_TOO_LARGE"): _post(f"{{ greeting {' ' * 2_000}}}"),
    (415, "BAD_REQUEST"): _body(b"{}", "text/plain"),
    (429, "RATE_LIMITED"): _post("{ people(first: 100) { nodes { name } } }"),
    (503, "TIMEOUT"): _post("{ endless }"),
}
BY_A_STRICT_SERVER = (403, "DOCUMENT_NOT_TRUSTED")
BY_A_FULL_SERVER = (503, "BUSY")
"""How a server that is full of streams says so, its own tests tell."""
TO_A_SLOW_SENDER = (408, "TIMEOUT")
"""And how long a body is waited for, those of attacks (tests/security)."""
WITHOUT_A_DATABASE = (503, "UNAVAILABLE")


@pytest_asyncio.fixture(scope="module")
async def client() -> AsyncIterator[httpx.AsyncClient]:
    budget = PointsPerMinute(POINTS_PER_MINUTE)
    async with (
        served(small_app(settings=settings_for_tests(**LIMITS), actors={"seller": SELLER}, budget=budget)) as address,
        httpx.AsyncClient(base_url=address) as client,
    ):
        yield client


async def _refused(client: httpx.AsyncClient, way: Way, accept: str) -> tuple[int, str]:
    method, path, more = way
    headers = {"accept": accept, **more.get("headers", {})}
    response = await client.request(method, path, **{**more, "headers": headers})
    assert ("retry-after" in response.headers) is (response.status_code == 429)
    return response.status_code, response.json()["errors"][0]["extensions"]["code"]


def test_every_row_is_tried() -> None:
    told = {(each.status, code) for each in STATUSES for code in each.codes}
    assert told == {*WAYS, BY_A_STRICT_SERVER, BY_A_FULL_SERVER, TO_A_SLOW_SENDER, WITHOUT_A_DATABASE}


@pytest.mark.parametrize(("status", "code"), WAYS)
async def test_a_refusal_has_the_status_of_its_row(client: httpx.AsyncClient, status: int, code: str) -> None:
    [row] = [each for each in STATUSES if each.status == status and code in each.codes]
    way = WAYS[status, code]
    assert await _refused(client, way, RESPONSE_JSON) == (status, code)
    assert await _refused(client, way, JSON) == (status if row.always else 200, code)


async def test_what_was_run_is_200_even_when_a_part_failed(client: httpx.AsyncClient) -> None:
    for accept in (RESPONSE_JSON, JSON):
        response = await client.post("/graphql", json={"query": "{ greeting refused }"}, headers={"accept": accept})
        assert response.status_code == 200
        assert response.json()["data"] == {"greeting": "Hello world", "refused": None}


async def test_a_server_that_runs_other_documents_only() -> None:
    strict = small_app(trusted=TrustedDocuments({}, only=True))
    async with served(strict) as address, httpx.AsyncClient(base_url=address) as client:
        for accept in (RESPONSE_JSON, JSON):
            assert await _refused(client, _post("{ greeting }"), accept) == BY_A_STRICT_SERVER


async def test_a_server_that_cannot_ask_who_somebody_is() -> None:
    class Away(dict[str, Actor]):
        def __getitem__(self, bearer: str) -> Actor:
            raise ConnectionRefusedError("nobody listens there")

    async with (
        served(small_app(actors=Away(somebody=SELLER))) as address,
        httpx.AsyncClient(base_url=address, headers={"authorization": "Bearer somebody"}) as client,
    ):
        for accept in (RESPONSE_JSON, JSON):
            response = await client.post("/graphql", json={"query": "{ greeting }"}, headers={"accept": accept})
            assert (response.status_code, response.headers["retry-after"]) == (503, "1")
            assert response.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
            assert "nobody listens" not in response.text
