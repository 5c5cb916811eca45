"""Statements that break off, come twice at once, or are no statements."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from domain.events.listeners import catch_up
from domain.files.errors import FileEmpty, FileTooLarge, FileTypeContradicted, FileTypeNotAllowed
from domain.jobs.models import JobTask, TaskState
from domain.jobs.queue import GiveUp
from domain.jobs.runner import Runner
from domain.kit import clock
from domain.kit.clock import clock_set_to
from domain.kit.database import execute, fetchval
from domain.payments.models import PaymentCredit, StatementImport, StatementRow, StatementRowError
from domain.payments.rules.statements import RowProblem
from domain.payments.service.statements import cancel_statement_import
from domain.payments.statements import work as statement_work
from domain.payments.statements.jobs import BROKEN, endings
from domain.payments.statements.rows import book_rows
from domain.payments.states import ImportStatus
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.mpesa_statements import (
    NOON,
    PUBLISHED,
    QUICK,
    a_payment,
    a_statement,
    an_administrator,
    asked_for,
    imported,
    receipts,
    row,
    statement,
    work_is_done,
)
from tests.support.papers import PDF, a_workbook
from tests.support.races import at_once

pytestmark = pytest.mark.usefixtures("database")

ROWS = 12


def many() -> str:
    return statement(*(row(receipt, 100 + n, at=NOON + timedelta(minutes=n)) for n, receipt in enumerate(receipts(ROWS))))


async def everything_is_there_once(made: StatementImport, rows: int = ROWS) -> None:
    made = await StatementImport.get(id=made.id)
    assert (made.status, made.rows_done, made.orphans) == (ImportStatus.DONE, rows, rows)
    assert await StatementRow.all().count() == await PaymentCredit.all().count() == rows
    assert await fetchval("select count(*) from payment_evidence") == rows
    assert await fetchval("select count(*) from discrepancy") == rows
    await assert_integrity("payments", "ledger")


class Killed(BaseException):
    """The worker is no more."""


@pytest.mark.parametrize("after_booking", [False, True])
@pytest.mark.parametrize("batches", [0, 1, 3])
async def test_who_takes_over_goes_on_after_the_last_row_that_was_booked(
    monkeypatch: pytest.MonkeyPatch, batches: int, after_booking: bool
) -> None:
    """Killed at the beginning of a batch, or when it is written and not committed."""
    monkeypatch.setattr(statement_work, "BATCH", 3)
    done = 0

    async def book_or_die(*args: Any, **kwargs: Any) -> Any:
        nonlocal done
        if done == batches and not after_booking:
            raise Killed
        counts = await book_rows(*args, **kwargs)
        if done == batches:
            raise Killed
        done += 1
        return counts

    made = await asked_for(an_administrator(), many())
    with monkeypatch.context() as dying:
        dying.setattr(statement_work, "book_rows", book_or_die)
        with pytest.raises(Killed):
            await work_is_done()
    broken = await StatementImport.get(id=made.id)
    assert (broken.status, broken.rows_done) == (ImportStatus.RUNNING, 3 * batches)
    assert await StatementRow.all().count() == 3 * batches
    await execute("update job_task set leased_until = now() - interval '1 minute' where state = 'RUNNING'")
    with clock_set_to(clock.now() + timedelta(hours=1)):
        await work_is_done()
    assert (await JobTask.get(name="payments.statement")).state is TaskState.DONE
    await everything_is_there_once(made)


async def test_a_worker_that_is_told_to_stop_leaves_the_rest_to_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement_work, "BATCH", 3)
    reached, never = asyncio.Event(), asyncio.Event()

    async def book_and_wait(*args: Any, **kwargs: Any) -> Any:
        counts = await book_rows(*args, **kwargs)
        reached.set()
        await never.wait()
        return counts

    made = await asked_for(an_administrator(), many())
    with monkeypatch.context() as slow:
        slow.setattr(statement_work, "book_rows", book_and_wait)
        working = asyncio.create_task(Runner(QUICK).run())
        await reached.wait()
        working.cancel()
        with pytest.raises(asyncio.CancelledError):
            await working
    assert not await StatementRow.all().exists()
    await work_is_done()
    await everything_is_there_once(made)


async def test_two_files_with_the_same_rows_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement_work, "BATCH", 2)
    admin = an_administrator()
    payment = await a_payment("2500")
    shared = row("TC51AAAA1A", reference=payment.reference)
    made = [await asked_for(admin, many() + shared), await asked_for(admin, many() + shared + "\n")]
    await at_once([Runner(QUICK).run_what_is_there() for _ in range(3)])
    await work_is_done()
    imports = [await StatementImport.get(id=each.id) for each in made]
    assert [each.status for each in imports] == [ImportStatus.DONE] * 2
    assert sum(each.orphans for each in imports) == sum(each.known for each in imports) - 1 == ROWS
    assert sum(each.matched for each in imports) == 1
    assert await fetchval("select count(*) from payment_evidence") == ROWS + 1
    assert await PaymentCredit.all().count() == ROWS + 1
    await assert_integrity("payments", "ledger")


async def test_one_that_is_called_off_in_the_midst_keeps_what_was_booked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement_work, "BATCH", 3)
    admin = an_administrator()
    made = await asked_for(admin, many())
    begin = statement_work._begin

    async def begin_and_book_and_call_off(*args: Any) -> None:
        await begin(*args)
        monkeypatch.setattr(statement_work, "_book", book_once)

    book = statement_work._book

    async def book_once(*args: Any) -> bool:
        booked = await book(*args)
        await cancel_statement_import(admin, import_id=made.id)
        monkeypatch.setattr(statement_work, "_book", book)
        return booked

    monkeypatch.setattr(statement_work, "_begin", begin_and_book_and_call_off)
    await work_is_done()
    made = await StatementImport.get(id=made.id)
    assert (made.status, made.rows_done, made.from_at) == (ImportStatus.CANCELLED, 3, None)
    assert await StatementRow.all().count() == 3
    assert (await JobTask.get(name="payments.statement")).state is TaskState.DONE


async def test_one_whose_work_dies_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*args: Any, **kwargs: Any) -> None:
        raise GiveUp("a mistake of ours")

    monkeypatch.setattr(statement_work, "book_rows", fail)
    made = await asked_for(an_administrator())
    await work_is_done()
    assert (await JobTask.get(name="payments.statement")).state is TaskState.DEAD
    await events_so_far()
    await catch_up(endings)
    made = await StatementImport.get(id=made.id)
    assert (made.status, made.problem) == (ImportStatus.FAILED, BROKEN)


@pytest.mark.parametrize(
    "text",
    [
        "a,b,c\n1,2,3\n",
        "x" * 100_000,
        "=HYPERLINK(1),+1,-1,@SUM(1)\n",
        '"',
        '"' * 50_001,
        "\n" * 50_000,
        "," * 50_000,
        "Receipt No.,Paid In\nTC51AAAA1A,100\n",
    ],
)
async def test_a_text_that_is_no_statement(text: str) -> None:
    made = await imported(an_administrator(), text)
    assert (made.status, made.problem) == (ImportStatus.FAILED, RowProblem.NO_HEADINGS.value)
    assert (made.rows_done, made.bad_rows) == (1, 1)
    assert not await StatementRow.all().exists() and not await PaymentCredit.all().exists()


async def test_a_statement_with_too_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement_work, "MAX_ROWS", ROWS - 1)
    made = await imported(an_administrator(), many())
    assert (made.status, made.problem, made.rows_done) == (ImportStatus.FAILED, statement_work.TOO_MANY_ROWS, 0)
    assert not await StatementRow.all().exists()


async def test_a_statement_without_rows() -> None:
    made = await imported(an_administrator(), statement())
    assert (made.status, made.rows_total, made.rows_done, made.from_at) == (ImportStatus.DONE, 0, 0, None)


@pytest.mark.parametrize(
    ("content", "name", "refusal"),
    [
        (b"", "statement.csv", FileEmpty),
        (b"a" * (10 * 1024 * 1024 + 1), "statement.csv", FileTooLarge),
        (bytes(range(256)), "statement.csv", FileTypeNotAllowed),
        (b"Receipt No.\x00,Paid In", "statement.csv", FileTypeNotAllowed),
        (a_workbook(), "statement.csv", FileTypeContradicted),
        (a_workbook(), "statement.xlsx", FileTypeNotAllowed),
        (PDF, "statement.pdf", FileTypeNotAllowed),
        (b"<html><table>Receipt No.", "statement.csv", FileTypeNotAllowed),
    ],
)
async def test_a_file_that_cannot_be_one_is_not_taken(content: bytes, name: str, refusal: type[Exception]) -> None:
    admin = an_administrator()
    async with nothing_happens():
        with pytest.raises(refusal):
            await a_statement(admin, content, name)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
async def test_a_statement_from_another_program(encoding: str) -> None:
    text = PUBLISHED.replace("A MENSAH", "A MÉNSAH").replace(",", ";")
    made = await imported(an_administrator(), text.encode(encoding))
    assert (made.status, made.rows_done, made.bad_rows) == (ImportStatus.DONE, 3, 0)
    assert await fetchval("select max(payer_name) from payment_evidence where receipt = 'TC51ABCD2E'") == "A MÉNSAH"


async def test_rows_that_cannot_be_read_are_listed_and_the_others_booked() -> None:
    text = statement(
        row("TC51AAAA1A", "NaN"),
        row("TC51AAAA2A", "9" * 19),
        row("TC51AAAA3A", "-5"),
        row("no receipt"),
        row("TC51AAAA5A", status="Perhaps"),
        row("TC51AAAA6A", "0"),
        row("TC51AAAA7A", out=True, details="Reversal", reason="Reversal"),
        row("TC51AAAA8A", details="=HYPERLINK(1)", party='=cmd|"/c calc"!A1', reference="@SUM(1)"),
    )
    made = await imported(an_administrator(), text + "TC51AAAA9A\n")
    errors = await StatementRowError.filter(import_id=made.id).order_by("number")
    assert [(error.number, error.problem, error.column) for error in errors] == [
        (2, RowProblem.BAD_AMOUNT, "paid_in"),
        (3, RowProblem.BAD_AMOUNT, "paid_in"),
        (4, RowProblem.BAD_AMOUNT, "paid_in"),
        (5, RowProblem.BAD_RECEIPT, "receipt"),
        (6, RowProblem.UNKNOWN_STATUS, "status"),
        (7, RowProblem.NO_AMOUNT, "paid_in"),
        (8, RowProblem.UNKNOWN_ORIGINAL, "details"),
        (10, RowProblem.NO_AMOUNT, "paid_in"),
    ]
    assert (made.bad_rows, made.orphans, made.rows_done, made.rows_total) == (8, 1, 9, 9)


async def test_numbers_of_telephones_show_nowhere() -> None:
    number = "254712345678"
    text = statement(
        row("TC51AAAA1A", reference="0712345678", details=f"Pay Bill from {number}", party=f"{number} - {number}"),
        row("TC51AAAA2A", "100", out=True, details=f"Customer Transfer to {number}", party=f"{number} - B"),
    )
    await imported(an_administrator(), text)
    shown = ("statement_row", "statement_import", "discrepancy", "outbox", "event_log", "job_task", "journal_entry")
    for table in shown:
        kept = await fetchval(f"select coalesce(string_agg(to_jsonb(t)::text, ' '), '') from {table} t")
        assert "712345678" not in kept, table
    await assert_integrity("payments", "ledger")
