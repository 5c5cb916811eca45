"""Paying through the schema: who asks whom for money, who sees it, and that nobody sees a whole telephone number."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest_asyncio

from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.jobs.models import JobTask
from domain.kit import clock
from domain.kit.ids import new_id
from domain.payments.models import MpesaCommand, Payment, PaymentPrompt
from domain.wallets.service import wallet_of
from tests.support.collected import came
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, feed_refused, heard, refused_to_strangers
from tests.support.happenings import assert_integrity
from tests.support.operations import money, operation, shown
from tests.support.paying import PHONE, PHONE_SHOWN, WRITTEN, Booked, a_booking, paying_settings
from tests.support.people import a_branch, an_actor, somebody
from tests.support.races import at_once

PAY, RESEND = operation("payments/InitiateMpesaPayment"), operation("payments/ResendMpesaPrompt")
CANCEL, QUERY = operation("payments/CancelPayment"), operation("payments/QueryMpesaStatus")
REVERSE, CHECK = operation("payments/ReversePayment"), operation("payments/CheckMpesaReceipt")
REGISTER, FEED = operation("payments/RegisterMpesaUrls"), operation("payments/PaymentUpdated")
ONE, COMMAND = operation("payments/Payment"), operation("payments/MpesaCommand")
ALL, MINE = operation("payments/Payments"), operation("payments/MyPayments")

ADMIN = somebody(Role.ADMIN)
CHECKOUT = f"ws_CO_05032025101530123{PHONE[3:]}"


@pytest_asyncio.fixture(autouse=True)
async def installation(database: None) -> AsyncIterator[None]:
    with paying_settings():
        yield


def to_pay(booked: Booked, **changes: Any) -> dict[str, Any]:
    said = {"purpose": "SERVICE_SESSION", "targetId": encode_id("ServiceSession", booked.session.id), "phone": WRITTEN}
    return said | changes


def of(payment: Payment) -> str:
    return encode_id("Payment", payment.id)


async def see(actor: Actor, document: str, **variables: Any) -> Any:
    return await ask(actor, document.replace("  asOf\n", ""), **variables)


async def accepted(payment: Payment) -> None:
    """The provider prompts the telephone."""
    now = clock.now()
    await PaymentPrompt.filter(payment_id=payment.id).update(state="ASKED", asked_at=now)
    await PaymentPrompt.filter(payment_id=payment.id).update(
        state="ACCEPTED", accepted_at=now, callback_due_at=now, expires_at=now, checkout_request_id=CHECKOUT
    )


async def test_asking_somebody_to_pay() -> None:
    booked = await a_booking()
    said = to_pay(booked, idempotencyKey="once")
    await refused_to_strangers(PAY, input=said)
    payload = await do(booked.client, PAY, input=said)
    payment = payload["payment"]
    assert (payment["status"], payment["phoneMasked"], payload["replayed"]) == ("CREATED", PHONE_SHOWN, False)
    assert {name: payment["amount"][name] for name in ("amount", "formatted")} == shown("2,500.00", "KES")
    assert payment["prompts"] == [{"attempt": 1, "phoneMasked": PHONE_SHOWN, "state": "WAITING"}]
    again = await do(booked.client, PAY, input=said)
    assert (again["replayed"], again["payment"]["id"]) == (True, payment["id"])
    assert (await do_refused(booked.client, PAY, input=said | {"phone": "0700000001"}))[0] == "IDEMPOTENCY_KEY_REUSED"
    assert (await do_refused(booked.client, PAY, input=to_pay(booked)))[0] == "PROMPT_PENDING"
    assert await Payment.all().count() == await PaymentPrompt.all().count() == 1
    await assert_integrity()


async def test_what_cannot_be_paid() -> None:
    booked = await a_booking()
    refusals: list[tuple[dict[str, Any], str, list[str]]] = [
        ({"phone": ""}, "INVALID_PHONE", ["input", "phone"]),
        ({"phone": "12345678"}, "INVALID_PHONE", ["input", "phone"]),
        ({"phone": "+255 712 345 678"}, "INVALID_PHONE", ["input", "phone"]),
        ({"targetId": ""}, "NOT_FOUND", ["input", "targetId"]),
        ({"targetId": encode_id("Loan", booked.session.id)}, "NOT_FOUND", ["input", "targetId"]),
        ({"targetId": encode_id("ServiceSession", new_id())}, "SERVICE_SESSION_NOT_FOUND", ["input", "targetId"]),
        ({"amount": money("2499", "KES")}, "INVALID_AMOUNT", ["input", "amount"]),
        ({"amount": money("-1", "KES")}, "INVALID_AMOUNT", ["input", "amount"]),
        ({"amount": money("0", "KES")}, "INVALID_AMOUNT", ["input", "amount"]),
        ({"amount": money("9999999999999999999", "KES")}, "INVALID_AMOUNT", ["input", "amount"]),
        ({"amount": money("2500", "INR")}, "CURRENCY_MISMATCH", ["input", "amount", "currency"]),
        (
            {"purpose": "SCHOOL_FEE", "targetId": encode_id("SchoolFee", new_id())},
            "FEE_NOT_FOUND",
            ["input", "targetId"],
        ),
    ]
    for changes, code, where in refusals:
        assert await do_refused(booked.client, PAY, input=to_pay(booked, **changes)) == (code, where), changes
    for wrong in ({"amount": money("NaN", "KES")}, {"phone": None}, {"purpose": "GIFT"}, {"targetId": None}):
        assert await ask_refused(booked.client, PAY, input=to_pay(booked, **wrong)), "malformed input does nothing"
    with paying_settings(has_account=False):
        assert (await do_refused(booked.client, PAY, input=to_pay(booked)))[0] == "MPESA_NOT_CONFIGURED"
    for other in (await an_actor(Role.BORROWER), somebody(Role.STOREKEEPER)):
        assert (await do_refused(other, PAY, input=to_pay(booked)))[0] in ("SERVICE_SESSION_NOT_FOUND", "FORBIDDEN")


async def test_twice_at_once() -> None:
    booked = await a_booking()
    said = to_pay(booked, idempotencyKey="once")
    payloads = await at_once(ask(booked.client, PAY, input=said) for _ in range(5))
    codes = {error["code"] for payload in payloads for error in payload["errors"]}
    assert codes <= {"IN_PROGRESS"}
    payloads = await at_once(ask(booked.client, PAY, input=to_pay(booked, idempotencyKey=f"{n}")) for n in range(5))
    assert {error["code"] for payload in payloads for error in payload["errors"]} == {"PROMPT_PENDING"}
    assert await Payment.all().count() == 1


async def test_a_wallet_is_named_by_its_id_or_its_owners() -> None:
    owner = await an_actor(Role.BORROWER)
    wallet = await wallet_of(owner.id, "KES")
    for number, target in enumerate((encode_id("Wallet", wallet.id), encode_id("User", owner.id))):
        said = {"purpose": "WALLET_TOP_UP", "targetId": target, "phone": f"071200000{number}"}
        payload = await do(owner, PAY, input=said | {"amount": money("50", "KES")})
        seen = await see(owner, ONE, id=payload["payment"]["id"])
        assert seen["targetId"] == encode_id("Wallet", wallet.id)
    for wrong, code in ((money("0.50", "KES"), "INVALID_AMOUNT"), (money("250001", "KES"), "INVALID_AMOUNT")):
        assert (await do_refused(owner, PAY, input=said | {"amount": wrong}))[0] == code


async def test_who_sees_a_payment() -> None:
    booked = await a_booking()
    payment = await booked.pays()
    await refused_to_strangers(ONE, id=of(payment))
    for viewer in (booked.client, ADMIN, somebody(Role.ACCOUNTANT)):
        seen = await see(viewer, ONE, id=of(payment))
        assert (seen["number"], seen["clientName"], seen["payeeName"]) == (payment.number, "John Doe", "Dr. Smith")
        assert seen["targetId"] == encode_id("ServiceSession", booked.session.id)
    for stranger in (await an_actor(Role.BORROWER), booked.payee, somebody(Role.BURSAR, branch=await a_branch())):
        assert await see(stranger, ONE, id=of(payment)) is None
    assert await see(booked.client, ONE, id=encode_id("Payment", new_id())) is None
    for nonsense in ("nonsense", encode_id("Loan", payment.id)):
        assert await ask_refused(booked.client, ONE, id=nonsense) == "NOT_FOUND"


async def test_lists_of_payments() -> None:
    for document in (ALL, MINE):
        await refused_to_strangers(document)
        assert (await see(ADMIN, document))["edges"] == []
    first, second = await a_booking(), await a_booking(700)
    payments = [await first.pays(), await second.pays("0733 000 001")]

    async def numbers(actor: Actor, document: str, **filter: Any) -> list[str]:
        return [edge["node"]["number"] for edge in (await see(actor, document, filter=filter))["edges"]]

    everything = [payments[1].number, payments[0].number]
    assert await numbers(ADMIN, ALL) == everything
    assert await numbers(ADMIN, MINE) == []
    for document in (ALL, MINE):
        assert await numbers(first.client, document) == [payments[0].number]
    assert await numbers(ADMIN, ALL, statuses=["PAID"]) == []
    assert await numbers(ADMIN, ALL, purposes=["SERVICE_SESSION"], statuses=["CREATED"]) == everything
    assert await numbers(ADMIN, ALL, reference=payments[0].reference.lower()) == [payments[0].number]
    assert await numbers(ADMIN, ALL, clientId=encode_id("User", second.client.id)) == [payments[1].number]
    for words in ("0733000001", " +254 733 000 001", payments[1].reference[:6].lower(), payments[1].number.lower()):
        assert await numbers(ADMIN, ALL, search=words) == [payments[1].number]
        assert await numbers(first.client, ALL, search=words) == []
    assert await numbers(ADMIN, ALL, search="john  d") == everything
    assert await numbers(ADMIN, ALL, search="nobody_%") == []
    for nothing in (" ", "x" * 101):
        assert await ask_refused(ADMIN, ALL, filter={"search": nothing}) == "INVALID_INPUT"
    assert await numbers(first.client, ALL, clientId=encode_id("User", second.client.id)) == []
    assert await numbers(ADMIN, ALL, inSuspense=True) == []
    began = payments[1].created_at.isoformat()
    assert await numbers(ADMIN, ALL, **{"from": began}) == [payments[1].number]
    assert await numbers(ADMIN, ALL, to=began) == [payments[0].number]
    assert await ask_refused(ADMIN, ALL, filter={"from": began, "to": began}) == "INVALID_INPUT"
    receipt = await came(payments[0])
    assert await numbers(ADMIN, ALL, reference=receipt) == [payments[0].number]


async def test_giving_up_and_asking_again() -> None:
    booked = await a_booking()
    payment = await booked.pays()
    said = {"paymentId": of(payment)}
    await refused_to_strangers(CANCEL, input=said)
    await refused_to_strangers(RESEND, input=said)
    stranger = await an_actor(Role.BORROWER)
    for document in (CANCEL, RESEND):
        for actor, which in ((stranger, of(payment)), (booked.client, encode_id("Payment", new_id()))):
            refused = await do_refused(actor, document, input={"paymentId": which})
            assert refused == ("PAYMENT_NOT_FOUND", ["input", "paymentId"])
    assert (await do_refused(booked.client, RESEND, input=said))[0] == "PROMPT_PENDING"
    cancelled = (await do(booked.client, CANCEL, input=said))["payment"]
    assert (cancelled["status"], cancelled["prompts"]) == ("CANCELLED", [{"attempt": 1, "state": "REFUSED"}])
    assert (await do_refused(booked.client, CANCEL, input=said))[0] == "PAYMENT_ENDED"
    again = await do(booked.client, RESEND, input=said | {"idempotencyKey": "again"})
    assert again["payment"]["id"] != of(payment) and again["payment"]["phoneMasked"] == PHONE_SHOWN
    replayed = await do(booked.client, RESEND, input=said | {"idempotencyKey": "again"})
    assert (replayed["payment"]["id"], replayed["replayed"]) == (again["payment"]["id"], True)


async def test_wanting_to_know_what_became_of_a_prompt() -> None:
    booked = await a_booking()
    payment = await booked.pays()
    await accepted(payment)
    await refused_to_strangers(QUERY, input={"checkoutRequestId": CHECKOUT})
    [prompt] = (await see(booked.client, ONE, id=of(payment)))["prompts"]
    shown_id = prompt["checkoutRequestId"]
    assert PHONE[3:] not in shown_id
    assert (await do_refused(booked.client, QUERY, input={"checkoutRequestId": shown_id}))[0] == "PROMPT_NOT_FOUND"
    stranger = await an_actor(Role.BORROWER)
    assert (await do_refused(stranger, QUERY, input={"checkoutRequestId": CHECKOUT}))[0] == "PROMPT_NOT_FOUND"
    for said in ({"checkoutRequestId": CHECKOUT}, {"checkoutRequestId": shown_id, "paymentId": of(payment)}):
        payload = await do(booked.client, QUERY, input=said)
        assert (payload["payment"]["id"], payload["trigger"]) == (of(payment), "STATUS_QUERY")
    assert await JobTask.filter(name="payments.ask").count() == 1


async def test_giving_money_back_is_for_who_reconciles() -> None:
    booked = await a_booking()
    payment = await booked.pays()
    said = {"paymentId": of(payment), "reason": "Paid by mistake"}
    await refused_to_strangers(REVERSE, input=said)
    for nobody in (booked.client, somebody(Role.ACCOUNTANT)):
        assert await ask_refused(nobody, REVERSE, input=said) == "FORBIDDEN"
        assert await ask_refused(nobody, CHECK, input={"receipt": "TC51ABCD2E"}) == "FORBIDDEN"
        assert await ask_refused(nobody, REGISTER) == "FORBIDDEN"
    assert (await do_refused(ADMIN, REVERSE, input=said))[0] == "REVERSAL_NOT_POSSIBLE"
    receipt = await came(payment)
    for changes, code in (
        ({"amount": money("2501", "KES")}, "REVERSAL_NOT_POSSIBLE"),
        ({"amount": money("1", "INR")}, "CURRENCY_MISMATCH"),
        ({"receipt": "TC51ABCD2E"}, "RECEIPT_NOT_FOUND"),
        ({"reason": ""}, "INVALID_INPUT"),
        ({"paymentId": encode_id("Payment", new_id())}, "SESSION_NOT_FOUND"),
    ):
        assert (await do_refused(ADMIN, REVERSE, input=said | changes))[0] == code, changes
    payload = await do(ADMIN, REVERSE, input=said | {"idempotencyKey": "once"})
    assert (payload["command"]["receipt"], payload["command"]["state"]) == (receipt, "WAITING")
    assert (await do(ADMIN, REVERSE, input=said | {"idempotencyKey": "once"}))["replayed"]
    assert (await do_refused(ADMIN, REVERSE, input=said))[0] == "REVERSAL_NOT_POSSIBLE"
    assert await MpesaCommand.all().count() == 1
    seen = await see(ADMIN, COMMAND, id=payload["command"]["id"])
    assert (seen["paymentId"], seen["reason"]) == (of(payment), "Paid by mistake")
    assert await ask_refused(booked.client, COMMAND, id=payload["command"]["id"]) == "FORBIDDEN"
    assert (await see(booked.client, ONE, id=of(payment)))["commands"] == []
    assert len((await see(ADMIN, ONE, id=of(payment)))["commands"]) == 1


async def test_receipts_and_addresses() -> None:
    await refused_to_strangers(CHECK, input={"receipt": "TC51ABCD2E"})
    await refused_to_strangers(REGISTER)
    assert await do_refused(ADMIN, CHECK, input={"receipt": "?"}) == ("INVALID_INPUT", ["input", "receipt"])
    payload = await do(ADMIN, CHECK, input={"receipt": "tc51abcd2e"})
    assert (payload["command"]["receipt"], payload["command"]["paymentId"]) == ("TC51ABCD2E", None)
    first, second = await do(ADMIN, REGISTER), await do(ADMIN, REGISTER)
    assert first["taskId"] == second["taskId"], "it is done once"
    with paying_settings(takes_commands=False, has_account=False):
        assert (await do_refused(ADMIN, CHECK, input={"receipt": "TC51ABCD2E"}))[0] == "MPESA_NOT_CONFIGURED"
        assert (await do_refused(ADMIN, REGISTER))[0] == "MPESA_NOT_CONFIGURED"


async def test_following_payments() -> None:
    booked = await a_booking()
    payment = await booked.pays()
    await came(payment)
    stranger = await an_actor(Role.BORROWER)
    assert await feed_refused(stranger, FEED, paymentId=of(payment)) == "PAYMENT_NOT_FOUND"
    for viewer in (booked.client, ADMIN, somebody(Role.ACCOUNTANT)):
        for variables in ({}, {"paymentId": of(payment)}):
            items = await heard(viewer, FEED, **variables)
            kinds = [item["__typename"] for item in items]
            assert kinds[:2] == ["PaymentChanged", "PaymentPromptChanged"]
            assert {"PaymentChanged", "PaymentCredited"} <= set(kinds[2:])
            assert PHONE[3:] not in orjson.dumps(items).decode()
    assert await heard(stranger, FEED) == []
    assert await heard(somebody(Role.BURSAR, branch=await a_branch()), FEED) == []


async def test_staff_see_their_own_branch() -> None:
    booked = await a_booking()
    branch, other = await a_branch(), await a_branch()
    payment = await booked.pays()
    await Payment.filter(id=payment.id).update(branch_id=branch.id)
    assert (await see(somebody(Role.BURSAR, branch=branch), ONE, id=of(payment)))["number"] == payment.number
    assert await see(somebody(Role.BURSAR, branch=other), ONE, id=of(payment)) is None
    assert await see(somebody(Role.TEACHER, branch=branch), ONE, id=of(payment)) is None
