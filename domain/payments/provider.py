"""M-Pesa, as the domain sees it: somebody who can be asked to prompt a telephone, and says later what became of it.

An answer is never the money. ``StkAccepted`` and ``CommandAccepted`` only say that the provider will try, and what became
of it arrives as a callback; ``StkPending`` says ask again. Only ``StkResult`` is final. When an answer got lost on its way,
whatever moves money is not asked again: ``FateUnknown`` says that nobody knows, until a callback, a query or the
statement tells.

The adapter for Daraja, Safaricom's interface, is at the edge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Protocol

from domain.kit.errors import DomainError, InvalidAmount, InvalidInput
from domain.kit.money import Money

CURRENCY: Final = "KES"
MINOR_IN_SHILLING: Final = 100
MAX_REFERENCE: Final = 12
MAX_DESCRIPTION: Final = 13
MAX_REMARKS: Final = 100
MAX_ID: Final = 64

SUCCESS: Final = 0

# What the provider calls its errors. The same code is said of a prompt that still waits for the customer's PIN and of
# several things that are wrong with a request, so the adapter looks at what was asked as well.
STILL_PROCESSING: Final = "500.001.1001"
INVALID_REQUEST: Final = "400.002.02"
INVALID_TOKEN: Final = "404.001.03"
TOO_MANY_REQUESTS: Final = "500.003.02"

# What we call ours, where the provider said nothing.
UNREACHABLE: Final = "UNREACHABLE"
NO_ANSWER: Final = "NO_ANSWER"
BAD_ANSWER: Final = "BAD_ANSWER"
CIRCUIT_OPEN: Final = "CIRCUIT_OPEN"

_PHONE: Final = re.compile(r"254[17]\d{8}", re.ASCII)
_RECEIPT: Final = re.compile(r"[0-9A-Z]{10}", re.ASCII)


def _whole_shillings(amount: Money, name: str) -> None:
    """The provider moves whole shillings."""
    if amount.currency != CURRENCY or amount.amount_minor <= 0 or amount.amount_minor % MINOR_IN_SHILLING:
        raise InvalidAmount(f"M-Pesa moves whole shillings of {CURRENCY}, not {amount}", field=("input", name))


def _written(text: str, longest: int, name: str) -> None:
    if not text.strip() or len(text) > longest:
        raise InvalidInput(f"M-Pesa takes 1 to {longest} characters here", field=("input", name))


def _receipt(text: str) -> None:
    if not _RECEIPT.fullmatch(text):
        raise InvalidInput("an M-Pesa receipt has ten capital letters and digits", field=("input", "receipt"))


@dataclass(frozen=True, slots=True, kw_only=True)
class StkPush:
    """Prompt this telephone for this amount. ``phone`` is normalised, 2547XXXXXXXX, and shows in no log."""

    phone: str = field(repr=False)
    amount: Money
    reference: str
    description: str

    def __post_init__(self) -> None:
        if not _PHONE.fullmatch(self.phone):
            raise InvalidInput("the phone is no Kenyan number such as 2547XXXXXXXX", field=("input", "phone"))
        _whole_shillings(self.amount, "amount")
        _written(self.reference, MAX_REFERENCE, "reference")
        _written(self.description, MAX_DESCRIPTION, "description")


@dataclass(frozen=True, slots=True, kw_only=True)
class StkAccepted:
    """The provider will prompt the telephone. Nothing is paid yet."""

    merchant_request_id: str
    checkout_request_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FateUnknown:
    """The request may or may not have been taken: its answer got lost. Asking again could move the money twice."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StkPending:
    """Not final: the customer has not answered yet, or the provider is at work on it."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StkResult:
    """Final: what became of the prompt. The receipt is not in it; that comes by callback or in the statement.

    ``code`` is the ResultCode; :func:`domain.payments.rules.results.outcome_of` says how the prompt ended.
    """

    code: int
    description: str

    @property
    def is_paid(self) -> bool:
        return self.code == SUCCESS


class WhenWeAreSilent(str, Enum):
    """What becomes of a customer's payment when we do not answer whether we want it."""

    COMPLETE = "Completed"
    CANCEL = "Cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusInquiry:
    """What happened to the transaction with this receipt?"""

    receipt: str
    remarks: str

    def __post_init__(self) -> None:
        _receipt(self.receipt)
        _written(self.remarks, MAX_REMARKS, "remarks")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversal:
    """Give this much of the transaction with this receipt back to whoever paid."""

    receipt: str
    amount: Money
    remarks: str

    def __post_init__(self) -> None:
        _receipt(self.receipt)
        _whole_shillings(self.amount, "amount")
        _written(self.remarks, MAX_REMARKS, "remarks")


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandAccepted:
    """The provider will do it. What came of it arrives as a result with the same ids."""

    conversation_id: str
    originator_conversation_id: str


class MpesaProvider(Protocol):
    """Each method makes one request, and ends within a bounded time with an answer or a :class:`ProviderError`.

    None is called inside a transaction. Whoever is cancelled in the midst of :meth:`stk_push` or :meth:`reverse` knows as
    little as with :class:`FateUnknown`, so write down that you ask before you ask.
    """

    @property
    def name(self) -> str: ...

    async def stk_push(self, request: StkPush) -> StkAccepted | FateUnknown: ...

    async def stk_query(self, checkout_request_id: str) -> StkPending | StkResult: ...

    async def register_urls(self, when_silent: WhenWeAreSilent) -> None:
        """Have customers' own payments told to us. Registering again changes nothing."""

    async def transaction_status(self, request: StatusInquiry) -> CommandAccepted: ...

    async def reverse(self, request: Reversal) -> CommandAccepted | FateUnknown: ...


class ProviderError(Exception):
    """Nothing was done. ``code`` is the provider's own, or one of ours where it said none."""

    def __init__(self, reason: str, *, code: str, after_s: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code
        self.after_s = after_s
        """When to ask again, if it is known."""


class ProviderAway(ProviderError):
    """The provider cannot be reached or serves nobody now, whatever the request."""


class ProviderBusy(ProviderError):
    """The provider is there and takes no more from us for a while."""


class ProviderRefused(ProviderError):
    """The provider answered no to this request, and will say so every time."""


class MpesaNotConfigured(DomainError):
    """This installation has no account at M-Pesa, so nothing can be asked of it."""

    code = "MPESA_NOT_CONFIGURED"

    def __init__(self, message: str = "this installation has no account at M-Pesa") -> None:
        super().__init__(message)


_installed: MpesaProvider | None = None


@contextmanager
def installed(provider: MpesaProvider) -> Iterator[MpesaProvider]:
    """Whom this process asks while the block runs."""
    global _installed
    before, _installed = _installed, provider
    try:
        yield provider
    finally:
        _installed = before


def current() -> MpesaProvider:
    """Whom this process asks; refuses with MPESA_NOT_CONFIGURED when there is nobody."""
    if _installed is None:
        raise MpesaNotConfigured
    return _installed
