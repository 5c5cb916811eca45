"""Payments that payers begin on their own, by what they type."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.money import Money
from domain.payments import intake, settings
from domain.payments.models import Payment, PaymentEvidence
from domain.payments.purposes.top_ups import due as wallet_due
from domain.payments.settings import PaymentSettings
from domain.payments.states import MessageKind, MessageState, PaymentStatus, Purpose
from tests.domain.payments.intake.said import HEARD_AT, callback, confirmation, credited, drained, heard, payment, sent
from tests.domain.payments.settling.factory import a_payment, books, disagreements
from tests.support.happenings import assert_integrity, names_of_events
from tests.support.people import an_actor
from tests.support.races import at_once

pytestmark = pytest.mark.usefixtures("database")

PAYBILL = MessageKind.C2B_CONFIRMATION


async def a_wallet_number() -> str:
    owner = await an_actor(Role.BORROWER)
    return (await wallet_due(owner, owner.id)).account_reference


async def test_by_the_reference_that_we_gave_out() -> None:
    made = await a_payment(prompted=False)
    typed = f" {made.reference[:4].lower()}-{made.reference[4:]} "
    message = await heard(confirmation(typed), PAYBILL)
    assert (message.state, message.payment_id) == (MessageState.DONE, made.id)
    paid = await payment(made)
    assert (paid.status, paid.transaction_id) == (PaymentStatus.PAID, "TC61QWER3T")
    await assert_integrity()


async def test_a_callback_and_a_confirmation_of_one_payment_are_one() -> None:
    made = await a_payment()
    await sent(callback(made, receipt="TC61QWER3T"))
    await sent(confirmation(made.reference), PAYBILL)
    await drained(HEARD_AT + timedelta(seconds=2))
    assert await credited() == {"TC61QWER3T": (250_000, "PURPOSE")}
    assert await disagreements(made) == {}
    await assert_integrity()


async def test_by_the_number_of_what_is_paid_for() -> None:
    number = await a_wallet_number()
    message = await heard(confirmation(number.lower()), PAYBILL)
    made = await Payment.get(id=message.payment_id)
    assert (made.purpose, made.status, made.amount) == (Purpose.WALLET_TOP_UP, PaymentStatus.PAID, Money(250_000, "KES"))
    assert (made.purpose_minor, made.created_by) == (250_000, None)
    await assert_integrity()


async def test_the_same_confirmation_makes_one_payment() -> None:
    number = await a_wallet_number()
    for _ in range(3):
        await sent(confirmation(number), PAYBILL)
    await drained(HEARD_AT + timedelta(seconds=2))
    await heard(confirmation(number), PAYBILL, at=HEARD_AT + timedelta(minutes=1))
    assert await Payment.all().count() == 1
    assert await books() == {"1210": 250_000, "2910": 250_000}
    await assert_integrity()


async def test_two_workers_make_one_payment_of_one_receipt() -> None:
    number = await a_wallet_number()
    for _ in range(6):
        await sent(confirmation(number), PAYBILL)
    with clock.clock_set_to(HEARD_AT + timedelta(seconds=2)):
        counts = await at_once(intake.drain(2) for _ in range(3))
        while await intake.drain():
            pass
    assert sum(counts) <= 6
    assert await Payment.all().count() == 1
    await assert_integrity()


async def test_what_no_number_explains_waits_in_suspense() -> None:
    message = await heard(confirmation("FEE-42"), PAYBILL)
    assert (message.state, message.payment_id) == (MessageState.DONE, None)
    assert await credited() == {"TC61QWER3T": (250_000, "SUSPENSE")}
    assert await disagreements() == {"ORPHAN_TRANSACTION": "OPEN"}
    assert "payments.discrepancy_found" in await names_of_events()
    await assert_integrity()


async def test_a_telephone_number_typed_as_a_reference_is_kept_masked() -> None:
    await heard(confirmation("0712345678"), PAYBILL)
    [claim] = await PaymentEvidence.all()
    assert claim.reference == "07*****678"
    await assert_integrity()


async def test_money_of_another_short_code_is_not_ours() -> None:
    made = await a_payment(prompted=False)
    settings.configure(PaymentSettings(short_codes=frozenset({"600000"})))
    try:
        refused = await heard(confirmation(made.reference, short_code="600001"), PAYBILL)
        taken = await heard(confirmation(made.reference), PAYBILL, at=HEARD_AT + timedelta(seconds=5))
    finally:
        settings.configure(PaymentSettings())
    assert (refused.state, taken.state) == (MessageState.REFUSED, MessageState.DONE)
    assert (await payment(made)).status is PaymentStatus.PAID
    await assert_integrity()


async def test_being_asked_whether_a_payment_may_be_made_claims_nothing() -> None:
    made = await a_payment(prompted=False)
    asked = await heard(confirmation(made.reference), MessageKind.C2B_VALIDATION)
    assert asked.state is MessageState.DONE
    assert await PaymentEvidence.all().count() == 0 and await credited() == {}
    assert (await payment(made)).status is PaymentStatus.CREATED
    await assert_integrity()


@pytest.mark.parametrize("amount", ["0", "-1", "NaN", "1e30", "", "2500.001"])
async def test_an_amount_that_is_none(amount: str) -> None:
    message = await heard(confirmation("FEE-42", amount=amount), PAYBILL)
    assert message.state is MessageState.MALFORMED
    assert await credited() == {}
