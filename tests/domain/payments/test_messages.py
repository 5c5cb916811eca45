"""Messages are given to us by hand and read again, without anybody's telephone number."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.context import CallContext, call_context
from domain.kit.errors import Forbidden, InvalidInput
from domain.kit.ids import new_id
from domain.kit.paging import PageRequest
from domain.payments import intake
from domain.payments.models import MpesaMessage, Payment
from domain.payments.queries.messages import (
    MessageFilter,
    claims_of_payments,
    claims_of_receipts,
    messages_by_id,
    mpesa_messages,
)
from domain.payments.service.ingesting import ingest_mpesa_callback
from domain.payments.states import Channel, MessageKind, MessageOrigin, MessageState, Outcome, PaymentStatus
from tests.domain.payments.intake.said import callback, confirmation
from tests.domain.payments.rules.factory import RECEIPT, SOON
from tests.domain.payments.settling.factory import a_payment
from tests.support.happenings import assert_integrity, nothing_happens
from tests.support.people import somebody

pytestmark = pytest.mark.usefixtures("database")

ADMIN, CLERK = somebody(Role.ADMIN), somebody(Role.ACCOUNTANT)
EVERYTHING = PageRequest(first=100)
K, S = MessageKind, MessageState


async def test_a_lost_callback_is_given_by_hand_and_believed_as_little_as_any() -> None:
    made = await a_payment()
    body = callback(made).decode()
    with clock.clock_set_to(SOON), call_context(CallContext(actor_id=ADMIN.id, address="198.51.100.7")):
        message = await ingest_mpesa_callback(ADMIN, kind=K.STK_CALLBACK, body=body)
        await ingest_mpesa_callback(ADMIN, kind=K.STK_CALLBACK, body=body)
    assert (message.state, message.origin, message.source_address) == (S.RECEIVED, MessageOrigin.BY_HAND, "198.51.100.7")
    assert message.work_at == SOON + timedelta(seconds=2)
    assert message.body is not None and "254*****001" in message.body and "700000001" not in message.body
    with clock.clock_set_to(SOON + timedelta(seconds=2)):
        assert await intake.drain() == 2
    payment = await Payment.get(id=made.id)
    assert (payment.status, payment.transaction_id) == (PaymentStatus.PAID, RECEIPT)
    done = (await messages_by_id(ADMIN, [message.id]))[message.id]
    assert (done.state, done.session_id) == (S.DONE, made.id)
    await assert_integrity()


@pytest.mark.parametrize("body", ["", " \n", "x" * 65_537, "é" * 32_769])
async def test_what_is_no_message_by_its_size(body: str) -> None:
    async with nothing_happens():
        with pytest.raises(InvalidInput, match="1 to 65536"):
            await ingest_mpesa_callback(ADMIN, kind=K.C2B_CONFIRMATION, body=body)


async def test_what_cannot_be_read_is_kept_all_the_same() -> None:
    for body in ("no JSON at all", "\ud800", '{"a": NaN}'):
        message = await ingest_mpesa_callback(ADMIN, kind=K.STK_CALLBACK, body=body)
        assert message.state is S.RECEIVED
    with clock.clock_set_to(clock.now() + timedelta(seconds=3)):
        await intake.drain()
    assert {row.state for row in await MpesaMessage.all()} == {S.MALFORMED}
    assert all(each.problem for each in (await mpesa_messages(ADMIN, EVERYTHING)).rows)
    await assert_integrity()


async def test_only_those_who_reconcile() -> None:
    async with nothing_happens():
        with pytest.raises(Forbidden):
            await ingest_mpesa_callback(CLERK, kind=K.STK_CALLBACK, body="{}")
        with pytest.raises(Forbidden):
            await mpesa_messages(CLERK, EVERYTHING)
    message = await ingest_mpesa_callback(ADMIN, kind=K.STK_CALLBACK, body="{}")
    assert await messages_by_id(CLERK, [message.id]) == {}
    assert set(await messages_by_id(ADMIN, [message.id, new_id()])) == {message.id}


async def test_messages_are_found_again() -> None:
    made = await a_payment()
    with clock.clock_set_to(SOON):
        first = await ingest_mpesa_callback(ADMIN, kind=K.STK_CALLBACK, body=callback(made).decode())
    with clock.clock_set_to(SOON + timedelta(seconds=30)), call_context(CallContext(correlation_id=new_id())):
        await intake.drain()
        second = await ingest_mpesa_callback(ADMIN, kind=K.C2B_CONFIRMATION, body="{}")
    filters: list[tuple[dict[str, Any], list[Any]]] = [
        ({}, [second.id, first.id]),
        ({"kinds": [K.STK_CALLBACK]}, [first.id]),
        ({"states": [S.RECEIVED, S.PARKED]}, [second.id]),
        ({"origins": [MessageOrigin.WEBHOOK]}, []),
        ({"payment_id": made.id}, [first.id]),
        ({"correlation_id": second.correlation_id}, [second.id]),
        ({"since": SOON + timedelta(seconds=30)}, [second.id]),
        ({"until": SOON + timedelta(seconds=30)}, [first.id]),
    ]
    for wanted, found in filters:
        page = await mpesa_messages(ADMIN, EVERYTHING, MessageFilter(**wanted))
        assert [row.id for row in page.rows] == found, wanted
    with pytest.raises(InvalidInput, match="ends before"):
        await mpesa_messages(ADMIN, EVERYTHING, MessageFilter(since=SOON, until=SOON))


async def test_a_body_that_was_forgotten_is_no_body() -> None:
    message = await ingest_mpesa_callback(ADMIN, kind=K.STK_CALLBACK, body="{")
    with clock.clock_set_to(clock.now() + timedelta(seconds=3)):
        await intake.drain()
    await MpesaMessage.filter(id=message.id).update(body=None)
    assert (await messages_by_id(ADMIN, [message.id]))[message.id].body is None


async def test_what_was_said_of_a_payment_is_shown_without_numbers() -> None:
    made = await a_payment(prompted=False)
    typed = json.loads(confirmation(made.reference)) | {"MSISDN": "254712345678", "FirstName": "0712345678"}
    with clock.clock_set_to(SOON):
        message = await ingest_mpesa_callback(ADMIN, kind=K.C2B_CONFIRMATION, body=json.dumps(typed))
    with clock.clock_set_to(SOON + timedelta(seconds=2)):
        await intake.drain()
    [claim] = (await claims_of_payments(ADMIN, [made.id]))[made.id]
    assert (claim.channel, claim.outcome, claim.message_id) == (Channel.C2B, Outcome.PAID, message.id)
    assert (claim.sender, claim.reference) == ("2547*****678", made.reference)
    assert claim.payer_name is not None and "712345678" not in claim.payer_name
    assert (await claims_of_receipts(ADMIN, ["TC61QWER3T"])) == {"TC61QWER3T": [claim]}
    assert await claims_of_payments(CLERK, [made.id]) == await claims_of_receipts(CLERK, ["TC61QWER3T"]) == {}
    await assert_integrity()


async def test_the_end_of_a_prompts_id_is_a_telephone() -> None:
    """A callback of a prompt that nobody knows: nothing of the number is in what is shown of it, nor in why."""
    unknown = "ws_CO_05032025101530123712345678"
    with clock.clock_set_to(SOON):
        message = await ingest_mpesa_callback(ADMIN, kind=K.STK_CALLBACK, body=callback(unknown).decode())
    for minutes in range(1, 5):
        with clock.clock_set_to(SOON + timedelta(minutes=minutes)):
            await intake.drain()
    shown = (await messages_by_id(ADMIN, [message.id]))[message.id]
    assert shown.state in (S.UNKNOWN, S.PARKED)
    assert shown.body is not None and "ws_CO_05032025101530123*****678" in shown.body
    assert "712345678" not in f"{shown.body} {shown.problem}"
