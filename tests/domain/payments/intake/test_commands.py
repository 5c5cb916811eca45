"""Answers to what we asked for: money given back, and what receipts are. Nothing else that is said so counts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.kit.ids import new_id
from domain.payments.models import MpesaCommand
from domain.payments.states import CommandKind, CommandState, MessageKind, MessageState, PaymentStatus
from tests.domain.payments.intake.said import HEARD_AT, callback, credited, drained, heard, payment, result, sent, state_of
from tests.domain.payments.settling.factory import Made, a_payment, books, disagreements
from tests.support.happenings import assert_integrity, names_of_events

pytestmark = pytest.mark.usefixtures("database")

IDS = ("AG_20250305_1", "9999-1-1")
REVERSAL = MessageKind.REVERSAL_RESULT
STATUS = MessageKind.STATUS_RESULT
LATER_AT = HEARD_AT + timedelta(minutes=5)


async def asked(
    kind: CommandKind, *, of: Made | None = None, receipt: str = "TC51ABCD2E", amount: int = 250_000
) -> MpesaCommand:
    """We asked the provider, and it said that it will answer."""
    is_reversal = kind is CommandKind.REVERSAL
    command = MpesaCommand(
        id=new_id(),
        kind=kind,
        receipt=receipt,
        payment_id=of and of.id,
        amount_minor=amount if is_reversal else None,
        currency="KES" if is_reversal else None,
        remarks="As agreed",
        state=CommandState.WAITING,
        created_at=HEARD_AT,
        correlation_id=new_id(),
    )
    await command.save(force_create=True)
    for state in (CommandState.ASKED, CommandState.ACCEPTED):
        command.state = state
        if state is CommandState.ACCEPTED:
            command.conversation_id, command.originator_conversation_id = IDS
        await command.save()
    return command


async def outcome_of(command: MpesaCommand) -> tuple[CommandState, str | None]:
    now = await MpesaCommand.get(id=command.id)
    return now.state, now.result_code


async def a_paid_payment() -> Made:
    made = await a_payment()
    await heard(callback(made))
    return made


async def test_money_that_was_given_back() -> None:
    made = await a_paid_payment()
    command = await asked(CommandKind.REVERSAL, of=made)
    message = await heard(
        result(IDS, OriginalTransactionID="TC51ABCD2E", Amount="2500.00", TransCompletedTime=20250305110210),
        REVERSAL,
        at=LATER_AT,
    )
    assert (message.state, message.payment_id) == (MessageState.DONE, made.id)
    assert await outcome_of(command) == (CommandState.DONE, "0")
    assert (await payment(made)).status is PaymentStatus.REVERSED
    assert await books() == {}
    assert "payments.command_changed" in await names_of_events()
    assert "payments.discrepancy_found" not in await names_of_events(), "whoever gave it back knows"
    assert await disagreements(made) == {}
    await assert_integrity()


async def test_more_went_back_than_we_asked_for() -> None:
    made = await a_paid_payment()
    await asked(CommandKind.REVERSAL, of=made, amount=100_000)
    await heard(result(IDS, OriginalTransactionID="TC51ABCD2E", Amount="1500.00"), REVERSAL, at=LATER_AT)
    now = await payment(made)
    assert (now.status, now.purpose_minor) == (PaymentStatus.PARTIALLY_REVERSED, 100_000)
    assert await disagreements(made) == {"REVERSED": "OPEN"}
    assert "payments.discrepancy_found" in await names_of_events()
    await assert_integrity()


async def test_how_much_went_back_is_what_we_asked_for_when_it_is_not_said() -> None:
    made = await a_paid_payment()
    await asked(CommandKind.REVERSAL, of=made, amount=100_000)
    for minutes in range(2):
        await heard(result(IDS), REVERSAL, at=LATER_AT + timedelta(minutes=minutes))
    now = await payment(made)
    assert (now.status, now.purpose_minor) == (PaymentStatus.PARTIALLY_REVERSED, 150_000)
    assert await disagreements(made) == {}
    await assert_integrity()


async def test_a_reversal_that_was_refused_takes_nothing() -> None:
    made = await a_paid_payment()
    command = await asked(CommandKind.REVERSAL, of=made)
    assert (await heard(result(IDS, "R000001"), REVERSAL, at=LATER_AT)).state is MessageState.DONE
    assert await outcome_of(command) == (CommandState.FAILED, "R000001")
    assert (await payment(made)).status is PaymentStatus.PAID
    assert await books() == {"1210": 250_000, "2910": 250_000}
    await assert_integrity()


async def test_a_reversal_that_nobody_asked_for_takes_nothing() -> None:
    made = await a_paid_payment()
    message = await heard(result(IDS, OriginalTransactionID="TC51ABCD2E"), REVERSAL, at=LATER_AT)
    assert message.state is MessageState.PARKED
    await drained(LATER_AT + timedelta(minutes=5))
    assert await state_of(message) == (MessageState.UNKNOWN, "it answers nothing that we asked for")
    assert (await payment(made)).status is PaymentStatus.PAID
    await assert_integrity()


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [(REVERSAL, {"OriginalTransactionID": "TC99OTHER9"}), (STATUS, {"ReceiptNo": "TC51ABCD2E"})],
)
async def test_an_answer_that_is_about_something_else(kind: MessageKind, parameters: dict[str, Any]) -> None:
    made = await a_paid_payment()
    command = await asked(CommandKind.REVERSAL, of=made)
    message = await heard(result(IDS, **parameters), kind, at=LATER_AT)
    assert message.state is MessageState.REFUSED
    assert (await outcome_of(command))[0] is CommandState.ACCEPTED
    assert (await payment(made)).status is PaymentStatus.PAID
    await assert_integrity()


async def test_a_request_that_timed_out_may_have_been_done_all_the_same() -> None:
    made = await a_paid_payment()
    command = await asked(CommandKind.REVERSAL, of=made)
    await heard(result(IDS, 0), MessageKind.REVERSAL_TIMEOUT, at=LATER_AT)
    assert (await outcome_of(command))[0] is CommandState.FAILED
    assert (await payment(made)).status is PaymentStatus.PAID
    await heard(result(IDS, 0), REVERSAL, at=LATER_AT + timedelta(minutes=1))
    assert (await outcome_of(command))[0] is CommandState.DONE
    assert (await payment(made)).status is PaymentStatus.REVERSED
    await assert_integrity()


async def test_what_a_receipt_is() -> None:
    command = await asked(CommandKind.STATUS, receipt="TC61QWER3T")
    told = result(IDS, ReceiptNo="TC61QWER3T", Amount="999.50", TransactionStatus="Completed", FinalisedTime=20250305101544)
    await heard(told, STATUS, at=LATER_AT)
    assert (await outcome_of(command))[0] is CommandState.DONE
    assert await credited() == {"TC61QWER3T": (99_950, "SUSPENSE")}
    assert await disagreements() == {"ORPHAN_TRANSACTION": "OPEN"}
    await assert_integrity()


async def test_a_receipt_that_is_no_completed_payment_is_nothing() -> None:
    command = await asked(CommandKind.STATUS, receipt="TC61QWER3T")
    await heard(result(IDS, ReceiptNo="TC61QWER3T", Amount="999.50", TransactionStatus="Declined"), STATUS, at=LATER_AT)
    assert (await outcome_of(command))[0] is CommandState.DONE
    assert await credited() == {}
    await assert_integrity()


async def test_an_answer_that_was_quicker_than_our_own_commit() -> None:
    made = await a_paid_payment()
    message = await sent(result(IDS), REVERSAL, at=LATER_AT)
    await drained(LATER_AT + timedelta(seconds=2))
    assert (await state_of(message))[0] is MessageState.PARKED
    await asked(CommandKind.REVERSAL, of=made)
    await drained(LATER_AT + timedelta(seconds=4))
    assert (await payment(made)).status is PaymentStatus.REVERSED
