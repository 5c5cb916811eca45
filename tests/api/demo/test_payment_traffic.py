"""Simulated payers: telephones are prompted where M-Pesa is simulated, and nowhere else."""

from __future__ import annotations

import random

import pytest

from api.demo import people
from api.demo.payment_traffic import MOST_UNPAID, PaymentTraffic
from api.demo.traffic import Traffic
from api.processes.dev import pretends
from domain.kit.errors import DomainError
from domain.payments.models import Payment, PaymentPrompt, ServiceSession
from domain.payments.states import PaymentStatus, Purpose
from tests.support.happenings import assert_integrity
from tests.support.paying import paying_settings
from tests.support.servers import settings_for_tests

DAYS = 12

pytestmark = pytest.mark.usefixtures("database")


async def busy_days(traffic: PaymentTraffic) -> None:
    await people.open_branches()
    for _ in range(DAYS):
        for act in traffic.acts:
            try:
                await act()
            except DomainError:
                """As somebody may be asked to pay already."""


async def test_payers_book_pay_and_go_wrong_in_every_way() -> None:
    with paying_settings():
        await busy_days(PaymentTraffic(random.Random(5)))
    assert 1 <= await ServiceSession.all().count() <= MOST_UNPAID, "nobody books more while nothing is paid"
    payments = await Payment.all()
    assert {payment.purpose for payment in payments} == {Purpose.SERVICE_SESSION, Purpose.WALLET_TOP_UP}
    assert {payment.status for payment in payments} == {PaymentStatus.CREATED}, "the worker asks"
    telephones = {prompt.phone[:6] for prompt in await PaymentPrompt.all()}
    assert {"254798"} < telephones, "now and then something goes wrong"
    await assert_integrity()


async def test_without_an_account_nobody_pays() -> None:
    await busy_days(PaymentTraffic(random.Random(5)))
    assert await ServiceSession.all().exists() and not await Payment.all().exists()


def test_only_where_mpesa_is_simulated() -> None:
    account = {
        "mpesa_consumer_key": "key",
        "mpesa_consumer_secret": "secret",
        "mpesa_short_code": "600000",
        "mpesa_passkey": "passkey",
        "mpesa_callback_url": "https://pay.example.org/webhooks/mobile-money",
    }
    assert pretends(settings_for_tests(mpesa_url="http://127.0.0.1:8600", **account))
    assert not pretends(settings_for_tests(mpesa_url="https://sandbox.safaricom.co.ke", **account))
    assert not pretends(settings_for_tests())
    assert len(Traffic(pays=True).possible) > len(Traffic().possible)
