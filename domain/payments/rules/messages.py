"""What the provider says of payments: callbacks of prompts, Paybill payments, results of requests.

Every function takes the raw body and gives a message or :class:`Malformed`, whatever the body is. A message that could be
read is still only what somebody said; :mod:`domain.payments.rules.matching` compares it with what we know.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from domain.kit.money import Money
from domain.payments.rules.phones import Sender
from domain.payments.rules.results import outcome_of
from domain.payments.rules.wire import Bad, Reading, Reason, object_of, receipt_of
from domain.payments.states import Outcome

CURRENCY: Final = "KES"
M = TypeVar("M")


@dataclass(frozen=True, slots=True)
class Malformed:
    """A body that is no such message: why, and at which field."""

    reason: Reason
    field: str = ""

    def __str__(self) -> str:
        return f"{self.reason.value} {self.field}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class StkCallback:
    """How a prompt ended. A success may come without its particulars; a failure has none."""

    merchant_request_id: str | None
    checkout_request_id: str
    result_code: int
    result_text: str | None
    receipt: str | None = None
    amount: Money | None = None
    transacted_at: datetime | None = None
    sender: Sender | None = None

    @property
    def outcome(self) -> Outcome:
        return outcome_of(self.result_code)


@dataclass(frozen=True, slots=True, kw_only=True)
class C2BPayment:
    """A Paybill or till payment that the payer began: made (confirmation), or about to be made (validation)."""

    receipt: str
    amount: Money
    short_code: str
    transacted_at: datetime | None
    kind: str | None
    reference: str | None
    """As the payer typed it; it may be anything, a telephone number too."""
    sender: Sender | None
    payer: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How a request of ours ended that the provider answers later: a reversal or the status of a transaction."""

    result_code: str
    """A number, or a text such as R000001: of commands it may be either."""
    result_text: str | None
    conversation_id: str | None
    originator_conversation_id: str | None
    transaction_id: str | None
    """Of the transaction that the request made; for a reversal that of the reversal."""
    receipt: str | None
    """Of the payment that it is about."""
    amount: Money | None
    transacted_at: datetime | None
    status: str | None

    @property
    def is_success(self) -> bool:
        return self.result_code.strip("0") == ""


def parse_stk_callback(body: bytes) -> StkCallback | Malformed:
    return _parsed(body, _stk_callback)


def parse_c2b(body: bytes) -> C2BPayment | Malformed:
    """A validation and a confirmation have the same fields."""
    return _parsed(body, _c2b)


def parse_result(body: bytes) -> Result | Malformed:
    return _parsed(body, _result)


def _parsed(body: bytes, read: Callable[[Reading], M]) -> M | Malformed:
    try:
        return read(Reading(object_of(body)))
    except Bad as bad:
        return Malformed(bad.reason, bad.field)


def _stk_callback(message: Reading) -> StkCallback:
    callback = message.inside("Body").inside("stkCallback")
    checkout_request_id = callback.id_required("CheckoutRequestID")
    code = callback.code_required("ResultCode")
    common = StkCallback(
        merchant_request_id=callback.id("MerchantRequestID"),
        checkout_request_id=checkout_request_id,
        result_code=code,
        result_text=callback.text("ResultDesc"),
    )
    if common.outcome is not Outcome.PAID:
        return common
    said = callback.items("CallbackMetadata", "Item")
    return StkCallback(
        merchant_request_id=common.merchant_request_id,
        checkout_request_id=checkout_request_id,
        result_code=code,
        result_text=common.result_text,
        receipt=said.receipt("MpesaReceiptNumber"),
        amount=said.amount("Amount", CURRENCY),
        transacted_at=said.instant("TransactionDate"),
        sender=said.sender("PhoneNumber"),
    )


def _c2b(message: Reading) -> C2BPayment:
    names = (message.text(name) for name in ("FirstName", "MiddleName", "LastName"))
    return C2BPayment(
        receipt=message.receipt_required("TransID"),
        amount=message.amount_required("TransAmount", CURRENCY),
        short_code=message.id_required("BusinessShortCode"),
        transacted_at=message.instant("TransTime"),
        kind=message.text("TransactionType"),
        reference=message.text("BillRefNumber"),
        sender=message.sender("MSISDN"),
        payer=" ".join(name for name in names if name) or None,
    )


def _result(message: Reading) -> Result:
    result = message.inside("Result")
    said = result.items("ResultParameters", "ResultParameter", key="Key")
    return Result(
        result_code=result.id_required("ResultCode"),
        result_text=result.text("ResultDesc"),
        conversation_id=result.id("ConversationID"),
        originator_conversation_id=result.id("OriginatorConversationID"),
        transaction_id=receipt_of(result.text("TransactionID") or ""),
        receipt=said.receipt("OriginalTransactionID") or said.receipt("ReceiptNo"),
        amount=said.amount("Amount", CURRENCY),
        transacted_at=said.instant("FinalisedTime") or said.instant("TransCompletedTime"),
        status=said.text("TransactionStatus"),
    )
