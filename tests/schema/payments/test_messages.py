"""Messages of M-Pesa through the schema: given by hand, and read without anybody's telephone number."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.ids import new_id
from domain.payments import intake
from tests.domain.payments.intake.said import callback
from tests.domain.payments.rules.factory import SOON
from tests.domain.payments.settling.factory import a_payment
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, refused_to_strangers
from tests.support.happenings import assert_integrity
from tests.support.operations import operation
from tests.support.people import somebody

pytestmark = pytest.mark.usefixtures("database")

INGEST = operation("payments/IngestMpesaCallback")
LIST = operation("payments/MpesaMessages").replace("  asOf\n", "")
READ = operation("payments/MpesaMessage").replace("  asOf\n", "")
NODE = "query ($id: ID!) { node(id: $id) { __typename ... on MpesaMessage { state session { status transactionId } } } }"

ADMIN, CLERK = somebody(Role.ADMIN), somebody(Role.ACCOUNTANT)


async def test_a_lost_message_is_given_and_read() -> None:
    made = await a_payment()
    asked = {"kind": "STK_CALLBACK", "body": callback(made).decode()}
    await refused_to_strangers(INGEST, input=asked)
    for role in (Role.ACCOUNTANT, Role.BRANCH_MANAGER, Role.BORROWER):
        assert await ask_refused(somebody(role), INGEST, input=asked) == "FORBIDDEN"
    for body in ("", " ", "x" * 65_537):
        assert await do_refused(ADMIN, INGEST, input=asked | {"body": body}) == ("INVALID_INPUT", ["input", "body"])
    assert await ask_refused(ADMIN, INGEST, input={"kind": "STK_CALLBACK"}) == "INVALID_VARIABLES"
    assert await ask_refused(ADMIN, INGEST, input=asked | {"kind": "X"}) == "INVALID_VARIABLES"
    with clock.clock_set_to(SOON):
        message = (await do(ADMIN, INGEST, input=asked))["message"]
    assert (message["state"], message["origin"], message["sessionId"]) == ("RECEIVED", "BY_HAND", None)
    assert message["sizeBytes"] == len(asked["body"]) and "700000001" not in message["body"]
    with clock.clock_set_to(SOON + timedelta(seconds=2)):
        await intake.drain()
    assert await ask(ADMIN, NODE, id=message["id"]) == {
        "__typename": "MpesaMessage",
        "state": "DONE",
        "session": {"status": "PAID", "transactionId": "TC51ABCD2E"},
    }
    assert await ask(CLERK, NODE, id=message["id"]) is None
    await assert_integrity()


async def test_messages_are_listed() -> None:
    message = (await do(ADMIN, INGEST, input={"kind": "C2B_CONFIRMATION", "body": "a\u0000b 0712345678"}))["message"]
    assert message["body"] == "ab 0*****678"
    for document, variables in ((LIST, {}), (READ, {"id": message["id"]})):
        await refused_to_strangers(document, **variables)
        assert await ask_refused(CLERK, document, **variables) == "FORBIDDEN"
    assert (await ask(ADMIN, LIST))["nodes"] == [message] == [await ask(ADMIN, READ, id=message["id"])]
    filters: list[tuple[dict[str, Any], int]] = [
        ({"kinds": ["C2B_CONFIRMATION"], "states": ["RECEIVED"], "origins": ["BY_HAND"]}, 1),
        ({"correlationId": message["correlationId"]}, 1),
        ({"kinds": ["STK_CALLBACK"]}, 0),
        ({"sessionId": encode_id("Payment", new_id())}, 0),
        ({"to": "2025-01-01T00:00:00Z"}, 0),
    ]
    for wanted, how_many in filters:
        assert len((await ask(ADMIN, LIST, filter=wanted))["nodes"]) == how_many
    assert await ask_refused(ADMIN, LIST, filter={"sessionId": "x"}) == "NOT_FOUND"
    assert await ask(ADMIN, READ, id=encode_id("MpesaMessage", new_id())) is None
