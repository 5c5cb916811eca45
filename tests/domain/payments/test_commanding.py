"""Giving money back and asking after receipts: the provider is asked over HTTP, and answers by a message later."""

from __future__ import annotations

from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.errors import CurrencyMismatch, Forbidden, InvalidAmount, InvalidInput
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import unit_of_work
from domain.payments.errors import MpesaNotConfigured, ReceiptNotFound, ReversalNotPossible, SessionNotFound
from domain.payments.intake import store_message
from domain.payments.models import MpesaCommand, Payment
from domain.payments.service.commanding import check_mpesa_receipt, leave_reversal, reverse_payment
from domain.payments.states import CommandKind, CommandState, MessageKind, PaymentStatus, Purpose
from tests.support.collected import asked_for, came, in_transit, kes
from tests.support.happenings import assert_integrity, names_of_events, nothing_happens
from tests.support.mpesa import Merchant, Mpesa
from tests.support.paying import (
    PHONE,
    a_booking,
    asking,
    brought,
    now,
    paying_settings,
    prompt_of,
    tables_with,
    worked,
)
from tests.support.people import somebody
from tests.support.races import outcomes_of

pytestmark = pytest.mark.usefixtures("mpesa")

ADMIN = somebody(Role.ADMIN)
KINDS = {
    "/stk": MessageKind.STK_CALLBACK,
    "/results/reversal": MessageKind.REVERSAL_RESULT,
    "/results/status": MessageKind.STATUS_RESULT,
}


async def told(mpesa: Mpesa, merchant: Merchant) -> None:
    """Whatever the provider has to say is said, and read."""
    await mpesa.delivered()
    for message in merchant.messages:
        await store_message(kind=KINDS[message.path], body=message.raw, source_address=None)
    merchant.messages.clear()
    await worked(after=3)
    await brought()


async def paid(mpesa: Mpesa, merchant: Merchant) -> Payment:
    payment = await (await a_booking()).pays()
    await worked()
    await told(mpesa, merchant)
    return await now(payment)


async def reversal_of(payment: Payment, **said: Any) -> MpesaCommand:
    return await reverse_payment(ADMIN, payment_id=payment.id, remarks="Paid by mistake", **said)


async def test_money_goes_back(mpesa: Mpesa, merchant: Merchant) -> None:
    payment = await paid(mpesa, merchant)
    assert (payment.status, payment.purpose_amount, await in_transit()) == (PaymentStatus.PAID, kes(2500), kes(0))
    command = await reversal_of(payment)
    assert (command.state, command.amount, command.receipt) == (CommandState.WAITING, kes(2500), payment.transaction_id)
    await worked()
    command = await MpesaCommand.get(id=command.id)
    assert command.state is CommandState.ACCEPTED and command.conversation_id is not None
    await told(mpesa, merchant)
    assert (await MpesaCommand.get(id=command.id)).state is CommandState.DONE
    payment = await now(payment)
    assert (payment.status, payment.purpose_amount) == (PaymentStatus.REVERSED, kes(0))
    assert "payments.discrepancy_found" not in await names_of_events(), "whoever gave it back knows"
    [truth] = await mpesa.truth()
    assert truth["state"] == "REVERSED"
    assert await tables_with(PHONE[3:]) == ["payment_evidence"], "with who paid, and by which prompt"
    await assert_integrity()


async def test_a_part_goes_back_and_then_no_more_than_is_left(mpesa: Mpesa, merchant: Merchant) -> None:
    payment = await paid(mpesa, merchant)
    await reversal_of(payment, amount=kes(500))
    await worked()
    await told(mpesa, merchant)
    assert (await now(payment)).status is PaymentStatus.PARTIALLY_REVERSED
    async with nothing_happens():
        with pytest.raises(ReversalNotPossible, match=r"only KES 2,000\.00 is left"):
            await reversal_of(payment, amount=kes(2001))
    assert (await reversal_of(payment)).amount == kes(2000)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"amount": kes(2501)}, ReversalNotPossible),
        ({"amount": kes(0)}, InvalidAmount),
        ({"amount": Money(-100, "KES")}, InvalidAmount),
        ({"amount": kes("0.50")}, InvalidAmount),
        ({"amount": Money.of(10, "INR")}, CurrencyMismatch),
        ({"receipt": "TC51ABCD2E"}, ReceiptNotFound),
        ({"receipt": "no receipt"}, InvalidInput),
        ({"remarks": " "}, InvalidInput),
        ({"remarks": "x" * 101}, InvalidInput),
    ],
)
async def test_what_is_not_given_back(said: dict[str, Any], kind: type[Exception]) -> None:
    booked = await a_booking()
    payment = await asked_for(booked.client, Purpose.SERVICE_SESSION, booked.session.id)
    await came(payment)
    async with nothing_happens():
        with pytest.raises(kind):
            await reverse_payment(ADMIN, **{"payment_id": payment.id, "remarks": "Paid by mistake", **said})


