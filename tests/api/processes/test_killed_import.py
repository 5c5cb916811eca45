"""Workers that are killed in the midst of a statement: each row is booked once, and the money with it."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from domain.kit.ids import new_id
from domain.payments.service.statements import STATEMENT, SUBJECT, WORK_THROUGH
from tests.api.processes.installation import Installation, an_installation
from tests.support.mpesa_statements import NOON, receipts, row, statement

ROWS = 1_500
DEATHS = 2
IMPATIENT = {"DAFTARI_JOB_LEASE_S": "1"}

HAND_IN = """
with owner as (select id from app_user order by created_at limit 1), file as (
    insert into stored_file (id, owner_id, purpose, file_name, content_type, size_bytes, sha256, created_at, subject_kind,
                             subject_id, attached_at, kept)
    select $1, id, $2, 'statement.csv', 'text/csv', length($4::bytea), $5, now(), $3, $6, now(), true from owner
    returning id
), content as (
    insert into stored_file_content (file_id, content) select id, $4 from file
), import as (
    insert into statement_import (id, file_id, file_name, status, created_at, correlation_id)
    select $6, id, 'statement.csv', 'QUEUED', now(), gen_random_uuid() from file
)
insert into job_task (id, name, payload, run_after, max_attempts, correlation_id, created_at)
select gen_random_uuid(), $7, jsonb_build_object('import_id', $6::text), now(), 20, gen_random_uuid(), now()
"""
HOW_FAR = "select rows_done from statement_import where id = $1"
STATUS = "select status from statement_import where id = $1"
BOOKED = """
select (select count(*) from statement_row where import_id = $1) as rows,
       (select count(distinct number) from statement_row where import_id = $1) as numbers,
       (select count(*) from payment_evidence e join statement_row r on r.id = e.statement_row_id
        where r.import_id = $1) as claims,
       (select count(*) from payment_credit c join statement_row r on r.receipt = c.receipt
        where r.import_id = $1) as credits,
       (select sum(c.net_minor) from payment_credit c join statement_row r on r.receipt = c.receipt
        where r.import_id = $1)::bigint as minor
"""
SUSPENSE = """
select coalesce(-sum(l.amount_minor), 0)::bigint from journal_line l join ledger_account a on a.id = l.account_id
where a.code = '2920'
"""


@pytest.mark.fault("workers are killed while they import a statement")
@pytest.mark.timeout(180)
async def test_a_statement_whose_workers_are_killed_is_booked_once(told_home: Path) -> None:
    async with an_installation(told_home) as place:
        database = await asyncpg.connect(place.servers.database_url)
        try:
            before = await database.fetchval(SUSPENSE)
            import_id = await _hand_in(database)
            deaths = await _die_in_the_midst(place, database, import_id)
            await place.start_worker("last", **IMPATIENT)
            await _until(database, STATUS, import_id, lambda status: status == "DONE")
            booked = await database.fetchrow(BOOKED, import_id)
            in_suspense = await database.fetchval(SUSPENSE) - before
        finally:
            await database.close()
    assert deaths == DEATHS
    assert booked is not None and tuple(booked.values()) == (ROWS, ROWS, ROWS, ROWS, ROWS * 100)
    assert in_suspense == ROWS * 100


async def _hand_in(database: Any) -> UUID:
    rows = (row(receipt, 1, at=NOON + timedelta(seconds=n)) for n, receipt in enumerate(receipts(ROWS)))
    content, import_id = statement(*rows).encode(), new_id()
    digest = hashlib.sha256(content).hexdigest()
    await database.execute(HAND_IN, new_id(), STATEMENT.name, SUBJECT, content, digest, import_id, WORK_THROUGH)
    return import_id


async def _die_in_the_midst(place: Installation, database: Any, import_id: UUID) -> int:
    """Kill one worker after the other, each when it has booked something; how many died in the midst of it."""
    deaths = 0
    for number in range(DEATHS):
        before = await database.fetchval(HOW_FAR, import_id)
        await place.start_worker(f"worker{number}", **IMPATIENT)
        await _until(database, HOW_FAR, import_id, lambda done, before=before: done > before)
        await place.kill(f"worker{number}")
        deaths += await database.fetchval(STATUS, import_id) == "RUNNING"
    return deaths


async def _until(database: Any, question: str, import_id: UUID, is_so: Any) -> None:
    """Look again and again: what happens, happens in other processes."""
    async with asyncio.timeout(90):
        while not is_so(await database.fetchval(question, import_id)):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
