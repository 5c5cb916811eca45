"""M-Pesa in the processes: whom they ask, who has customers' own payments told to us, and what `daftari dev` simulates."""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

import structlog
from pydantic import SecretStr

from api.mpesa import Daraja
from api.mpesa.account import DEFAULT_PATH
from api.mpesa.simulator import SimulatorConfig, simulator_of
from api.mpesa.simulator.config import CONSUMER_KEY, CONSUMER_SECRET, INITIATOR, PASSKEY, SHORT_CODE
from api.mpesa.simulator.process import PlaceTaken, bound_to
from api.processes.answering import answered
from api.settings import Settings
from domain.payments import provider
from domain.payments.provider import MpesaProvider, ProviderError, WhenWeAreSilent

LOOPBACK: Final = "127.0.0.1"
ANY_INTERFACE: Final = frozenset({"", "0.0.0.0", "::"})
FIRST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 300.0
AGAIN_AFTER_S: Final = 24 * 3600.0
A_SIMULATOR_FORGETS: Final = 60.0
"""One on this machine may have been started anew and know nothing of us; Safaricom forgets nobody."""

logger = structlog.get_logger(__name__)


@asynccontextmanager
async def mpesa_of(settings: Settings) -> AsyncIterator[Registering | None]:
    """The provider, for whoever asks it in this process, while the block runs; nothing without an account."""
    account = settings.mpesa
    if account is None:
        yield None
        return
    async with Daraja(account, patience=settings.mpesa_patience) as daraja:
        with provider.installed(daraja):
            yield Registering(daraja, again_after_s=A_SIMULATOR_FORGETS if account.is_here else AGAIN_AFTER_S)


class Registering:
    """Has customers' own payments told to us: at the start, and now and then again, which changes nothing for who knows."""

    def __init__(self, asked: MpesaProvider, *, again_after_s: float) -> None:
        self._asked = asked
        self._again_after_s = again_after_s

    async def run(self) -> None:
        pause_s = FIRST_PAUSE_S
        while True:
            if await self._register():
                pause_s = FIRST_PAUSE_S
                await asyncio.sleep(self._again_after_s)
            else:
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    async def _register(self) -> bool:
        try:
            await self._asked.register_urls(WhenWeAreSilent.COMPLETE)
        except ProviderError as error:
            logger.warning("mpesa_not_registered", code=error.code, reason=error.reason)
            return False
        return True


@asynccontextmanager
async def simulated_mpesa(settings: Settings, *, our_port: int) -> AsyncIterator[tuple[Settings, str]]:
    """A simulator that answers while the block runs: the settings of its merchant, and its address.

    Each time its seed is another one, so that it gives receipts that no earlier one gave.
    """
    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(simulator_of(SimulatorConfig(seed=secrets.token_hex(4))))
        bound = stack.enter_context(_place_for(settings.mpesa_simulator_port))
        await stack.enter_async_context(answered(app, bound))
        address = f"http://{LOOPBACK}:{bound.getsockname()[1]}"
        yield _with_account_at(settings, address, our_port), address


def _place_for(port: int) -> socket.socket:
    try:
        return bound_to(LOOPBACK, port)
    except PlaceTaken:
        return bound_to(LOOPBACK, 0)


def _with_account_at(settings: Settings, simulator: str, our_port: int) -> Settings:
    host = LOOPBACK if settings.host in ANY_INTERFACE else settings.host
    shown = f"[{host}]" if ":" in host else host
    return settings.model_copy(
        update={
            "mpesa_url": simulator,
            "mpesa_consumer_key": CONSUMER_KEY,
            "mpesa_consumer_secret": SecretStr(CONSUMER_SECRET),
            "mpesa_short_code": SHORT_CODE,
            "mpesa_passkey": SecretStr(PASSKEY),
            "mpesa_callback_url": f"http://{shown}:{our_port}{DEFAULT_PATH}",
            "mpesa_initiator": INITIATOR,
            "mpesa_security_credential": SecretStr("encrypted, as the simulator does not check it"),
        }
    )
