"""Callbacks that are asked back, and receipts of callbacks that nobody expected."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from domain.kit import clock
from domain.kit.unit_of_work import unit_of_work
from domain.payments import settings
from domain.payments.models import MpesaCommand, MpesaMessage, Reconciliation
from domain.payments.settings import PaymentSettings
from domain.payments.states import (
    CommandKind,
    CommandState,
    MessageOrigin,
    MessageState,
    Outcome,
    PaymentStatus,
    ReconStatus,
)
from tests.domain.payments.intake.said import HEARD_AT, callback, credited, drained, heard, payment, sent, state_of
from tests.domain.payments.rules.factory import answer
from tests.domain.payments.settling.factory import Made, a_payment, write_claims
from tests.support.happenings import assert_integrity

pytestmark = pytest.mark.usefixtures("database")

SOON = HEARD_AT + timedelta(seconds=20)


@pytest.fixture(autouse=True)
def _nothing_is_believed() -> Iterator[None]:
    settings.configure(PaymentSettings(confirm_callbacks=True, takes_commands=True))
    yield
    settings.configure(PaymentSettings())


async def answered(made: Made, outcome: Outcome) -> None:
    """The provider, asked by us, says how the prompt ended."""
    with clock.clock_set_to(HEARD_AT + timedelta(seconds=3)):
        async with unit_of_work() as work:
            await write_claims(work, [(made, answer(outcome))])


async def test_a_callback_waits_for_the_providers_own_answer() -> None:
    made = await a_payment()
    message = await heard(callback(made))
    assert (message.state, message.payment_id) == (MessageState.PARKED, made.id)
    assert await credited() == {}
    [question] = await Reconciliation.filter(payment_id=made.id)
    assert (question.status, question.asks) == (ReconStatus.QUEUED, True)
    await answered(made, Outcome.PAID)
    await drained(SOON)
    assert (await state_of(message))[0] is MessageState.DONE
    assert ((await payment(made)).status, (await payment(made)).transaction_id) == (PaymentStatus.PAID, "TC51ABCD2E")
    await assert_integrity()


async def test_a_callback_that_the_provider_denies_is_refused() -> None:
    made = await a_payment()
    message = await heard(callback(made))
    await answered(made, Outcome.CANCELLED)
    await drained(SOON)
    assert await state_of(message) == (MessageState.REFUSED, "the provider, asked by us, says otherwise")
    assert await credited() == {}
    await assert_integrity()


async def test_one_question_is_enough() -> None:
    made = await a_payment()
    for seconds in range(3):
        await heard(callback(made), at=HEARD_AT + timedelta(seconds=5 * seconds))
    assert await Reconciliation.filter(payment_id=made.id).count() == 1


async def test_a_failure_and_what_an_administrator_gave_us_need_no_answer() -> None:
    failed, given = await a_payment(), await a_payment()
    await heard(callback(failed, 1032))
    await sent(callback(given), origin=MessageOrigin.BY_HAND)
    await drained(HEARD_AT + timedelta(seconds=2))
    assert (await payment(failed)).status is PaymentStatus.CANCELLED
    assert (await payment(given)).status is PaymentStatus.PAID


async def test_the_receipt_of_a_callback_that_nobody_expected_is_asked_after() -> None:
    for seconds in range(2):
        await sent(callback("ws_CO_nobodys"), at=HEARD_AT + timedelta(seconds=seconds))
    await drained(HEARD_AT + timedelta(seconds=2))
    assert await MpesaCommand.all().count() == 0
    await drained(HEARD_AT + timedelta(minutes=3))
    assert {message.state for message in await MpesaMessage.all()} == {MessageState.UNKNOWN}
    [command] = await MpesaCommand.all()
    assert (command.kind, command.receipt, command.state) == (CommandKind.STATUS, "TC51ABCD2E", CommandState.WAITING)
    assert await credited() == {}
