"""M-Pesa's messages at our door: kept as they came and acknowledged at once, or refused as the protocol wants."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import structlog
from prometheus_client import REGISTRY

from api.mpesa.account import DEFAULT_PATH, UNNAMED_PATH
from api.webhooks import KEPT_REFUSALS, KINDS, Bound
from domain.kit.database import execute, fetchval
from domain.kit.money import Money
from domain.payments.models import MpesaMessage
from domain.payments.rules.wire import MAX_BODY
from domain.payments.states import MessageKind, MessageOrigin, MessageState
from tests.support.happenings import events_so_far, names_of_events, nothing_happens
from tests.support.mpesa import until
from tests.support.paying import paying_settings
from tests.support.servers import served, settings_for_tests, small_app

pytestmark = pytest.mark.usefixtures("database")

SECRET = "only-told-to-the-provider"
ACCOUNT = {
    "mpesa_url": "http://127.0.0.1:1",
    "mpesa_consumer_key": "key",
    "mpesa_consumer_secret": "secret",
    "mpesa_short_code": "600000",
    "mpesa_passkey": "passkey",
    "mpesa_callback_url": "https://pay.example.org/incoming",
}
ACKNOWLEDGED = {"ResultCode": 0, "ResultDesc": "Accepted"}
REJECTED = {"ResultCode": 1, "ResultDesc": "Rejected"}
CALLBACK = b'{"Body":{"stkCallback":{"CheckoutRequestID":"ws_CO_05032025101611123712345678","ResultCode":"1032"}}}'


@asynccontextmanager
async def door(**chosen: Any) -> AsyncIterator[httpx.AsyncClient]:
    app = small_app(settings=settings_for_tests(**{**ACCOUNT, **chosen}))
    async with served(app) as address, httpx.AsyncClient(base_url=address) as client:
        yield client


async def told(client: httpx.AsyncClient, path: str, body: bytes = CALLBACK, **headers: str) -> tuple[int, Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    response = await client.post(path, content=body, headers=named)
    return response.status_code, response.json()


async def refused_ones() -> list[tuple[MessageState, str | None]]:
    return [(message.state, message.problem) for message in await MpesaMessage.all().order_by("received_at", "id")]


def counted(kind: MessageKind, outcome: str) -> float:
    labels = {"kind": kind.value, "outcome": outcome}
    return REGISTRY.get_sample_value("daftari_mpesa_messages_total", labels) or 0.0


@pytest.mark.parametrize("base", [DEFAULT_PATH, UNNAMED_PATH, "/incoming"])
async def test_every_kind_of_message_is_kept_as_it_came_and_acknowledged(base: str) -> None:
    body = '{"what": "ever", "naïve": [1.50]}'.encode()
    async with door() as client:
        for path, kind in KINDS.items():
            before = counted(kind, "kept")
            status, answer = await told(client, base + path, body)
            assert status == 200
            if kind is not MessageKind.C2B_VALIDATION:
                assert answer == ACKNOWLEDGED
            assert counted(kind, "kept") == before + 1
    messages = await MpesaMessage.all().order_by("received_at", "id")
    assert [message.kind for message in messages] == list(KINDS.values())
    assert {bytes(message.body or b"") for message in messages} == {body}
    assert {(message.state, message.origin, message.source_address) for message in messages} == {
        (MessageState.RECEIVED, MessageOrigin.WEBHOOK, "127.0.0.1")
    }
    assert all((message.work_at - message.received_at).total_seconds() == 2 for message in messages)
    assert await fetchval("select count(*) from job_task where name = 'payments.drain'") >= 1


@pytest.mark.attack("malformed messages", on="M-Pesa")
@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[1]", b"null", b"<xml/>", b'{"Body":', b"0" * MAX_BODY])
async def test_whatever_can_be_kept_is_acknowledged(body: bytes) -> None:
    """Whether it is any message is for whoever reads it: the provider would only tell it again."""
    async with door() as client:
        assert await told(client, f"{DEFAULT_PATH}/stk", body, content_type="text/plain") == (200, ACKNOWLEDGED)
    assert bytes((await MpesaMessage.get()).body or b"") == body


@pytest.mark.attack("oversized messages", on="M-Pesa")
async def test_what_is_longer_than_any_message_is_refused_and_kept_in_part() -> None:
    async def slowly() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"y" * (MAX_BODY // 2)

    async with door() as client:
        assert await told(client, f"{DEFAULT_PATH}/stk", b"x" * (MAX_BODY + 1)) == (413, REJECTED)
        response = await client.post(f"{DEFAULT_PATH}/stk", content=slowly())
        assert (response.status_code, response.json()) == (413, REJECTED)
    assert await refused_ones() == [(MessageState.REFUSED, "TOO_LARGE")] * 2
    kept = [(len(message.body or b""), message.size_bytes) for message in await MpesaMessage.all().order_by("received_at")]
    # As long as it said it was, and as much as had come when it was refused.
    assert kept == [(0, MAX_BODY + 1), (MAX_BODY, 3 * (MAX_BODY // 2))]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS", "PATCH"])
async def test_messages_are_posted(method: str) -> None:
    async with door() as client:
        response = await client.request(method, f"{DEFAULT_PATH}/c2b/confirmation")
    assert (response.status_code, response.headers["allow"], response.json()) == (405, "POST", REJECTED)
    assert await refused_ones() == [(MessageState.REFUSED, "WRONG_METHOD")]


@pytest.mark.attack("forged payments", on="M-Pesa")
async def test_the_path_has_a_secret_where_one_was_chosen() -> None:
    async with door(mpesa_webhook_secret=SECRET) as client:
        assert await told(client, f"{DEFAULT_PATH}/{SECRET}/stk") == (200, ACKNOWLEDGED)
        assert await told(client, f"/incoming/{SECRET}/results/reversal/") == (200, ACKNOWLEDGED)
        for wrong in ("", f"/{SECRET[:-1]}", f"/{SECRET}x", f"/{SECRET.upper()}", "/%C3%A4"):
            assert await told(client, f"{DEFAULT_PATH}{wrong}/stk") == (404, REJECTED)
    kept = [state for state, problem in await refused_ones() if problem == "WRONG_SECRET"]
    assert kept == [MessageState.REFUSED] * 5
    rejected = [each for each in await events_so_far() if each.name == "payments.message_rejected"]
    assert len(rejected) == 5
    assert SECRET not in repr(rejected)


@pytest.mark.attack("forged payments", on="M-Pesa")
async def test_without_a_secret_there_is_no_guessing_one() -> None:
    async with door() as client:
        assert await told(client, f"{DEFAULT_PATH}/anything/stk") == (404, REJECTED)
        async with nothing_happens():
            for unknown in ("/", "/nowhere", "/stk/stk/stk", "/c2b", "//", "/a/b/c/d"):
                response = await client.post(DEFAULT_PATH + unknown)
                assert response.status_code == 404


@pytest.mark.attack("secrets in logs", on="M-Pesa")
async def test_the_secret_is_in_no_log_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with door(mpesa_webhook_secret=SECRET) as client:
        with structlog.testing.capture_logs() as lines:
            await told(client, f"{DEFAULT_PATH}/{SECRET}/stk")
    paths = [line["path"] for line in lines if line["event"] == "request"]
    assert paths == [f"{DEFAULT_PATH}/***/stk"]
    assert SECRET not in repr(lines)


@pytest.mark.attack("forged payments", on="M-Pesa")
async def test_messages_come_from_known_addresses_where_they_were_named() -> None:
    async with door(mpesa_allowed_addresses="196.201.212.0/23, 2001:db8::/32", trusted_proxies=1) as client:
        for known in ("196.201.213.7", "6.6.6.6, 196.201.212.1", "2001:db8::5", "::ffff:196.201.212.9"):
            assert await told(client, f"{DEFAULT_PATH}/stk", x_forwarded_for=known) == (200, ACKNOWLEDGED)
        for foreign in ("196.201.214.1", "196.201.212.1, 6.6.6.6", "2001:db9::5", "nonsense", "127.0.0.1"):
            assert await told(client, f"{DEFAULT_PATH}/stk", x_forwarded_for=foreign) == (403, REJECTED)
        # Without the header of our proxy the network's own address counts.
        assert await told(client, f"{DEFAULT_PATH}/stk") == (403, REJECTED)
    states = [state for state, _ in await refused_ones()]
    assert states.count(MessageState.RECEIVED) == 4
    assert states.count(MessageState.REFUSED) == 6


async def test_only_so_many_refusals_are_kept() -> None:
    before = counted(MessageKind.STK_CALLBACK, "wrong_method")
    async with door() as client:
        answers = await asyncio.gather(*(client.get(f"{DEFAULT_PATH}/stk") for _ in range(KEPT_REFUSALS + 20)))
    assert {answer.status_code for answer in answers} == {405}
    assert await MpesaMessage.all().count() == KEPT_REFUSALS
    assert counted(MessageKind.STK_CALLBACK, "wrong_method") == before + KEPT_REFUSALS + 20


def test_a_minute_later_others_are_kept() -> None:
    now = 1_000.0
    bound = Bound(2, now=lambda: now)
    assert [bound.allows() for _ in range(3)] == [True, True, False]
    now += 59
    assert not bound.allows()
    now += 1
    assert bound.allows()


@pytest.mark.attack("verbose errors", on="M-Pesa")
async def test_what_cannot_be_kept_is_not_acknowledged() -> None:
    """So that the provider tells it again."""
    await execute("alter table mpesa_message rename to mpesa_message_away")
    try:
        async with door() as client:
            assert await told(client, f"{DEFAULT_PATH}/stk") == (503, REJECTED)
    finally:
        await execute("alter table mpesa_message_away rename to mpesa_message")
    assert await MpesaMessage.all().count() == 0
    assert await names_of_events() == []


async def test_who_hangs_up_leaves_nothing() -> None:
    async with door() as client:
        _, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
        writer.write(b"POST /webhooks/mpesa/stk HTTP/1.1\r\nhost: here\r\ncontent-length: 1000\r\n\r\n{")
        await writer.drain()
        before = counted(MessageKind.STK_CALLBACK, "hung_up")
        writer.close()
        await until(lambda: _is_more(before))
    assert await MpesaMessage.all().count() == 0


async def _is_more(before: float) -> bool:
    return counted(MessageKind.STK_CALLBACK, "hung_up") > before


async def test_without_an_account_there_is_no_door() -> None:
    async with door(mpesa_url=None) as client, nothing_happens():
        assert (await client.post(f"{DEFAULT_PATH}/stk", content=CALLBACK)).status_code == 404


async def test_the_door_may_be_the_root_without_being_in_the_way() -> None:
    async with door(mpesa_callback_url="https://pay.example.org") as client:
        assert await told(client, "/stk") == (200, ACKNOWLEDGED)
        assert (await client.get("/health/live")).status_code == 200
        assert (await client.get("/nowhere")).status_code == 404


def a_c2b(**other: Any) -> bytes:
    body = {
        "TransactionType": "Pay Bill",
        "TransID": "TC61QWER3T",
        "TransTime": "20250306090102",
        "TransAmount": "999.50",
        "BusinessShortCode": "600000",
        "BillRefNumber": "FEE-42",
        "MSISDN": "2547*****001",
        "FirstName": "AMA",
    }
    return json.dumps({**body, **other}).encode()


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({}, "0"),
        ({"BusinessShortCode": 600000, "TransAmount": 1}, "0"),
        ({"BusinessShortCode": "54321"}, "0"),
        ({"BusinessShortCode": "600001"}, "C2B00015"),
        ({"TransAmount": "0"}, "C2B00013"),
        ({"TransAmount": "-5"}, "C2B00013"),
        ({"TransAmount": "NaN"}, "C2B00013"),
        ({"TransAmount": "250000.01"}, "C2B00013"),
        ({"TransAmount": None}, "C2B00013"),
        ({"TransID": "?"}, "C2B00016"),
    ],
)
async def test_a_customers_own_payment_is_wanted_if_it_can_be_ours(other: dict[str, Any], code: str) -> None:
    async with door(mpesa_till="54321") as client:
        status, answer = await told(client, f"{DEFAULT_PATH}/c2b/validation", a_c2b(**other))
    assert (status, answer["ResultCode"]) == (200, code)
    assert 0 < len(answer["ResultDesc"]) <= 90
    assert (await MpesaMessage.get()).kind is MessageKind.C2B_VALIDATION


async def test_what_is_the_most_of_a_payment_holds_for_customers_own_too() -> None:
    with paying_settings(most=Money.of(700, "KES")):
        async with door() as client:
            for amount, code in (("700", "0"), ("700.01", "C2B00013")):
                _, answer = await told(client, f"{DEFAULT_PATH}/c2b/validation", a_c2b(TransAmount=amount))
                assert answer["ResultCode"] == code


async def test_where_accounts_are_checked_an_unknown_one_is_turned_away() -> None:
    async with door(mpesa_strict_accounts=True) as client:
        _, answer = await told(client, f"{DEFAULT_PATH}/c2b/validation", a_c2b())
        assert answer["ResultCode"] == "C2B00012"
        _, answer = await told(client, f"{DEFAULT_PATH}/c2b/validation", a_c2b(BillRefNumber=""))
        assert answer["ResultCode"] == "C2B00012"
