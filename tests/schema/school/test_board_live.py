"""The school's board live: each viewer sees it change after a payment, in the part of the school that they see."""

from __future__ import annotations

from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.school import settings
from domain.school.service.statistics import refresh_statistics
from domain.school.settings import SchoolSettings
from tests.subscriptions.listening import until
from tests.support.followers import follow, hub, states
from tests.support.graphql import ask
from tests.support.mill_rows import unguarded
from tests.support.operations import operation, shown
from tests.support.people import somebody
from tests.support.school import a_branch_row, a_pupil, a_school
from tests.support.school_fees import charged, ghs, paid

__all__ = ["hub"]

pytestmark = pytest.mark.usefixtures("database")

BOARD, FEES, BOOKS = (
    operation(f"school/{name}") for name in ("SchoolDashboardUpdated", "FeeStatsUpdated", "FinancialStatsUpdated")
)


async def test_viewers_see_the_board_change_after_a_payment(hub: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "_settings", SchoolSettings(chosen_currency="GHS"))
    school = await a_school()
    fee = await charged(school.bursar, await a_pupil(school), ghs(1500))
    elsewhere = somebody(Role.BURSAR, branch=await a_branch_row())
    board, fees, books = [await follow(hub, school.bursar, document) for document in (BOARD, FEES, BOOKS)]
    clerk, stranger = await follow(hub, school.registrar, BOARD), await follow(hub, elsewhere, BOARD)
    await paid(school.bursar, fee, ghs(500))
    await until(lambda: states(board)[-1]["feesCollected"] == shown("500.00", "GHS"))
    await until(lambda: states(fees)[-1]["totalOutstanding"] == shown("1,000.00", "GHS"))
    await until(lambda: states(books)[-1]["totalIncome"] == shown("500.00", "GHS"))
    assert states(board)[0]["feesCollected"] == shown("0.00", "GHS")
    await a_pupil(school)
    assert (states(clerk)[-1]["feesCollected"], states(stranger)[-1]["totalIncome"]) == (None, shown("0.00", "GHS"))
    # A recount is of the whole school, and puts right what a campus has before its eyes.
    async with unguarded() as c:
        sql = "insert into school_figure_change (metric, branch_id, amount) values ('STUDENTS', $1, 5)"
        await c.execute(sql, school.branch.id)
    await paid(school.bursar, fee, ghs(1))
    await until(lambda: states(board)[-1]["totalStudents"] == 7)
    await refresh_statistics(somebody(Role.ADMIN))
    await until(lambda: states(board)[-1]["totalStudents"] == 2)
    await until(lambda: states(fees)[-1]["totalOutstanding"] == shown("999.00", "GHS"))
    once = await ask(school.bursar, operation("school/FeeStats").replace("  asOf\n}", "}"))
    assert states(fees)[-1]["monthly"] == once["monthly"]
