"""What the school asked to be tested and verified, in its own order: fees and the books, and statistics in real time.

Each test is one sentence of it, done as a user does it: by the canonical operations alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit.clock import clock_set_to
from domain.school.models import Student
from tests.support.graphql import ask, do, encode_id
from tests.support.happenings import assert_integrity
from tests.support.operations import money, operation, shown
from tests.support.school import School, a_pupil, a_school, enrolled_students, known

pytestmark = pytest.mark.usefixtures("database")

DAY = datetime(2026, 3, 10, 9, tzinfo=UTC)
"""A Tuesday in the first term."""


@pytest.fixture(autouse=True)
def in_march() -> Iterator[None]:
    with clock_set_to(DAY):
        yield


def op(name: str) -> str:
    """A canonical operation, without the cursor that live pages read first."""
    return operation(f"school/{name}").replace("  asOf\n", "")


def cedis(amount: str) -> dict[str, str]:
    return money(amount, "GHS")


@dataclass(frozen=True)
class Desk:
    """A school, and somebody who may do everything there."""

    school: School
    admin: Actor

    async def do(self, name: str, **input: Any) -> Any:
        return await do(self.admin, op(name), input=input)

    async def add_fee(self, student: Student, due: str, paid: str, **more: Any) -> Any:
        """The Fees Manager: a new fee."""
        whole = {"studentId": encode_id("Student", student.id), "title": "Term 1", "amountDue": cedis(due)}
        return await self.do("AddFee", **whole, amountPaid=cedis(paid), **more)

    async def transactions(self, **filter: Any) -> list[Any]:
        """Financial Management, View Transactions."""
        found = await ask(self.admin, op("FinancialTransactions"), filter=filter)
        return list(found["nodes"])

    async def board(self) -> Any:
        return await ask(self.admin, op("SchoolDashboard"), currency="GHS")

    async def cached(self, *names: str) -> dict[str, str]:
        rows = await ask(self.admin, op("StatisticsCache"), names=list(names))
        assert all(row["calculatedAt"] for row in rows)
        return {row["metricName"]: row["metricValue"] for row in rows}

    async def months(self) -> dict[str, tuple[str, str]]:
        stats = await ask(self.admin, op("FinancialStats"), currency="GHS")
        return {each["month"]: (each["income"]["amount"], each["expenses"]["amount"]) for each in stats["monthly"]}


async def a_desk() -> Desk:
    return Desk(await a_school(2026), await known(Role.ADMIN))


async def test_a_new_fee_with_a_payment_appears_among_the_transactions_with_its_reference() -> None:
    desk = await a_desk()
    done = await desk.add_fee(await a_pupil(desk.school, "Ama Mensah"), "1500", "500")
    assert done["message"] == "Payment recorded and financial transaction created"
    [entry] = await desk.transactions()
    assert (entry["reference"], entry["category"], entry["kind"]) == (done["fee"]["number"], "School Fees", "INCOME")
    assert entry["reference"].startswith("FEE-") and entry["amount"] == shown("500.00", "GHS")
    assert "Ama Mensah" in entry["description"] and "Term 1" in entry["description"]


async def test_a_new_fee_without_a_payment_does_not() -> None:
    desk = await a_desk()
    await desk.add_fee(await a_pupil(desk.school), "1500", "0")
    assert await desk.transactions() == []


async def test_a_changed_payment_changes_the_transaction_and_both_amounts_match() -> None:
    desk = await a_desk()
    fee = (await desk.add_fee(await a_pupil(desk.school), "1500", "500"))["fee"]
    for amount, count in (("600", 1), ("0", 0), ("1500", 1)):
        done = await desk.do("UpdateFee", feeId=fee["id"], amountPaid=cedis(amount))
        assert done["message"] == "Payment and financial records updated"
        found = await desk.transactions(reference=fee["number"])
        assert len(found) == count
        assert [each["amount"] for each in found] == [done["fee"]["amountPaid"]] * count
    await assert_integrity()


async def test_a_deleted_fee_takes_its_transaction_with_it() -> None:
    desk = await a_desk()
    fee = (await desk.add_fee(await a_pupil(desk.school), "1500", "500"))["fee"]
    done = await desk.do("DeleteFee", feeId=fee["id"])
    assert (done["message"], done["deletedReference"]) == ("Payment and financial records deleted", fee["number"])
    assert await desk.transactions() == []


async def test_no_orphaned_financial_records_remain() -> None:
    desk = await a_desk()
    fee = (await desk.add_fee(await a_pupil(desk.school), "1500", "500"))["fee"]
    await desk.do("DeleteFee", feeId=fee["id"])
    found = await do(desk.admin, op("ResyncFinancials"), input={"dryRun": True})
    assert [found[name] for name in ("missing", "orphan", "different")] == [0, 0, 0]
    activities = await ask(desk.admin, op("RecentActivities"))
    assert [each["activity"] for each in activities][1:] == ["fee_deleted", "fee_charged"]
    await assert_integrity()


async def test_a_new_student_updates_the_dashboard_and_the_cache() -> None:
    desk = await a_desk()
    school, before = desk.school, await desk.board()
    place = {
        "classId": encode_id("SchoolClass", school.school_class.id),
        "yearId": encode_id("AcademicYear", school.year.id),
    }
    await desk.do("EnrollStudent", **place, newStudent={"fullName": "Akua Addo"})
    assert (before["totalStudents"], (await desk.board())["totalStudents"]) == (0, 1)
    of_class = f"class_students:{school.school_class.id}"
    cached = await desk.cached("students", of_class)
    assert {name: int(float(value)) for name, value in cached.items()} == {"students": 1, of_class: 1}
    told = await ask(desk.admin, op("RecentActivities"))
    assert all("Akua Addo" in each["title"] for each in told) and told


async def test_fee_payments_update_the_income() -> None:
    desk = await a_desk()
    fee = (await desk.add_fee(await a_pupil(desk.school), "1500", "500"))["fee"]
    board = await desk.board()
    assert [board[name] for name in ("totalIncome", "feesCollected", "feesOutstanding")] == [
        shown(amount, "GHS") for amount in ("500.00", "500.00", "1,000.00")
    ]
    await desk.do("UpdateFee", feeId=fee["id"], amountPaid=cedis("600"))
    assert (await desk.cached("income:GHS"))["income:GHS"] in ("600", "600.00")


async def test_expenses_update_the_expenses() -> None:
    desk = await a_desk()
    await desk.do("AddExpense", category="Utilities", description="Water", amount=cedis("75.50"))
    assert (await desk.board())["totalExpenses"] == shown("75.50", "GHS")
    stats = await ask(desk.admin, op("FinancialStats"), currency="GHS")
    assert (stats["totalExpenses"], stats["net"]) == (shown("75.50", "GHS"), shown("-75.50", "GHS"))


async def test_the_monthly_breakdowns() -> None:
    desk = await a_desk()
    await desk.add_fee(await a_pupil(desk.school), "1500", "500", paidOn="2026-02-27")
    await desk.add_fee(await a_pupil(desk.school), "1500", "200")
    await desk.do("AddExpense", category="Utilities", description="Water", amount=cedis("75.50"))
    assert await desk.months() == {"2026-02-01": ("500.00", "0.00"), "2026-03-01": ("200.00", "75.50")}
    stats = await ask(desk.admin, op("FeeStats"), currency="GHS")
    collected = {each["month"]: each["collected"]["amount"] for each in stats["monthly"]}
    assert (collected["2026-02-01"], collected["2026-03-01"]) == ("500.00", "200.00")


async def test_marking_attendance_updates_the_daily_counts() -> None:
    desk = await a_desk()
    school = desk.school
    [first, second, third] = await enrolled_students(3, school.school_class, school.year)
    marks = [
        {"studentId": encode_id("Student", student.id), "status": status}
        for student, status in ((first, "PRESENT"), (second, "LATE"), (third, "ABSENT"))
    ]
    where = {"classId": encode_id("SchoolClass", school.school_class.id)}
    await desk.do("RecordAttendance", **where, on="2026-03-10", marks=marks)
    stats = await ask(desk.admin, op("AttendanceStats"), **where, date="2026-03-10")
    assert [stats[name] for name in ("present", "late", "absent", "leave", "marked", "onRoll")] == [1, 1, 1, 0, 3, 3]
    names = [f"attendance_{status}:2026-03-10" for status in ("present", "late", "absent")]
    assert {int(float(value)) for value in (await desk.cached(*names)).values()} == {1}


async def test_high_arrears_are_told_of_above_a_thousand_alone() -> None:
    desk = await a_desk()
    fee = (await desk.add_fee(await a_pupil(desk.school), "1500", "0"))["fee"]
    alerts = op("ArrearsAlerts")
    assert len((await ask(desk.admin, alerts))["nodes"]) == 1
    await desk.do("UpdateFee", feeId=fee["id"], amountPaid=cedis("500"))
    seen = await ask(desk.admin, op("SchoolFee"), id=fee["id"])
    assert (seen["arrears"], seen["arrearsAlerted"]) == (shown("1,000.00", "GHS"), False)
    assert (await ask(desk.admin, alerts))["nodes"] == []
