"""What is told of payments: administrators of what wants somebody at once, payers of what became of theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit.database import execute
from domain.notifications.models import Category, Channel, Delivery, DeliveryState, Notification, Priority
from domain.notifications.service import update_preferences
from domain.notifications.service.preferences import Choice, QuietHours
from domain.payments.events import (
    AlarmChanged,
    DiscrepancyFound,
    IssueFigures,
    PaidAfterFailure,
    PaymentChanged,
    PaymentFigures,
)
from domain.payments.rules.statistics import Alarm
from domain.payments.states import DiscrepancyType, PaymentStatus, Severity
from tests.domain.notifications.outbox import MINUTE, NOON, M, S, somebody, states, told, worked_off_at
from tests.support.happenings import assert_integrity
from tests.support.notices import Remembering, carried_by
from tests.support.people import configure_identity
from tests.support.reconciled import AN_ISSUE, a_payment, found

pytestmark = pytest.mark.usefixtures("database")

HOUSE_MAIL, HOUSE_PHONE = "alerts@daftari.example", "+254700000009"


@pytest.fixture(autouse=True)
def identity() -> None:
    configure_identity()


async def figures_of(client: Actor | None = None, **changes: Any) -> PaymentFigures:
    payment = await a_payment(client_id=None if client is None else client.id)
    return replace(PaymentFigures.of(payment), **changes)


def an_alarm(*, raised: bool = True) -> AlarmChanged:
    return AlarmChanged(
        alarm=Alarm.DISCREPANCY_RATE,
        raised=raised,
        figure=Decimal("10.00"),
        threshold=Decimal("5.00"),
        window_minutes=60,
        changed_at=NOON,
    )


async def told_of(person: Actor) -> list[Notification]:
    return await Notification.filter(recipient_id=person.id).order_by("source_position")


async def test_a_grave_discrepancy_reaches_every_administrator_by_mail_and_text() -> None:
    admins = [await somebody(Role.ADMIN) for _ in range(2)]
    others = [await somebody(role) for role in (Role.ACCOUNTANT, Role.BRANCH_MANAGER, Role.BORROWER)]
    payment = await a_payment()
    mail, sms = Remembering(), Remembering()
    with carried_by(mailer=mail, texter=sms):
        assert await told(found(payment), 1) == 2
        await worked_off_at(NOON)
    for admin in admins:
        [notice] = await told_of(admin)
        assert (notice.type, notice.category, notice.priority) == ("PAYMENT_DISCREPANCY", Category.PAYMENTS, Priority.HIGH)
        assert (notice.subject_kind, notice.subject_id) == ("payment", payment.id)
        assert notice.data == {"severity": "HIGH", "types": "AMOUNT_MISMATCH"}
        assert notice.channels == list(Channel)
        assert notice.body == (
            f"Payment {payment.number}: M-Pesa amount differs from session price "
            "(expected KES 2,500.00, received KES 2,499.00, receipt QHX1234567)."
        )
    assert [await told_of(other) for other in others] == [[], [], []]
    assert len(mail.taken) == len(sms.taken) == 2
    await assert_integrity("notifications")


async def test_what_is_less_grave_disturbs_nobody() -> None:
    admin = await somebody(Role.ADMIN)
    for position, severity in enumerate((Severity.MEDIUM, Severity.LOW), start=1):
        assert await told(found(await a_payment(), [replace(AN_ISSUE, severity=severity)]), position) == 0
    assert await told_of(admin) == []


async def test_the_house_has_addresses_of_its_own() -> None:
    """They are written to once, whatever each administrator chose, and by night."""
    first, second = await somebody(Role.ADMIN, phone=None), await somebody(Role.ADMIN)
    for admin in (first, second):
        await update_preferences(
            admin,
            choices=[Choice(Category.PAYMENTS, way, False) for way in (M, S)],
            quiet_hours=QuietHours("00:00", "23:59"),
        )
    mail, sms = Remembering(), Remembering()
    with carried_by(mailer=mail, texter=sms, house_mail=HOUSE_MAIL, house_phone=HOUSE_PHONE):
        assert await told(found(await a_payment()), 1) == 2
        await worked_off_at(NOON)
    assert [letter.to for letter in mail.taken] == [HOUSE_MAIL]
    assert [text.to for text in sms.taken] == [HOUSE_PHONE]
    assert "Dear administrators," in mail.taken[0].text and "told to this address" in mail.taken[0].text
    assert "told to this address" in mail.taken[0].html
    notices = [notice for admin in (first, second) for notice in await told_of(admin)]
    assert sorted(len(notice.channels) for notice in notices) == [2, 4], "each is told, one carries the letters"
    assert {delivery.to_house for delivery in await Delivery.all()} == {True}
    shown = {delivery.channel: delivery.masked_address for delivery in await Delivery.all()}
    assert shown == {M: "a***@daftari.example", S: "+254******009"}
    await assert_integrity("notifications")


async def test_one_address_of_the_house_leaves_the_other_way_to_each() -> None:
    admins = [await somebody(Role.ADMIN) for _ in range(2)]
    mail, sms = Remembering(), Remembering()
    with carried_by(mailer=mail, texter=sms, house_mail=HOUSE_MAIL):
        await told(found(await a_payment()), 1)
        await worked_off_at(NOON)
    assert [letter.to for letter in mail.taken] == [HOUSE_MAIL]
    assert len(sms.taken) == len(admins)
    await assert_integrity("notifications")


async def test_a_letter_to_the_house_leaves_though_its_carrier_has_gone() -> None:
    admin, other = await somebody(Role.ADMIN), await somebody(Role.ADMIN)
    mail = Remembering()
    with carried_by(mailer=mail, house_mail=HOUSE_MAIL, house_phone=HOUSE_PHONE):
        await told(found(await a_payment()), 1)
        await execute("update app_user set active = false where id = $1", min(admin.id, other.id))
        await worked_off_at(NOON)
    assert [letter.to for letter in mail.taken] == [HOUSE_MAIL]


async def test_a_storm_is_one_letter_a_minute() -> None:
    """The first goes at once, all others of that minute together; the letter names some and counts the rest."""
    await somebody(Role.ADMIN)
    payment = await a_payment()
    mail, sms = Remembering(), Remembering()
    with carried_by(mailer=mail, texter=sms, house_mail=HOUSE_MAIL, house_phone=HOUSE_PHONE):
        await told(found(payment), 1)
        await worked_off_at(NOON)
        for position in range(2, 301):
            await told(found(payment if position % 2 else None), position, NOON + timedelta(milliseconds=position))
        await worked_off_at(NOON + timedelta(seconds=59))
        assert (len(mail.taken), len(sms.taken)) == (1, 1)
        await worked_off_at(NOON + 2 * MINUTE)
        assert (len(mail.taken), len(sms.taken)) == (2, 2)
    letter = mail.taken[1]
    assert letter.subject == "A payment does not agree, 298 more"
    assert "And 279 more, which are in your list of notifications." in letter.text
    assert len(sms.taken[1].text) <= 160
    assert await states() == {DeliveryState.SENT.value: 4, DeliveryState.DIGESTED.value: 596}
    await assert_integrity("notifications")


async def test_money_without_a_payment_is_about_what_was_found() -> None:
    admin = await somebody(Role.ADMIN)
    orphan = IssueFigures(
        type=DiscrepancyType.ORPHAN_TRANSACTION,
        message="M-Pesa has a payment of KES 999.50 that we do not know",
        severity=Severity.HIGH,
        receipt="TC61QWER3T",
        expected=None,
        received="KES 999.50",
    )
    fact: DiscrepancyFound = found(None, [orphan, AN_ISSUE, orphan, orphan, orphan])
    await told(fact, 1)
    [notice] = await told_of(admin)
    assert (notice.subject_kind, notice.subject_id) == ("discrepancy", fact.discrepancy_ids[0])
    assert "known: M-Pesa has a payment of KES 999.50 that we do not know (received KES 999.50, receipt TC61QWER3T);" in (
        notice.body
    )
    assert notice.body.endswith("; and 2 more.")


async def test_paid_after_all() -> None:
    admin, client = await somebody(Role.ADMIN), await somebody(Role.BORROWER)
    paid = await figures_of(client, status=PaymentStatus.PAID, transaction_id="TC51ABCD2E")
    await told(PaidAfterFailure(payment=paid, before=PaymentStatus.FAILED), 1)
    await told(PaymentChanged(payment=paid, before=PaymentStatus.FAILED), 2)
    [alert] = await told_of(admin)
    assert (alert.type, alert.channels) == ("PAID_AFTER_FAILURE", list(Channel))
    assert alert.body == f"Payment {paid.number} of John Doe, which was FAILED, is paid with receipt TC51ABCD2E after all."
    [notice] = await told_of(client)
    assert notice.title == "Your payment has arrived"


async def test_alarms() -> None:
    admin = await somebody(Role.ADMIN)
    await told(an_alarm(), 1)
    await told(an_alarm(raised=False), 2)
    raised, cleared = await told_of(admin)
    assert (raised.type, raised.channels) == ("RECONCILIATION_ALARM", list(Channel))
    assert raised.body == "The share of discrepancies was 10 % in the last 60 minutes; told above 5 %."
    assert cleared.channels == [Channel.DATABASE, Channel.BROADCAST]


@pytest.mark.parametrize(
    ("status", "before", "type", "said"),
    [
        (PaymentStatus.PAID, PaymentStatus.PROCESSING, "PAYMENT_PAID", "has arrived. M-Pesa receipt TC51ABCD2E."),
        (
            PaymentStatus.FAILED,
            PaymentStatus.STK_SENT,
            "PAYMENT_FAILED",
            "were not paid. Too little money. You can try again.",
        ),
        (PaymentStatus.EXPIRED, PaymentStatus.STK_SENT, "PAYMENT_FAILED", "You can try again."),
        (PaymentStatus.REVERSED, PaymentStatus.PAID, "PAYMENT_REVERSED", "was given back to your M-Pesa account."),
        (PaymentStatus.PARTIALLY_REVERSED, PaymentStatus.PAID, "PAYMENT_REVERSED", "A part of your payment"),
        (PaymentStatus.CANCELLED, PaymentStatus.STK_SENT, None, ""),
        (PaymentStatus.PROCESSING, PaymentStatus.STK_SENT, None, ""),
        (PaymentStatus.PAID, PaymentStatus.PAID, None, ""),
    ],
)
async def test_the_payer_is_told_what_became_of_a_payment(
    status: PaymentStatus, before: PaymentStatus, type: str | None, said: str
) -> None:
    client, bystander = await somebody(Role.BORROWER), await somebody(Role.BORROWER)
    payment = await figures_of(
        client, status=status, transaction_id="TC51ABCD2E", status_reason="Too little money" if before else None
    )
    await told(PaymentChanged(payment=payment, before=before), 1)
    notices = await told_of(client)
    assert [notice.type for notice in notices] == ([type] if type else [])
    assert all(said in notice.body and notice.channels == [Channel.DATABASE, Channel.BROADCAST] for notice in notices)
    assert await told_of(bystander) == []


async def test_a_payment_of_nobody_is_told_to_nobody() -> None:
    payment = await figures_of(None, status=PaymentStatus.PAID)
    assert await told(PaymentChanged(payment=payment, before=PaymentStatus.CREATED), 1) == 0


async def test_no_message_has_a_whole_telephone_number() -> None:
    admin, client = await somebody(Role.ADMIN), await somebody(Role.BORROWER)
    other_phone = replace(AN_ISSUE, type=DiscrepancyType.PHONE_MISMATCH, expected="2547*****678", received="2547*****001")
    paid = await figures_of(client, status=PaymentStatus.PAID)
    mail, sms = Remembering(), Remembering()
    with carried_by(mailer=mail, texter=sms):
        await told(found(await a_payment(), [other_phone]), 1)
        await told(PaidAfterFailure(payment=paid, before=PaymentStatus.EXPIRED), 2)
        await worked_off_at(NOON)
    for message in (*mail.taken, *sms.taken):
        assert "2547" not in message.text.replace("2547*****", "")
    assert {(await told_of(admin))[0].body.count("*")} == {10}
