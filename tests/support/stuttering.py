"""An M-Pesa in this process that stutters: on a seed it says things twice, late, in any order, or the contrary of them.

It is away, loses its answers, and takes other amounts than were asked for. What really happened it knows, and its statement
tells.
"""

from __future__ import annotations

import asyncio
import json
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from domain.kit import clock
from domain.payments.provider import (
    CommandAccepted,
    FateUnknown,
    ProviderAway,
    ProviderBusy,
    ProviderRefused,
    Reversal,
    StatusInquiry,
    StkAccepted,
    StkPending,
    StkPush,
    StkResult,
    WhenWeAreSilent,
)
from domain.payments.states import MessageKind
from tests.support.mpesa_statements import reversal, row, statement

EAST: Final = timedelta(hours=3)


@dataclass
class Came:
    """Money that came, and what of it went back."""

    receipt: str
    amount: int
    reference: str
    phone: str
    at: datetime
    backs: list[tuple[str, int]] = field(default_factory=list)

    @property
    def left(self) -> int:
        return self.amount - sum(each for _, each in self.backs)


@dataclass
class Prompted:
    """A telephone that was prompted, and how that ended."""

    checkout: str
    push: StkPush
    code: int | None = None
    came: Came | None = None


class House:
    """M-Pesa; ``mail`` is what it is about to send."""

    name = "house"

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.prompts: dict[str, Prompted] = {}
        self.came: dict[str, Came] = {}
        self.mail: list[tuple[MessageKind, bytes]] = []
        self.count = 0

    def _receipt(self) -> str:
        self.count += 1
        return f"TK{self.count:07d}{self.rng.choice('ABC')}"

    def _trouble(self) -> None:
        chance = self.rng.random()
        if chance < 0.05:
            raise ProviderAway("away", code="AWAY")
        if chance < 0.08:
            raise ProviderBusy("busy", code="BUSY")
        if chance < 0.1:
            raise ProviderRefused("no 254712345678", code="NO")

    async def stk_push(self, request: StkPush) -> StkAccepted | FateUnknown:
        await asyncio.sleep(self.rng.random() * 0.01)
        self._trouble()
        self.count += 1
        told = Prompted(f"ws_CO_21112026{self.count:06d}{request.phone[-9:]}", request)
        self.prompts[told.checkout] = told
        self._decide(told)
        await asyncio.sleep(self.rng.random() * 0.01)
        if self.rng.random() < 0.06:
            return FateUnknown(code="LOST", reason="lost")
        return StkAccepted(merchant_request_id=f"m-{self.count}", checkout_request_id=told.checkout)

    def _decide(self, told: Prompted) -> None:
        told.code = self.rng.choice([0, 0, 0, 0, 1032, 1037, 1])
        if told.code == 0:
            minor = told.push.amount.amount_minor
            if self.rng.random() < 0.15:
                minor = self.rng.choice([minor - 100, minor * 2, minor + 50])
            told.came = self.pays(minor, told.push.reference, told.push.phone, confirm=self.rng.random() < 0.3)
        chance = self.rng.random()
        if chance < 0.85:
            for _ in range(self.rng.choice([1, 1, 1, 2, 3])):
                self.mail.append((MessageKind.STK_CALLBACK, self._callback(told)))
        if chance > 0.8:
            # Somebody says the contrary, before or after.
            self.mail.append((MessageKind.STK_CALLBACK, self._failure(told)))
        self.rng.shuffle(self.mail)

    def _callback(self, told: Prompted) -> bytes:
        if told.code != 0 or told.came is None:
            return self._failure(told)
        ended: dict[str, Any] = {"CheckoutRequestID": told.checkout, "MerchantRequestID": "m", "ResultCode": 0}
        if self.rng.random() < 0.9:
            named = {
                "Amount": told.came.amount / 100,
                "MpesaReceiptNumber": self._written(told.came.receipt),
                "TransactionDate": int((told.came.at + EAST).strftime("%Y%m%d%H%M%S")),
                "PhoneNumber": int(told.push.phone),
            }
            items = [{"Name": name, "Value": value} for name, value in named.items()]
            self.rng.shuffle(items)
            ended["CallbackMetadata"] = {"Item": items}
        return json.dumps({"Body": {"stkCallback": ended}}).encode()

    def _failure(self, told: Prompted) -> bytes:
        codes: list[int | str] = [1032, "1037", 1]
        code = self.rng.choice(codes)
        return json.dumps({"Body": {"stkCallback": {"CheckoutRequestID": told.checkout, "ResultCode": code}}}).encode()

    def _written(self, receipt: str) -> str:
        return self.rng.choice([receipt, receipt.lower(), f" {receipt} "])

    def pays(self, minor: int, reference: str, phone: str, *, confirm: bool = True) -> Came:
        came = Came(self._receipt(), minor, reference, phone, clock.now())
        self.came[came.receipt] = came
        for _ in range(self.rng.choice([1, 1, 2]) if confirm else 0):
            self.mail.append((MessageKind.C2B_CONFIRMATION, self._confirmation(came)))
        return came

    def _confirmation(self, came: Came) -> bytes:
        told = {
            "TransactionType": "Pay Bill",
            "TransID": self._written(came.receipt),
            "TransTime": (came.at + EAST).strftime("%Y%m%d%H%M%S"),
            "TransAmount": f"{came.amount / 100:.2f}",
            "BusinessShortCode": "600000",
            "BillRefNumber": came.reference,
            "MSISDN": "2547*****" + came.phone[-3:],
            "FirstName": "AMA",
        }
        return json.dumps(told).encode()

    async def stk_query(self, checkout_request_id: str) -> StkPending | StkResult:
        await asyncio.sleep(self.rng.random() * 0.005)
        self._trouble()
        told = self.prompts.get(checkout_request_id)
        if told is None or told.code is None or self.rng.random() < 0.2:
            return StkPending(reason="wait")
        return StkResult(code=told.code, description="so it ended")

    async def register_urls(self, when_silent: WhenWeAreSilent) -> None:
        return None

    async def transaction_status(self, request: StatusInquiry) -> CommandAccepted:
        self._trouble()
        self.count += 1
        ids = f"conv-{self.count}", f"orig-{self.count}"
        came = self.came.get(request.receipt)
        code = 0 if came else 2032
        named: dict[str, Any] = {"TransactionStatus": "Completed", "ReceiptNo": request.receipt}
        if came:
            named["Amount"] = came.amount / 100
        self.mail.append((MessageKind.STATUS_RESULT, self._result(ids, code, "TKSTATUS00", named)))
        return CommandAccepted(conversation_id=ids[0], originator_conversation_id=ids[1])

    async def reverse(self, request: Reversal) -> CommandAccepted | FateUnknown:
        await asyncio.sleep(self.rng.random() * 0.01)
        self._trouble()
        self.count += 1
        ids = f"conv-{self.count}", f"orig-{self.count}"
        came = self.came.get(request.receipt)
        fits = came is not None and came.left >= request.amount.amount_minor and self.rng.random() < 0.8
        back = f"TR{self.count:07d}X"
        if fits and came is not None:
            came.backs.append((back, request.amount.amount_minor))
        result = self._result(ids, 0 if fits else "R000001", back, {})
        for _ in range(self.rng.choice([0, 1, 1, 2])):
            self.mail.append((MessageKind.REVERSAL_RESULT, result))
        if self.rng.random() < 0.1:
            return FateUnknown(code="LOST", reason="lost")
        return CommandAccepted(conversation_id=ids[0], originator_conversation_id=ids[1])

    def _result(self, ids: tuple[str, str], code: int | str, transaction: str, named: dict[str, Any]) -> bytes:
        told: dict[str, Any] = {
            "ResultType": 0,
            "ResultCode": code,
            "ResultDesc": "The service request is processed for 254712345678",
            "ConversationID": ids[0],
            "OriginatorConversationID": ids[1],
            "TransactionID": transaction,
        }
        if named:
            told["ResultParameters"] = {"ResultParameter": [{"Key": key, "Value": value} for key, value in named.items()]}
        return json.dumps({"Result": told}).encode()

    def statement(self, share: float = 1.0) -> str:
        lines = []
        for came in list(self.came.values()):
            if self.rng.random() <= share:
                lines.append(row(came.receipt, f"{came.amount / 100:.2f}", at=came.at, reference=came.reference))
                lines += [reversal(back, came.receipt, f"{minor / 100:.2f}", at=came.at) for back, minor in came.backs]
        if share < 1:
            self.rng.shuffle(lines)
        return statement(*lines)
