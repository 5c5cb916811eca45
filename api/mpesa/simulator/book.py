"""What really happened: payments and the lines of the account, as many as there is room for."""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Final

from api.mpesa.simulator.fates import Fate

OPENING_BALANCE: Final = Decimal("10000.00")
CHARGE_SHARE: Final = Decimal("0.0055")
CENT: Final = Decimal("0.01")
MAX_DELIVERIES: Final = 20
"""Of one payment, as many are remembered."""


class Channel(str, Enum):
    """Who began: the merchant with a prompt, or the customer at the Paybill."""

    PROMPT = "PROMPT"
    PAY_BILL = "PAY_BILL"


class State(str, Enum):
    """Where a payment stands, as the customer's account has it."""

    PROCESSING = "PROCESSING"
    PAID = "PAID"
    FAILED = "FAILED"
    REVERSED = "REVERSED"
    PARTIALLY_REVERSED = "PARTIALLY_REVERSED"


@dataclass(frozen=True, slots=True)
class Delivery:
    """Something that was sent to the merchant, and the status with which it was taken; None when nobody was there."""

    kind: str
    status: int | None
    said: int | None = None
    """The result code of a callback."""


@dataclass(slots=True, kw_only=True)
class Payment:
    """A payment and its fate. ``key`` is what the fate was drawn for."""

    number: int
    key: str
    channel: Channel
    reference: str
    phone: str = field(repr=False)
    payer: str
    asked: Decimal
    fate: Fate
    begun_at: datetime
    callback_url: str | None = None
    correlation_id: str | None = None
    merchant_request_id: str | None = None
    checkout_request_id: str | None = None
    receipt: str | None = None
    paid: Decimal | None = None
    state: State = State.PROCESSING
    settled_at: datetime | None = None
    reversed: Decimal = Decimal(0)
    deliveries: deque[Delivery] = field(default_factory=lambda: deque(maxlen=MAX_DELIVERIES))

    @property
    def left(self) -> Decimal:
        """What has not been given back yet."""
        return (self.paid or Decimal(0)) - self.reversed


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the merchant's account."""

    receipt: str
    begun_at: datetime
    completed_at: datetime
    payment: Payment
    amount: Decimal
    """Positive when it came in."""
    linked: str = ""

    @property
    def charge(self) -> Decimal:
        """What M-Pesa takes for money that comes in."""
        return (self.amount * CHARGE_SHARE).quantize(CENT) if self.amount > 0 else Decimal("0.00")


class Book:
    """Finds payments by what they are called. The oldest are forgotten; their money stays in the balance."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._payments: OrderedDict[int, Payment] = OrderedDict()
        self._by_checkout: dict[str, Payment] = {}
        self._by_receipt: dict[str, Payment] = {}
        self._namesakes: OrderedDict[str, int] = OrderedDict()
        self.lines: deque[Line] = deque()
        self.opening = OPENING_BALANCE
        self.opening_charged = Decimal(0)
        self.balance = OPENING_BALANCE
        self.begun = 0
        self.fates: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._payments)

    def key_for(self, channel: Channel, reference: str) -> str:
        """What the next payment with this reference is called."""
        name = f"{channel.value}:{reference}"
        count = self._namesakes.pop(name, 0) + 1
        self._namesakes[name] = count
        if len(self._namesakes) > self._capacity:
            self._namesakes.popitem(last=False)
        return f"{name}:{count}"

    def open(self, payment: Payment) -> None:
        self.begun += 1
        self.fates[payment.fate.misbehaviour.value] += 1
        self._payments[payment.number] = payment
        if payment.checkout_request_id is not None:
            self._by_checkout[payment.checkout_request_id] = payment
        while len(self._payments) > self._capacity:
            _, oldest = self._payments.popitem(last=False)
            self._by_checkout.pop(oldest.checkout_request_id or "", None)
            self._by_receipt.pop(oldest.receipt or "", None)

    def settle(self, payment: Payment, receipt: str, amount: Decimal, at: datetime) -> None:
        """The money has moved."""
        payment.receipt, payment.paid, payment.settled_at, payment.state = receipt, amount, at, State.PAID
        if payment.number in self._payments:
            self._by_receipt[receipt] = payment
        self._write(Line(receipt=receipt, begun_at=payment.begun_at, completed_at=at, payment=payment, amount=amount))

    def take_back(self, payment: Payment, receipt: str, amount: Decimal, at: datetime) -> None:
        assert payment.receipt is not None and 0 < amount <= payment.left, "what was not paid cannot be given back"
        payment.reversed += amount
        payment.state = State.PARTIALLY_REVERSED if payment.left else State.REVERSED
        self._write(
            Line(receipt=receipt, begun_at=at, completed_at=at, payment=payment, amount=-amount, linked=payment.receipt)
        )

    def has_checkout(self, checkout_request_id: str) -> bool:
        return checkout_request_id in self._by_checkout

    def prompt(self, checkout_request_id: str) -> Payment | None:
        return self._by_checkout.get(checkout_request_id)

    def paid(self, receipt: str) -> Payment | None:
        return self._by_receipt.get(receipt)

    def found(self, name: str) -> Payment | None:
        """By number, receipt or CheckoutRequestID."""
        by_number = self._payments.get(int(name)) if name.isascii() and name.isdigit() and len(name) < 16 else None
        return by_number or self.paid(name) or self.prompt(name)

    def after(self, number: int, limit: int) -> list[Payment]:
        return [payment for payment in self._payments.values() if payment.number > number][:limit]

    def newest(self, limit: int) -> list[Payment]:
        newest = reversed(self._payments.values())
        return [payment for payment, _ in zip(newest, range(limit), strict=False)]

    def states(self) -> Counter[str]:
        return Counter(payment.state.value for payment in self._payments.values())

    def _write(self, line: Line) -> None:
        self.balance += line.amount
        self.lines.append(line)
        if len(self.lines) > 2 * self._capacity:
            oldest = self.lines.popleft()
            self.opening += oldest.amount
            self.opening_charged += oldest.charge
