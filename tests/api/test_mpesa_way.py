"""Paying by M-Pesa from end to end: our door, our worker and a provider that calls back, all over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from api.mpesa.account import UNNAMED_PATH
from api.processes.mpesa import Registering
from domain.kit.database import fetchval
from domain.payments import provider
from domain.payments.models import Discrepancy, MpesaMessage, Payment
from domain.payments.states import DiscrepancyType, MessageState, PaymentStatus
from tests.support.collected import in_transit, kes
from tests.support.happenings import assert_integrity
from tests.support.mpesa import Merchant, Mpesa, an_mpesa, until
from tests.support.paying import PHONE, a_booking, asking, brought, now, paying_settings, tables_with, worked
from tests.support.servers import served, settings_for_tests, small_app

pytestmark = pytest.mark.usefixtures("database")

SECRET = "only-told-to-the-provider"


@asynccontextmanager
async def an_installation(**chosen: Any) -> AsyncIterator[Mpesa]:
    """Our door with a secret path, and a simulator that is told of it and called by the worker."""
    merchant = Merchant()
    async with an_mpesa(merchant, delay_s=3_000) as mpesa:
        account: dict[str, Any] = {
            "mpesa_url": mpesa.address,
            "mpesa_consumer_key": "simulator-key",
            "mpesa_consumer_secret": "simulator-secret",
            "mpesa_short_code": "600000",
            "mpesa_passkey": "simulator-passkey",
            "mpesa_callback_url": f"https://pay.example.org{UNNAMED_PATH}",
            "mpesa_webhook_secret": SECRET,
        }
        async with served(small_app(settings=settings_for_tests(**{**account, **chosen}))) as address:
            merchant.address = f"{address}{UNNAMED_PATH}/{SECRET}"
            async with asking(mpesa):
                with paying_settings(short_codes=frozenset({"600000"})):
                    yield mpesa


async def messages() -> list[tuple[str, str]]:
    return [(each.kind.value, each.state.value) for each in await MpesaMessage.all().order_by("received_at", "id")]


async def test_a_prompt_that_is_paid_reaches_what_it_was_for() -> None:
    async with an_installation() as mpesa:
        payment = await (await a_booking()).pays()
        await worked()
        await mpesa.delivered()
        assert await messages() == [("STK_CALLBACK", "RECEIVED")]
        assert (await now(payment)).status is PaymentStatus.STK_SENT, "nothing is made of it at once"
        await worked(after=1.5)
        assert (await now(payment)).status is PaymentStatus.STK_SENT, "nor before two seconds"
        await worked(after=2.3)
        await brought()
        [truth] = await mpesa.truth()
    paid = await now(payment)
    assert (paid.status, paid.transaction_id, paid.purpose_amount) == (PaymentStatus.PAID, truth["receipt"], kes(2500))
    assert await messages() == [("STK_CALLBACK", "DONE")]
    assert await in_transit() == kes(0), "the payee has it"
    assert await tables_with(PHONE[3:]) == ["payment_evidence"]
    await assert_integrity()


async def test_a_customer_who_pays_without_being_asked_is_asked_for_nothing_again() -> None:
    async with an_installation(mpesa_strict_accounts=True) as mpesa:
        await provider.current().register_urls(provider.WhenWeAreSilent.CANCEL)
        booked = await a_booking(700)
        await mpesa.customer_pays(booked.session.number, "700")
        await mpesa.customer_pays("nothing of ours", "700")
        await mpesa.customer_pays(booked.session.number, "699")
        await mpesa.delivered()
        assert [each["state"] for each in await mpesa.truth()] == ["PAID", "FAILED", "FAILED"]
        await worked(after=3)
        await brought()
    payment = await Payment.get()
    assert (payment.status, payment.amount, payment.target_id) == (PaymentStatus.PAID, kes(700), booked.session.id)
    assert {state for _, state in await messages()} == {"DONE"}
    assert await tables_with(PHONE[3:]) == []
    await assert_integrity()


async def test_where_accounts_are_not_checked_unknown_money_waits_for_a_person() -> None:
    async with an_installation() as mpesa:
        await provider.current().register_urls(provider.WhenWeAreSilent.COMPLETE)
        await mpesa.customer_pays("my telephone", "50")
        await mpesa.delivered()
        await worked(after=3)
    found = await Discrepancy.get()
    assert (found.type, found.payment_id) == (DiscrepancyType.ORPHAN_TRANSACTION, None)
    assert await fetchval("select sum(net_minor) from payment_credit where destination = 'SUSPENSE'") == 5000
    await assert_integrity()


@pytest.mark.attack("forged payments", on="M-Pesa")
async def test_a_forged_callback_credits_nothing() -> None:
    forged = b'{"Body":{"stkCallback":{"CheckoutRequestID":"ws_CO_05032025101530123712345678","ResultCode":0}}}'
    async with an_installation() as mpesa:
        payment = await (await a_booking()).pays()
        await worked()
        response = await mpesa.http.post(mpesa.merchant.address.replace(SECRET, "another-guess") + "/stk", content=forged)
        assert response.status_code == 404
        response = await mpesa.http.post(mpesa.merchant.address + "/stk", content=forged)
        assert response.status_code == 200
        for after in range(3, 300, 30):
            await worked(after=after)
    assert sorted(state for _, state in await messages()) == [MessageState.REFUSED.value, MessageState.UNKNOWN.value]
    assert (await now(payment)).purpose_minor == 0
    assert await fetchval("select count(*) from payment_credit") == 0
    await assert_integrity()


async def test_the_worker_registers_our_secret_address() -> None:
    async with an_installation() as mpesa:
        registering = Registering(mpesa.daraja(), again_after_s=60)
        assert await registering._register()

        async def is_told() -> bool:
            await mpesa.customer_pays("FEE-1", "10")
            await mpesa.delivered()
            return any(kind == "C2B_CONFIRMATION" for kind, _ in await messages())

        await until(is_told)


def test_the_domain_is_told_what_the_installation_chose() -> None:
    without = settings_for_tests().payments
    assert not without.has_account and not without.takes_commands and without.short_codes == frozenset()
    chosen = settings_for_tests(
        mpesa_url="http://127.0.0.1:1",
        mpesa_callback_url="http://127.0.0.1:2",
        mpesa_consumer_key="key",
        mpesa_consumer_secret="secret",
        mpesa_passkey="passkey",
        mpesa_short_code="600000",
        mpesa_initiator="operator",
        mpesa_security_credential="encrypted",
        mpesa_most=70_000,
    ).payments
    assert chosen.has_account and chosen.takes_commands
    assert (chosen.most, chosen.short_codes) == (kes(70_000), frozenset({"600000"}))
