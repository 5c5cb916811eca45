"""Importing statements: what their rows are, what they do to payments, and that each does it once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.files.errors import FileAlreadyAttached, FileNotFound
from domain.files.queries import content_of, readable_file
from domain.files.service import store_file
from domain.identity.permissions import Role
from domain.kit.database import fetch
from domain.kit.errors import Forbidden, InvalidInput
from domain.kit.ids import new_id
from domain.payments.errors import StatementImportEnded, StatementImportNotFound, TooManyStatementImports
from domain.payments.models import Discrepancy, Payment, PaymentCredit, StatementImport, StatementRow
from domain.payments.service import statements
from domain.payments.service.statements import cancel_statement_import, import_statement
from domain.payments.states import Destination, DiscrepancyType, ImportStatus, PaymentStatus, RowState
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.mpesa_statements import (
    NOON,
    PUBLISHED,
    a_paid_payment,
    a_payment,
    a_statement,
    an_administrator,
    asked_for,
    charge,
    imported,
    reversal,
    row,
    shillings,
    statement,
    work_is_done,
)
from tests.support.papers import PDF
from tests.support.people import somebody

pytestmark = pytest.mark.usefixtures("database")


async def states_of(made: StatementImport) -> list[tuple[str, RowState]]:
    rows = await StatementRow.filter(import_id=made.id).order_by("number")
    return [(each.receipt, each.state) for each in rows]


async def discrepancies() -> list[tuple[DiscrepancyType, str | None]]:
    return [(each.type, each.receipt) for each in await Discrepancy.exclude(status="RESOLVED").order_by("serial")]


async def test_the_published_statement_of_payments_that_we_know() -> None:
    payment = await a_paid_payment("TC51ABCD2E")
    made = await imported(an_administrator())
    assert made.status is ImportStatus.DONE and made.number.startswith("ST-")
    assert (made.rows_total, made.rows_done, made.last_row) == (3, 3, 4)
    assert (made.payments_in, made.reversals, made.others, made.known) == (2, 1, 0, 0)
    assert (made.matched, made.orphans, made.bad_rows, made.problem) == (2, 1, 0, None)
    assert await states_of(made) == [
        ("TC51ABCD2E", RowState.MATCHED),
        ("TC51ZZZZ9K", RowState.MATCHED),
        ("TC61QWER3T", RowState.ORPHAN),
    ]
    await payment.refresh_from_db()
    assert (payment.status, payment.purpose_minor) == (PaymentStatus.REVERSED, 0)
    orphan = await PaymentCredit.get(receipt="TC61QWER3T")
    assert (orphan.payment_id, orphan.amount, orphan.destination) == (None, shillings("999.50"), Destination.SUSPENSE)
    assert (DiscrepancyType.ORPHAN_TRANSACTION, "TC61QWER3T") in await discrepancies()
    assert (DiscrepancyType.REVERSED, "TC51ABCD2E") in await discrepancies()
    await assert_integrity("payments", "ledger")


async def test_the_published_statement_of_payments_that_nobody_knows() -> None:
    """What was taken back whole waits for nobody."""
    made = await imported(an_administrator())
    assert (made.matched, made.orphans) == (0, 3)
    taken_back = await PaymentCredit.get(receipt="TC51ABCD2E")
    assert (taken_back.amount_minor, taken_back.net_minor) == (250_000, 0)
    await assert_integrity("payments", "ledger")


async def test_the_same_rows_again_change_nothing() -> None:
    admin = an_administrator()
    await a_paid_payment("TC51ABCD2E")
    await imported(admin)
    before = await everything_of_payments()
    again = await imported(admin, PUBLISHED.encode("utf-16"))
    assert (again.status, again.known, again.matched, again.orphans) == (ImportStatus.DONE, 3, 0, 0)
    assert await everything_of_payments() == before
    twice = await imported(admin, PUBLISHED + "".join(PUBLISHED.splitlines(keepends=True)[1:]))
    assert (twice.known, twice.rows_done) == (6, 6)
    assert await everything_of_payments() == before


async def everything_of_payments() -> list[object]:
    tables = ("payment", "payment_evidence", "payment_credit", "reconciliation", "discrepancy", "journal_entry")
    return [list(await fetch(f"select to_jsonb(t) from {table} t order by t::text")) for table in tables]


async def test_a_payment_is_found_by_the_reference_that_the_payer_typed() -> None:
    payment = await a_payment("2500")
    typed = f"{payment.reference[:4].lower()} {payment.reference[4:]}"
    made = await imported(an_administrator(), statement(row("TC51AAAA1A", reference=typed)))
    await payment.refresh_from_db()
    assert (payment.status, payment.transaction_id) == (PaymentStatus.PAID, "TC51AAAA1A")
    assert payment.purpose_amount == shillings(2_500)
    assert (await StatementRow.get(import_id=made.id)).payment_id == payment.id
    assert await discrepancies() == [(DiscrepancyType.STATUS_MISMATCH, None)], "only the statement knows of it"


async def test_a_reversal_may_stand_above_its_payment() -> None:
    payment = await a_payment("2500")
    rows = (reversal("TC51ZZZZ9K", "TC51AAAA1A"), row("TC51AAAA1A", reference=payment.reference))
    made = await imported(an_administrator(), statement(*rows))
    await payment.refresh_from_db()
    assert made.matched == 2 and payment.status is PaymentStatus.REVERSED
    await assert_integrity("payments", "ledger")


async def test_money_that_was_nobodys_is_found_by_a_later_statement_that_says_more() -> None:
    admin, payment = an_administrator(), await a_payment("2500")
    first = await imported(admin, statement(row("TC51AAAA1A")))
    assert await states_of(first) == [("TC51AAAA1A", RowState.ORPHAN)]
    second = await imported(admin, statement(row("TC51AAAA1A", reference=payment.reference)))
    assert await states_of(second) == [("TC51AAAA1A", RowState.MATCHED)]
    assert await states_of(first) == [("TC51AAAA1A", RowState.MATCHED)]
    await payment.refresh_from_db()
    assert payment.purpose_amount == shillings(2_500)
    assert (DiscrepancyType.ORPHAN_TRANSACTION, "TC51AAAA1A") not in await discrepancies()
    await assert_integrity("payments", "ledger")


async def test_what_is_no_payment_to_us_is_kept_and_ignored() -> None:
    text = statement(
        row("TC51AAAA1A", "500", out=True, details="Customer Transfer to 0712345678", reason="Transfer"),
        charge("TC51AAAA1A"),
        row("TC51BBBB1B", "100", status="Failed"),
        row("TC51CCCC1C", "100", details="Reversal of TC51AAAA1A", reason="Reversal", reverses="TC51AAAA1A"),
    )
    made = await imported(an_administrator(), text)
    assert {state for _, state in await states_of(made)} == {RowState.IGNORED}
    assert (made.payments_in, made.reversals, made.others, made.orphans) == (1, 1, 2, 0)
    assert not await PaymentCredit.all().exists() and not await fetch("select 1 from payment_evidence")
    assert "0712345678" not in str(await fetch("select * from statement_row"))


async def test_a_row_that_was_reversed_in_place() -> None:
    payment = await a_payment("2500")
    await imported(an_administrator(), statement(row("TC51AAAA1A", reference=payment.reference, status="Reversed")))
    await payment.refresh_from_db()
    assert (payment.status, payment.transaction_id) == (PaymentStatus.REVERSED, "TC51AAAA1A")


async def test_what_a_statement_does_not_tell_is_missing() -> None:
    told = await a_paid_payment("TC51AAAA1A", at=NOON)
    untold = [await a_paid_payment(f"TC51BBBB{n}B", at=NOON + timedelta(minutes=n)) for n in (1, 2)]
    await a_paid_payment("TC51CCCC1C", at=NOON - timedelta(seconds=1))
    await a_paid_payment("TC51DDDD1D", at=NOON + timedelta(hours=2))
    admin = an_administrator()
    last = row("TC51EEEE1E", at=NOON + timedelta(hours=1))
    made = await imported(admin, statement(row("TC51AAAA1A"), last))
    assert (made.from_at, made.until_at) == (NOON, NOON + timedelta(hours=1))
    missing = [item for item in await discrepancies() if item[0] is DiscrepancyType.MISSING_IN_STATEMENT]
    assert sorted(missing) == [(DiscrepancyType.MISSING_IN_STATEMENT, f"TC51BBBB{n}B") for n in (1, 2)]
    assert not await Discrepancy.filter(payment_id=told.id).exists()
    await imported(admin, statement(*(row(f"TC51BBBB{n}B", at=NOON + timedelta(minutes=n)) for n in (1, 2))))
    assert not [item for item in await discrepancies() if item[0] is DiscrepancyType.MISSING_IN_STATEMENT]
    assert {payment.status for payment in await Payment.filter(id__in=[each.id for each in untold])} == {PaymentStatus.PAID}


async def test_many_that_are_missing_are_found_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.payments.statements.gaps.BATCH", 2)
    for n in range(5):
        await a_paid_payment(f"TC51BBBB{n}B", at=NOON + timedelta(minutes=n))
    rows = (row("TC51AAAA1A", at=NOON - timedelta(hours=1)), row("TC51AAAA2A", at=NOON + timedelta(hours=1)))
    await imported(an_administrator(), statement(*rows))
    assert await Discrepancy.filter(type=DiscrepancyType.MISSING_IN_STATEMENT).count() == 5


async def test_a_statement_with_unreadable_rows_in_its_midst_calls_nothing_missing() -> None:
    await a_paid_payment("TC51BBBB1B", at=NOON + timedelta(minutes=1))
    rows = (row("TC51AAAA1A"), row("TC51BBBB1B", "much"), row("TC51CCCC1C", at=NOON + timedelta(hours=1)))
    made = await imported(an_administrator(), statement(*rows))
    assert (made.status, made.bad_rows, made.from_at) == (ImportStatus.DONE, 1, None)
    assert made.problem is not None
    around = await imported(an_administrator(), statement("Total,,,\n", *rows[::2], "Page 1,,\n"))
    assert (around.bad_rows, around.from_at, around.problem) == (2, NOON, None)
    assert (DiscrepancyType.MISSING_IN_STATEMENT, "TC51BBBB1B") in await discrepancies()


async def test_it_is_told_as_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.payments.statements.work.BATCH", 2)
    await imported(an_administrator())
    told = [logged.fact.statement for logged in await events_so_far() if logged.name == "payments.statement_import_changed"]
    assert [(each.status, each.rows_done) for each in told] == [
        (ImportStatus.QUEUED, 0),
        (ImportStatus.RUNNING, 0),
        (ImportStatus.RUNNING, 2),
        (ImportStatus.RUNNING, 3),
        (ImportStatus.DONE, 3),
    ]
    assert [each.version for each in told] == [1, 2, 3, 4, 5]


async def test_an_import_is_called_off() -> None:
    admin = an_administrator()
    made = await asked_for(admin)
    assert (await cancel_statement_import(admin, import_id=made.id)).status is ImportStatus.CANCELLED
    await work_is_done()
    assert not await StatementRow.all().exists()
    async with nothing_happens():
        with pytest.raises(StatementImportEnded):
            await cancel_statement_import(admin, import_id=made.id)
        with pytest.raises(StatementImportNotFound):
            await cancel_statement_import(admin, import_id=new_id())
        with pytest.raises(Forbidden):
            await cancel_statement_import(somebody(Role.ACCOUNTANT), import_id=made.id)


async def test_a_file_is_imported_once_and_by_who_handed_it_in() -> None:
    admin, other = an_administrator(), an_administrator()
    file = await a_statement(admin)
    paper = await store_file(admin, file_name="paper.pdf", content=PDF)
    clerk = somebody(Role.ACCOUNTANT)
    clerks = await a_statement(clerk, PUBLISHED + "\n")
    async with nothing_happens():
        with pytest.raises(FileNotFound):
            await import_statement(other, file_id=file.id)
        with pytest.raises(FileNotFound):
            await import_statement(admin, file_id=new_id())
        with pytest.raises(InvalidInput, match="mpesa_statement"):
            await import_statement(admin, file_id=paper.id)
        with pytest.raises(Forbidden):
            await import_statement(clerk, file_id=clerks.id)
    await import_statement(admin, file_id=file.id)
    with pytest.raises(FileAlreadyAttached):
        await import_statement(admin, file_id=file.id)
    assert await content_of(await readable_file(other, file.id)) == PUBLISHED.encode()
    with pytest.raises(FileNotFound):
        await readable_file(clerk, file.id)


async def test_there_are_not_too_many_imports_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "MAX_OPEN", 1)
    admin = an_administrator()
    await asked_for(admin)
    file = await a_statement(admin, PUBLISHED + "\n")
    async with nothing_happens():
        with pytest.raises(TooManyStatementImports):
            await import_statement(admin, file_id=file.id)
