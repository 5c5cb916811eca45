"""The reports of lending say what the loans say."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.files.queries import content_of, readable_file
from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.errors import Forbidden
from domain.lending.models import Loan
from domain.reports.models import Report, ReportFormat
from tests.domain.reports.kinds import ask_for, made
from tests.support.happenings import nothing_happens
from tests.support.invoices import NOON
from tests.support.loans import Office, a_registered_officer, a_running_loan, an_office, repaid
from tests.support.people import somebody

pytestmark = pytest.mark.usefixtures("database")

LATE = NOON + timedelta(days=85)


async def rows_of(actor: Actor, report: Report) -> list[list[str]]:
    assert report.error is None
    assert report.file_id is not None
    content = await content_of(await readable_file(actor, report.file_id))
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


async def asked(actor: Actor, kind: str, **parameters: Any) -> list[list[str]]:
    """What a report says as CSV, without the heading of its columns."""
    return (await rows_of(actor, await made(await ask_for(actor, kind, currency="KES", **parameters))))[1:]


async def a_book(office: Office) -> tuple[Actor, list[Loan]]:
    """The manager, who is registered, and two loans: one paid once, one never."""
    manager = await a_registered_officer(office.branch, Role.BRANCH_MANAGER, name="Mary Manager")
    with clock.clock_set_to(NOON):
        loans = [await a_running_loan(office, annual_rate=Decimal(0)) for _ in range(2)]
    with clock.clock_set_to(NOON + timedelta(days=31)):
        await repaid(office, loans[0], 1_000, reference="R-1")
    return manager, loans


async def test_the_portfolio() -> None:
    office, other = await an_office(), await an_office()
    manager, loans = await a_book(office)
    with clock.clock_set_to(NOON):
        elsewhere = await a_running_loan(other)
    with clock.clock_set_to(LATE):
        numbers = {row[0]: row for row in await asked(manager, "loan_portfolio") if row}
        assert elsewhere.number not in numbers
        first, second = (numbers[loan.number] for loan in loans)
        assert (first[8], first[-2:], second[8], second[-2:]) == (
            "11000.00",
            ["24", "DAYS_1_30"],
            "12000.00",
            ["54", "DAYS_31_60"],
        )
        assert numbers["Gross portfolio"][1:3] == ["2", "23000.00"]
        assert numbers["PAR30"][3] == "52.17", "12,000 of 23,000"


async def test_what_is_to_be_collected_and_how_old_it_is() -> None:
    office = await an_office()
    manager, loans = await a_book(office)
    with clock.clock_set_to(LATE):
        rows = [row for row in await asked(manager, "collections") if row[2]]
        assert (rows[0][2], rows[0][1], rows[0][-1]) == (loans[1].number, "54", "1000.00")
        assert len(rows) == 5, "three overdue, two within 30 days"
        assert len([row for row in await asked(manager, "collections", to_date=LATE.date()) if row[2]]) == 3
        aged = {row[0]: row[4:] for row in await asked(manager, "arrears_aging")}
        assert aged[loans[0].number] == ["24", "1000.00", "0.00", "0.00", "0.00", "0.00", "1000.00"]
        assert aged[loans[1].number] == ["54", "1000.00", "1000.00", "0.00", "0.00", "0.00", "2000.00"]


async def test_what_moved_in_a_period() -> None:
    office = await an_office()
    manager, loans = await a_book(office)
    day = NOON.date()
    with clock.clock_set_to(LATE):
        stretch = {"from_date": day, "to_date": day + timedelta(days=60)}
        [came, *_] = await asked(manager, "repayments", **stretch)
        assert came[:7] == [
            (day + timedelta(days=31)).isoformat(),
            loans[0].number,
            office.borrower.name,
            office.branch.name,
            "CASH",
            "R-1",
            "1000.00",
        ]
        out = await asked(manager, "disbursements", **stretch)
        assert [row[6] for row in out if row[1]] == ["12000.00", "12000.00"]
        nothing = {"from_date": day + timedelta(days=61), "to_date": day + timedelta(days=62)}
        assert [row for row in await asked(manager, "repayments", **nothing) if row[1]] == []


@pytest.mark.parametrize("format", list(ReportFormat))
async def test_every_format(format: ReportFormat) -> None:
    office = await an_office()
    manager, _ = await a_book(office)
    with clock.clock_set_to(LATE):
        for kind in ("loan_portfolio", "arrears_aging"):
            report = await made(await ask_for(manager, kind, format=format, currency="KES"))
            assert (report.error, report.file_id is None) == (None, False)


async def test_who_may_have_them() -> None:
    office, other = await an_office(), await an_office()
    _, loans = await a_book(office)
    stranger = await a_registered_officer(other.branch, Role.BRANCH_MANAGER)
    with clock.clock_set_to(LATE):
        assert loans[0].number not in str(await asked(stranger, "loan_portfolio", branch_id=office.branch_id))
        async with nothing_happens():
            for who in (office.borrower, somebody(Role.SELLER, name="Sita")):
                with pytest.raises(Forbidden):
                    await ask_for(who, "collections")
