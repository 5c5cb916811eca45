"""A simulated M-Pesa on loopback, a merchant whom it calls back, and our account there."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from api.mpesa import Daraja, DarajaAccount, Patience
from api.mpesa.simulator import Rates, SimulatorConfig, simulator_of
from api.mpesa.simulator.config import CONSUMER_KEY, CONSUMER_SECRET, INITIATOR, PASSKEY, SHORT_CODE
from api.mpesa.wire import trust
from api.processes.answering import answering
from domain.kit.money import Money
from domain.payments.provider import StkAccepted, StkPush

PHONE = "254712345678"
CALM = Rates(duplicate=0, late=0, missing=0, mismatched=0, reversed=0, out_of_order=0, declined=0, odd_types=0)
QUICK = Patience(first_pause_s=0.001, longest_pause_s=0.002, failures_to_open=100)
"""It pauses as good as never, and goes on asking."""


@asynccontextmanager
async def served(app: ASGIApp, port: int = 0) -> AsyncIterator[int]:
    """An application on a port of loopback."""
    with socket.create_server(("127.0.0.1", port)) as bound:
        server, running = await answering(app, bound)
        try:
            yield bound.getsockname()[1]
        finally:
            server.should_exit = server.force_exit = True
            await running


@dataclass
class Stage:
    """A server that stays while one application after the other plays on it."""

    port: int = 0
    playing: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.playing is not None, "nothing plays"
        await self.playing(scope, receive, send)


@dataclass
class Message:
    """What the merchant was sent: where to, word by word."""

    path: str
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw)

    @property
    def callback(self) -> Any:
        return self.body["Body"]["stkCallback"]

    @property
    def items(self) -> dict[str, Any]:
        return {item["Name"]: item.get("Value") for item in self.callback["CallbackMetadata"]["Item"]}

    @property
    def result(self) -> Any:
        return self.body["Result"]

    @property
    def parameters(self) -> dict[str, Any]:
        return {each["Key"]: each["Value"] for each in self.result["ResultParameters"]["ResultParameter"]}


@dataclass
class Merchant:
    """Whoever is called back. Keeps what comes; ``wants`` is what it answers when it is asked."""

    address: str = ""
    messages: list[Message] = field(default_factory=list)
    wants: Any = None
    status: int = 200

    def begin_anew(self) -> None:
        self.messages.clear()
        self.wants, self.status = {"ResultCode": 0, "ResultDesc": "Accepted"}, 200

    async def take(self, request: Request) -> Response:
        self.messages.append(Message(request.url.path.removeprefix("/webhooks"), await request.body()))
        return JSONResponse(self.wants, self.status)

    def told(self, path: str) -> list[Message]:
        return [message for message in self.messages if message.path == path]

    @property
    def callbacks(self) -> list[Message]:
        return self.told("/stk")


@dataclass
class Mpesa:
    """A running simulator, and the hand that one has in it."""

    address: str
    merchant: Merchant
    http: httpx.AsyncClient

    def account(self, **other: Any) -> DarajaAccount:
        ours: dict[str, Any] = {
            "url": self.address,
            "consumer_key": CONSUMER_KEY,
            "consumer_secret": CONSUMER_SECRET,
            "short_code": SHORT_CODE,
            "passkey": PASSKEY,
            "callbacks": self.merchant.address,
            "initiator": INITIATOR,
            "security_credential": "encrypted",
        }
        return DarajaAccount(**(ours | other))

    def daraja(self, patience: Patience = QUICK, **other: Any) -> Daraja:
        return Daraja(self.account(**other), patience=patience)

    async def chosen(self, **fate: Any) -> None:
        """The fate of the next payment."""
        (await self.http.post("/simulator/next", json=fate)).raise_for_status()

    async def breaks(self, **fault: Any) -> None:
        """What the next request is answered instead of the right thing."""
        (await self.http.post("/simulator/faults", json=fault)).raise_for_status()

    async def answers(self, status: int, code: str | None, message: str = "no", **fault: Any) -> None:
        body = json.dumps({"requestId": "1", "errorCode": code, "errorMessage": message}) if code else "<html>no</html>"
        await self.breaks(kind="ANSWER", status=status, body=body, **fault)

    async def delivered(self) -> Any:
        """Let everything happen; what is counted then."""
        return (await self.http.post("/simulator/deliver")).raise_for_status().json()

    async def counts(self) -> Any:
        return (await self.http.get("/simulator/counts")).raise_for_status().json()

    async def truth(self) -> list[Any]:
        """All payments, in the order in which they were begun."""
        found: list[Any] = []
        after: int | None = 0
        while after is not None:
            page = (await self.http.get("/simulator/payments", params={"after": after, "limit": 1000})).json()
            found += page["payments"]
            after = page["next"]
        return found

    async def customer_pays(self, reference: str, amount: str, phone: str = PHONE) -> httpx.Response:
        """A customer pays the Paybill without having been asked."""
        basic = (CONSUMER_KEY, CONSUMER_SECRET)
        answer = await self.http.get("/oauth/v1/generate", params={"grant_type": "client_credentials"}, auth=basic)
        body = {"ShortCode": SHORT_CODE, "CommandID": "CustomerPayBillOnline", "Amount": amount, "Msisdn": phone}
        return await self.http.post(
            "/mpesa/c2b/v1/simulate",
            json=body | {"BillRefNumber": reference},
            headers={"authorization": f"Bearer {answer.json()['access_token']}"},
        )


@asynccontextmanager
async def a_merchant() -> AsyncIterator[Merchant]:
    merchant = Merchant()
    merchant.begin_anew()
    async with served(Starlette(routes=[Route("/{path:path}", merchant.take, methods=["POST"])])) as port:
        merchant.address = f"http://127.0.0.1:{port}/webhooks"
        yield merchant


@asynccontextmanager
async def a_stage() -> AsyncIterator[Stage]:
    stage = Stage()
    async with served(stage) as stage.port:
        yield stage


@asynccontextmanager
async def an_mpesa(
    merchant: Merchant, *, seed: str = "seed", rates: Rates = CALM, on: Stage | None = None, port: int = 0, **config: Any
) -> AsyncIterator[Mpesa]:
    """One in which nothing happens before the test lets it with ``delivered``, unless ``delay_s`` says otherwise."""
    chosen = SimulatorConfig(seed=seed, rates=rates, **({"delay_s": 3_000, "late_s": 6_000, "reversal_s": 6_000} | config))
    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(simulator_of(chosen))
        if on is None:
            port = await stack.enter_async_context(served(app, port))
        else:
            on.playing, port = app, on.port
        address = f"http://127.0.0.1:{port}"
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=address, timeout=60, verify=trust()))
        yield Mpesa(address, merchant, http)


def a_push(reference: str = "FEE-42", shillings: int = 2500, phone: str = PHONE) -> StkPush:
    return StkPush(phone=phone, amount=Money.of(shillings, "KES"), reference=reference, description="School fee")


async def pushed(daraja: Daraja, reference: str = "FEE-42", shillings: int = 2500, phone: str = PHONE) -> StkAccepted:
    accepted = await daraja.stk_push(a_push(reference, shillings, phone))
    assert isinstance(accepted, StkAccepted)
    return accepted


async def until(true: Any) -> None:
    """Wait for something that happens beside the test."""
    async with asyncio.timeout(30):
        while True:
            if await true():
                return
            await asyncio.sleep(0.01)
