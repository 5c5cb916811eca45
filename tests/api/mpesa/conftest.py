"""A simulated M-Pesa that does what it is told, and our adapter to it, over real HTTP on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from api.mpesa import Daraja
from tests.support.mpesa import Merchant, Mpesa, Stage, a_merchant, a_stage, an_mpesa


@pytest_asyncio.fixture(scope="session")
async def open_merchant() -> AsyncIterator[Merchant]:
    async with a_merchant() as merchant:
        yield merchant


@pytest.fixture
def merchant(open_merchant: Merchant) -> Merchant:
    """Whom nobody has called yet."""
    open_merchant.begin_anew()
    return open_merchant


@pytest_asyncio.fixture(scope="session")
async def stage() -> AsyncIterator[Stage]:
    async with a_stage() as stage:
        yield stage


@pytest_asyncio.fixture
async def mpesa(merchant: Merchant, stage: Stage) -> AsyncIterator[Mpesa]:
    async with an_mpesa(merchant, on=stage) as mpesa:
        yield mpesa


@pytest_asyncio.fixture
async def daraja(mpesa: Mpesa) -> AsyncIterator[Daraja]:
    async with mpesa.daraja() as daraja:
        yield daraja
