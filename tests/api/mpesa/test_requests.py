"""What we ask of M-Pesa arrives as it wants it, and what it answers is understood."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from api.mpesa import Daraja
from api.mpesa.account import password, timestamp_of
from domain.kit.context import CallContext, call_context
from domain.kit.errors import InvalidAmount, InvalidInput
from domain.kit.money import Money
from domain.payments.provider import (
    CommandAccepted,
    MpesaProvider,
    ProviderRefused,
    Reversal,
    StatusInquiry,
    StkPending,
    StkPush,
    StkResult,
    WhenWeAreSilent,
)
from tests.support.mpesa import PHONE, Mpesa, pushed


def kes(shillings: str) -> Money:
    return Money.of(shillings, "KES")


async def test_a_prompt_is_accepted_pending_and_paid(daraja: Daraja, mpesa: Mpesa) -> None:
    provider: MpesaProvider = daraja
    accepted = await pushed(daraja)
    assert re.fullmatch(r"ws_CO_\d{17}712345678", accepted.checkout_request_id)
    assert isinstance(await provider.stk_query(accepted.checkout_request_id), StkPending)
    assert mpesa.merchant.messages == []

    await mpesa.delivered()
    result = await provider.stk_query(accepted.checkout_request_id)
    assert isinstance(result, StkResult) and result.is_paid and result.code == 0
    [message] = mpesa.merchant.callbacks
    assert message.callback["CheckoutRequestID"] == accepted.checkout_request_id
    assert message.callback["MerchantRequestID"] == accepted.merchant_request_id
    [payment] = await mpesa.truth()
    assert message.items["MpesaReceiptNumber"] == payment["receipt"]
    assert (message.items["Amount"], message.items["PhoneNumber"]) == (2500.0, int(PHONE))
    assert (payment["state"], payment["paid"], payment["phoneMasked"]) == ("PAID", "2500.00", "2547*****678")


@pytest.mark.parametrize("code", [1, 17, 1001, 1019, 1025, 1032, 1037, 2001, 9999])
async def test_a_prompt_that_is_not_paid(daraja: Daraja, mpesa: Mpesa, code: int) -> None:
    accepted = await pushed(daraja, phone=f"254799{code:06}")
    await mpesa.delivered()
    result = await daraja.stk_query(accepted.checkout_request_id)
    assert isinstance(result, StkResult) and not result.is_paid
    assert result.code == code and result.description
    [message] = mpesa.merchant.callbacks
    assert message.callback["ResultCode"] == code
    assert "CallbackMetadata" not in message.callback


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"phone": "0712345678"}, InvalidInput),
        ({"phone": "254212345678"}, InvalidInput),
        ({"phone": "12345678"}, InvalidInput),
        ({"reference": "ABCDEFGHIJKLM"}, InvalidInput),
        ({"reference": " "}, InvalidInput),
        ({"description": "ABCDEFGHIJKLMN"}, InvalidInput),
        ({"amount": Money.of("10.50", "KES")}, InvalidAmount),
        ({"amount": Money.of("0", "KES")}, InvalidAmount),
        ({"amount": Money.of("-5", "KES")}, InvalidAmount),
        ({"amount": Money.of("10", "INR")}, InvalidAmount),
    ],
)
def test_what_m_pesa_would_not_take_is_not_even_asked(change: dict[str, object], refusal: type[Exception]) -> None:
    right: dict[str, object] = {
        "phone": PHONE,
        "amount": kes("1"),
        "reference": "ABCDEFGHIJKL",
        "description": "ABCDEFGHIJKLM",
    }
    assert PHONE not in repr(StkPush(**right))  # type: ignore[arg-type]
    with pytest.raises(refusal):
        StkPush(**(right | change))  # type: ignore[arg-type]


def test_a_receipt_looks_like_one() -> None:
    for receipt in ("", "TC51ABCD2", "tc51abcd2e", "TC51ABCD2E "):
        with pytest.raises(InvalidInput):
            StatusInquiry(receipt=receipt, remarks="why")
        with pytest.raises(InvalidInput):
            Reversal(receipt=receipt, amount=kes("1"), remarks="why")
    with pytest.raises(InvalidInput):
        Reversal(receipt="TC51ABCD2E", amount=kes("1"), remarks="")


def test_the_password_is_signed_in_east_africa_time() -> None:
    stamp = timestamp_of(datetime(2025, 3, 5, 22, 15, 30, tzinfo=UTC))
    assert stamp == "20250306011530"
    # The published example of Safaricom's documentation of prompts.
    assert password("174379", "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919", "20160216165627") == (
        "MTc0Mzc5YmZiMjc5ZjlhYTliZGJjZjE1OGU5N2RkNzFhNDY3Y2QyZTBjODkzMDU5YjEwZjc4ZTZiNzJhZGExZWQyYzkxOTIwMTYwMjE2MTY1NjI3"
    )


async def test_a_customers_own_payment_is_asked_about_and_told(daraja: Daraja, mpesa: Mpesa) -> None:
    for _ in range(2):
        await daraja.register_urls(WhenWeAreSilent.CANCEL)
    assert (await mpesa.customer_pays("FEE-42", "999.50")).json()["ResponseCode"] == "0"
    await mpesa.delivered()
    [asked] = mpesa.merchant.told("/c2b/validation")
    [told] = mpesa.merchant.told("/c2b/confirmation")
    assert asked.body["TransID"] == told.body["TransID"]
    assert len(told.body) == 13
    assert (told.body["TransAmount"], told.body["BillRefNumber"]) == ("999.50", "FEE-42")
    assert (told.body["MSISDN"], told.body["OrgAccountBalance"]) == ("2547*****678", "10999.50")


async def test_that_addresses_are_registered_already_is_no_refusal(daraja: Daraja, mpesa: Mpesa) -> None:
    await mpesa.answers(500, "500.003.1001", "URLs are already registered", path="registerurl")
    await daraja.register_urls(WhenWeAreSilent.COMPLETE)
    await mpesa.answers(400, "400.003.02", "Invalid ResponseType", path="registerurl")
    with pytest.raises(ProviderRefused, match="ResponseType"):
        await daraja.register_urls(WhenWeAreSilent.COMPLETE)


async def test_the_status_of_a_transaction_comes_later(daraja: Daraja, mpesa: Mpesa) -> None:
    await pushed(daraja)
    await mpesa.delivered()
    [payment] = await mpesa.truth()
    for receipt in (payment["receipt"], "TC51ABCD2E"):
        asked = await daraja.transaction_status(StatusInquiry(receipt=receipt, remarks="reconciliation"))
        await mpesa.delivered()
        told = mpesa.merchant.told("/results/status")[-1].result
        assert told["ConversationID"] == asked.conversation_id
        assert told["OriginatorConversationID"] == asked.originator_conversation_id
    known, unknown = mpesa.merchant.told("/results/status")
    assert known.parameters["TransactionStatus"] == "Completed"
    assert known.parameters["ReceiptNo"] == payment["receipt"] and known.parameters["Amount"] == 2500.0
    assert unknown.result["ResultCode"] == 2032 and "ResultParameters" not in unknown.result


async def test_money_is_given_back_in_parts_and_not_twice(daraja: Daraja, mpesa: Mpesa) -> None:
    await pushed(daraja)
    await mpesa.delivered()
    [payment] = await mpesa.truth()
    codes, states = [], []
    for shillings in ("1000", "2000", "1500", "1"):
        wanted = Reversal(receipt=payment["receipt"], amount=kes(shillings), remarks="paid twice")
        assert isinstance(await daraja.reverse(wanted), CommandAccepted)
        await mpesa.delivered()
        codes.append(mpesa.merchant.told("/results/reversal")[-1].result["ResultCode"])
        states.append((await mpesa.truth())[0]["state"])
    assert codes == [0, 1, 0, "R000001"]
    assert states == ["PARTIALLY_REVERSED", "PARTIALLY_REVERSED", "REVERSED", "REVERSED"]
    first, _, second, _ = mpesa.merchant.told("/results/reversal")
    assert first.result["TransactionID"] != second.result["TransactionID"], "each reversal has its own receipt"
    assert first.parameters["OriginalTransactionID"] == payment["receipt"]
    assert (await mpesa.counts())["balance"] == "10000.00"


async def test_only_the_operator_gives_orders(mpesa: Mpesa) -> None:
    wanted = Reversal(receipt="TC51ABCD2E", amount=kes("1"), remarks="why")
    async with mpesa.daraja(initiator="somebody") as daraja:
        assert isinstance(await daraja.reverse(wanted), CommandAccepted)
        await daraja.transaction_status(StatusInquiry(receipt="TC51ABCD2E", remarks="why"))
    async with mpesa.daraja(initiator=None, security_credential=None) as daraja:
        with pytest.raises(ProviderRefused, match="MPESA_INITIATOR"):
            await daraja.reverse(wanted)
    await mpesa.delivered()
    assert [message.result["ResultCode"] for message in mpesa.merchant.messages] == [2001, 2001]


async def test_the_call_is_known_at_the_other_end(daraja: Daraja, mpesa: Mpesa) -> None:
    with call_context(CallContext()) as call:
        await pushed(daraja)
    [payment] = await mpesa.truth()
    assert payment["correlationId"] == str(call.correlation_id)
