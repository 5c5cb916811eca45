"""The life of a payment: begun, paid or not, told to the merchant, and sometimes taken back."""

from __future__ import annotations

import asyncio
import hashlib
from collections import deque
from decimal import Decimal
from functools import partial
from types import TracebackType
from typing import Any, Final, Self

import httpx
import orjson
import structlog

from api.mpesa.account import EAST_AFRICA
from api.mpesa.simulator import messages
from api.mpesa.simulator.agenda import Agenda
from api.mpesa.simulator.book import Book, Channel, Delivery, Payment, State
from api.mpesa.simulator.config import SimulatorConfig
from api.mpesa.simulator.door import DarajaError
from api.mpesa.simulator.fates import TIMED_OUT, Choice, Misbehaviour, dice, fate_of, name_of, receipt_of
from api.mpesa.wire import trust
from domain.kit import clock
from domain.payments.provider import TOO_MANY_REQUESTS

ANSWER_WITHIN_S: Final = 10.0
MAX_CHOICES: Final = 1_000
MAX_ANSWER_BYTES: Final = 16 * 1024

logger = structlog.get_logger(__name__)


class Life:
    """Everything that goes on in the simulator: the book, the agenda, and the way to the merchant."""

    def __init__(self, config: SimulatorConfig) -> None:
        self.config = config
        self.book = Book(config.capacity)
        self.agenda = Agenda()
        self.choices: deque[Choice] = deque(maxlen=MAX_CHOICES)
        self.urls: dict[str, str] | None = None
        """Where customers' own payments are told: ConfirmationURL, ValidationURL, ResponseType."""
        self._client = httpx.AsyncClient(timeout=ANSWER_WITHIN_S, verify=trust(), trust_env=False)
        self._running: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._running = asyncio.create_task(self.agenda.run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        assert self._running is not None
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)
        await self._client.aclose()

    def begin(
        self,
        channel: Channel,
        *,
        reference: str,
        phone: str,
        amount: Decimal,
        callback_url: str | None,
        correlation_id: str | None,
    ) -> Payment:
        """A payment that the customer will make, or will not, after a while."""
        self.make_room()
        seed, key = self.config.seed, self.book.key_for(channel, reference)
        prompted = channel is Channel.PROMPT
        choice = self.choices.popleft() if self.choices else Choice()
        payment = Payment(
            number=self.book.begun + 1,
            key=key,
            channel=channel,
            reference=reference,
            phone=phone,
            payer=name_of(seed, key),
            asked=amount,
            fate=fate_of(seed, key, self.config.rates, amount=amount, phone=phone, prompted=prompted, choice=choice),
            begun_at=clock.now(),
            callback_url=callback_url,
            correlation_id=correlation_id,
        )
        if prompted:
            payment.merchant_request_id = self._merchant_request_id(payment)
            payment.checkout_request_id = self._checkout_request_id(payment)
        self.book.open(payment)
        # Some are quicker than others, so callbacks overtake each other.
        haste = dice(seed, key, "haste").uniform(0.5, 1.5)
        self.agenda.add(self.config.delay_s * haste, partial(self._customer_decides, payment))
        return payment

    def make_room(self) -> None:
        """Nobody asks for more than can be remembered."""
        if len(self.agenda) >= self.config.capacity:
            raise DarajaError(503, TOO_MANY_REQUESTS, "System is busy. Please try again in few minutes.")

    async def send(
        self, payment: Payment, kind: str, url: str, body: dict[str, Any], *, said: int | None = None
    ) -> dict[str, Any] | None:
        """Post a message; the answer, when it was taken and is a JSON object. Nothing is sent twice."""
        status, answer = await self.post(url, body)
        payment.deliveries.append(Delivery(kind, status, said))
        return answer

    async def post(self, url: str, body: dict[str, Any]) -> tuple[int | None, dict[str, Any] | None]:
        headers = {"content-type": "application/json"}
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                response = await self._client.post(url, content=orjson.dumps(body), headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            logger.warning("merchant_not_reached", error=type(error).__name__)
            return None, None
        if not response.is_success or len(response.content) > MAX_ANSWER_BYTES:
            return response.status_code, None
        try:
            answer = orjson.loads(response.content)
        except orjson.JSONDecodeError:
            answer = None
        return response.status_code, answer if isinstance(answer, dict) else None

    async def _customer_decides(self, payment: Payment) -> None:
        if payment.channel is Channel.PAY_BILL and not await self._is_wanted(payment):
            payment.state = State.FAILED
            return
        if payment.fate.result_code == 0:
            amount = payment.asked if payment.fate.paid is None else payment.fate.paid
            self.book.settle(payment, self._receipt(payment), amount, clock.now())
        else:
            payment.state, payment.settled_at = State.FAILED, clock.now()
        tell = self._tell_of_prompt if payment.channel is Channel.PROMPT else self._tell_of_paybill
        match payment.fate.misbehaviour:
            case Misbehaviour.MISSING:
                return
            case Misbehaviour.LATE:
                self.agenda.add(self.config.late_s, partial(tell, payment))
            case _:
                await tell(payment)
        if payment.fate.misbehaviour is Misbehaviour.REVERSED and payment.state is State.PAID:
            self.agenda.add(self.config.reversal_s, partial(self._taken_back, payment))

    async def _is_wanted(self, payment: Payment) -> bool:
        """Ask the merchant, if it wants to be asked. Whoever does not answer has said beforehand what that means."""
        if self.urls is None or not self.urls["ValidationURL"]:
            return True
        body = self._c2b(payment, self._receipt(payment), payment.asked, balance=None)
        answer = await self.send(payment, "VALIDATION", self.urls["ValidationURL"], body)
        if answer is None or "ResultCode" not in answer:
            return self.urls["ResponseType"] == "Completed"
        return str(answer["ResultCode"]) == "0"

    async def _tell_of_prompt(self, payment: Payment) -> None:
        rng, odd, code = dice(self.config.seed, payment.key, "order"), payment.fate.odd_types, payment.fate.result_code
        told = [(code, self._callback(payment, code, odd=odd))]
        match payment.fate.misbehaviour:
            case Misbehaviour.DUPLICATE:
                # The second one is the same to the letter, or the same thing written in another way.
                told.append(rng.choice([told[0], (code, self._callback(payment, code, odd=not odd))]))
            case Misbehaviour.OUT_OF_ORDER:
                told.insert(rng.randrange(2), (TIMED_OUT, self._callback(payment, TIMED_OUT, odd=odd)))
        assert payment.callback_url is not None, "a prompt says where to call back"
        for said, body in told:
            await self.send(payment, "CALLBACK", payment.callback_url, body, said=said)
        if self.config.confirms_prompts and payment.state is not State.FAILED:
            await self._confirm(payment)

    async def _tell_of_paybill(self, payment: Payment) -> None:
        if payment.state is not State.FAILED:
            for _ in range(2 if payment.fate.misbehaviour is Misbehaviour.DUPLICATE else 1):
                await self._confirm(payment)

    def _callback(self, payment: Payment, code: int, *, odd: bool) -> dict[str, Any]:
        rng = dice(self.config.seed, payment.key, "form") if odd else None
        return messages.stk_callback(payment, code, balance=self.book.balance, odd=rng)

    async def _confirm(self, payment: Payment) -> None:
        assert payment.receipt is not None and payment.paid is not None
        if self.urls is not None:
            body = self._c2b(payment, payment.receipt, payment.paid, balance=self.book.balance)
            await self.send(payment, "CONFIRMATION", self.urls["ConfirmationURL"], body)

    async def _taken_back(self, payment: Payment) -> None:
        """Somebody else's doing: nobody tells the merchant."""
        if payment.left > 0:
            self.book.take_back(payment, self.reversal_receipt(payment), payment.left, clock.now())

    def reversal_receipt(self, payment: Payment) -> str:
        return receipt_of(self.config.seed, f"{payment.key}:reversal:{payment.reversed}")

    def _receipt(self, payment: Payment) -> str:
        return receipt_of(self.config.seed, payment.key)

    def _c2b(self, payment: Payment, receipt: str, amount: Decimal, *, balance: Decimal | None) -> dict[str, Any]:
        code, odd = self.config.short_code, payment.fate.odd_types
        return messages.c2b(
            payment, receipt, amount, payment.settled_at or payment.begun_at, short_code=code, balance=balance, odd=odd
        )

    def _merchant_request_id(self, payment: Payment) -> str:
        digits = int.from_bytes(hashlib.sha256(f"{self.config.seed}|{payment.key}".encode()).digest()[:6])
        return f"{digits % 100_000:05}-{digits // 100_000 % 10_000_000:07}-{payment.number}"

    def _checkout_request_id(self, payment: Payment) -> str:
        """As real ones: the moment to the millisecond, then nine digits of the customer's number."""
        local = payment.begun_at.astimezone(EAST_AFRICA)
        ms = local.microsecond // 1000
        while True:
            name = f"ws_CO_{local:%d%m%Y%H%M%S}{ms:03}{payment.phone[3:]}"
            if not self.book.has_checkout(name):
                return name
            ms += 1
