"""GraphQL over HTTP beyond the audits: methods, media types, bodies, and the status of every refusal."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit.ids import new_id
from tests.support import small_schema
from tests.support.servers import served, settings_for_tests, small_app

RESPONSE_JSON = "application/graphql-response+json"
JSON = "application/json"
BOTH = [JSON, RESPONSE_JSON]

ASHA = Actor(id=new_id(), name="Asha", roles=frozenset({Role.SELLER}))
BOOKS = Actor(id=new_id(), name="Bina", roles=frozenset({Role.ACCOUNTANT}))


@pytest_asyncio.fixture(scope="module")
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = small_app(settings=settings_for_tests(max_body_bytes=4096), actors={"asha": ASHA, "books": BOOKS})
    async with served(app) as address, httpx.AsyncClient(base_url=address) as client:
        yield client


async def ask(client: httpx.AsyncClient, query: Any, *, accept: str = RESPONSE_JSON, **more: Any) -> httpx.Response:
    headers = {"accept": accept, **more.pop("headers", {})}
    return await client.post("/graphql", json={"query": query, **more}, headers=headers)


def code_of(response: httpx.Response) -> str:
    body = response.json()
    assert "data" not in body, "what was refused has no data"
    return str(body["errors"][0]["extensions"]["code"])


async def test_a_query_by_post(client: httpx.AsyncClient) -> None:
    response = await ask(client, "{ greeting }")
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{RESPONSE_JSON}; charset=utf-8"
    assert response.json()["data"] == {"greeting": "Hello world"}


async def test_a_query_by_get(client: httpx.AsyncClient) -> None:
    parameters = {
        "query": "query A($n: String!) { greeting(name: $n) } query B { vault }",
        "operationName": "A",
        "variables": '{"n": "Zürich"}',
        "extensions": "{}",
    }
    response = await client.get("/graphql", params=parameters, headers={"accept": JSON})
    assert response.status_code == 200
    assert response.json()["data"] == {"greeting": "Hello Zürich"}


async def test_empty_parameters_of_a_get_say_nothing(client: httpx.AsyncClient) -> None:
    parameters = {"query": "{ greeting }", "operationName": "", "variables": "", "extensions": ""}
    assert (await client.get("/graphql", params=parameters)).json()["data"] == {"greeting": "Hello world"}


@pytest.mark.attack("cross-site requests", on="GET")
@pytest.mark.parametrize("accept", BOTH)
async def test_a_get_changes_nothing(client: httpx.AsyncClient, accept: str) -> None:
    before = list(small_schema.written)
    parameters = {"query": 'mutation { relabel(input: {label: "x"}) { label } }'}
    response = await client.get("/graphql", params=parameters, headers={"accept": accept})
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"
    assert code_of(response) == "BAD_REQUEST"
    assert small_schema.written == before


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE"])
async def test_other_methods(client: httpx.AsyncClient, method: str) -> None:
    response = await client.request(method, "/graphql")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, POST"


@pytest.mark.parametrize("accept", ["text/plain", "image/*", f"{JSON};q=0, {RESPONSE_JSON};q=0", f"{JSON}; charset=utf-16"])
async def test_a_media_type_that_is_not_spoken(client: httpx.AsyncClient, accept: str) -> None:
    response = await ask(client, "{ greeting }", accept=accept)
    assert response.status_code == 406
    assert response.headers["content-type"] == f"{JSON}; charset=utf-8"
    assert code_of(response) == "BAD_REQUEST"


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        ("*/*", JSON),
        ("application/*", JSON),
        (f"{RESPONSE_JSON}, {JSON};q=0.9", RESPONSE_JSON),
        (f"{RESPONSE_JSON}, {JSON}", RESPONSE_JSON),
        (f"{JSON}, {RESPONSE_JSON}", JSON),
        (f"{RESPONSE_JSON};q=0.1, {JSON};q=0.2", JSON),
        (f"*/*;q=0.1, {RESPONSE_JSON}; charset=UTF-8", RESPONSE_JSON),
        (f"application/graphql+json, {RESPONSE_JSON}, {JSON}, multipart/mixed", RESPONSE_JSON),
        ("nonsense, */*", JSON),
        (f"{JSON};q=nonsense, {RESPONSE_JSON};q=0.1", RESPONSE_JSON),
    ],
)
async def test_the_media_type_that_the_client_likes_best(client: httpx.AsyncClient, accept: str, answered: str) -> None:
    response = await ask(client, "{ greeting }", accept=accept)
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{answered}; charset=utf-8"
    assert "Accept" in response.headers["vary"]
    assert response.headers["cache-control"] == "no-store"


async def test_several_accept_headers_are_one_list(client: httpx.AsyncClient) -> None:
    headers = [("accept", "text/plain"), ("accept", RESPONSE_JSON)]
    response = await client.post("/graphql", json={"query": "{ greeting }"}, headers=headers)
    assert response.status_code == 200


@pytest.mark.attack("cross-site requests", on="POST")
@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/graphql", "application/json; charset=utf-16", "multipart/form-data", ""]
)
async def test_a_body_that_is_not_declared_as_json(client: httpx.AsyncClient, content_type: str) -> None:
    response = await client.post("/graphql", content=b'{"query": "{ greeting }"}', headers={"content-type": content_type})
    assert response.status_code == 415
    assert code_of(response) == "BAD_REQUEST"


@pytest.mark.parametrize(
    "content_type", ["application/json", "Application/JSON; Charset=UTF-8", 'application/json;charset="utf-8"']
)
async def test_a_body_that_is_declared_as_json(client: httpx.AsyncClient, content_type: str) -> None:
    body = '{"query": "{ greeting(name: \\"Jürgen\\") }"}'.encode()
    response = await client.post("/graphql", content=body, headers={"content-type": content_type})
    assert response.json()["data"] == {"greeting": "Hello Jürgen"}


@pytest.mark.attack("oversized messages", on="POST")
async def test_too_large_a_body_is_refused_whether_declared_or_not(client: httpx.AsyncClient) -> None:
    async def in_parts() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield b" " * 1000

    for content in (b" " * 4097, in_parts()):
        response = await client.post("/graphql", content=content, headers={"content-type": JSON})
        assert response.status_code == 413
        assert code_of(response) == "BAD_REQUEST"


BODIES = {
    "nothing": b"",
    "no JSON": b"{ greeting }",
    "cut off": b'{"query": "{ greeting }"',
    "not UTF-8": b'{"query": "{ greeting(name: \\"\xff\\") }"}',
    "NaN": b'{"query": "{ greeting }", "variables": {"x": NaN}}',
    "a lone surrogate": b'{"query": "{ greeting }", "variables": {"x": "\\ud800"}}',
    "very deep": b'{"query": "{ greeting }", "variables": {"x": ' + b"[" * 1500 + b"]" * 1500 + b"}}",
    "a string": b'"{ greeting }"',
    "null": b"null",
    "no query": b"{}",
    "null query": b'{"query": null}',
    "query is a number": b'{"query": 1}',
    "query is an object": b'{"query": {}}',
    "variables is a list": b'{"query": "{ greeting }", "variables": []}',
    "variables is text": b'{"query": "{ greeting }", "variables": "{}"}',
    "variables is false": b'{"query": "{ greeting }", "variables": false}',
    "operationName is a number": b'{"query": "{ greeting }", "operationName": 7}',
    "extensions is text": b'{"query": "{ greeting }", "extensions": "x"}',
    "documentId is a number": b'{"documentId": 7}',
}


@pytest.mark.attack("malformed messages", on="POST")
@pytest.mark.parametrize("accept", BOTH)
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
async def test_a_body_that_is_no_request(client: httpx.AsyncClient, body: bytes, accept: str) -> None:
    response = await client.post("/graphql", content=body, headers={"content-type": JSON, "accept": accept})
    assert response.status_code == 400
    assert code_of(response) == "BAD_REQUEST"


@pytest.mark.attack("malformed messages", on="GET")
@pytest.mark.parametrize(
    "query_string", ["query=%7Bgreeting%7D&variables=%7B", "query=%FF", "variables=%7B%7D", "&".join(["a=1"] * 30)]
)
async def test_a_query_string_that_is_no_request(client: httpx.AsyncClient, query_string: str) -> None:
    response = await client.get(f"/graphql?{query_string}")
    assert response.status_code == 400
    assert code_of(response) == "BAD_REQUEST"


@pytest.mark.attack("batching", on="POST")
async def test_batches_are_refused_whole(client: httpx.AsyncClient) -> None:
    before = list(small_schema.written)
    response = await client.post("/graphql", json=[{"query": 'mutation { relabel(input: {label: "x"}) { label } }'}])
    assert response.status_code == 400
    assert code_of(response) == "BATCHING_NOT_SUPPORTED"
    assert small_schema.written == before


async def test_fields_that_nobody_knows_are_passed_over(client: httpx.AsyncClient) -> None:
    response = await client.post("/graphql", json={"query": "{ greeting }", "colour": "red", "extensions": {"a": [1]}})
    assert response.json()["data"] == {"greeting": "Hello world"}


REFUSED_BEFORE_EXECUTION: dict[str, tuple[dict[str, Any], str]] = {
    "syntax": ({"query": "{ greeting"}, "GRAPHQL_PARSE_FAILED"),
    "empty": ({"query": ""}, "GRAPHQL_PARSE_FAILED"),
    "a null character": ({"query": '{ greeting(name: "\\u0000") }'}, "GRAPHQL_PARSE_FAILED"),
    "unknown field": ({"query": "{ nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
    "no operation": ({"query": "fragment A on Query { greeting }"}, "GRAPHQL_VALIDATION_FAILED"),
    "unknown operation": ({"query": "query A { greeting }", "operationName": "B"}, "OPERATION_NOT_FOUND"),
    "empty operation name": ({"query": "query A { greeting }", "operationName": ""}, "OPERATION_NOT_FOUND"),
    "several operations": ({"query": "query A { greeting } query B { greeting }"}, "OPERATION_NOT_FOUND"),
    "missing variable": ({"query": "query ($n: String!) { greeting(name: $n) }"}, "INVALID_VARIABLES"),
    "wrong variable": (
        {"query": "query ($n: String!) { greeting(name: $n) }", "variables": {"n": {"$gt": ""}}},
        "INVALID_VARIABLES",
    ),
    "a null character in a variable": (
        {"query": "query ($n: String!) { greeting(name: $n) }", "variables": {"n": "a\0b"}},
        "INVALID_VARIABLES",
    ),
}


@pytest.mark.parametrize(("accept", "status"), [(RESPONSE_JSON, 400), (JSON, 200)])
@pytest.mark.parametrize(("request_body", "code"), REFUSED_BEFORE_EXECUTION.values(), ids=REFUSED_BEFORE_EXECUTION.keys())
async def test_what_is_refused_before_execution(
    client: httpx.AsyncClient, request_body: dict[str, Any], code: str, accept: str, status: int
) -> None:
    response = await client.post("/graphql", json=request_body, headers={"accept": accept})
    assert code_of(response) == code
    assert response.status_code == status


@pytest.mark.parametrize("accept", BOTH)
async def test_errors_of_execution_come_with_data_and_200(client: httpx.AsyncClient, accept: str) -> None:
    response = await ask(client, "{ refused greeting }", accept=accept)
    assert response.status_code == 200
    body = response.json()
    assert body["data"] == {"refused": None, "greeting": "Hello world"}
    assert body["errors"] == [
        {
            "message": "there is no such thing",
            "locations": [{"line": 1, "column": 3}],
            "path": ["refused"],
            "extensions": {
                "code": "NOT_FOUND",
                "field": ["thing"],
                "correlationId": response.headers["x-correlation-id"],
            },
        }
    ]


@pytest.mark.parametrize("accept", BOTH)
async def test_a_subscription_needs_another_way(client: httpx.AsyncClient, accept: str) -> None:
    response = await ask(client, "subscription { personRegistered { __typename } }", accept=accept)
    assert response.status_code == 406
    assert code_of(response) == "BAD_REQUEST"


@pytest.mark.attack("function-level authorisation", on="POST")
@pytest.mark.attack("expired tokens", on="POST")
@pytest.mark.parametrize(
    ("authorization", "status", "code", "message"),
    [
        (None, 401, "UNAUTHENTICATED", "sign in first"),
        ("Bearer expired", 401, "UNAUTHENTICATED", "the access token has expired"),
        ("Bearer unknown", 401, "UNAUTHENTICATED", "this is not a token of this server"),
        ("Bearer", 401, "UNAUTHENTICATED", "the Authorization header must be: Bearer <access token or API key>"),
        ("Basic YTpi", 401, "UNAUTHENTICATED", "the Authorization header must be: Bearer <access token or API key>"),
        ("asha", 401, "UNAUTHENTICATED", "the Authorization header must be: Bearer <access token or API key>"),
        ("Bearer asha", 403, "FORBIDDEN", "this needs the permission LEDGER_READ"),
    ],
)
async def test_who_may_not(
    client: httpx.AsyncClient, authorization: str | None, status: int, code: str, message: str
) -> None:
    headers = {} if authorization is None else {"authorization": authorization}
    response = await ask(client, "{ books }", headers=headers)
    assert response.status_code == status
    error = response.json()["errors"][0]
    assert (error["extensions"]["code"], error["message"], error["path"]) == (code, message, ["books"])
    assert ("www-authenticate" in response.headers) is (status == 401)
    as_json = await ask(client, "{ books }", accept=JSON, headers=headers)
    assert as_json.status_code == 200
    assert code_of(as_json) == code


async def test_who_may(client: httpx.AsyncClient) -> None:
    response = await ask(client, "{ books vault }", headers={"authorization": "bearer   books"})
    assert response.json()["data"] == {"books": "balanced", "vault": "Bina's gold"}


async def test_a_bad_token_is_no_obstacle_to_what_is_public(client: httpx.AsyncClient) -> None:
    response = await ask(client, "{ greeting }", headers={"authorization": "Bearer expired"})
    assert response.json()["data"] == {"greeting": "Hello world"}


async def test_unknown_paths(client: httpx.AsyncClient) -> None:
    assert (await client.get("/graphql/nothing")).status_code == 404
    assert (await client.get("/wp-login.php")).status_code == 404
