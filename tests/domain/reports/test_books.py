"""The reports of the books say what the books say."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from domain.files.queries import content_of, readable_file
from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit.unit_of_work import unit_of_work
from domain.ledger.chart import BANK, CAPITAL, SALES, house_account
from domain.ledger.service import credit, debit, post_entry
from domain.reports.models import Report
from tests.domain.reports.kinds import ask_for, made
from tests.support.invoices import inr
from tests.support.people import an_actor

pytestmark = pytest.mark.usefixtures("database")


async def books() -> None:
    """Capital of 1,000 in January, sales of 100 and of 50.50 in February, of 7 in March."""
    async with unit_of_work():
        bank, capital, sales = [await house_account(each, "INR") for each in (BANK, CAPITAL, SALES)]
        for amount, other, day in (
            ("1000.00", capital, date(2026, 1, 10)),
            ("100.00", sales, date(2026, 2, 3)),
            ("50.50", sales, date(2026, 2, 28)),
            ("7.00", sales, date(2026, 3, 1)),
        ):
            lines = [debit(bank, inr(amount)), credit(other, inr(amount))]
            await post_entry(kind="manual", description=f"=of {day}", lines=lines, effective_on=day)


async def rows_of(actor: Actor, report: Report) -> list[list[str]]:
    assert (report.error, report.file_id is None) == (None, False)
    assert report.file_id is not None
    content = await content_of(await readable_file(actor, report.file_id))
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


async def test_the_trial_balance_of_a_day() -> None:
    anna = await an_actor(Role.ACCOUNTANT)
    await books()
    rows = await rows_of(anna, await made(await ask_for(anna, "trial_balance", as_of=date(2026, 2, 28), currency="INR")))
    assert rows[1:] == [
        ["1200", "Bank", "ASSET", "INR", "1150.50", ""],
        ["3100", "Capital", "EQUITY", "INR", "", "1000.00"],
        ["4110", "Sales", "INCOME", "INR", "", "150.50"],
        ["Total", "", "", "INR", "1150.50", "1150.50"],
    ]
    assert (await rows_of(anna, await made(await ask_for(anna, "trial_balance", currency="KES"))))[1:] == []


async def test_the_ledger_of_one_account() -> None:
    anna = await an_actor(Role.ACCOUNTANT)
    await books()
    february = {"from_date": date(2026, 2, 1), "to_date": date(2026, 2, 28)}
    sales = await house_account(SALES, "INR")
    bank = await house_account(BANK, "INR")
    rows = await rows_of(anna, await made(await ask_for(anna, "general_ledger", account_id=bank, **february)))
    assert [row[0] for row in rows[1:]] == ["2026-02-01", "2026-02-03", "2026-02-28", "2026-02-28", "Total"]
    assert [row[2:] for row in rows[1:]] == [
        ["Opening balance", "", "", "1000.00"],
        ["'=of 2026-02-03", "100.00", "", "1100.00"],
        ["'=of 2026-02-28", "50.50", "", "1150.50"],
        ["Closing balance", "", "", "1150.50"],
        ["", "150.50", "", ""],
    ]
    rows = await rows_of(anna, await made(await ask_for(anna, "general_ledger", account_id=sales, **february)))
    assert [Decimal(row[5]) for row in rows[1:-1]] == [0, 100, Decimal("150.50"), Decimal("150.50")]
