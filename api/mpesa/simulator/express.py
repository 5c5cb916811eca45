"""M-Pesa Express: prompts on a customer's telephone, and the question what became of one."""

from __future__ import annotations

import re
import secrets
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.mpesa.account import TransactionType, password
from api.mpesa.simulator.book import Channel, State
from api.mpesa.simulator.door import SERVER_ERROR, DarajaError, Door, Fields, invalid
from api.mpesa.simulator.fates import RESULTS
from api.mpesa.simulator.life import Life
from domain.payments.provider import MAX_DESCRIPTION, MAX_REFERENCE

_DIGITS: Final = re.compile(r"\d{5,12}", re.ASCII)
_TIMESTAMP: Final = re.compile(r"\d{14}", re.ASCII)


class Express:
    """The endpoints under ``/mpesa/stkpush`` and ``/mpesa/stkpushquery``."""

    def __init__(self, life: Life, door: Door) -> None:
        self._life = life
        self._door = door

    async def push(self, request: Request) -> Response:
        fields = await self._door.admit(request)
        self._check_signature(fields)
        fields.one_of("TransactionType", *(kind.value for kind in TransactionType))
        amount = fields.shillings("Amount")
        fields.phone("PartyA")
        fields.like("PartyB", _DIGITS)
        phone, callback_url = fields.phone("PhoneNumber"), fields.url("CallBackURL")
        reference = fields.text("AccountReference", at_most=MAX_REFERENCE)
        fields.text("TransactionDesc", at_most=MAX_DESCRIPTION)
        payment = self._life.begin(
            Channel.PROMPT,
            reference=reference,
            phone=phone,
            amount=amount,
            callback_url=callback_url,
            correlation_id=request.headers.get("x-correlation-id", "")[:64] or None,
        )
        accepted = "Success. Request accepted for processing"
        return JSONResponse(
            {
                "MerchantRequestID": payment.merchant_request_id,
                "CheckoutRequestID": payment.checkout_request_id,
                "ResponseCode": "0",
                "ResponseDescription": accepted,
                "CustomerMessage": accepted,
            }
        )

    async def query(self, request: Request) -> Response:
        fields = await self._door.admit(request)
        self._check_signature(fields)
        payment = self._life.book.prompt(fields.text("CheckoutRequestID"))
        if payment is None:
            raise invalid("CheckoutRequestID")
        if payment.state is State.PROCESSING:
            raise DarajaError(500, SERVER_ERROR, "The transaction is being processed")
        code = payment.fate.result_code
        return JSONResponse(
            {
                "ResponseCode": "0",
                "ResponseDescription": "The service request has been accepted successfully",
                "MerchantRequestID": payment.merchant_request_id,
                "CheckoutRequestID": payment.checkout_request_id,
                "ResultCode": str(code),
                "ResultDesc": RESULTS[code],
            }
        )

    def _check_signature(self, fields: Fields) -> None:
        config = self._life.config
        if fields.like("BusinessShortCode", _DIGITS) != config.short_code:
            raise DarajaError(500, SERVER_ERROR, "Merchant does not exist")
        timestamp = fields.like("Timestamp", _TIMESTAMP)
        wanted = password(config.short_code, config.passkey, timestamp)
        if not secrets.compare_digest(fields.text("Password").encode(), wanted.encode()):
            raise DarajaError(500, SERVER_ERROR, "Wrong credentials")
