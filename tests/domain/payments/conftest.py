"""A simulated M-Pesa that does what it is told, for payments that are asked for over HTTP; and an operator there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest
import pytest_asyncio

from domain.payments import settings
from tests.support.mpesa import Merchant, Mpesa, Stage, a_merchant, a_stage, an_mpesa
from tests.support.paying import asking, paying_settings


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
async def mpesa(database: None, merchant: Merchant, stage: Stage) -> AsyncIterator[Mpesa]:
    """Who is asked in the test, by an installation that has an account there."""
    async with an_mpesa(merchant, on=stage) as mpesa, asking(mpesa):
        with paying_settings():
            yield mpesa


@pytest.fixture
def operator() -> Iterator[None]:
    """An installation that may have money given back, and look receipts up."""
    before = settings.current()
    settings.configure(replace(before, takes_commands=True))
    yield
    settings.configure(before)
