"""An installation that is paid by M-Pesa: a simulated one beside it, of which its servers and workers know."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from api.mpesa.simulator.config import CONSUMER_KEY, CONSUMER_SECRET, INITIATOR, PASSKEY, SHORT_CODE
from tests.api.processes.installation import Installation, an_installation
from tests.support.mpesa import Merchant, Mpesa

WEBHOOKS: Final = "/webhooks/mpesa"


@dataclass(frozen=True)
class Till:
    """The installation, and the hand that one has in its M-Pesa."""

    place: Installation
    mpesa: Mpesa


@asynccontextmanager
async def a_till(told_home: Path, *simulated: str, **chosen: str) -> AsyncIterator[Till]:
    """``simulated`` are arguments of the simulator. Callbacks of what is asked for go to the server ``one``."""
    async with an_installation(told_home) as place:
        address = await place.start_simulator(*simulated)
        place.chosen = {**_account(address, place.address_of("one")), **chosen}
        async with httpx.AsyncClient(base_url=address, timeout=300) as http:
            yield Till(place, Mpesa(address, Merchant(), http))


def _account(mpesa: str, us: str) -> dict[str, str]:
    return {
        "MPESA_URL": mpesa,
        "MPESA_CONSUMER_KEY": CONSUMER_KEY,
        "MPESA_CONSUMER_SECRET": CONSUMER_SECRET,
        "MPESA_SHORT_CODE": SHORT_CODE,
        "MPESA_PASSKEY": PASSKEY,
        "MPESA_CALLBACK_URL": us + WEBHOOKS,
        "MPESA_INITIATOR": INITIATOR,
        "MPESA_SECURITY_CREDENTIAL": "encrypted",
    }
