"""M-Pesa as it was in the demo's story: it takes what Daraja takes, and its messages and its statement look like Daraja's.

The story is told in a moment and without a network, so whoever tells it says when somebody pays, and hands the messages
over. The payments of today are the simulator's.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any, Final

from api.mpesa.account import EAST_AFRICA, timestamp_of
from api.mpesa.simulator.config import SHORT_CODE
from api.mpesa.simulator.fates import RESULTS
from api.mpesa.simulator.statement import ORGANISATION
from domain.kit import clock
from domain.kit.money import Money
from domain.payments.provider import (
    CommandAccepted,
    Reversal,
    StatusInquiry,
    StkAccepted,
    StkPending,
    StkPush,
    StkResult,
    WhenWeAreSilent,
)
from domain.payments.rules.phones import mask

ADDRESS: Final = "196.201.214.200"
"""One of Safaricom's."""

UNREACHABLE: Final = 1037
CANCELLED: Final = 1032

_TIME: Final = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a telephone shows."""

    merchant_request_id: str
    checkout_request_id: str
    phone: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Line:
    """A movement on the merchant's account; ``reverses`` is the receipt of what went back."""

    receipt: str
    at: datetime
    amount: Money
    phone: str
    reference: str
    payer: str
    details: str
    reverses: str = ""


