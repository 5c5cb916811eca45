"""The simulator as operators run it: a process with a port, which may be killed while it is asked."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from domain.payments.provider import FateUnknown, ProviderAway
from tests.api.processes.nursery import Process, start
from tests.support.mpesa import Merchant, Mpesa, a_push, pushed, until


def begun(home: Path, *arguments: str, **environs: str) -> tuple[Process, Path]:
    """The process, and the file into which it says what it has to say."""
    said = home / "said"
    environment = {"PATH": os.environ.get("PATH", ""), "DAFTARI_HOME": str(home), "COLUMNS": "200", **environs}
    return start("api.cli", ["mpesa-simulator", *arguments], environment, said, cold=False), said


@asynccontextmanager
async def running(home: Path, *arguments: str) -> AsyncIterator[tuple[Process, str]]:
    """The process, and what it said when it began to listen."""
    process, said = begun(home, "--port", "0", *arguments)
    try:
        await until(lambda: _listens(process, said))
        yield process, _read(said)
    finally:
        process.kill()
        await until(lambda: _has_ended(process))


async def _listens(process: Process, said: Path) -> bool:
    assert process.poll() is None, "it ended before it listened"
    return "Ctrl-C stops it." in _read(said)


def _read(said: Path) -> str:
    return said.read_text() if said.exists() else ""


async def _has_ended(process: Process) -> bool:
    return process.poll() is not None


@pytest.mark.fault("a server is killed while a payment prompt is on its way")
async def test_it_is_killed_while_a_prompt_is_on_its_way(merchant: Merchant, tmp_path: Path) -> None:
    async with running(tmp_path, "--seed", "abc", "--delay", "0", "--rate", "odd_types=0") as (process, said):
        address = re.findall(r"http://127\.0\.0\.1:\d+", said)[0]
        assert "with the seed abc" in said
        async with httpx.AsyncClient(base_url=address) as http:
            mpesa = Mpesa(address, merchant, http)
            async with mpesa.daraja() as daraja:
                await pushed(daraja, phone="254799000000")
                await until(lambda: _is_called_back(merchant))
                await mpesa.breaks(kind="SILENCE", path="stkpush/", done=True)
                asked = asyncio.create_task(daraja.stk_push(a_push()))
                await until(lambda: _has_begun(mpesa, 2))
                process.kill()
                assert isinstance(await asked, FateUnknown)
                await until(lambda: _has_ended(process))
                with pytest.raises(ProviderAway, match="cannot be reached"):
                    await daraja.stk_push(a_push())


async def _is_called_back(merchant: Merchant) -> bool:
    return len(merchant.callbacks) == 1


async def _has_begun(mpesa: Mpesa, payments: int) -> bool:
    return bool((await mpesa.counts())["begun"] == payments)


async def test_it_stops_when_it_is_asked_to(tmp_path: Path) -> None:
    async with running(tmp_path) as (process, said):
        assert re.search(r"with the seed [0-9a-f]{8}\.", said), "without one, another each time"
        process.send_signal(signal.SIGTERM)
        await until(lambda: _has_ended(process))
        assert process.poll() == 0


async def ended(home: Path, *arguments: str, **environs: str) -> tuple[int | None, str]:
    """A process that does not begin: its exit code, and why."""
    process, said = begun(home, *arguments, **environs)
    await until(lambda: _has_ended(process))
    return process.poll(), " ".join(_read(said).split())


async def test_a_port_that_is_taken(merchant: Merchant, tmp_path: Path) -> None:
    taken = str(httpx.URL(merchant.address).port)
    code, said = await ended(tmp_path, "--port", taken)
    assert (code, f"cannot listen on 127.0.0.1 port {taken}" in said) == (1, True), said


async def test_production_is_no_place_for_it(tmp_path: Path) -> None:
    production = {
        "DAFTARI_ENVIRONMENT": "production",
        "DAFTARI_SECRET": "a secret of forty characters, random ones",
        "DATABASE_URL": "postgresql://db.example/daftari?sslmode=verify-full",
        "REDIS_URL": "rediss://redis.example",
        "DAFTARI_OPENING_CREDIT": "0.00",
        "DAFTARI_ALLOWED_ORIGINS": "https://app.example.org",
    }
    code, said = await ended(tmp_path, **production)
    assert (code, "nobody is paid by a simulator" in said) == (1, True), said
