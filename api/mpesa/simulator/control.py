"""What no real M-Pesa has: the truth, and a hand in what happens next. Everything below ``/simulator``."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api.mpesa.simulator.book import Channel, Payment
from api.mpesa.simulator.door import MAX_SHILLINGS, Door, Fields, body_of, invalid
from api.mpesa.simulator.fates import RESULTS, Choice, Misbehaviour
from api.mpesa.simulator.faults import Faults, fault_from
from api.mpesa.simulator.life import Life
from api.mpesa.simulator.statement import Layout, statement
from domain.payments.provider import MAX_REFERENCE
from domain.payments.rules.phones import mask

MAX_PAGE: Final = 1_000
MAX_TIMES: Final = 1_000


class Control:
    """For tests, and for people who try things."""

    def __init__(self, life: Life, door: Door, faults: Faults) -> None:
        self._life = life
        self._door = door
        self._faults = faults

    def routes(self) -> list[Route]:
        return [
            Route("/payments", self.payments),
            Route("/payments/{name}", self.payment),
            Route("/counts", self.counts),
            Route("/statement.csv", self.statement),
            Route("/prompts", self.prompt_many, methods=["POST"]),
            Route("/next", self.choose, methods=["POST"]),
            Route("/faults", self.break_down, methods=["POST"]),
            Route("/deliver", self.deliver, methods=["POST"]),
            Route("/forget-tokens", self.forget_tokens, methods=["POST"]),
        ]

    async def payments(self, request: Request) -> Response:
        """The truth, in the order in which payments were begun: those with numbers above ``after``."""
        after, limit = _number(request, "after", 0, 10**15), _number(request, "limit", 100, MAX_PAGE)
        found = self._life.book.after(after, limit)
        more = found[-1].number if limit and len(found) == limit else None
        return JSONResponse({"payments": [truth_of(payment) for payment in found], "next": more})

    async def payment(self, request: Request) -> Response:
        """One by its number, receipt or CheckoutRequestID."""
        found = self._life.book.found(request.path_params["name"])
        return JSONResponse({"error": "there is no such payment"}, 404) if found is None else JSONResponse(truth_of(found))

    async def counts(self, request: Request) -> Response:
        return JSONResponse(self._counted())

    async def statement(self, request: Request) -> Response:
        query = request.query_params
        try:
            layout = Layout(query.get("layout", Layout.ORGANISATION))
            first, last = (date.fromisoformat(query[name]) if name in query else None for name in ("from", "to"))
        except ValueError as error:
            return _no(error)
        charges = query.get("charges") == "true"
        written = statement(self._life.book, layout, first=first, last=last, charges=charges)
        return Response(written, media_type="text/csv")

    async def prompt_many(self, request: Request) -> Response:
        """Prompt many telephones at once, as if each had been asked for; their ids, in the order of the prompts."""
        body = await body_of(request)
        asked = [Fields(each) for each in _prompts(body)]
        url = Fields(body).url("callbackUrl")
        read = [
            (fields.text("reference", at_most=MAX_REFERENCE), fields.phone("phone"), fields.shillings("amount"))
            for fields in asked
        ]
        begun = [
            self._life.begin(
                Channel.PROMPT, reference=reference, phone=phone, amount=amount, callback_url=url, correlation_id=None
            )
            for reference, phone, amount in read
        ]
        ids = [
            {"merchantRequestId": each.merchant_request_id, "checkoutRequestId": each.checkout_request_id} for each in begun
        ]
        return JSONResponse({"prompts": ids})

    async def choose(self, request: Request) -> Response:
        """What happens to the next payments; ``times`` as many, one unless said."""
        body = await body_of(request)
        try:
            times, choice = _times(body), _choice(body)
        except ValueError as error:
            return _no(error)
        self._life.choices.extend([choice] * times)
        return JSONResponse({"chosen": len(self._life.choices)})

    async def break_down(self, request: Request) -> Response:
        """What the next requests are answered instead of the right thing."""
        body = await body_of(request)
        try:
            times, fault = _times(body), fault_from(body)
        except ValueError as error:
            return _no(error)
        self._faults.coming.extend([fault] * times)
        return JSONResponse({"coming": len(self._faults.coming)})

    async def deliver(self, request: Request) -> Response:
        """Let everything happen at once that is to happen later, and answer when it has."""
        await self._life.agenda.finish()
        return JSONResponse(self._counted())

    async def forget_tokens(self, request: Request) -> Response:
        self._door.forget_tokens()
        return JSONResponse({})

    def _counted(self) -> dict[str, Any]:
        book = self._life.book
        return {
            "seed": self._life.config.seed,
            "begun": book.begun,
            "remembered": len(book),
            "outstanding": len(self._life.agenda),
            "misbehaviours": {each.value: book.fates[each.value] for each in Misbehaviour},
            "states": dict(book.states()),
            "balance": f"{book.balance:.2f}",
            "tokens": self._door.given,
        }


def truth_of(payment: Payment) -> dict[str, Any]:
    """Everything about a payment but the customer's number."""
    return {
        "number": payment.number,
        "channel": payment.channel.value,
        "reference": payment.reference,
        "phoneMasked": mask(payment.phone),
        "payer": payment.payer,
        "merchantRequestId": payment.merchant_request_id,
        "checkoutRequestId": payment.checkout_request_id,
        "correlationId": payment.correlation_id,
        "misbehaviour": payment.fate.misbehaviour.value,
        "resultCode": payment.fate.result_code,
        "oddTypes": payment.fate.odd_types,
        "state": payment.state.value,
        "asked": f"{payment.asked:.2f}",
        "paid": None if payment.paid is None else f"{payment.paid:.2f}",
        "reversed": f"{payment.reversed:.2f}",
        "receipt": payment.receipt,
        "begunAt": payment.begun_at.isoformat(),
        "settledAt": None if payment.settled_at is None else payment.settled_at.isoformat(),
        "deliveries": [
            {"kind": delivery.kind, "status": delivery.status, "resultCode": delivery.said}
            for delivery in payment.deliveries
        ],
    }


