"""A statement and a message tell of the same payments at once, which nobody was asked for: one payment is made of each."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.identity.permissions import Role
from domain.kit import clock
from domain.payments import intake
from domain.payments.models import Discrepancy, Payment, PaymentCredit
from domain.payments.purposes.top_ups import due
from domain.payments.states import MessageKind, PaymentStatus
from tests.domain.payments.intake.said import confirmation
from tests.support.happenings import assert_integrity
from tests.support.mpesa_statements import (
    NOON,
    an_administrator,
    asked_for,
    receipts,
    row,
    statement,
    work_is_done,
)
from tests.support.people import an_actor
from tests.support.races import at_once

pytestmark = pytest.mark.usefixtures("database")

ALL = 30


async def test_what_two_channels_tell_at_once_is_one_payment() -> None:
    owner = await an_actor(Role.BORROWER)
    number = (await due(owner, owner.id)).account_reference
    told = list(receipts(ALL))
    with clock.clock_set_to(NOON - timedelta(seconds=10)):
        for receipt in told:
            body = confirmation(number, receipt=receipt)
            await intake.store_message(kind=MessageKind.C2B_CONFIRMATION, body=body, source_address=None)
    await asked_for(an_administrator(), statement(*(row(receipt, reference=number) for receipt in told)))
    await at_once([intake.drain(), work_is_done()])
    await work_is_done()
    assert await Payment.filter(status=PaymentStatus.PAID).count() == await Payment.all().count() == ALL
    assert {credit.receipt for credit in await PaymentCredit.all()} == set(told)
    assert await Discrepancy.exclude(status="RESOLVED").count() == 0
    await assert_integrity()
