"""The statements as reports say what the statements say."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest

from domain.accounting import accounts, reports
from domain.files.queries import content_of, readable_file
from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit.errors import Forbidden, InvalidInput
from domain.reports.models import Report
from tests.domain.reports.kinds import ask_for, made
from tests.support.accounting import a_drafted_expense, a_posted_expense, a_posted_revenue, capital, id_of, inr
from tests.support.happenings import nothing_happens
from tests.support.people import a_branch, an_actor

pytestmark = pytest.mark.usefixtures("database")

MARCH: dict[str, Any] = {"from_date": date(2026, 3, 1), "to_date": date(2026, 3, 31), "currency": "INR"}


@pytest.fixture
async def accountant() -> Actor:
    return await an_actor(Role.ACCOUNTANT)


async def rows_of(actor: Actor, report: Report) -> list[list[str]]:
    assert (report.error, report.file_id is None) == (None, False)
    assert report.file_id is not None
    content = await content_of(await readable_file(actor, report.file_id))
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1:]


async def some_business(actor: Actor) -> None:
    await capital(10_000, on=date(2026, 1, 5))
    await a_posted_revenue(actor, dated_on=date(2026, 2, 10), amount=inr(400))
    await a_posted_revenue(actor, dated_on=date(2026, 3, 10), amount=inr(900))
    await a_posted_expense(actor, dated_on=date(2026, 3, 20))


async def test_the_result_of_a_month_beside_the_month_before(accountant: Actor) -> None:
    await some_business(accountant)
    assert await rows_of(accountant, await made(await ask_for(accountant, "profit_and_loss", **MARCH))) == [
        ["Income", "4120", "Service Income", "900.00", "400.00"],
        ["Expenses", "5209", "Office Rent", "1200.00", "0.00"],
        ["Total income", "", "", "900.00", "400.00"],
        ["Total expenses", "", "", "1200.00", "0.00"],
        ["Net", "", "", "-300.00", "400.00"],
    ]


async def test_the_balance_sheet_and_the_cash_of_a_day(accountant: Actor) -> None:
    await some_business(accountant)
    day: dict[str, Any] = {"as_of": date(2026, 3, 31), "currency": "INR"}
    sheet = await rows_of(accountant, await made(await ask_for(accountant, "balance_sheet", **day)))
    assert sheet[-4:] == [
        ["Equity", "", "Result not in retained earnings yet", "100.00"],
        ["Total assets", "", "", "10100.00"],
        ["Total liabilities", "", "", "0.00"],
        ["Total equity", "", "", "10100.00"],
    ]
    cash = await rows_of(accountant, await made(await ask_for(accountant, "cash_position", **day)))
    assert cash[:2] == [["1110", "Cash", "1300.00"], ["1200", "Bank", "8800.00"]]
    assert cash[-3:] == [["Total", "", "10100.00"], ["Owed to wallets", "", "0.00"], ["Own", "", "10100.00"]]


async def test_the_expenses_of_a_month_come_batch_by_batch(accountant: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    branch = await a_branch("Nakuru")
    for day in (20, 3, 3, 15):
        await a_posted_expense(accountant, dated_on=date(2026, 3, day), amount=inr(day), branch_id=branch.id)
    await a_posted_expense(accountant, dated_on=date(2026, 3, 30), category_account_id=id_of(accounts.TRAVEL))
    await a_posted_expense(accountant, dated_on=date(2026, 4, 1))
    await a_drafted_expense(accountant, dated_on=date(2026, 3, 3))
    monkeypatch.setattr(reports, "BATCH", 2)
    rows = await rows_of(accountant, await made(await ask_for(accountant, "expenses", **MARCH)))
    assert [(row[0], row[2], row[6]) for row in rows] == [
        ("2026-03-03", "Office Rent", "3.00"),
        ("2026-03-03", "Office Rent", "3.00"),
        ("2026-03-15", "Office Rent", "15.00"),
        ("2026-03-20", "Office Rent", "20.00"),
        ("2026-03-30", "Travel Expenses", "1200.00"),
        ("Total", "", "1241.00"),
    ]
    of_branch = await rows_of(accountant, await made(await ask_for(accountant, "expenses", **MARCH, branch_id=branch.id)))
    assert len(of_branch) == 5


async def test_reports_are_of_what_one_may_see(accountant: Actor) -> None:
    nakuru, kisumu = await a_branch("Nakuru"), await a_branch("Kisumu")
    manager = await an_actor(Role.BRANCH_MANAGER, branch_id=nakuru.id)
    await a_posted_expense(accountant, dated_on=date(2026, 3, 3), branch_id=kisumu.id)
    await a_posted_expense(accountant, dated_on=date(2026, 3, 4), branch_id=nakuru.id, amount=inr(9))
    rows = await rows_of(manager, await made(await ask_for(manager, "profit_and_loss", **MARCH)))
    assert rows[-1] == ["Net", "", "", "-9.00", "0.00"]
    refused = await made(await ask_for(manager, "balance_sheet", currency="INR"))
    assert (refused.error_code, refused.file_id) == ("FORBIDDEN", None)
    stranger = await an_actor(Role.INVESTOR)
    async with nothing_happens():
        with pytest.raises(Forbidden):
            await ask_for(stranger, "profit_and_loss", **MARCH)
        with pytest.raises(InvalidInput):
            await ask_for(accountant, "profit_and_loss", from_date=date(2026, 3, 2), to_date=date(2026, 3, 1))
