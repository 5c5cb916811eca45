"""Commands of the merchant's operator: what became of a transaction, and giving one back. Results are posted later."""

from __future__ import annotations

import re
import secrets
from decimal import Decimal
from functools import partial
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.mpesa.simulator import messages
from api.mpesa.simulator.book import Delivery, Payment
from api.mpesa.simulator.door import Door, Fields
from api.mpesa.simulator.life import Life
from domain.kit import clock

_RECEIPT: Final = re.compile(r"[0-9A-Z]{10}", re.ASCII)
_KIND: Final = re.compile(r"\d{1,2}", re.ASCII)


class Commands:
    """The endpoints for the status of a transaction and for its reversal."""

    def __init__(self, life: Life, door: Door) -> None:
        self._life = life
        self._door = door

    async def status(self, request: Request) -> Response:
        fields = await self._door.admit(request)
        receipt, ids, url = self._commanded(fields, "TransactionStatusQuery")
        fields.like("IdentifierType", _KIND)
        fields.text("PartyA")
        self._life.agenda.add(self._life.config.delay_s, partial(self._tell_status, fields, receipt, ids, url))
        return _accepted(ids)

    async def reverse(self, request: Request) -> Response:
        fields = await self._door.admit(request)
        receipt, ids, url = self._commanded(fields, "TransactionReversal")
        fields.like("RecieverIdentifierType", _KIND)
        fields.text("ReceiverParty")
        amount = fields.shillings("Amount")
        self._life.agenda.add(self._life.config.delay_s, partial(self._take_back, fields, receipt, amount, ids, url))
        return _accepted(ids)

    def _commanded(self, fields: Fields, command: str) -> tuple[str, dict[str, str], str]:
        """What every command has: the receipt it is about, the ids of its result, and where that goes."""
        self._life.make_room()
        fields.one_of("CommandID", command)
        fields.text("SecurityCredential", at_most=2_000)
        fields.text("Initiator")
        fields.text("Remarks", at_most=100)
        fields.url("QueueTimeOutURL")
        ids = {
            "OriginatorConversationID": f"{secrets.randbelow(10**5):05}-{secrets.randbelow(10**8):08}-1",
            "ConversationID": f"AG_{clock.now():%Y%m%d}_{secrets.token_hex(10)}",
        }
        return fields.like("TransactionID", _RECEIPT), ids, fields.url("ResultURL")

    def _is_known(self, fields: Fields) -> bool:
        return fields.text("Initiator") == self._life.config.initiator

    async def _tell_status(self, fields: Fields, receipt: str, ids: dict[str, str], url: str) -> None:
        payment = self._life.book.paid(receipt)
        if not self._is_known(fields):
            body = messages.result(messages.WRONG_INITIATOR, ids, receipt, {})
        elif payment is None:
            body = messages.result(messages.NO_SUCH_RECEIPT, ids, receipt, {})
        else:
            parameters = messages.status_parameters(payment, self._life.config.short_code)
            body = messages.result(0, ids, receipt, parameters)
        await self._send(payment, "STATUS_RESULT", url, body)

    async def _take_back(self, fields: Fields, receipt: str, amount: Decimal, ids: dict[str, str], url: str) -> None:
        book, payment = self._life.book, self._life.book.paid(receipt)
        refusal = _refusal(payment, amount) if self._is_known(fields) else messages.WRONG_INITIATOR
        if refusal is not None or payment is None:
            body = messages.result(refusal or messages.NO_SUCH_TRANSACTION, ids, receipt, {})
        else:
            now, own_receipt = clock.now(), self._life.reversal_receipt(payment)
            book.take_back(payment, own_receipt, amount, now)
            parameters = messages.reversal_parameters(payment, amount, now, self._life.config.short_code, book.balance)
            body = messages.result(0, ids, own_receipt, parameters)
        await self._send(payment, "REVERSAL_RESULT", url, body)

    async def _send(self, payment: Payment | None, kind: str, url: str, body: dict[str, Any]) -> None:
        status, _ = await self._life.post(url, body)
        if payment is not None:
            payment.deliveries.append(Delivery(kind, status))


def _refusal(payment: Payment | None, amount: Decimal) -> int | str | None:
    if payment is None:
        return messages.NO_SUCH_TRANSACTION
    if payment.left == 0:
        return messages.ALREADY_REVERSED
    return messages.NOT_ENOUGH if amount > payment.left else None


def _accepted(ids: dict[str, str]) -> Response:
    return JSONResponse({**ids, "ResponseCode": "0", "ResponseDescription": "Accept the service request successfully."})
