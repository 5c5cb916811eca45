"""What surrounds every request: correlation ids, careful headers, CORS, masked mistakes, metrics, health, log lines."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Iterator, MutableMapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import pytest_asyncio
import structlog
from starlette.types import ASGIApp

from api.health import Health, Probe, database_answers
from api.logs import configure_logs, mask_secrets
from api.visitors import address_of
from tests.api.observability.writing import logs_as_before
from tests.support import small_schema
from tests.support.servers import served, settings_for_tests, small_app

OURS = "https://app.example.org"
PRODUCTION = {
    "environment": "production",
    "secret": "a secret of forty characters, random ones",
    "database_url": "postgresql://db.example/daftari?sslmode=verify-full",
    "redis_url": "rediss://redis.example",
    "opening_credit": "0.00",
    "allowed_origins": OURS,
}


@asynccontextmanager
async def asking(app: ASGIApp) -> AsyncIterator[httpx.AsyncClient]:
    async with served(app) as address, httpx.AsyncClient(base_url=address) as client:
        yield client


@pytest_asyncio.fixture(scope="module")
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with asking(small_app(settings=settings_for_tests(allowed_origins=OURS))) as client:
        yield client


Lines = list[MutableMapping[str, Any]]


@pytest.fixture
def log_lines() -> Iterator[Lines]:
    with structlog.testing.capture_logs() as lines:
        yield lines


def warnings_and_worse(lines: Lines) -> list[str]:
    return [each["event"] for each in lines if each["log_level"] in ("warning", "error")]


async def ask(client: httpx.AsyncClient, query: str, **headers: str) -> httpx.Response:
    return await client.post("/graphql", json={"query": query}, headers=headers)


async def test_the_correlation_id_of_the_client_is_kept_and_answered(client: httpx.AsyncClient) -> None:
    mine = str(uuid4())
    response = await ask(client, "{ whence }", **{"x-correlation-id": mine})
    assert response.headers["x-correlation-id"] == mine
    assert response.json()["data"]["whence"] == f"{mine} 127.0.0.1"


@pytest.mark.attack("log injection", on="POST")
@pytest.mark.parametrize("given", [None, "", "not a uuid", "x" * 5000])
async def test_any_other_correlation_id_is_replaced(client: httpx.AsyncClient, given: str | None) -> None:
    response = await ask(client, "{ whence }", **({} if given is None else {"x-correlation-id": given}))
    fresh = UUID(response.headers["x-correlation-id"])
    assert response.json()["data"]["whence"].startswith(str(fresh))


@pytest.mark.attack("verbose errors", on="POST")
async def test_a_mistake_of_ours_is_masked_and_logged_under_the_correlation_id(
    client: httpx.AsyncClient, log_lines: Lines
) -> None:
    response = await ask(client, "{ broken greeting }")
    assert response.status_code == 200
    correlation_id = response.headers["x-correlation-id"]
    assert response.json()["data"] == {"broken": None, "greeting": "Hello world"}
    assert response.json()["errors"] == [
        {
            "message": "Internal error",
            "locations": [{"line": 1, "column": 3}],
            "path": ["broken"],
            "extensions": {"code": "INTERNAL", "correlationId": correlation_id},
        }
    ]
    assert "secret" not in response.text
    (line,) = [each for each in log_lines if each["event"] == "operation_failed"]
    assert line["correlation_id"] == correlation_id
    assert "the secret is 42" in repr(line["exc_info"])


async def test_a_value_that_cannot_be_written_is_a_mistake_of_ours(client: httpx.AsyncClient, log_lines: Lines) -> None:
    response = await ask(client, "{ inexact }")
    assert response.json()["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert warnings_and_worse(log_lines) == ["operation_failed"]


@pytest.mark.attack("verbose errors", on="POST")
async def test_a_mutation_that_breaks_is_masked(client: httpx.AsyncClient, log_lines: Lines) -> None:
    before = list(small_schema.written)
    response = await ask(client, 'mutation { relabel(input: {label: "breaks"}) { label errors { message } } }')
    assert response.json()["errors"][0]["message"] == "Internal error"
    assert "secret" not in response.text
    assert warnings_and_worse(log_lines) == ["operation_failed"]
    assert small_schema.written == before


@pytest.mark.attack("verbose errors", on="GET")
async def test_a_failure_outside_of_graphql_is_masked_too(log_lines: Lines) -> None:
    async def demo_users() -> list[dict[str, Any]]:
        raise RuntimeError("the secret is 42")

    app = small_app(settings=settings_for_tests(demo_users=True), demo_users=demo_users)
    async with asking(app) as client:
        response = await client.get("/demo-users")
    assert response.status_code == 500
    error = response.json()["errors"][0]
    assert error["extensions"] == {"code": "INTERNAL", "correlationId": response.headers["x-correlation-id"]}
    assert "secret" not in response.text
    assert warnings_and_worse(log_lines) == ["request_failed"]


@pytest.mark.attack("framing and sniffing", on="GET")
@pytest.mark.parametrize("path", ["/graphql", "/health/live", "/nowhere"])
async def test_every_response_has_the_careful_headers(client: httpx.AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert "strict-transport-security" not in headers, "developers have no https"
    assert "server" not in headers or headers["server"] == "uvicorn"


@pytest.mark.attack("framing and sniffing", on="POST")
async def test_production_insists_on_https() -> None:
    async with asking(small_app(settings=settings_for_tests(**PRODUCTION))) as client:
        response = await ask(client, "{ greeting }")
    assert response.headers["strict-transport-security"].startswith("max-age=31536000")


async def test_preflight_of_an_origin_of_ours(client: httpx.AsyncClient) -> None:
    asked = {
        "origin": OURS,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type,x-correlation-id",
    }
    response = await client.options("/graphql", headers=asked)
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == OURS
    assert "POST" in response.headers["access-control-allow-methods"]
    assert "access-control-allow-credentials" not in response.headers, "tokens travel in headers, never in cookies"


@pytest.mark.attack("foreign origins", on="POST")
@pytest.mark.parametrize(
    "asked",
    [
        {"origin": "https://evil.example", "access-control-request-method": "POST"},
        {"origin": f"{OURS}.evil.example", "access-control-request-method": "POST"},
        {"origin": "null", "access-control-request-method": "POST"},
        {"origin": OURS, "access-control-request-method": "DELETE"},
        {"origin": OURS, "access-control-request-method": "POST", "access-control-request-headers": "x-strange"},
    ],
)
async def test_preflight_that_is_refused(client: httpx.AsyncClient, asked: dict[str, str]) -> None:
    response = await client.options("/graphql", headers=asked)
    assert response.status_code == 400
    assert asked["origin"] == OURS or "access-control-allow-origin" not in response.headers


@pytest.mark.attack("foreign origins", on="POST")
async def test_a_foreign_origin_may_not_read_the_answer(client: httpx.AsyncClient) -> None:
    ours = await ask(client, "{ greeting }", origin=OURS)
    assert ours.headers["access-control-allow-origin"] == OURS
    assert {"Accept", "Origin"} <= {each.strip() for each in ours.headers["vary"].split(",")}
    foreign = await ask(client, "{ greeting }", origin="https://evil.example")
    assert "access-control-allow-origin" not in foreign.headers


@pytest.mark.parametrize(
    "request_of",
    [
        {"json": {"query": "{ greeting }"}},
        {"json": {"query": "{ vault }"}},
        {"json": {"query": "{ nothing }"}},
        {"json": []},
        {"content": b"{", "headers": {"content-type": "application/json"}},
        {"content": b"{}", "headers": {"content-type": "text/plain"}},
        {"json": {"query": "{ greeting }"}, "headers": {"accept": "text/html"}},
        {"json": {"query": "{ greeting }"}, "headers": [("accept", "text/plain"), ("accept", "application/json")]},
        {"json": {"query": "{ greeting }"}, "headers": {"authorization": "Bearer expired"}},
    ],
)
async def test_who_names_no_origin_goes_another_way_and_is_answered_the_same(
    client: httpx.AsyncClient, request_of: dict[str, Any]
) -> None:
    mine = ("x-correlation-id", str(uuid4()))
    direct, through = [
        await client.post(
            "/graphql", **{**request_of, "headers": [*httpx.Headers(request_of.get("headers")).multi_items(), mine, *more]}
        )
        for more in ([], [("origin", "https://evil.example")])
    ]
    assert (direct.status_code, direct.content) == (through.status_code, through.content)
    for_pages = {b"access-control-expose-headers", b"date"}
    raw = [[pair for pair in each.headers.raw if pair[0] not in for_pages] for each in (direct, through)]
    assert raw[0] == raw[1]


async def test_metrics_count_operations(client: httpx.AsyncClient) -> None:
    await ask(client, "{ greeting }")
    text = (await client.get("/metrics")).text
    assert 'daftari_operations_total{kind="query",outcome="ok"}' in text
    async with asking(small_app(settings=settings_for_tests(metrics=False))) as other:
        assert (await other.get("/metrics")).status_code == 404


async def works() -> None:
    """A probe of something that is well."""


async def fails() -> None:
    raise ConnectionError("postgresql://daftari:hunter2@db.example refused")


@pytest.mark.parametrize(
    ("probes", "status", "body"),
    [
        ([], 200, {"status": "ok", "checks": {}}),
        ([Probe("database", works)], 200, {"status": "ok", "checks": {"database": "ok"}}),
        ([Probe("database", fails)], 503, {"status": "unavailable", "checks": {"database": "failing"}}),
        (
            [Probe("database", works), Probe("redis", fails, required=False)],
            200,
            {"status": "ok", "checks": {"database": "ok", "redis": "failing"}},
        ),
    ],
)
async def test_readiness(probes: list[Probe], status: int, body: dict[str, Any], log_lines: Lines) -> None:
    async with asking(small_app(probes=probes)) as client:
        ready = await client.get("/health/ready")
        live = await client.get("/health/live")
    assert (ready.status_code, ready.json()) == (status, body)
    assert (live.status_code, live.json()) == (200, {"status": "ok"})
    assert ready.headers["cache-control"] == live.headers["cache-control"] == "no-store"
    assert [each["probe"] for each in log_lines if "probe" in each] == [p.name for p in probes if p.works is fails]


async def test_a_server_that_drains_is_alive_and_not_ready() -> None:
    health = Health([Probe("database", works)])
    async with asking(small_app(health=health)) as client:
        health.draining = True
        assert (await client.get("/health/ready")).status_code == 503
        assert (await client.get("/health/ready")).json()["status"] == "draining"
        assert (await client.get("/health/live")).status_code == 200


async def test_the_database_probe_asks_the_database(database: None) -> None:
    async with asking(small_app(probes=[Probe("database", database_answers)])) as client:
        assert (await client.get("/health/ready")).status_code == 200


def scope_of(*forwarded: str) -> dict[str, Any]:
    headers = [(b"x-forwarded-for", each.encode()) for each in forwarded]
    return {"headers": headers, "client": ("10.0.0.1", 1234)}


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ((), 0, "10.0.0.1"),
        (("1.1.1.1",), 0, "10.0.0.1"),
        (("1.1.1.1",), 1, "1.1.1.1"),
        (("6.6.6.6, 1.1.1.1",), 1, "1.1.1.1"),
        (("6.6.6.6", "1.1.1.1"), 1, "1.1.1.1"),
        (("6.6.6.6, 1.1.1.1, 10.0.0.2",), 2, "1.1.1.1"),
        (("1.1.1.1",), 2, "10.0.0.1"),
        ((" , ",), 1, "10.0.0.1"),
    ],
)
def test_the_address_is_what_our_own_proxies_saw(forwarded: tuple[str, ...], proxies: int, address: str) -> None:
    assert address_of(scope_of(*forwarded), proxies) == address


SECRETS = [
    "postgresql://daftari:hunter2@db.example/x",
    "Authorization: Bearer hunter2.hunter2",
    "eyJhbGciOi.hunter2.hunter2",
    "daf_1234567890_hunter2hunter2",
    "dfr_hunter2hunter2",
]


@pytest.mark.attack("secrets in logs", on="Logs")
@pytest.mark.parametrize("as_json", [True, False])
def test_log_lines_hold_no_secrets(capsys: pytest.CaptureFixture[str], as_json: bool) -> None:
    with logs_as_before():
        configure_logs(as_json=as_json, level="INFO")
        logger = structlog.get_logger("tests.secrets")
        for secret in SECRETS:
            logger.info(f"seen {secret}", note=secret, inner={"deep": [secret]}, password="hunter2", api_key="hunter2")
            logging.getLogger("tests.other").warning("heard %s", secret)
        try:
            raise RuntimeError(SECRETS[0])
        except RuntimeError:
            logger.exception("broke")
    written = capsys.readouterr().err
    assert "hunter2" not in written
    assert "RuntimeError" in written
    assert "daftari:***@db.example" in written
    if as_json:
        assert {json.loads(line)["level"] for line in written.splitlines()} == {"info", "warning", "error"}


@pytest.mark.attack("secrets in logs", on="Logs")
@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("asked +254712345678", "asked ***"),
        ("Key (phone)=(254712345678) exists", "Key (phone)=(***) exists"),
        ("for 0712345678, twice", "for ***, twice"),
        ("prompt ws_CO_05032025101530123712345678", "prompt ***"),
        ("2547*****678 at 20250305101530", "2547*****678 at 20250305101530"),
        ("id 01a1fe7a-c070-721f-adb7-184bec35eafc", "id 01a1fe7a-c070-721f-adb7-184bec35eafc"),
    ],
)
def test_log_lines_hold_nobodys_telephone_number(written: str, shown: str) -> None:
    assert mask_secrets(None, "info", {"event": written, "deep": [{"in": written}]}) == {
        "event": shown,
        "deep": [{"in": shown}],
    }
