"""Days and orphans on paper."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest

from domain.files.queries import content_of, readable_file
from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit.errors import Forbidden
from domain.kit.ids import new_id
from domain.reports.models import ReportFormat
from tests.domain.reports.kinds import ask_for, made
from tests.support.happenings import nothing_happens
from tests.support.mpesa_statements import NOON, a_paid_payment, imported, reversal, row, statement
from tests.support.people import an_actor

pytestmark = pytest.mark.usefixtures("database")

DAY = date(2025, 3, 5)


async def rows_of(actor: Actor, kind: str, **parameters: Any) -> list[list[str]]:
    report = await made(await ask_for(actor, kind, **parameters))
    assert report.error is None and report.file_id is not None
    content = await content_of(await readable_file(actor, report.file_id))
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


async def a_day(admin: Actor) -> None:
    await a_paid_payment("TC51AAAA1A", "2500", at=NOON)
    await imported(admin, statement(row("TC51BBBB1B", "999.50", reference="=1+1", party="254712345678 - =cmd")))


async def test_the_report_of_a_day() -> None:
    admin = await an_actor(Role.ADMIN)
    await a_day(admin)
    rows = {line[0]: line[1:] for line in await rows_of(admin, "payments_day", as_of=DAY) if line}
    assert rows["Received"] == ["2", "3499.50"] and rows["Of that nobody's"] == ["1", "999.50"]
    assert rows["PAID"] == ["1", "2500.00"] and rows["C2B"] == ["1", "2500.00"]
    for format in (ReportFormat.PDF, ReportFormat.XLSX):
        report = await made(await ask_for(admin, "payments_day", format=format, as_of=DAY))
        assert report.error is None


@pytest.mark.parametrize("formula", ["=HYPERLINK(1)", "+1+1", "-1+1", "@SUM(1)"])
async def test_a_statement_row_by_row(formula: str) -> None:
    """What a payer typed runs in nobody's spreadsheet, and shows no telephone number."""
    admin = await an_actor(Role.ADMIN)
    payment = await a_paid_payment("TC51AAAA1A", "2500", at=NOON)
    text = statement(
        row("TC51AAAA1A", details=f'"{formula}"', reference="0712345678"),
        row("TC51BBBB1B", "1000", out=True),
        reversal("TC51CCCC1C", "TC51AAAA1A", "40"),
        "wrong\n",
    )
    made_import = await imported(admin, text)
    rows = {line[1]: line for line in await rows_of(admin, "mpesa_statement", import_id=made_import.id) if len(line) > 10}
    paid, sent, taken_back = rows["TC51AAAA1A"], rows["TC51BBBB1B"], rows["TC51CCCC1C"]
    assert (paid[3], paid[5], paid[7], paid[8]) == ("PAYMENT_IN", "2500.00", "07*****678", f"'{formula}")
    assert (paid[9:], sent[3], sent[9:]) == (["MATCHED", payment.number], "PAYMENT_OUT", ["IGNORED", ""])
    assert (taken_back[3], taken_back[6], taken_back[9]) == ("REVERSAL", "TC51AAAA1A", "MATCHED")
    short = [line for line in await rows_of(admin, "mpesa_statement", import_id=made_import.id) if len(line) == 3]
    assert short[-1] == ["5", "BAD_RECEIPT", "receipt"]


async def test_a_statement_that_there_is_not() -> None:
    report = await made(await ask_for(await an_actor(Role.ADMIN), "mpesa_statement", import_id=new_id()))
    assert (report.error_code, report.file_id) == ("STATEMENT_IMPORT_NOT_FOUND", None)


async def test_money_that_nobody_knows_on_paper() -> None:
    admin = await an_actor(Role.ADMIN)
    await a_day(admin)
    rows = await rows_of(admin, "mpesa_orphans")
    [orphan] = [line for line in rows if line and line[0] == "TC51BBBB1B"]
    assert orphan[2:5] == ["'=1+1", "'=cmd", "2547*****678"] and orphan[-1] == "999.50"
    assert "254712345678" not in str(rows)


async def test_a_day_that_has_not_begun_cannot_be_reported() -> None:
    admin = await an_actor(Role.ADMIN)
    report = await made(await ask_for(admin, "payments_day", as_of=date(2199, 1, 1)))
    assert (report.error_code, report.file_id) == ("INVALID_INPUT", None)


async def test_these_are_for_who_reconciles() -> None:
    clerk = await an_actor(Role.ACCOUNTANT)
    async with nothing_happens():
        for kind, asked in (("payments_day", {}), ("mpesa_orphans", {}), ("mpesa_statement", {"import_id": new_id()})):
            with pytest.raises(Forbidden):
                await ask_for(clerk, kind, **asked)
