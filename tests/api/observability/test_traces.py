"""One request is one trace, through every process and as long as anything is done about it; and nobody is named in it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from uuid import UUID, uuid4

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import SpanKind, StatusCode
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router

from api.observability.otel import MOST_TOGETHER, ByTrace, first_span_id
from api.observability.traces import traced
from api.visitors import correlation_id_of, trace_parent_of
from domain.events.event import LoggedEvent
from domain.identity.permissions import Role
from domain.jobs.queue import enqueue
from domain.jobs.runner import Runner
from domain.kit import clock, tracing
from domain.kit.context import CallContext, call_context
from domain.kit.ids import new_id
from domain.kit.unit_of_work import unit_of_work
from domain.webhooks import settings as webhook_settings
from domain.webhooks.service import create_webhook_endpoint
from domain.webhooks.settings import WebhookSettings
from tests.api.observability.installation import an_installation
from tests.api.observability.memory import PATIENCE_S, remembered
from tests.protocol.clients import python_gql
from tests.support.operations import operation
from tests.support.people import PASSWORD, a_user, actor_for, signed_in
from tests.support.receivers import Receiver
from tests.support.servers import served, settings_for_tests, small_app

FEED = (
    'subscription($after: Cursor) { events(types: ["identity.user_registered"], after: $after) {'
    " __typename ... on FeedItem { cursor } } }"
)
THEIRS = UUID("4bf92f3577b34da6a3ce929d0e0e4736")
THEIR_SPAN = 0x00F067AA0BA902B7
TRACE_PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

CUSTOMER = "Wanjiku Kamau"
MAIL = "wanjiku.kamau@example.co.ke"
WORDS = {CUSTOMER, MAIL, PASSWORD}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    before, found = webhook_settings.current(), Receiver()
    webhook_settings.configure(WebhookSettings(carrier=found, public_only=False))
    yield found
    webhook_settings.configure(before)


def as_text(spans: list[ReadableSpan]) -> str:
    return json.dumps([json.loads(span.to_json()) for span in spans])


async def test_one_request_is_one_trace_in_every_process(
    database: None, database_url: str, redis_url: str, receiver: Receiver
) -> None:
    admin = await a_user(Role.ADMIN)
    token = (await signed_in(admin)).access_token
    await create_webhook_endpoint(
        await actor_for(admin), name="Our books", url="https://books.example/in", types=["identity.user_registered"]
    )
    said = {"name": CUSTOMER, "email": MAIL, "password": PASSWORD, "roles": ["INVESTOR"]}
    body = {"query": operation("identity/CreateUser"), "variables": {"input": said}}
    with remembered() as memory:
        async with (
            an_installation(database_url, redis_url) as installed,
            python_gql(installed.server, token, FEED) as feed,
            httpx.AsyncClient(base_url=installed.server, headers={"authorization": f"Bearer {token}"}) as http,
        ):
            assert (await feed.next())[1]["__typename"] == "Ready"
            answer = await http.post("/graphql", json=body)
            assert answer.json()["data"]["createUser"]["errors"] == []
            call = UUID(answer.headers["x-correlation-id"])
            told = await memory.of(
                call,
                {"POST /graphql", "mutation createUser", "INSERT outbox", "COMMIT", "relay", "deliver", "webhook", "POST"}
                | {"listener audit"},
            )
        spans = memory.spans(call)
    ids = {span.context.span_id for span in spans}
    [root] = [span for span in spans if span.parent is None]
    assert root is told["POST /graphql"] and root.context.span_id == first_span_id(call)
    assert all(span.parent.span_id in ids for span in spans if span.parent is not None)
    assert len(ids) == len(spans), "no two spans have the same id"
    kinds = {name: told[name].kind for name in ("POST /graphql", "INSERT outbox", "deliver", "webhook", "POST")}
    assert list(kinds.values()) == [
        SpanKind.SERVER,
        SpanKind.CLIENT,
        SpanKind.CONSUMER,
        SpanKind.PRODUCER,
        SpanKind.CLIENT,
    ]
    assert told["mutation createUser"].parent.span_id == root.context.span_id
    assert told["INSERT outbox"].parent.span_id == told["mutation createUser"].context.span_id
    assert told["deliver"].parent.span_id == told["relay"].parent.span_id == root.context.span_id
    # The relay may have told the events of the call one by one, of which one is for the feed.
    assert sum(span.attributes["daftari.deliveries"] for span in spans if span.name == "deliver") == 1
    assert told["POST /graphql"].attributes["http.response.status_code"] == 200
    assert told["POST"].parent.span_id == told["webhook"].context.span_id
    traced_by = [post.headers["traceparent"].split("-")[1:3] for post in receiver.posts]
    assert [call.hex, f"{told['POST'].context.span_id:016x}"] in traced_by
    written = as_text(spans)
    assert not [word for word in (*WORDS, token) if word in written]


async def test_a_feed_and_an_operation_of_a_socket_begin_traces_of_their_own(
    database: None, database_url: str, redis_url: str
) -> None:
    token = (await signed_in(await a_user(Role.ADMIN))).access_token
    with remembered() as memory:
        async with an_installation(database_url, redis_url) as installed, python_gql(installed.server, token, FEED) as feed:
            await feed.next()
        [opened] = [span for span in memory.spans() if span.name == "subscription events"]
    assert opened.parent is None and opened.context.span_id == first_span_id(UUID(int=opened.context.trace_id))


async def test_a_task_goes_on_with_the_trace_of_whoever_left_it(database: None) -> None:
    call = CallContext()
    with remembered() as memory:
        with call_context(call):
            async with unit_of_work() as work:
                await enqueue(work, "webhooks.send_test", {"endpoint_id": str(new_id())})
        assert await Runner().run_what_is_there() == 1
        told = {span.name: span for span in memory.spans(call.correlation_id)}
    assert told.keys() == {"job webhooks.send_test", "SELECT webhook_endpoint"}
    job = told["job webhooks.send_test"]
    assert job.parent.span_id == first_span_id(call.correlation_id)
    assert told["SELECT webhook_endpoint"].parent.span_id == job.context.span_id
    assert job.attributes == {"daftari.queue": "webhooks.send_test", "daftari.attempt": 1}


async def ask(**headers: str) -> httpx.Response:
    async with served(small_app()) as address, httpx.AsyncClient(base_url=address) as http:
        return await http.post("/graphql", json={"query": "{ whence }"}, headers=headers)


@pytest.mark.parametrize("is_traced", [True, False])
async def test_a_clients_trace_is_gone_on_with(is_traced: bool) -> None:
    if not is_traced:
        response = await ask(traceparent=TRACE_PARENT)
    else:
        with remembered() as memory:
            response = await ask(traceparent=TRACE_PARENT)
            told = {span.name: span for span in memory.spans(THEIRS)}
        assert told["POST /graphql"].parent.span_id == THEIR_SPAN
        assert told["query whence"].parent.span_id == told["POST /graphql"].context.span_id
    assert response.headers["x-correlation-id"] == str(THEIRS)
    assert response.json()["data"]["whence"].startswith(str(THEIRS))


async def test_requests_under_one_correlation_id_are_spans_of_their_own() -> None:
    mine = str(uuid4())
    with remembered() as memory:
        for _ in range(2):
            await ask(**{"x-correlation-id": mine, "traceparent": TRACE_PARENT})
        spans = [span for span in memory.spans(UUID(mine)) if span.name == "POST /graphql"]
    assert len({span.context.span_id for span in spans}) == 2
    assert {span.parent.span_id for span in spans} == {first_span_id(UUID(mine))}


@pytest.mark.parametrize(
    "told",
    [
        "",
        "nonsense",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
    ],
)
def test_what_is_no_trace_parent_is_nobodys(told: str) -> None:
    scope = {"headers": [(b"traceparent", told.encode())]}
    assert trace_parent_of(scope) is None
    assert correlation_id_of(scope) != correlation_id_of(scope), "each time a fresh one"


def test_a_later_version_of_the_header_is_understood() -> None:
    parent = trace_parent_of({"headers": [(b"traceparent", f"cc-{THEIRS.hex}-{THEIR_SPAN:016x}-09-more".encode())]})
    assert parent == (THEIRS.int, THEIR_SPAN)


def test_which_traces_are_kept_follows_from_their_ids() -> None:
    some = [new_id().int for _ in range(4_000)] + [uuid4().int for _ in range(4_000)]
    for share in (0.0, 0.1, 0.5, 1.0):
        sampler, another = ByTrace(share), ByTrace(share)
        kept = [sampler.keeps(each) for each in some]
        assert kept == [another.keeps(each) for each in some]
        # Ten standard deviations at the least.
        assert abs(sum(kept) / len(some) - share) < 0.06


async def test_what_is_not_kept_is_not_told() -> None:
    with remembered(share=0.0) as memory:
        assert (await ask(traceparent=TRACE_PARENT)).status_code == 200
        assert memory.spans() == []


async def test_whoever_asks_whether_we_live_is_not_told() -> None:
    with remembered() as memory:
        async with served(small_app()) as address, httpx.AsyncClient(base_url=address) as http:
            for path in ("/health/live", "/health/ready", "/metrics"):
                assert (await http.get(path)).status_code == 200
        assert memory.spans() == []


def test_of_an_error_the_class_alone_is_told() -> None:
    with remembered() as memory:
        with (
            pytest.raises(ValueError, match="254712345678"),
            call_context(CallContext()),
            tracing.act("break"),
        ):
            raise ValueError("nobody answers at +254712345678")
        [span] = memory.spans()
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, None)
    assert span.attributes == {"error.type": "ValueError"} and span.events == ()


def an_event(correlation_id: UUID) -> LoggedEvent:
    return LoggedEvent(1, 1, "tests.noted", 1, (), frozenset(), None, correlation_id, clock.now(), "{}")


def test_what_is_done_about_several_calls_is_in_the_trace_of_each() -> None:
    calls = [new_id() for _ in range(3)]
    with remembered() as memory:
        with tracing.about("deliver", [an_event(call) for call in (*calls, calls[0])]) as telling:
            telling.note("daftari.deliveries", 7)
            with tracing.part("nobody's part"):
                pass
        spans = memory.spans()
    assert [UUID(int=span.context.trace_id) for span in spans] == calls, "one for each call"
    for call, span in zip(calls, spans, strict=True):
        assert {link.context.trace_id for link in span.links} == {other.int for other in calls if other != call}
        assert span.attributes == {"daftari.deliveries": 7}
    with remembered() as memory:
        with tracing.about("deliver", [an_event(new_id()) for _ in range(MOST_TOGETHER + 10)]):
            pass
        assert len(memory.spans()) == MOST_TOGETHER


def test_where_nothing_is_traced_nothing_is_made() -> None:
    assert not tracing.is_on()
    blocks = {
        id(block)
        for block in (
            tracing.part("a part"),
            tracing.act("an act"),
            tracing.later("later", new_id()),
            tracing.about("about", [an_event(new_id())]),
        )
    }
    assert blocks == {id(tracing.NOTHING)} and tracing.headers() == {}


async def test_a_collector_gets_what_is_told() -> None:
    got: list[ExportTraceServiceRequest] = []

    async def collect(request: Request) -> Response:
        got.append(ExportTraceServiceRequest.FromString(await request.body()))
        return Response(b"", media_type="application/x-protobuf")

    async with served(Router([Route("/v1/traces", collect, methods=["POST"])])) as collector:
        async with traced(settings_for_tests(otlp_endpoint=f"{collector}/"), "server"):
            await ask(traceparent=TRACE_PARENT)
        assert not tracing.is_on()
    resources = [each for request in got for each in request.resource_spans]
    names = {span.name for each in resources for scope in each.scope_spans for span in scope.spans}
    assert names == {"POST /graphql", "query whence"}
    described = {pair.key: pair.value.string_value for pair in resources[0].resource.attributes}
    assert (described["service.name"], described["daftari.process"]) == ("daftari", "server")


async def test_a_collector_that_does_not_answer_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.observability.traces.LAST_SPANS_S", 0.05)
    asked, may_answer = asyncio.Event(), asyncio.Event()

    async def hang(request: Request) -> Response:
        asked.set()
        await may_answer.wait()
        return Response(b"", media_type="application/x-protobuf")

    async with served(Router([Route("/v1/traces", hang, methods=["POST"])])) as collector:
        async with traced(settings_for_tests(otlp_endpoint=collector), "server"):
            with call_context(CallContext()), tracing.act("the last one"):
                pass
        assert not tracing.is_on() and not may_answer.is_set(), "the process goes on to its end"
        async with asyncio.timeout(PATIENCE_S):
            await asked.wait()
        may_answer.set()