async def test_who_gives_money_back_reconciles(mpesa: Mpesa) -> None:
    booked = await a_booking()
    payment = await booked.pays()
    for actor in (booked.client, somebody(Role.ACCOUNTANT)):
        async with nothing_happens():
            with pytest.raises(Forbidden):
                await reverse_payment(actor, payment_id=payment.id, remarks="mine")
            with pytest.raises(Forbidden):
                await check_mpesa_receipt(actor, receipt="TC51ABCD2E")
    async with nothing_happens():
        with pytest.raises(SessionNotFound):
            await reverse_payment(ADMIN, payment_id=new_id(), remarks="nobody's")
        with pytest.raises(ReversalNotPossible):
            await reversal_of(payment)
        with paying_settings(takes_commands=False):
            with pytest.raises(MpesaNotConfigured):
                await reversal_of(payment)
            with pytest.raises(MpesaNotConfigured):
                await check_mpesa_receipt(ADMIN, receipt="TC51ABCD2E")


async def test_of_many_who_give_the_same_money_back_one_does(mpesa: Mpesa, merchant: Merchant) -> None:
    payment = await paid(mpesa, merchant)
    outcomes = await outcomes_of(reversal_of(payment) for _ in range(6))
    assert [type(each) for each in outcomes if not isinstance(each, MpesaCommand)] == [ReversalNotPossible] * 5
    await worked()
    await told(mpesa, merchant)
    assert (await now(payment)).status is PaymentStatus.REVERSED


async def test_a_reversal_that_was_being_asked_for_when_somebody_died_is_not_asked_again(
    mpesa: Mpesa, merchant: Merchant
) -> None:
    payment = await paid(mpesa, merchant)
    command = await reversal_of(payment)
    await MpesaCommand.filter(id=command.id).update(state=CommandState.ASKED, asked_at=clock.now())
    await worked()
    command = await MpesaCommand.get(id=command.id)
    assert (command.state, command.result_code) == (CommandState.UNKNOWN, "INTERRUPTED")
    await told(mpesa, merchant)
    assert (await mpesa.truth())[0]["state"] == "PAID"
    async with nothing_happens():
        with pytest.raises(ReversalNotPossible, match="under way"):
            await reversal_of(payment)


async def test_a_reversal_whose_answer_got_lost_is_unknown(mpesa: Mpesa, merchant: Merchant) -> None:
    payment = await paid(mpesa, merchant)
    command = await reversal_of(payment)
    await mpesa.breaks(kind="HANG_UP", done=True, path="reversal")
    await worked()
    assert (await MpesaCommand.get(id=command.id)).state is CommandState.UNKNOWN


async def test_a_reversal_that_the_provider_refuses_ends(mpesa: Mpesa, merchant: Merchant) -> None:
    payment = await paid(mpesa, merchant)
    command = await reversal_of(payment)
    await mpesa.answers(400, "400.002.02", f"Bad Request, {PHONE}", path="reversal")
    await worked()
    command = await MpesaCommand.get(id=command.id)
    assert (command.state, command.result_code) == (CommandState.REFUSED, "400.002.02")
    assert command.finished_at is not None and PHONE not in (command.result_text or "")
    assert (await reversal_of(payment)).id != command.id, "it may be tried again"


async def test_while_the_provider_is_away_a_reversal_waits(mpesa: Mpesa, merchant: Merchant) -> None:
    payment = await paid(mpesa, merchant)
    command = await reversal_of(payment)
    async with asking(mpesa, url="http://127.0.0.1:1"):
        await worked()
        assert (await MpesaCommand.get(id=command.id)).state is CommandState.ASKED
    await worked(after=2)
    assert (await MpesaCommand.get(id=command.id)).state is CommandState.ACCEPTED
    assert (await names_of_events()).count("payments.command_changed") == 3


async def test_what_a_receipt_is_can_be_asked(mpesa: Mpesa, merchant: Merchant) -> None:
    booked = await a_booking()
    payment = await booked.pays()
    await worked()
    await mpesa.delivered()
    [truth] = await mpesa.truth()
    merchant.messages.clear()
    asked = await check_mpesa_receipt(ADMIN, receipt=f" {truth['receipt'].lower()} ")
    assert (asked.kind, asked.receipt, asked.payment_id) == (CommandKind.STATUS, truth["receipt"], None)
    assert (await check_mpesa_receipt(ADMIN, receipt=truth["receipt"])).id == asked.id, "it is asked once"
    await worked()
    await told(mpesa, merchant)
    assert (await MpesaCommand.get(id=asked.id)).state is CommandState.DONE
    assert (await prompt_of(payment)).state.value == "ACCEPTED"
    await assert_integrity()


@pytest.mark.parametrize("receipt", ["", "TC51ABCD2", "TC51ABCD2EX", "0123456789", "TC51ABCD2É", "x" * 10_000])
async def test_what_is_no_receipt_is_not_asked_about(receipt: str) -> None:
    async with nothing_happens():
        with pytest.raises(InvalidInput):
            await check_mpesa_receipt(ADMIN, receipt=receipt)


async def test_an_operator_whom_the_provider_does_not_know_is_told(mpesa: Mpesa, merchant: Merchant) -> None:
    payment = await paid(mpesa, merchant)
    command = await reversal_of(payment)
    async with asking(mpesa, initiator="nobody"):
        await worked()
    await told(mpesa, merchant)
    command = await MpesaCommand.get(id=command.id)
    assert (command.state, command.result_code) == (CommandState.FAILED, "2001")
    assert (await now(payment)).status is PaymentStatus.PAID


async def test_money_of_nobodys_payment_can_go_back_as_well() -> None:
    with pytest.raises(ReceiptNotFound):
        async with unit_of_work() as work:
            await leave_reversal(work, receipt="TC51ABCD2E", amount=None, remarks="whose?", requested_by=ADMIN.id)