def _choice(body: dict[str, Any]) -> Choice:
    known = {"misbehaviour", "resultCode", "paid", "oddTypes"}
    if unknown := set(body) - known:
        raise ValueError(f"a fate has no {', '.join(sorted(unknown))}")
    code, odd_types, paid = body.get("resultCode"), body.get("oddTypes"), body.get("paid")
    if code is not None and code not in RESULTS:
        raise ValueError(f"a result code is one of {', '.join(map(str, RESULTS))}")
    if odd_types is not None and not isinstance(odd_types, bool):
        raise ValueError("oddTypes is true or false")
    return Choice(
        misbehaviour=None if body.get("misbehaviour") is None else Misbehaviour(body["misbehaviour"]),
        result_code=code,
        paid=None if paid is None else _paid(paid),
        odd_types=odd_types,
    )


def _paid(value: Any) -> Decimal:
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        raise ValueError("paid is an amount") from None
    if not amount.is_finite() or not 0 < amount <= MAX_SHILLINGS or amount != amount.quantize(Decimal("0.01")):
        raise ValueError("paid is an amount of shillings and cents")
    return amount


def _prompts(body: dict[str, Any]) -> list[dict[str, Any]]:
    """All of them are read before any is begun."""
    prompts = body.get("prompts")
    if not isinstance(prompts, list) or not all(isinstance(each, dict) for each in prompts):
        raise invalid("prompts")
    return prompts


def _times(body: dict[str, Any]) -> int:
    times = body.pop("times", 1)
    if not isinstance(times, int) or isinstance(times, bool) or not 1 <= times <= MAX_TIMES:
        raise ValueError(f"times is a number from 1 to {MAX_TIMES}")
    return times


def _number(request: Request, name: str, otherwise: int, most: int) -> int:
    text = request.query_params.get(name, "")
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 16 else otherwise


def _no(error: ValueError) -> Response:
    return JSONResponse({"error": str(error)}, 400)
