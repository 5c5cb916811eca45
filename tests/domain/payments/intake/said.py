"""What the provider sends, and what we make of it as time passes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from domain.kit import clock, database
from domain.payments import intake
from domain.payments.models import MpesaMessage, Payment
from domain.payments.states import MessageKind, MessageOrigin, MessageState
from tests.domain.payments.rules.factory import SENT_AT
from tests.domain.payments.settling.factory import Made

HEARD_AT: Final = SENT_AT + timedelta(seconds=15)
ADDRESS: Final = "196.201.214.200"
PHONE: Final = 254700000001
COMPLETED: Final = 20250305101544


def said(body: object) -> bytes:
    return json.dumps(body).encode()


def callback(made: Made | str, code: int | str = 0, *, receipt: str = "TC51ABCD2E", amount: Any = 2500) -> bytes:
    """How the prompt of a payment ended."""
    prompt = made if isinstance(made, str) else made.prompt
    ended: dict[str, Any] = {
        "MerchantRequestID": "11111-2222222-1",
        "CheckoutRequestID": prompt,
        "ResultCode": code,
        "ResultDesc": "The service request is processed.",
    }
    if code in (0, "0"):
        particulars = {
            "Amount": amount,
            "MpesaReceiptNumber": receipt,
            "TransactionDate": 20250305101544,
            "PhoneNumber": PHONE,
        }
        ended["CallbackMetadata"] = {"Item": [{"Name": name, "Value": value} for name, value in particulars.items()]}
    return said({"Body": {"stkCallback": ended}})


def confirmation(
    reference: str, *, receipt: str = "TC61QWER3T", amount: str = "2500.00", short_code: str = "600000"
) -> bytes:
    """Somebody paid by Paybill."""
    return said(
        {
            "TransactionType": "Pay Bill",
            "TransID": receipt,
            "TransTime": str(COMPLETED),
            "TransAmount": amount,
            "BusinessShortCode": short_code,
            "BillRefNumber": reference,
            "MSISDN": "2547*****001",
            "FirstName": "AMA",
        }
    )


def result(ids: tuple[str, str], code: int | str = 0, **parameters: Any) -> bytes:
    """How a request of ours ended; ``ids`` are those of the conversation."""
    conversation, originator = ids
    told = {
        "ResultType": 0,
        "ResultCode": code,
        "ResultDesc": "The service request is processed successfully.",
        "OriginatorConversationID": originator,
        "ConversationID": conversation,
        "TransactionID": "TC51ZZZZ9K",
    }
    listed = [{"Key": key, "Value": value} for key, value in parameters.items()]
    return said({"Result": told | ({"ResultParameters": {"ResultParameter": listed}} if listed else {})})


async def sent(
    body: bytes,
    kind: MessageKind = MessageKind.STK_CALLBACK,
    *,
    at: datetime = HEARD_AT,
    origin: MessageOrigin = MessageOrigin.WEBHOOK,
) -> MpesaMessage:
    """It arrives, and is kept."""
    with clock.clock_set_to(at):
        return await intake.store_message(kind=kind, body=body, source_address=ADDRESS, origin=origin)


async def drained(at: datetime) -> int:
    """All that is due by then is worked through."""
    done = 0
    with clock.clock_set_to(at):
        while batch := await intake.drain():
            done += batch
    return done


async def heard(body: bytes, kind: MessageKind = MessageKind.STK_CALLBACK, *, at: datetime = HEARD_AT) -> MpesaMessage:
    """It arrives, and two seconds later something is made of it."""
    message = await sent(body, kind, at=at)
    await drained(at + timedelta(seconds=2))
    return await MpesaMessage.get(id=message.id)


async def state_of(message: MpesaMessage) -> tuple[MessageState, str | None]:
    now = await MpesaMessage.get(id=message.id)
    return now.state, now.problem


async def payment(made: Made) -> Payment:
    return await Payment.get(id=made.id)


async def credited() -> Mapping[str | None, tuple[int, str]]:
    """Receipts, what of their money is left, and where."""
    rows = await database.fetch("select receipt, net_minor, destination from payment_credit")
    return {row["receipt"]: (row["net_minor"], row["destination"]) for row in rows}
