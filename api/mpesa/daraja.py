"""The adapter for Daraja: the domain's requests as Safaricom wants them, over HTTP.

What may be repeated is: a question always, whatever moves money only when the provider certainly did not take it. The
breaker leaves a provider alone that does not answer. No telephone number, token or account reference is logged.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import Any, Final, Self, TypeVar

import httpx
import stamina
import structlog
from prometheus_client import Counter, Gauge, Histogram

from api.mpesa import account as ours
from api.mpesa.account import DarajaAccount, Patience, TransactionType, password, timestamp_of
from api.mpesa.breaker import CircuitBreaker
from api.mpesa.tokens import Token, TokenCache
from api.mpesa.wire import REGISTERED, AnswerLost, Body, TokenRefused, client_for, exchange, named, plain
from domain.kit import clock, tracing
from domain.kit.context import call_in_progress
from domain.payments.provider import (
    BAD_ANSWER,
    CIRCUIT_OPEN,
    MINOR_IN_SHILLING,
    STILL_PROCESSING,
    SUCCESS,
    CommandAccepted,
    FateUnknown,
    ProviderAway,
    ProviderBusy,
    ProviderError,
    ProviderRefused,
    Reversal,
    StatusInquiry,
    StkAccepted,
    StkPending,
    StkPush,
    StkResult,
    WhenWeAreSilent,
)

OAUTH: Final = "/oauth/v1/generate"
STK_PUSH: Final = "/mpesa/stkpush/v1/processrequest"
STK_QUERY: Final = "/mpesa/stkpushquery/v1/query"
C2B_REGISTER: Final = "/mpesa/c2b/v2/registerurl"
TRANSACTION_STATUS: Final = "/mpesa/transactionstatus/v1/query"
REVERSAL: Final = "/mpesa/reversal/v1/request"

# In the answer to a query, a result code that is none yet.
UNDER_PROCESSING: Final = 4999
# How M-Pesa numbers the kinds of those who take part.
SHORT_CODE_KIND: Final = "4"
TILL_KIND: Final = "2"
REVERSAL_RECEIVER_KIND: Final = "11"
MAX_TOKEN: Final = 4096
LONGEST_NUMBER: Final = 9
"""Digits of a code, or of the seconds for which something is valid."""

_CALLS: Final = Counter(
    "daftari_mpesa_calls_total",
    "What M-Pesa was asked for, by what came of it. Of what was lost nobody knows whether M-Pesa has done it.",
    ["act", "outcome"],
)
_TOOK: Final = Histogram(
    "daftari_mpesa_call_seconds",
    "How long M-Pesa took, repetitions included.",
    ["act"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)
_LEFT_ALONE: Final = Gauge("daftari_mpesa_breaker_open", "1 while M-Pesa is not asked because it has not answered lately.")

T = TypeVar("T")
logger = structlog.get_logger(__name__)


class Daraja:
    """One for a process: its connections, its token and its breaker are shared by all who ask. Close it at the end."""

    name = "DARAJA"

    def __init__(
        self, account: DarajaAccount, *, patience: Patience | None = None, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._account = account
        self._patience = patience or Patience()
        self._client = client_for(account.url, self._patience, keeps=True)
        self._for_moves = client_for(account.url, self._patience, keeps=False)
        self._tokens = TokenCache(self._fetch_token, now=now)
        self._breaker = CircuitBreaker(
            failures_to_open=self._patience.failures_to_open, open_for_s=self._patience.open_for_s, now=now
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._tokens.close()
        await self._client.aclose()
        await self._for_moves.aclose()

    async def stk_push(self, request: StkPush) -> StkAccepted | FateUnknown:
        account = self._account
        body = {
            **self._signed(),
            "TransactionType": account.transaction_type.value,
            "Amount": request.amount.amount_minor // MINOR_IN_SHILLING,
            "PartyA": request.phone,
            "PartyB": account.receiver,
            "PhoneNumber": request.phone,
            "CallBackURL": account.callbacks + ours.STK_CALLBACK,
            "AccountReference": request.reference,
            "TransactionDesc": request.description,
        }
        return await self._once("stk_push", STK_PUSH, body, _stk_accepted)

    async def stk_query(self, checkout_request_id: str) -> StkPending | StkResult:
        body = {**self._signed(), "CheckoutRequestID": checkout_request_id}
        try:
            return await self._repeatedly("stk_query", STK_QUERY, body, _stk_state)
        except ProviderRefused as refused:
            if refused.code == STILL_PROCESSING and "process" in refused.reason.lower():
                return StkPending(reason=refused.reason)
            raise

    async def register_urls(self, when_silent: WhenWeAreSilent) -> None:
        callbacks = self._account.callbacks
        body = {
            "ShortCode": self._account.receiver,
            "ResponseType": when_silent.value,
            "ConfirmationURL": callbacks + ours.C2B_CONFIRMATION,
            "ValidationURL": callbacks + ours.C2B_VALIDATION,
        }
        try:
            await self._repeatedly("register_urls", C2B_REGISTER, body, _taken)
        except ProviderRefused as refused:
            if REGISTERED not in refused.reason.lower():
                raise

    async def transaction_status(self, request: StatusInquiry) -> CommandAccepted:
        buys_goods = self._account.transaction_type is TransactionType.BUY_GOODS
        body = {
            **self._commanded("TransactionStatusQuery", ours.STATUS_RESULT, ours.STATUS_TIMEOUT),
            "TransactionID": request.receipt,
            "PartyA": self._account.receiver,
            "IdentifierType": TILL_KIND if buys_goods else SHORT_CODE_KIND,
            "Remarks": request.remarks,
            "Occasion": "",
        }
        return await self._repeatedly("transaction_status", TRANSACTION_STATUS, body, _command_accepted)

    async def reverse(self, request: Reversal) -> CommandAccepted | FateUnknown:
        body = {
            **self._commanded("TransactionReversal", ours.REVERSAL_RESULT, ours.REVERSAL_TIMEOUT),
            "TransactionID": request.receipt,
            "Amount": request.amount.amount_minor // MINOR_IN_SHILLING,
            "ReceiverParty": self._account.receiver,
            # Spelt so in the interface.
            "RecieverIdentifierType": REVERSAL_RECEIVER_KIND,
            "Remarks": request.remarks,
            "Occasion": "",
        }
        return await self._once("reverse", REVERSAL, body, _command_accepted)

    def _signed(self) -> Body:
        short_code, timestamp = self._account.short_code, timestamp_of(clock.now())
        return {
            "BusinessShortCode": short_code,
            "Password": password(short_code, self._account.passkey, timestamp),
            "Timestamp": timestamp,
        }

    def _commanded(self, command: str, result: str, timeout: str) -> Body:
        account = self._account
        if account.initiator is None:
            raise ProviderRefused("MPESA_INITIATOR is not set, so M-Pesa takes no commands from us", code="NO_INITIATOR")
        return {
            "Initiator": account.initiator,
            "SecurityCredential": account.security_credential,
            "CommandID": command,
            "ResultURL": account.callbacks + result,
            "QueueTimeOutURL": account.callbacks + timeout,
        }

    async def _repeatedly(self, act: str, path: str, body: Body, read: Callable[[Body], T]) -> T:
        """Ask what may be asked again."""
        return await self._said(act, lambda: self._asked(self._client, path, body, read, may_repeat=_was_no_answer))

    async def _once(self, act: str, path: str, body: Body, read: Callable[[Body], T]) -> T | FateUnknown:
        """Ask for what must not be done twice, and again only where it certainly was not taken."""
        try:
            return await self._said(act, lambda: self._asked(self._for_moves, path, body, read, may_repeat=_was_not_taken))
        except AnswerLost as lost:
            return FateUnknown(code=lost.code, reason=lost.reason)

    async def _asked(
        self,
        client: httpx.AsyncClient,
        path: str,
        body: Body,
        read: Callable[[Body], T],
        *,
        may_repeat: Callable[[Exception], bool],
    ) -> T:
        async for attempt in stamina.retry_context(
            on=lambda error: self._pause_before_repeating(error, may_repeat),
            attempts=self._patience.attempts,
            timeout=None,
            wait_initial=self._patience.first_pause_s,
            wait_max=self._patience.longest_pause_s,
            wait_jitter=self._patience.first_pause_s,
        ):
            with attempt:
                return read(await self._posted(client, path, body))
        raise AssertionError("the last attempt returns or raises")

    def _pause_before_repeating(self, error: Exception, may_repeat: Callable[[Exception], bool]) -> bool | float:
        """Whether to ask again; in seconds where the provider said when, and not at all when that is too long for us."""
        if not may_repeat(error):
            return False
        after_s = error.after_s if isinstance(error, ProviderError) else None
        if not after_s:
            return True
        return after_s if after_s <= self._patience.longest_pause_s else False

    async def _posted(self, client: httpx.AsyncClient, path: str, body: Body) -> Body:
        """One request; with another token, if the one we had is not known any more."""
        token = await self._tokens.get()
        try:
            return await self._exchange(client, "POST", path, f"Bearer {token}", json=body)
        except TokenRefused:
            self._tokens.drop(token)
        try:
            return await self._exchange(client, "POST", path, f"Bearer {await self._tokens.get()}", json=body)
        except TokenRefused as refused:
            raise ProviderAway(f"M-Pesa does not let us in: {refused.reason}", code=refused.code) from refused

    async def _fetch_token(self) -> Token:
        us = base64.b64encode(f"{self._account.consumer_key}:{self._account.consumer_secret}".encode()).decode()
        query = {"grant_type": "client_credentials"}
        try:
            answer = await self._exchange(self._client, "GET", OAUTH, f"Basic {us}", params=query)
            return Token(named(answer, "access_token", longest=MAX_TOKEN), _number(answer, "expires_in"))
        except AnswerLost as lost:
            # Whatever we wanted to ask with it has not been asked.
            raise ProviderAway(lost.reason, code=lost.code, after_s=lost.after_s) from lost
        except (ProviderRefused, TokenRefused) as refused:
            raise ProviderAway(f"M-Pesa does not let us in: {refused.reason}", code=refused.code) from refused

    async def _exchange(self, client: httpx.AsyncClient, method: str, path: str, authorization: str, **content: Any) -> Body:
        headers = {"authorization": authorization}
        if (call := call_in_progress()) is not None:
            headers["x-correlation-id"] = str(call.correlation_id)
        with self._breaker.watch():
            request = client.build_request(method, path, headers=headers, **content)
            return await exchange(client, request, within_s=self._patience.answer_within_s)

    async def _said(self, act: str, ask: Callable[[], Awaitable[T]]) -> T:
        """Write down what was asked for and what came of it, without whom it concerns."""
        began = time.perf_counter()
        outcome, code = "answered", str(SUCCESS)
        try:
            with tracing.part(f"mpesa {act}", tracing.Kind.CLIENT):
                return await ask()
        except ProviderError as error:
            outcome, code = _outcome(error), error.code
            raise
        finally:
            took_s = time.perf_counter() - began
            _CALLS.labels(act, outcome).inc()
            _TOOK.labels(act).observe(took_s)
            _LEFT_ALONE.set(self._breaker.is_open)
            logger.info("mpesa_request", act=act, outcome=outcome, code=code, took_ms=round(took_s * 1000, 1))


def _outcome(error: ProviderError) -> str:
    return "lost" if isinstance(error, AnswerLost) else type(error).__name__.removeprefix("Provider").lower()


def _was_no_answer(error: Exception) -> bool:
    return isinstance(error, ProviderAway | ProviderBusy) and error.code != CIRCUIT_OPEN


def _was_not_taken(error: Exception) -> bool:
    return _was_no_answer(error) and not isinstance(error, AnswerLost)


def _taken(answer: Mapping[str, Any]) -> None:
    """The provider says so with a ResponseCode of its own, beside the status of HTTP."""
    code = named(answer, "ResponseCode")
    # Here and there it writes the zero eight times.
    if code.strip("0"):
        raise ProviderRefused(plain(str(answer.get("ResponseDescription") or "refused")), code=code)


def _stk_accepted(answer: Body) -> StkAccepted:
    _taken(answer)
    return StkAccepted(
        merchant_request_id=named(answer, "MerchantRequestID"), checkout_request_id=named(answer, "CheckoutRequestID")
    )


def _stk_state(answer: Body) -> StkPending | StkResult:
    _taken(answer)
    code, description = _number(answer, "ResultCode"), plain(str(answer.get("ResultDesc") or ""))
    if code == UNDER_PROCESSING:
        return StkPending(reason=description)
    return StkResult(code=code, description=description)


def _command_accepted(answer: Body) -> CommandAccepted:
    _taken(answer)
    return CommandAccepted(
        conversation_id=named(answer, "ConversationID"), originator_conversation_id=named(answer, "OriginatorConversationID")
    )


def _number(answer: Body, name: str) -> int:
    """A whole number, which comes as one or as a text."""
    text = named(answer, name)
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
        raise AnswerLost(f"M-Pesa answered a {name} that is no number", code=BAD_ANSWER)
    return int(text)
