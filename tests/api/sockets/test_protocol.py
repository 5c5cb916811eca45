"""graphql-transport-ws to the letter: handshake, acknowledgement, operations, and every close code."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from websockets.exceptions import InvalidStatus

from api.sockets.closing import Closing
from schema.kit.ids import encode_id
from tests.api.sockets.talking import ASHA, NOTED, Place, Talk
from tests.subscriptions.listening import note, until
from tests.support import small_schema

INIT = {"type": "connection_init"}
SUBSCRIBE = {"id": "1", "type": "subscribe", "payload": {"query": "{ greeting }"}}


async def test_a_connection_is_acknowledged_with_who_and_where(place: Place) -> None:
    async with place.talk("asha") as talk:
        assert talk.connection.subprotocol == "graphql-transport-ws"
        payload = talk.ack["payload"]
        assert payload["userId"] == encode_id("User", ASHA.id)
        assert (payload["name"], payload["roles"]) == ("Asha", ["INVESTOR"])
        assert payload["heartbeatSeconds"] == 25
        assert payload["serverTime"].endswith("Z")
        assert payload["cursor"] == place.hub.cursor()


@pytest.mark.attack("function-level authorisation", on="WebSocket")
async def test_strangers_may_do_what_is_public(place: Place) -> None:
    async with place.talk() as talk:
        assert talk.ack["payload"]["userId"] is None
        await talk.subscribe("1", "{ greeting }")
        assert (await talk.hear("next"))["payload"]["data"] == {"greeting": "Hello world"}
        assert await talk.hear("complete") == {"id": "1", "type": "complete"}
        await talk.subscribe("2", "{ vault }")
        refused = await talk.hear("error")
        assert refused["id"] == "2"
        assert refused["payload"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        await talk.subscribe("3", NOTED)
        assert (await talk.hear("error"))["payload"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert place.hub.status().feeds == 0


async def test_a_stranger_may_follow_what_is_public(place: Place) -> None:
    async with place.talk() as talk:
        await talk.subscribe("1", "subscription { publicNotes { __typename } }")
        assert (await talk.item())["__typename"] == "Ready"


async def test_mutations_run_over_the_socket(place: Place) -> None:
    async with place.talk("asha") as talk:
        await talk.subscribe("m", 'mutation { relabel(input: {label: "by socket"}) { label errors { code } } }')
        answer = await talk.hear("next")
        assert answer["payload"]["data"] == {"relabel": {"label": "by socket", "errors": []}}
        assert answer["payload"]["extensions"]["cost"]["requested"] > 0
        assert small_schema.written[-1] == "by socket"
        await talk.hear("complete")


async def test_an_id_may_be_used_again_when_its_operation_is_over(place: Place) -> None:
    async with place.talk() as talk:
        for _ in range(3):
            await talk.subscribe("same", "{ greeting }")
            await talk.hear("next")
            await talk.hear("complete")
        await talk.subscribe("same", "{ endless }")
        await talk.say({"id": "same", "type": "complete"})
        await talk.subscribe("same", "{ greeting }")
        assert (await talk.hear("next"))["payload"]["data"] == {"greeting": "Hello world"}


@pytest.mark.attack("function-level authorisation", on="WebSocket")
@pytest.mark.attack("object-level authorisation", on="WebSocket")
@pytest.mark.attack("forged cursors", on="WebSocket")
@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "{ greeting }", "operationName": "B"}, "OPERATION_NOT_FOUND"),
        ({"query": "query($n: String!) { greeting(name: $n) }"}, "INVALID_VARIABLES"),
        ({"documentId": "0" * 64}, "DOCUMENT_NOT_FOUND"),
        ({"query": 'subscription { noted(topic: "secret") { __typename } }'}, "NOT_FOUND"),
        ({"query": "subscription { audited { __typename } }"}, "FORBIDDEN"),
        ({"query": NOTED, "variables": {"after": "AAAA"}}, "INVALID_CURSOR"),
    ],
)
async def test_an_operation_that_is_refused_ends_with_an_error(place: Place, payload: dict[str, Any], code: str) -> None:
    async with place.talk("asha") as talk:
        await talk.say({"id": "1", "type": "subscribe", "payload": payload})
        refused = await talk.hear("error")
        assert refused["payload"][0]["extensions"]["code"] == code
        assert place.hub.status().feeds == 0
        await talk.say(SUBSCRIBE)
        assert (await talk.hear("next"))["id"] == "1", "the id is free again"


@pytest.mark.attack("verbose errors", on="WebSocket")
async def test_what_goes_wrong_inside_is_masked(place: Place) -> None:
    async with place.talk() as talk:
        await talk.subscribe("1", "{ broken }")
        answer = await talk.hear("next")
        assert answer["payload"]["errors"][0]["extensions"]["code"] == "INTERNAL"
        assert "secret" not in orjson.dumps(answer).decode()


async def test_a_feed_is_told_over_the_socket_and_completed_by_the_client(place: Place) -> None:
    async with place.talk("asha") as talk:
        await talk.subscribe("1", NOTED)
        ready = await talk.item()
        assert ready["__typename"] == "Ready" and ready["recovered"] is False
        await note(1, text='äß\u2028"')
        item = await talk.item()
        assert (item["__typename"], item["number"], item["text"]) == ("Noted", 1, 'äß\u2028"')
        await talk.say({"id": "1", "type": "complete"})
        await until(lambda: place.hub.status().feeds == 0)
        await note(2)
        await talk.subscribe("1", NOTED, after=item["cursor"])
        assert await talk.kinds_until("CaughtUp") in (["Ready", "Noted", "CaughtUp"], ["Ready", "CaughtUp"])


async def test_one_execution_for_all_who_ask_alike(place: Place) -> None:
    async with place.talk("asha") as asha, place.talk("auditor") as auditor:
        for talk in (asha, auditor):
            for operation_id in ("a", "b"):
                await talk.subscribe(operation_id, NOTED)
                await talk.item(operation_id)
        before = place.hub.status().executions
        await note(1)
        for talk in (asha, auditor):
            heard = [await talk.hear("next") for _ in "ab"]
            assert {each["id"] for each in heard} == {"a", "b"}
        assert place.hub.status().executions == before + 1


async def test_what_depends_on_the_viewer_is_written_for_each(place: Place) -> None:
    query = 'subscription { noted(topic: "notes") { __typename ... on Noted { reader } } }'
    async with place.talk("asha") as asha, place.talk("auditor") as auditor:
        for talk in (asha, auditor):
            await talk.subscribe("1", query)
            await talk.item()
        await note(1)
        assert [(await asha.item())["reader"], (await auditor.item())["reader"]] == ["Asha", "Bina"]


async def test_pings_are_answered_at_any_time(place: Place) -> None:
    async with place.socket() as connection:
        talk = Talk(connection)
        await talk.say({"type": "ping"})
        assert (await talk.hear("pong"))["payload"] == {"cursor": place.hub.cursor()}
        await talk.say({"type": "pong", "payload": {"any": "thing"}})
        await talk.say(INIT)
        await talk.hear("connection_ack")


async def test_completing_what_is_not_open_does_nothing(place: Place) -> None:
    async with place.talk() as talk:
        await talk.say({"id": "none", "type": "complete"})
        await talk.say(SUBSCRIBE)
        await talk.hear("next")


@pytest.mark.attack("other subprotocols", on="WebSocket")
@pytest.mark.parametrize("offered", [["graphql-ws"], ["soap"], None])
async def test_4406_for_other_subprotocols(place: Place, offered: Any) -> None:
    async with place.socket(subprotocols=offered) as connection:
        assert (await Talk(connection).ends())[0] == 4406
        assert connection.subprotocol is None


async def test_the_right_subprotocol_is_chosen_among_others(place: Place) -> None:
    async with place.talk(subprotocols=["graphql-ws", "graphql-transport-ws"]) as talk:
        assert talk.connection.subprotocol == "graphql-transport-ws"


@pytest.mark.attack("acts before init", on="WebSocket")
@pytest.mark.parametrize("message", [SUBSCRIBE, {"type": "ping", "payload": {"authorization": "Bearer asha"}}])
async def test_4401_before_the_acknowledgement(place: Place, message: dict[str, Any]) -> None:
    async with place.socket() as connection:
        talk = Talk(connection)
        await talk.say(message)
        assert (await talk.ends())[0] == 4401


@pytest.mark.attack("acts before init", on="WebSocket")
async def test_4429_for_a_second_connection_init(place: Place) -> None:
    async with place.talk() as talk:
        await talk.say(INIT)
        assert (await talk.ends())[0] == 4429
    async with place.socket() as connection:
        talk = Talk(connection)
        await talk.say(INIT)
        await talk.say(INIT)
        assert (await talk.ends())[0] == 4429


@pytest.mark.attack("duplicate operation ids", on="WebSocket")
async def test_4409_for_an_id_that_is_in_use(place: Place) -> None:
    for query in (NOTED, "{ endless }"):
        async with place.talk("asha") as talk:
            await talk.subscribe("1", query)
            await talk.subscribe("1", query)
            assert await talk.ends() == (4409, "an operation with the id 1 is open already")
    await until(lambda: place.hub.status().feeds == 0)


@pytest.mark.attack("malformed messages", on="WebSocket")
@pytest.mark.attack("batching", on="WebSocket")
@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        "1",
        '"ping"',
        "{}",
        '{"type": 1}',
        '{"type": "start", "id": "1", "payload": {"query": "{ greeting }"}}',
        '{"type": "connection_terminate"}',
        '{"type": "next", "id": "1", "payload": {}}',
        '{"type": "subscribe", "payload": {"query": "{ greeting }"}}',
        '{"type": "subscribe", "id": "", "payload": {"query": "{ greeting }"}}',
        '{"type": "subscribe", "id": 1, "payload": {"query": "{ greeting }"}}',
        '{"type": "subscribe", "id": "1"}',
        '{"type": "subscribe", "id": "1", "payload": []}',
        '{"type": "subscribe", "id": "1", "payload": {}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": null}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": 1}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ greeting }", "variables": []}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ greeting }", "operationName": {}}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ greeting }", "extensions": "x"}}',
        '{"type": "ping", "payload": 1}',
        '{"type": "pong", "payload": []}',
        '{"type": "complete"}',
        '{"type": "subscribe", "id": "' + "1" * 129 + '", "payload": {"query": "{ greeting }"}}',
        "[" * 10_000,
    ],
)
async def test_4400_for_what_is_no_message(place: Place, text: str) -> None:
    async with place.talk("asha") as talk:
        await talk.connection.send(text)
        code, reason = await talk.ends()
        assert code == 4400 and reason


@pytest.mark.attack("malformed messages", on="WebSocket")
async def test_4400_for_binary_and_for_a_payload_of_init_that_is_no_object(place: Place) -> None:
    async with place.talk() as talk:
        await talk.connection.send(orjson.dumps(SUBSCRIBE))
        assert (await talk.ends())[0] == 4400
    async with place.socket() as connection:
        talk = Talk(connection)
        await talk.say({"type": "connection_init", "payload": "token"})
        assert (await talk.ends())[0] == 4400


@pytest.mark.attack("revoked tokens", on="WebSocket")
@pytest.mark.parametrize("authorization", ["Bearer unknown", "asha", "", 1, {}])
async def test_4403_for_a_token_that_is_worth_nothing(place: Place, authorization: Any) -> None:
    async with place.socket() as connection:
        talk = Talk(connection)
        await talk.say({"type": "connection_init", "payload": {"Authorization": authorization}})
        code, reason = await talk.ends()
        assert code == 4403 and reason
    await until(lambda: len(place.sockets) == 0)


@pytest.mark.attack("oversized messages", on="WebSocket")
async def test_1009_for_a_message_that_is_too_large(place: Place) -> None:
    for text in ("x" * 66_000, "ü" * 33_000):
        async with place.talk() as talk:
            await talk.connection.send(text)
            assert (await talk.ends())[0] == 1009


@pytest.mark.attack("foreign origins", on="WebSocket")
@pytest.mark.attack("cross-site requests", on="WebSocket")
@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://app.example.org.evil.example", "file://"])
async def test_a_foreign_page_is_refused_before_there_is_a_socket(place: Place, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with place.socket(additional_headers={"origin": origin}):
            raise AssertionError("the handshake was accepted")
    assert refused.value.response.status_code == 403
    assert len(place.sockets) == 0


async def test_known_pages_and_our_own_may_connect(place: Place) -> None:
    for origin in ("https://app.example.org", "HTTPS://APP.EXAMPLE.ORG", place.address):
        async with place.talk(additional_headers={"origin": origin}) as talk:
            assert talk.ack["type"] == "connection_ack"


def test_every_close_code_is_in_the_catalogue(repository: Any) -> None:
    table = (repository / "frontend-contract" / "catalogue" / "close-codes.md").read_text()
    for closing in Closing:
        assert f"| {closing.code} |" in table, closing
