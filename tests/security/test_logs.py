"""Log lines: no secret is in one, and nobody outside writes one."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
import structlog

from tests.api.observability.writing import logs_written
from tests.api.sockets.talking import ACTORS, Talk
from tests.api.test_webhooks import CALLBACK, DEFAULT_PATH, SECRET, door
from tests.security.transports import Place, Transport, a_client, a_place, ask, is_nobody_on_a_socket


@pytest_asyncio.fixture(scope="module")
async def place(open_pool: None, database_url: str, redis_url: str) -> AsyncIterator[Place]:
    async with a_place(database_url, redis_url, actors=ACTORS) as place:
        yield place


@pytest.mark.attack("secrets in logs", on="POST, GET, SSE, WebSocket")
@pytest.mark.parametrize("as_json", [True, False])
async def test_no_token_is_in_a_log_line_wherever_it_was_put(
    place: Place, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, as_json: bool
) -> None:
    for client_of_the_test in ("httpcore", "websockets"):
        caplog.set_level(logging.INFO, logger=client_of_the_test)
    token = "hunter2hunter2"
    with logs_written(as_json=as_json):
        for transport in (Transport.POST, Transport.GET, Transport.SSE):
            await ask(place, transport, {"query": f'{{ greeting(name: "{token}") }}'}, token=token)
        assert await is_nobody_on_a_socket(place, f"/graphql?access_token={token}", {"authorization": f"Bearer {token}"})
        async with place.socket() as connection:
            talk = Talk(connection)
            await talk.say({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}})
            assert (await talk.ends())[0] == 4403
    written = capfd.readouterr().err
    assert "/graphql" in written, "lines are written"
    assert token not in written


@pytest.mark.attack("secrets in logs", on="M-Pesa")
@pytest.mark.usefixtures("database")
async def test_nor_is_a_secret_of_a_path(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="httpcore")
    async with door(mpesa_webhook_secret=SECRET) as client:
        with logs_written(as_json=True):
            await client.post(f"{DEFAULT_PATH}/{SECRET}/stk", content=CALLBACK)
    written = capfd.readouterr().err
    assert "/stk" in written and SECRET not in written


FORGED_LINE = "\n2030-01-01T00:00:00Z [info] user_signed_in user=admin\x1b[2K\x9b31m\u2028"


@pytest.mark.attack("log injection", on="Logs, POST")
@pytest.mark.parametrize("as_json", [True, False])
async def test_nobody_writes_lines_of_the_log(
    place: Place, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, as_json: bool
) -> None:
    caplog.set_level(logging.INFO, logger="httpcore")
    with logs_written(as_json=as_json):
        async with a_client(place) as client:
            for forged in ("%0a2030%20user_signed_in%1b%5b2K", "%0d%0auser_signed_in"):
                await client.get(f"/nowhere{forged}", headers={"x-correlation-id": "user_signed_in\x1b[2K"})
        structlog.get_logger("tests.forged").info(f"heard {FORGED_LINE}", said=FORGED_LINE, deep=[FORGED_LINE])
    written = capfd.readouterr().err
    assert not any(line.startswith(("2030", "user_signed_in")) for line in written.splitlines())
    assert "\x1b[2K" not in written and "\x9b" not in written and "\u2028" not in written
