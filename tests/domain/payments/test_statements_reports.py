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
from domain.reports.models import ReportFormat
from tests.domain.reports.kinds import ask_for, made
from tests.support.happenings import nothing_happens
from tests.support.mpesa_statements import NOON, a_paid_payment, imported, row, statement
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
        for kind in ("payments_day", "mpesa_orphans"):
            with pytest.raises(Forbidden):
                await ask_for(clerk, kind)
