"""Every limit and every guard holds on every way in: what POST refuses, no other transport lets through."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from typing import Any, NamedTuple
from uuid import UUID

import pytest
import pytest_asyncio

from domain.identity.permissions import Role
from schema.pipeline import Limits, PointsPerMinute, TrustedDocuments
from schema.pipeline.trusted import document_id
from tests.api.sockets.talking import ACTORS
from tests.security.transports import Place, Transport, a_pipeline, a_place, ask
from tests.support.people import somebody

NO_ID = urlsafe_b64encode(b"Shelf:' or '1'='1").decode()


class Case(NamedTuple):
    """A request, who sends it, and the code of the refusal."""

    attack: str
    request: dict[str, Any]
    code: str
    token: str | None = None


def of(query: str, **variables: Any) -> dict[str, Any]:
    return {"query": query, "variables": variables} if variables else {"query": query}


def nested(depth: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(depth):
        value = {"amount": value}
    return value


CASES = {
    "depth": Case("depth", of('{shelf(id:"a")' + "{neighbours" * 12 + "{id}" + "}" * 12 + "}"), "DEPTH_LIMIT_EXCEEDED"),
    "breadth": Case("breadth", of("{" + "greeting " * 21 + "}"), "ROOT_FIELD_LIMIT_EXCEEDED"),
    "aliases": Case("aliases", of("{" + "".join(f"a{n}:greeting " for n in range(31)) + "}"), "ALIAS_LIMIT_EXCEEDED"),
    "fields": Case(
        "field duplication",
        of('{shelf(id:"a"){' + "neighbours{label}" * 700 + "}}"),
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "directives": Case("directive overload", of("{greeting" + "@include(if:true)" * 41 + "}"), "DIRECTIVE_LIMIT_EXCEEDED"),
    "a circle": Case(
        "circular fragments",
        of("{...A} fragment A on Query{...B} fragment B on Query{...A}"),
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "tokens": Case("token flood", of("{" + "greeting " * 3_000 + "}"), "DOCUMENT_TOO_LARGE"),
    "bytes": Case("document size", of("{greeting}#" + "x" * 33_000), "DOCUMENT_TOO_LARGE"),
    "cost": Case(
        "expensive pages",
        of('{shelf(id:"a"){neighbours{neighbours{neighbours{label}}}}}'),
        "COST_LIMIT_EXCEEDED",
    ),
    "cost by a variable": Case(
        "expensive pages",
        of("query($ids:[ID!]!){shelves(ids:$ids){neighbours{neighbours{label}}}}", ids=["a"] * 15),
        "COST_LIMIT_EXCEEDED",
    ),
    "lists in lists": Case(
        "input recursion", of("{shelves(ids:" + "[" * 900 + "]" * 900 + "){id}}"), "DEPTH_LIMIT_EXCEEDED"
    ),
    "objects in objects": Case(
        "input recursion", of("query($m:MoneyInput){echo(money:$m){__typename}}", m=nested(200)), "INVALID_AMOUNT"
    ),
    "time": Case("long operations", of("{endless}"), "TIMEOUT"),
    "schema": Case("introspection", of("{__schema{types{name}}}"), "GRAPHQL_VALIDATION_FAILED"),
    "type": Case("introspection", of('{__type(name:"Shelf"){name}}'), "GRAPHQL_VALIDATION_FAILED"),
    "misspelt": Case("suggestions", of("{greetingx}"), "GRAPHQL_VALIDATION_FAILED"),
    "a misspelt variable": Case(
        "suggestions",
        of("query($m:MoneyInput){echo(money:$m){__typename}}", m={"amount": "1", "currencyx": "KES"}),
        "INVALID_VARIABLES",
    ),
    "our mistake": Case("verbose errors", of("{broken}"), "INTERNAL"),
    "an id": Case("SQL injection", of("query($id:ID!){shelf(id:$id){label}}", id="' or 1=1 --"), "NOT_FOUND"),
    "in an id": Case("SQL injection", of("query($id:ID!){shelf(id:$id){label}}", id=NO_ID), "NOT_FOUND"),
    "a null character": Case("SQL injection", of("query($n:String!){greeting(name:$n)}", n="a\0b"), "INVALID_VARIABLES"),
    "more of an input": Case(
        "mass assignment",
        of("query($m:MoneyInput){echo(money:$m){__typename}}", m={"amount": "1", "currency": "KES", "owner": "me"}),
        "INVALID_VARIABLES",
    ),
    "more of a literal": Case(
        "mass assignment",
        of('{echo(money:{amount:"1",currency:"KES",owner:"me"}){__typename}}'),
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "nobody": Case("function-level authorisation", of("{vault}"), "UNAUTHENTICATED"),
    "no bookkeeper": Case("function-level authorisation", of("{books}"), "FORBIDDEN", "asha"),
    "no bookkeeper of a field": Case("function-level authorisation", of('{shelf(id:"a"){note}}'), "FORBIDDEN", "asha"),
    "an unknown document": Case("untrusted documents", {"documentId": "0" * 64}, "DOCUMENT_NOT_FOUND"),
}
TOLD_TO_NOBODY = ("Did you mean", "secret", "Traceback", "asyncpg", "RuntimeError")


EVERYWHERE = [
    pytest.param(case, transport, id=f"{name}-{transport}", marks=pytest.mark.attack(case.attack, on=transport.value))
    for name, case in CASES.items()
    for transport in Transport
]


@pytest_asyncio.fixture(scope="module")
async def place(open_pool: None, database_url: str, redis_url: str) -> AsyncIterator[Place]:
    pipeline = a_pipeline(limits=Limits(timeout_s=0.25))
    async with a_place(database_url, redis_url, pipeline=pipeline, actors=ACTORS) as place:
        yield place


@pytest.mark.parametrize(("case", "transport"), EVERYWHERE)
async def test_what_one_transport_refuses_all_refuse(place: Place, case: Case, transport: Transport) -> None:
    told = await ask(place, transport, case.request, token=case.token)
    assert told.code == case.code
    assert not told.data or set(told.data.values()) == {None}
    assert [each for each in TOLD_TO_NOBODY if each in told.raw] == []
    (under,) = {each["extensions"]["correlationId"] for each in told.result["errors"]}
    assert UUID(under) and told.under in (under, None)
    assert (told.under is None) == (transport is Transport.WEBSOCKET)


@pytest.mark.parametrize("transport", Transport)
async def test_what_is_within_the_limits_is_answered_by_all(place: Place, transport: Transport) -> None:
    request = of("query($n:String!){greeting(name:$n) vault}", n="Zürich")
    told = await ask(place, transport, request, token="asha")
    assert (told.code, told.data) == (None, {"greeting": "Hello Zürich", "vault": "Asha's gold"})


@pytest.mark.parametrize(
    "last", [pytest.param(each, marks=pytest.mark.attack("exhaustion", on=each.value)) for each in Transport]
)
async def test_all_transports_are_paid_from_one_budget(
    open_pool: None, database_url: str, redis_url: str, last: Transport
) -> None:
    others = [each for each in Transport if each is not last]
    pipeline = a_pipeline(budget=PointsPerMinute(len(others)))
    actors = {"spender": somebody(Role.INVESTOR), "saver": somebody(Role.INVESTOR)}
    async with a_place(database_url, redis_url, pipeline=pipeline, actors=actors) as place:
        for transport in others:
            assert (await ask(place, transport, of("{vault}"), token="spender")).code is None
        refused = await ask(place, last, of("{vault}"), token="spender")
        assert (refused.code, refused.data) == ("RATE_LIMITED", None)
        assert (await ask(place, last, of("{vault}"), token="saver")).code is None


@pytest.mark.attack("untrusted documents", on="POST, GET, SSE, WebSocket")
async def test_where_only_known_documents_run_no_transport_runs_another(
    open_pool: None, database_url: str, redis_url: str
) -> None:
    known = "{vault}"
    pipeline = a_pipeline(trusted=TrustedDocuments({document_id(known): known}, only=True))
    async with a_place(database_url, redis_url, pipeline=pipeline, actors=ACTORS) as place:
        for transport in Transport:
            assert (await ask(place, transport, of("{greeting}"), token="asha")).code == "DOCUMENT_NOT_TRUSTED"
            assert (await ask(place, transport, {"documentId": document_id(known)}, token="asha")).code is None
