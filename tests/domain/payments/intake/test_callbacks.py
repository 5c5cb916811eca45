"""Callbacks of prompts: the money of each is credited once, and what answers no prompt of ours credits nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit import clock
from domain.payments import intake
from domain.payments.events import MessageRejected
from domain.payments.models import MpesaMessage, PaymentEvidence, Reconciliation
from domain.payments.rules.results import meaning_of
from domain.payments.service.ingesting import ingest_mpesa_callback
from domain.payments.states import MessageKind, MessageState, PaymentStatus, ReconStatus, ReconTrigger
from tests.domain.payments.intake.said import (
    HEARD_AT,
    callback,
    credited,
    drained,
    heard,
    payment,
    said,
    sent,
    state_of,
)
from tests.domain.payments.rules.factory import SENT_AT
from tests.domain.payments.settling.factory import a_payment, books, payments
from tests.support.happenings import assert_integrity, events_so_far, names_of_events
from tests.support.people import somebody
from tests.support.races import at_once

pytestmark = pytest.mark.usefixtures("database")


async def test_a_paid_prompt() -> None:
    made = await a_payment()
    message = await heard(callback(made))
    assert (message.state, message.payment_id, message.attempts) == (MessageState.DONE, made.id, 1)
    paid = await payment(made)
    assert (paid.status, paid.transaction_id, paid.purpose_minor) == (PaymentStatus.PAID, "TC51ABCD2E", 250_000)
    assert await books() == {"1210": 250_000, "2910": 250_000}
    [result] = await Reconciliation.filter(payment_id=made.id)
    assert (result.status, result.trigger) == (ReconStatus.MATCHED, ReconTrigger.PAYMENT_CALLBACK)
    await assert_integrity()


async def test_why_a_prompt_failed_is_kept_and_said_to_the_payer() -> None:
    made = await a_payment()
    await heard(callback(made, "1"))
    ended = await payment(made)
    assert (ended.status, ended.status_reason) == (PaymentStatus.FAILED, meaning_of(1))
    assert (await PaymentEvidence.get(payment_id=made.id)).result_code == 1


async def test_a_prompt_that_was_cancelled() -> None:
    made = await a_payment()
    assert (await heard(callback(made, "1032"))).state is MessageState.DONE
    assert (await payment(made)).status is PaymentStatus.CANCELLED
    assert await credited() == {}


async def test_the_same_callback_again_and_again_is_credited_once() -> None:
    made = await a_payment()
    for seconds in range(3):
        await sent(callback(made), at=HEARD_AT + timedelta(seconds=seconds))
    await drained(HEARD_AT + timedelta(seconds=3))
    await drained(HEARD_AT + timedelta(seconds=9))
    await heard(callback(made, amount="2500.00"), at=HEARD_AT + timedelta(minutes=2))
    assert await credited() == {"TC51ABCD2E": (250_000, "PURPOSE")}
    assert await books() == {"1210": 250_000, "2910": 250_000}
    await assert_integrity()


async def test_many_at_once_are_settled_together() -> None:
    many = await payments(30)
    for number, made in enumerate(many):
        await sent(callback(made, receipt=f"TC51AB{number:04}"))
    assert await drained(HEARD_AT + timedelta(seconds=2)) == 30
    assert {(await payment(made)).status for made in many} == {PaymentStatus.PAID}
    await assert_integrity()


async def test_a_receipt_that_is_another_payments_is_not_credited_again() -> None:
    one, other = await payments(2)
    await heard(callback(one))
    await heard(callback(other), at=HEARD_AT + timedelta(seconds=5))
    assert (await payment(other)).status is not PaymentStatus.PAID
    assert await books() == {"1210": 250_000, "2910": 250_000}
    await assert_integrity()


async def test_another_amount_waits_in_suspense() -> None:
    made = await a_payment()
    await heard(callback(made, amount=2499))
    assert await credited() == {"TC51ABCD2E": (249_900, "SUSPENSE")}
    await assert_integrity()


async def test_what_answers_no_prompt_of_ours_is_waited_for_and_then_given_up() -> None:
    message = await sent(callback("ws_CO_nobodys"))
    assert await drained(HEARD_AT + timedelta(seconds=2)) == 1
    now = await MpesaMessage.get(id=message.id)
    assert (now.state, now.work_at) == (MessageState.PARKED, HEARD_AT + timedelta(seconds=4))
    assert now.problem == "it answers no prompt of ours"
    looked_at = []
    for seconds in range(3, 130):
        if await drained(HEARD_AT + timedelta(seconds=seconds)):
            looked_at.append(seconds)
    assert looked_at == [4, 8, 16, 32, 64, 120]
    assert (await state_of(message))[0] is MessageState.UNKNOWN
    assert await names_of_events() == ["payments.message_rejected"]
    assert await credited() == {} and await PaymentEvidence.all().count() == 0
    await assert_integrity()


async def test_a_callback_that_was_quicker_than_our_own_commit() -> None:
    [known] = await payments(1)
    ahead = f"ws_CO_{int((known.prompt or '')[6:]) + 1}"
    message = await heard(callback(ahead))
    assert message.state is MessageState.PARKED
    made = await a_payment()
    assert made.prompt == ahead
    await drained(HEARD_AT + timedelta(seconds=4))
    assert (await state_of(message))[0] is MessageState.DONE
    assert (await payment(made)).status is PaymentStatus.PAID


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{" * 5_000,
        said({"Body": {"stkCallback": {"CheckoutRequestID": "ws_CO_1"}}}),
        callback("ws_CO_1", amount=-2500),
        callback("ws_CO_1", amount="NaN"),
        callback("ws_CO_1", receipt="none of them"),
    ],
)
async def test_what_cannot_be_read_is_reported_and_credits_nothing(body: bytes) -> None:
    message = await heard(body)
    assert message.state is MessageState.MALFORMED and message.problem
    [told] = [logged.fact for logged in await events_so_far()]
    assert isinstance(told, MessageRejected) and told.state is MessageState.MALFORMED
    assert await credited() == {} and await PaymentEvidence.all().count() == 0
    assert await drained(HEARD_AT + timedelta(hours=1)) == 0
    await assert_integrity()


@pytest.mark.parametrize("first", ["paid", "failed"])
async def test_in_either_order_money_counts(first: str) -> None:
    made = await a_payment()
    bodies: list[Any] = [callback(made), callback(made, 1037)]
    for place, body in enumerate(bodies if first == "paid" else reversed(bodies)):
        await heard(body, at=HEARD_AT + timedelta(seconds=10 * place))
    assert (await payment(made)).status is PaymentStatus.PAID
    assert "payments.paid_after_failure" in await names_of_events() or first == "paid"
    await assert_integrity()


async def test_nobodys_number_is_in_what_is_told() -> None:
    made = await a_payment()
    await heard(callback(made))
    with clock.clock_set_to(SENT_AT):
        told = " ".join(logged.payload for logged in await events_so_far())
    assert "254700000001" not in told and "0700000001" not in told
    assert "2547*****001" in told


async def test_given_by_many_at_once_it_is_credited_once() -> None:
    made, admin = await a_payment(), somebody(Role.ADMIN)
    body = callback(made).decode()
    with clock.clock_set_to(HEARD_AT):
        await at_once(ingest_mpesa_callback(admin, kind=MessageKind.STK_CALLBACK, body=body) for _ in range(4))
    with clock.clock_set_to(HEARD_AT + timedelta(seconds=2)):
        await at_once(intake.drain() for _ in range(3))
    assert await credited() == {"TC51ABCD2E": (250_000, "PURPOSE")}
    assert await books() == {"1210": 250_000, "2910": 250_000}
    await assert_integrity()
