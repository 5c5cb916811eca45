"""The Paybill: customers pay by themselves, and the merchant is asked and told at the addresses it registered."""

from __future__ import annotations

import secrets

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.mpesa.simulator.book import Channel
from api.mpesa.simulator.door import SERVER_ERROR, DarajaError, Door, Fields
from api.mpesa.simulator.life import Life

MAX_TYPED = 20


class PayBill:
    """The endpoints under ``/mpesa/c2b``."""

    def __init__(self, life: Life, door: Door) -> None:
        self._life = life
        self._door = door

    async def register(self, request: Request) -> Response:
        fields = await self._door.admit(request)
        self._check_short_code(fields)
        response_type = fields.one_of("ResponseType", "Completed", "Cancelled")
        urls = {name: fields.url(name) for name in ("ConfirmationURL", "ValidationURL")}
        self._life.urls = {**urls, "ResponseType": response_type}
        return _accepted("Success")

    async def simulate(self, request: Request) -> Response:
        """A customer pays the Paybill, with whatever account number is typed."""
        fields = await self._door.admit(request)
        self._check_short_code(fields)
        fields.one_of("CommandID", "CustomerPayBillOnline", "CustomerBuyGoodsOnline")
        self._life.begin(
            Channel.PAY_BILL,
            reference=fields.text("BillRefNumber", at_most=MAX_TYPED),
            phone=fields.phone("Msisdn"),
            amount=fields.shillings("Amount", cents=True),
            callback_url=None,
            correlation_id=request.headers.get("x-correlation-id", "")[:64] or None,
        )
        return _accepted("Accept the service request successfully.")

    def _check_short_code(self, fields: Fields) -> None:
        if fields.text("ShortCode") != self._life.config.short_code:
            raise DarajaError(500, SERVER_ERROR, "Merchant does not exist")


def _accepted(description: str) -> Response:
    # Spelt so in the interface.
    ids = {"OriginatorCoversationID": secrets.token_hex(8)}
    return JSONResponse({**ids, "ResponseCode": "0", "ResponseDescription": description})
