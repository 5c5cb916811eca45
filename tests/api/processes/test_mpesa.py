"""M-Pesa in the processes: it is asked while they run, knows where to call us, and `daftari dev` simulates one."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress

import httpx
import pytest

from api.mpesa.simulator.config import SHORT_CODE
from api.processes.mpesa import Registering, mpesa_of, simulated_mpesa
from domain.payments import provider
from domain.payments.provider import MpesaNotConfigured
from tests.support.mpesa import Merchant, Mpesa, a_merchant, an_mpesa, until
from tests.support.servers import settings_for_tests


async def test_without_an_account_nobody_is_asked() -> None:
    async with mpesa_of(settings_for_tests()) as registering:
        assert registering is None
        with pytest.raises(MpesaNotConfigured):
            provider.current()


async def test_the_provider_is_there_while_the_process_runs() -> None:
    settings = settings_for_tests(mpesa_simulator_port=0)
    async with simulated_mpesa(settings, our_port=8123) as (chosen, address):
        account = chosen.mpesa
        assert account is not None and account.is_here
        assert (account.url, account.short_code) == (address, SHORT_CODE)
        assert account.callbacks == "http://127.0.0.1:8123/webhooks/mpesa"
        async with mpesa_of(chosen):
            assert provider.current().name == "DARAJA"
        with pytest.raises(MpesaNotConfigured):
            provider.current()
    async with httpx.AsyncClient() as http:
        with pytest.raises(httpx.ConnectError):
            await http.get(f"{address}/health/live")


async def test_when_its_place_is_taken_the_simulator_finds_another() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with simulated_mpesa(settings_for_tests(mpesa_simulator_port=port), our_port=1) as (_, address):
            assert not address.endswith(f":{port}")
            async with httpx.AsyncClient() as http:
                assert (await http.get(f"{address}/health/live")).text == "ok"


@pytest.mark.parametrize(("host", "seen"), [("0.0.0.0", "127.0.0.1"), ("::", "127.0.0.1"), ("::1", "[::1]")])
async def test_the_simulator_finds_us_wherever_we_listen(host: str, seen: str) -> None:
    async with simulated_mpesa(settings_for_tests(host=host, mpesa_simulator_port=0), our_port=80) as (chosen, _):
        assert chosen.mpesa_callback_url == f"http://{seen}:80/webhooks/mpesa"


async def test_customers_payments_are_told_also_when_the_provider_was_away_and_when_it_has_forgotten_us() -> None:
    async with a_merchant() as merchant:
        async with an_mpesa(merchant, seed="before") as mpesa:
            port = int(mpesa.address.rsplit(":", 1)[1])
            daraja = mpesa.daraja()
            await mpesa.answers(503, None, path="registerurl")
            running = asyncio.create_task(Registering(daraja, again_after_s=0.01).run())
            try:
                await _pays(merchant, mpesa, "FEE-1")
            except BaseException:
                running.cancel()
                raise
        try:
            async with an_mpesa(merchant, seed="after", port=port) as mpesa:
                await _pays(merchant, mpesa, "FEE-2")
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
            await daraja.close()


async def _pays(merchant: Merchant, mpesa: Mpesa, reference: str) -> None:
    """Customers pay until one of them is told of: the registration happens beside the test."""

    async def told() -> bool:
        await mpesa.customer_pays(reference, "100")
        await mpesa.delivered()
        return any(each.body["BillRefNumber"] == reference for each in merchant.told("/c2b/confirmation"))

    await until(told)
