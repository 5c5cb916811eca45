"""Booked sessions through the schema: who books, who sees, who calls off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit import clock
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, refused_to_strangers
from tests.support.happenings import assert_integrity
from tests.support.operations import money, operation, shown
from tests.support.people import an_actor, somebody

pytestmark = pytest.mark.usefixtures("database")

SESSIONS, SESSION = operation("payments/ServiceSessions"), operation("payments/ServiceSession")
BOOK, CANCEL = operation("payments/BookServiceSession"), operation("payments/CancelServiceSession")
LIST = SESSIONS.replace("  asOf\n", "")


@pytest.fixture
async def client() -> Actor:
    return await an_actor(Role.BORROWER, name="John Doe")


@pytest.fixture
async def payee() -> Actor:
    return await an_actor(Role.TEACHER, name="Dr. Smith")


def a_session(client: Actor, **changes: Any) -> dict[str, Any]:
    starts_at = (clock.now() + timedelta(days=1)).isoformat()
    said = {"clientId": encode_id("User", client.id), "title": "First session", "startsAt": starts_at}
    return said | {"price": money("2500", "KES")} | changes


async def test_booking(client: Actor, payee: Actor) -> None:
    said = a_session(client, idempotencyKey="once")
    await refused_to_strangers(BOOK, input=said)
    payload = await do(payee, BOOK, input=said)
    session = payload["serviceSession"]
    assert (session["number"][:4], session["status"], session["version"]) == ("SES-", "BOOKED", 1)
    assert (session["client"]["name"], session["payee"]["name"]) == ("John Doe", "Dr. Smith")
    assert {name: session["price"][name] for name in ("amount", "formatted")} == shown("2,500.00", "KES")
    again = await do(payee, BOOK, input=said)
    assert (again["replayed"], again["serviceSession"]["id"]) == (True, session["id"])
    for bursar in (somebody(Role.BURSAR), somebody(Role.ADMIN)):
        by_staff = await do(bursar, BOOK, input=a_session(client, payeeId=encode_id("User", payee.id)))
        assert by_staff["serviceSession"]["payee"]["name"] == "Dr. Smith"
    await assert_integrity()


async def test_what_cannot_be_booked(client: Actor, payee: Actor) -> None:
    other = encode_id("User", (await an_actor()).id)
    refusals: list[tuple[dict[str, Any], str, list[str]]] = [
        ({"payeeId": other}, "FORBIDDEN", []),
        ({"clientId": "x"}, "NOT_FOUND", ["input", "clientId"]),
        ({"clientId": encode_id("Loan", client.id)}, "NOT_FOUND", ["input", "clientId"]),
        ({"clientId": encode_id("User", payee.id)}, "INVALID_INPUT", ["input", "clientId"]),
        ({"title": ""}, "INVALID_INPUT", ["input", "title"]),
        ({"price": money("0", "KES")}, "INVALID_AMOUNT", ["input", "price"]),
        ({"price": money("-1", "KES")}, "INVALID_AMOUNT", ["input", "price"]),
        ({"price": money("9999999999999999999", "KES")}, "INVALID_AMOUNT", ["input", "price"]),
        ({"price": money("2500.50", "KES")}, "INVALID_AMOUNT", ["input", "price"]),
        ({"price": money("2500", "USD")}, "CURRENCY_MISMATCH", ["input", "price", "currency"]),
        ({"startsAt": "2019-01-01T00:00:00Z"}, "INVALID_INPUT", ["input", "startsAt"]),
    ]
    for changes, code, where in refusals:
        got, field = await do_refused(payee, BOOK, input=a_session(client, **changes))
        assert (got, field or []) == (code, where), changes
    for wrong in ({"price": money("NaN", "KES")}, {"startsAt": "tomorrow"}, {"title": None}):
        assert await ask_refused(payee, BOOK, input=a_session(client, **wrong)), "malformed input does nothing"


async def test_who_sees_which(client: Actor, payee: Actor) -> None:
    await refused_to_strangers(LIST)
    assert (await ask(client, LIST))["nodes"] == []
    booked = (await do(payee, BOOK, input=a_session(client)))["serviceSession"]
    elsewhere = await do(await an_actor(Role.TEACHER), BOOK, input=a_session(await an_actor()))
    await refused_to_strangers(SESSION, id=booked["id"])
    for who in (client, payee):
        assert [each["id"] for each in (await ask(who, LIST))["nodes"]] == [booked["id"]]
        assert (await ask(who, SESSION, id=booked["id"]))["title"] == "First session"
    staff = somebody(Role.CASHIER)
    both = {booked["id"], elsewhere["serviceSession"]["id"]}
    assert {each["id"] for each in (await ask(staff, LIST))["nodes"]} == both
    narrowed = await ask(staff, LIST, filter={"payeeId": encode_id("User", payee.id), "status": "BOOKED"})
    assert [each["id"] for each in narrowed["nodes"]] == [booked["id"]]
    assert (await ask(client, LIST, filter={"clientId": encode_id("User", payee.id)}))["nodes"] == []
    assert (await ask(staff, LIST, filter={"status": "PAID"}))["nodes"] == []
    stranger = await an_actor(Role.SELLER)
    assert (await ask(stranger, LIST))["nodes"] == []
    assert await ask(stranger, SESSION, id=booked["id"]) is None
    node = "query ($id: ID!) { node(id: $id) { ... on ServiceSession { number } } }"
    assert await ask(stranger, node, id=booked["id"]) is None
    assert await ask(client, node, id=booked["id"]) == {"number": booked["number"]}


async def test_calling_off(client: Actor, payee: Actor) -> None:
    booked = (await do(payee, BOOK, input=a_session(client)))["serviceSession"]
    said = {"serviceSessionId": booked["id"]}
    await refused_to_strangers(CANCEL, input=said)
    missing = ("SERVICE_SESSION_NOT_FOUND", ["input", "serviceSessionId"])
    assert await do_refused(await an_actor(Role.SELLER), CANCEL, input=said) == missing
    payload = await do(client, CANCEL, input=said | {"idempotencyKey": "once"})
    assert (payload["serviceSession"]["status"], payload["serviceSession"]["version"]) == ("CANCELLED", 2)
    assert (await do(client, CANCEL, input=said | {"idempotencyKey": "once"}))["replayed"] is True
    assert await do_refused(payee, CANCEL, input=said) == ("SERVICE_SESSION_NOT_BOOKED", ["input", "serviceSessionId"])
    await assert_integrity()
