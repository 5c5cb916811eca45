"""Mail leaves a real worker for a real server; the server is away and the worker dies, and each letter comes once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
import pytest

from api.demo import people
from tests.api.processes.hasty_worker import LEASE
from tests.api.processes.installation import PATIENCE_S, an_installation, ask, signed_in
from tests.support.carriers import mail_catcher

MODULE = "tests.api.processes.hasty_worker"
SET_PHONE = "mutation($input: SetPhoneInput!) { setPhone(input: $input) { errors { code message } } }"
OURS = "from notification_delivery join notification on notification.id = notification_id where type = 'PHONE_CHANGED'"
TRIED = f"select count(*) {OURS} and last_error is not null"
SENT = f"select count(*) {OURS} and state = 'SENT' and transport = 'SMTP'"
WRITERS = (people.SELLER, people.INVESTOR, people.DEBTOR)


@pytest.mark.fault("server and worker are killed while letters wait")
@pytest.mark.timeout(180)
async def test_letters_outlive_the_server_and_the_worker(told_home: Path) -> None:
    async with mail_catcher() as catcher, an_installation(told_home) as place:
        mail = {"SMTP_URL": catcher.url, "MAIL_FROM": "books@daftari.example"}
        await catcher.go_away()
        address, _ = await asyncio.gather(place.start_server("one"), place.start_worker(module=MODULE, **mail))
        database = await asyncpg.connect(place.servers.database_url)
        for number, person in enumerate(WRITERS):
            http, _ = await signed_in(address, person)
            answer = await ask(http, SET_PHONE, input={"phone": f"+25471234567{number}"})
            assert answer["setPhone"]["errors"] == []
            await http.aclose()
        await _until(database, TRIED, at_least=1)
        await place.kill("worker")
        assert await database.fetchval(SENT) == 0
        await catcher.come()
        await place.start_worker(module=MODULE, **mail)
        await _until(database, SENT, at_least=len(WRITERS))
        letters = [letter for letter in catcher.letters if letter["Subject"] == "Your telephone number was changed"]
        assert sorted(letter["To"] for letter in letters) == sorted(person.email for person in WRITERS)
        assert len({letter["Message-ID"] for letter in catcher.letters}) == len(catcher.letters)
        await database.close()
        code, said = await place.daftari("verify-ledger")
        assert code == 0, said


async def _until(database: asyncpg.Connection, count: str, *, at_least: int) -> None:
    """A letter that the worker had in its hands as it died waits for the end of its lease."""
    async with asyncio.timeout(LEASE.total_seconds() + 2 * PATIENCE_S):
        while await database.fetchval(count) < at_least:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