class MpesaThen:
    """Somebody to ask, as :class:`domain.payments.provider.MpesaProvider` has it, with a hand in what customers do."""

    name = "story"

    def __init__(self) -> None:
        self._requests = count(1)
        self._receipts = count(2_019_447, 13)
        self._prompts: dict[str, Prompt] = {}
        self._ends: dict[str, int] = {}
        self._conversations: dict[str, CommandAccepted] = {}
        self.lines: list[Line] = []

    async def stk_push(self, request: StkPush) -> StkAccepted:
        number, at = next(self._requests), timestamp_of(clock.now())
        shown = Prompt(f"{71_000 + number}-{19_446_100 + 7 * number}-1", f"ws_CO_{at}{number:03}{request.phone[3:]}",
                       request.phone, request.amount)  # fmt: skip
        self._prompts[request.reference] = shown
        return StkAccepted(merchant_request_id=shown.merchant_request_id, checkout_request_id=shown.checkout_request_id)

    async def stk_query(self, checkout_request_id: str) -> StkPending | StkResult:
        code = self._ends.get(checkout_request_id)
        if code is None:
            return StkPending(reason="The transaction is being processed")
        return StkResult(code=code, description=RESULTS[code])

    async def register_urls(self, when_silent: WhenWeAreSilent) -> None:
        """The story knows where we are."""

    async def transaction_status(self, request: StatusInquiry) -> CommandAccepted:
        return self._conversation(request.receipt)

    async def reverse(self, request: Reversal) -> CommandAccepted:
        return self._conversation(request.receipt)

    def declines(self, reference: str, code: int) -> bytes:
        """Whoever was prompted under a reference does not pay; the callback that says so."""
        return _callback(self._ended(reference, code), code, [])

    def pays(self, reference: str, *, amount: Money | None = None, phone: str | None = None, payer: str) -> bytes:
        """Whoever was prompted under a reference enters the PIN; the callback that says so."""
        prompt = self._ended(reference, 0)
        line = self._came(amount or prompt.amount, phone or prompt.phone, reference, payer, "Pay Bill Online")
        return _callback(prompt, 0, [
            {"Name": "Amount", "Value": float(line.amount.amount)},
            {"Name": "MpesaReceiptNumber", "Value": line.receipt},
            {"Name": "TransactionDate", "Value": int(timestamp_of(line.at))},
            {"Name": "PhoneNumber", "Value": int(line.phone)},
        ])  # fmt: skip

    def pays_bill(self, typed: str, amount: Money, *, phone: str, payer: str) -> bytes:
        """Somebody pays by Paybill on their own and types an account number; the confirmation."""
        line = self._came(amount, phone, typed, payer, f"Pay Bill {typed}")
        first, _, last = payer.partition(" ")
        return _written({
            "TransactionType": "Pay Bill", "TransID": line.receipt, "TransTime": timestamp_of(line.at),
            "TransAmount": f"{amount.amount:.2f}", "BusinessShortCode": SHORT_CODE, "BillRefNumber": typed,
            "InvoiceNumber": "", "OrgAccountBalance": "", "ThirdPartyTransID": "", "MSISDN": mask(phone),
            "FirstName": first, "MiddleName": "", "LastName": last,
        })  # fmt: skip

    def gives_back(self, receipt: str) -> bytes:
        """What we asked to be given back has been; the result."""
        asked, line = self._conversations[receipt], self.takes_back(receipt)
        said = {"OriginalTransactionID": receipt, "Amount": float(line.amount.amount)}
        return _written({"Result": {
            "ResultType": 0, "ResultCode": 0, "ResultDesc": RESULTS[0],
            "OriginatorConversationID": asked.originator_conversation_id, "ConversationID": asked.conversation_id,
            "TransactionID": line.receipt,
            "ResultParameters": {"ResultParameter": [{"Key": key, "Value": value} for key, value in said.items()]},
        }})  # fmt: skip

    def takes_back(self, receipt: str) -> Line:
        """The payer has the money back, and only the statement says so."""
        [paid] = [line for line in self.lines if line.receipt == receipt]
        return self._noted(paid.amount, paid.phone, paid.reference, paid.payer, f"Reversal of {receipt}", receipt)

    def statement(self, *, without: Collection[str] = ()) -> bytes:
        """All lines so far, as an organisation exports them, but for those of some receipts."""
        written = io.StringIO()
        writer = csv.writer(written)
        writer.writerow(ORGANISATION)
        balance = Money.zero("KES")
        for line in self.lines:
            balance = balance - line.amount if line.reverses else balance + line.amount
            if line.receipt not in without:
                writer.writerow(_row(line, balance))
        return written.getvalue().encode()

    def receipt_of(self, reference: str) -> str:
        """The last receipt under a reference."""
        return [line.receipt for line in self.lines if line.reference == reference][-1]

    def _ended(self, reference: str, code: int) -> Prompt:
        prompt = self._prompts[reference]
        self._ends[prompt.checkout_request_id] = code
        return prompt

    def _came(self, amount: Money, phone: str, reference: str, payer: str, details: str) -> Line:
        return self._noted(amount, phone, reference, payer, details, "")

    def _noted(self, amount: Money, phone: str, reference: str, payer: str, details: str, reverses: str) -> Line:
        line = Line(f"SDM{next(self._receipts)}", clock.now(), amount, phone, reference, payer, details, reverses)
        self.lines.append(line)
        return line

    def _conversation(self, receipt: str) -> CommandAccepted:
        number = next(self._requests)
        asked = CommandAccepted(
            conversation_id=f"AG_{timestamp_of(clock.now())}_{number:020}",
            originator_conversation_id=f"{71_000 + number}-{19_446_100 + 7 * number}-2",
        )
        self._conversations[receipt] = asked
        return asked


def _callback(prompt: Prompt, code: int, items: list[dict[str, Any]]) -> bytes:
    said: dict[str, Any] = {
        "MerchantRequestID": prompt.merchant_request_id,
        "CheckoutRequestID": prompt.checkout_request_id,
        "ResultCode": code,
        "ResultDesc": RESULTS[code],
    }
    if items:
        said["CallbackMetadata"] = {"Item": items}
    return _written({"Body": {"stkCallback": said}})


def _row(line: Line, balance: Money) -> list[str]:
    at, amount = line.at.astimezone(EAST_AFRICA).strftime(_TIME), f"{line.amount.amount:.2f}"
    came, went = ("", amount) if line.reverses else (amount, "")
    reason = "Reversal" if line.reverses else "Pay Utility"
    party = f"{mask(line.phone)} - {line.payer}"
    return [
        line.receipt, at, at, line.details, "Completed", came, went, f"{balance.amount:.2f}", "true", reason, party,
        line.reverses, line.reference,
    ]  # fmt: skip


def _written(body: dict[str, Any]) -> bytes:
    return json.dumps(body).encode()
