"""The school at a glance, its statistics and alerts in the API: anonymous, empty, valid, someone else's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.ids import new_id
from domain.school import settings
from domain.school.models import SchoolFee
from domain.school.service.books import TransactionTerms, add_expense, add_income
from domain.school.service.changing_fees import FeeEdits, update_fee
from domain.school.settings import SchoolSettings
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, feed_refused, heard, refused_to_strangers
from tests.support.happenings import assert_integrity
from tests.support.mill_rows import unguarded
from tests.support.notices import work_off
from tests.support.operations import operation, shown, state_shown
from tests.support.people import somebody
from tests.support.school import (
    School,
    a_branch_row,
    a_class,
    a_pupil,
    a_school,
    a_subject,
    a_teacher,
    a_teaching_actor,
    enrolled_students,
    teaching,
)
from tests.support.school_fees import charged, corrected, ghs, kes, paid
from tests.support.statements import statements

pytestmark = pytest.mark.usefixtures("database")


def op(name: str) -> str:
    """A canonical operation, without the cursor that live pages read first."""
    return operation(f"school/{name}").replace("  asOf\n}", "}")


DASHBOARD, BOOKS, FEES, STUDENTS, TEACHERS, CACHE = (
    op(name)
    for name in ("SchoolDashboard", "FinancialStats", "FeeStats", "EnrollmentStats", "TeacherStats", "StatisticsCache")
)
ALERTS, THRESHOLD, SET, REFRESH = (
    op(name) for name in ("ArrearsAlerts", "ArrearsThreshold", "SetArrearsThreshold", "RefreshStatisticsCache")
)
LIVE_BOARD, LIVE_BOOKS, LIVE_FEES, LIVE_ALERTS = (
    op(name) for name in ("SchoolDashboardUpdated", "FinancialStatsUpdated", "FeeStatsUpdated", "ArrearsAlert")
)


@pytest.fixture(autouse=True)
def in_cedis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "_settings", SchoolSettings(chosen_currency="GHS"))


def told(amount: str, currency: str = "GHS") -> dict[str, str]:
    return shown(amount, currency)


def of_class(stats: Any, school_class: Any, name: str) -> int:
    counts = {each["classId"]: each[name] for each in stats["byClass"]}
    found: int = counts[encode_id("SchoolClass", school_class.id)]
    return found


async def a_term(school: School) -> SchoolFee:
    """Two fees, one of them paid too much, an expense and a donation."""
    bursar, pupil = school.bursar, await a_pupil(school, "Ama Mensah")
    await charged(bursar, pupil, ghs(100), ghs(130))
    spent = TransactionTerms(category="Chalk", description="White chalk", amount=ghs("12.50"))
    await add_expense(bursar, terms=spent)
    await add_income(bursar, terms=TransactionTerms(category="Donation", description="From the parish", amount=ghs(40)))
    return await charged(bursar, pupil, ghs(1500), ghs(500))


async def test_the_dashboard_from_nothing_to_something() -> None:
    await refused_to_strangers(DASHBOARD)
    admin = somebody(Role.ADMIN)
    empty = await ask(admin, DASHBOARD)
    assert (empty["totalStudents"], empty["totalTeachers"], empty["branchId"]) == (0, 0, None)
    amounts = ("feesCollected", "feesOutstanding", "totalIncome", "totalExpenses")
    assert [empty[name] for name in amounts] == [told("0.00")] * 4
    school = await a_school()
    await a_term(school)
    await a_teacher(branch=school.branch)
    found = await ask(school.bursar, DASHBOARD)
    assert (found["totalStudents"], found["totalTeachers"]) == (1, 1)
    assert found["branchId"] == encode_id("Branch", school.branch.id)
    assert [found[name] for name in amounts] == [told("630.00"), told("1,000.00"), told("670.00"), told("12.50")]
    assert {name: found[name] for name in amounts} == {name: (await ask(admin, DASHBOARD))[name] for name in amounts}
    assert [(await ask(admin, DASHBOARD, currency="KES"))[name] for name in amounts] == [told("0.00", "KES")] * 4
    without_money = await ask(school.registrar, DASHBOARD)
    assert (without_money["totalStudents"], [without_money[name] for name in amounts]) == (1, [None] * 4)
    live = await state_shown(school.bursar, LIVE_BOARD)
    assert live | {"calculatedAt": None} == found | {"calculatedAt": None}


async def test_another_campus_has_figures_of_its_own() -> None:
    school, other = await a_school(), await a_branch_row()
    await a_term(school)
    elsewhere = somebody(Role.BURSAR, branch=other)
    found = await ask(elsewhere, DASHBOARD)
    assert (found["totalStudents"], found["totalIncome"], found["branchId"]) == (
        0,
        told("0.00"),
        encode_id("Branch", other.id),
    )
    assert (await ask(elsewhere, FEES))["monthly"] == (await ask(elsewhere, BOOKS))["monthly"] == []
    assert (await ask(somebody(Role.ACCOUNTANT), DASHBOARD, branchId=encode_id("Branch", school.branch.id)))[
        "totalStudents"
    ] == 1
    for document in (DASHBOARD, BOOKS, FEES, STUDENTS, TEACHERS):
        for branch_id in (school.branch.id, new_id()):
            assert await ask_refused(elsewhere, document, branchId=encode_id("Branch", branch_id)) == "BRANCH_NOT_FOUND"
    for feed in (LIVE_BOARD, LIVE_BOOKS, LIVE_FEES, LIVE_ALERTS):
        assert await feed_refused(elsewhere, feed, branchId=encode_id("Branch", school.branch.id)) == "BRANCH_NOT_FOUND"


async def test_income_and_expenses_by_month() -> None:
    await refused_to_strangers(BOOKS)
    school = await a_school()
    await a_term(school)
    today = clock.today()
    month = today.replace(day=1).isoformat()
    found = await ask(school.bursar, BOOKS)
    assert (found["totalIncome"], found["totalExpenses"], found["net"]) == (told("670.00"), told("12.50"), told("657.50"))
    [only] = found["monthly"]
    assert (only["month"], only["income"], only["net"]) == (month, told("670.00"), told("657.50"))
    assert (await ask(school.bursar, BOOKS, **{"from": today.isoformat(), "to": today.isoformat()}))["monthly"] == [only]
    later = (today + timedelta(days=40)).isoformat()
    assert (await ask(school.bursar, BOOKS, **{"from": later}))["totalIncome"] == told("0.00")
    assert await ask_refused(school.bursar, BOOKS, **{"from": later, "to": today.isoformat()}) == "INVALID_INPUT"
    assert await ask_refused(school.bursar, BOOKS, currency="XXX") == "CURRENCY_MISMATCH"
    for stranger in (school.registrar, somebody(Role.GUARDIAN), somebody(Role.TEACHER)):
        for document in (BOOKS, FEES):
            assert await ask_refused(stranger, document) == "FORBIDDEN"
        for feed in (LIVE_BOOKS, LIVE_FEES, LIVE_ALERTS):
            assert await feed_refused(stranger, feed) == "FORBIDDEN"
    live = await state_shown(school.bursar, LIVE_BOOKS, **{"from": today.isoformat()})
    assert live["monthly"] == [only]


async def test_fees_by_month() -> None:
    await refused_to_strangers(FEES)
    school = await a_school()
    fee = await a_term(school)
    await charged(school.bursar, await a_pupil(school), kes(70), kes(20))
    found = await ask(school.bursar, FEES)
    totals = [found[f"total{each}"] for each in ("Charged", "Collected", "Outstanding", "Credit")]
    assert totals == [told("1,600.00"), told("630.00"), told("1,000.00"), told("30.00")]
    later = clock.today() + timedelta(days=62)
    await update_fee(school.bursar, fee_id=fee.id, edits=FeeEdits(due_on=later))
    now, then = (await ask(school.bursar, FEES))["monthly"]
    assert (now["charged"], now["collected"], now["outstanding"], now["credit"]) == (
        told("100.00"), told("630.00"), told("0.00"), told("30.00"),
    )  # fmt: skip
    assert (then["month"], then["charged"], then["collected"]) == (
        later.replace(day=1).isoformat(), told("1,500.00"), told("0.00"),
    )  # fmt: skip
    assert (await ask(school.bursar, FEES, currency="KES"))["totalOutstanding"] == told("50.00", "KES")
    assert (await state_shown(school.bursar, LIVE_FEES))["monthly"] == [now, then]


async def test_students_and_teachers_by_class() -> None:
    for document in (STUDENTS, TEACHERS):
        await refused_to_strangers(document)
    assert (await ask(somebody(Role.ADMIN), STUDENTS))["byClass"] == []
    school = await a_school()
    await enrolled_students(3, school.school_class, school.year)
    mistress = await a_teaching_actor(school.school_class, branch=school.branch)
    await teaching(await a_teacher(branch=school.branch), school.next_class, await a_subject())
    closed = await a_class(school.program, branch=school.branch, active=False)
    students, teachers = await ask(school.registrar, STUDENTS), await ask(school.registrar, TEACHERS)
    assert (students["total"], of_class(students, school.school_class, "students")) == (3, 3)
    assert of_class(students, school.next_class, "students") == 0
    assert (teachers["total"], of_class(teachers, school.next_class, "assignments")) == (2, 1)
    assert encode_id("SchoolClass", closed.id) not in {each["classId"] for each in students["byClass"]}
    own, other = (encode_id("SchoolClass", each.id) for each in (school.school_class, school.next_class))
    assert [each["classId"] for each in (await ask(mistress, STUDENTS))["byClass"]] == [own]
    assert (await ask(mistress, STUDENTS))["total"] == (await ask(school.registrar, STUDENTS, classId=own))["total"] == 3
    for who, wanted in ((mistress, other), (school.registrar, encode_id("SchoolClass", new_id()))):
        assert await ask_refused(who, STUDENTS, classId=wanted) == "SCHOOL_CLASS_NOT_FOUND"
    assert await ask_refused(school.registrar, STUDENTS, classId=encode_id("Branch", school.branch.id)) == "NOT_FOUND"


async def test_statistics_by_their_names() -> None:
    await refused_to_strangers(CACHE)
    school = await a_school()
    await a_term(school)
    month = f"{clock.today():%Y-%m}"
    names = ["students", f"class_students:{school.school_class.id}", "attendance_late:2026-03-10", "fees_collected",
             f"fees_collected:{month}:GHS", f"income:{month}", "fees_collected:KES"]  # fmt: skip
    found = await ask(school.bursar, CACHE, names=names)
    assert [each["metricName"] for each in found] == names
    assert [each["metricValue"] for each in found] == ["1", "1", "0", "630.00", "630.00", "670.00", "0.00"]
    totals = {each["metricName"]: each["metricValue"] for each in await ask(school.bursar, CACHE)}
    assert (totals["students"], totals["expenses:GHS"], totals["fees_outstanding:GHS"]) == ("1", "12.50", "1000.00")
    without_money = await ask(school.registrar, CACHE)
    assert {each["metricName"] for each in without_money} == {name for name in totals if ":GHS" not in name}
    assert await ask_refused(school.registrar, CACHE, names=["students", "income"]) == "FORBIDDEN"
    for wrong in (["grades"], ["students:GHS"], ["students"] * 101, [""], ["income:XXX"]):
        assert await ask_refused(school.bursar, CACHE, names=wrong) == "INVALID_INPUT"
    elsewhere = somebody(Role.BURSAR, branch=await a_branch_row())
    assert [each["metricValue"] for each in await ask(elsewhere, CACHE, names=names[:2])] == ["0", "0"]
    nowhere = somebody(Role.BURSAR)
    for document in (CACHE, DASHBOARD, BOOKS, FEES, STUDENTS):
        assert await ask_refused(nowhere, document) == "CAMPUS_MISSING", "and not figures of a school without anybody"
    for feed in (LIVE_BOARD, LIVE_BOOKS, LIVE_FEES):
        assert await feed_refused(nowhere, feed) == "CAMPUS_MISSING"
    assert await ask(school.bursar, CACHE, names=[]) == []


async def test_a_recount_puts_right() -> None:
    await refused_to_strangers(REFRESH)
    school = await a_school()
    await a_term(school)
    admin = somebody(Role.ADMIN)
    assert (await do(admin, REFRESH))["differences"] == []
    async with unguarded() as c:
        await c.execute("update student set enrolled_count = 2; update school_fee set branch_id = null")
        await c.execute("delete from school_figure_change where metric = 'EXPENSES'")
    refreshed = await do(admin, REFRESH)
    different = {(each["metricName"], each["kept"], each["counted"]) for each in refreshed["differences"]}
    assert (f"expenses:{clock.today():%Y-%m}:GHS", "0.00", "12.50") in different
    statistics = {each["metricName"]: each["metricValue"] for each in refreshed["statistics"]}
    assert (statistics["students"], statistics["expenses:GHS"]) == ("1", "12.50")
    assert await ask_refused(school.bursar, REFRESH) == "FORBIDDEN"


async def test_high_arrears_and_the_threshold() -> None:
    for document in (ALERTS, THRESHOLD):
        await refused_to_strangers(document)
    await refused_to_strangers(SET, input={"amount": "1", "currency": "GHS"})
    school = await a_school()
    bursar = school.bursar
    assert (await ask(bursar, ALERTS))["nodes"] == []
    assert (await ask(bursar, THRESHOLD))["formatted"] == "GHS 1,000.00"
    fee = await charged(bursar, await a_pupil(school, "Ama Mensah"), ghs(1500))
    [alert] = (await ask(bursar, ALERTS))["nodes"]
    assert (alert["feeId"], alert["arrears"], alert["threshold"]) == (
        encode_id("SchoolFee", fee.id), told("1,500.00"), told("1,000.00"),
    )  # fmt: skip
    assert (alert["fee"]["number"], alert["fee"]["studentName"], alert["clearedAt"]) == (fee.number, "Ama Mensah", None)
    await paid(bursar, fee, ghs(500))
    assert (await ask(bursar, ALERTS))["nodes"] == []
    assert [each["id"] for each in (await ask(bursar, ALERTS, open=False))["nodes"]] == [alert["id"]]
    payload = await do(bursar, SET, input={"amount": "999.99"})
    assert payload["threshold"] == told("999.99")
    await work_off()
    [again] = (await ask(bursar, ALERTS, currency="GHS"))["nodes"]
    assert (again["arrears"], again["id"] != alert["id"]) == (told("1,000.00"), True)
    heard_of = [each for each in await heard(bursar, LIVE_ALERTS) if each["__typename"].startswith("ArrearsAlert")]
    assert [each["__typename"] for each in heard_of] == ["ArrearsAlertRaised", "ArrearsAlertCleared", "ArrearsAlertRaised"]
    assert [each["fee"]["outstanding"]["amount"] for each in heard_of] == ["1500.00", "1000.00", "1000.00"]
    assert heard_of[0]["fee"]["studentName"] == "Ama Mensah"
    node = await ask(bursar, "query ($id: ID!) { node(id: $id) { id __typename } }", id=again["id"])
    assert node == {"id": again["id"], "__typename": "ArrearsAlert"}
    elsewhere = somebody(Role.BURSAR, branch=await a_branch_row())
    assert (await ask(elsewhere, ALERTS, open=None))["nodes"] == []
    assert await ask(elsewhere, "query ($id: ID!) { node(id: $id) { id } }", id=again["id"]) is None
    assert await heard(elsewhere, LIVE_ALERTS) == []
    for amount in ("-1", "0.001", "9" * 19):
        code, field = await do_refused(bursar, SET, input={"amount": amount, "currency": "GHS"})
        assert (code, field) == ("BAD_THRESHOLD", ["input", "threshold"])
    for stranger in (school.registrar, somebody(Role.CASHIER)):
        assert await ask_refused(stranger, SET, input={"amount": "1"}) == "FORBIDDEN"
    assert await ask_refused(school.registrar, ALERTS) == "FORBIDDEN"
    await assert_integrity("school")


async def test_a_board_costs_the_same_however_many_students_there_are() -> None:
    school = await a_school()
    fee = await a_term(school)

    async def cost() -> int:
        with statements() as seen:
            for document in (DASHBOARD, BOOKS, FEES, STUDENTS, CACHE, ALERTS):
                await ask(school.bursar, document)
        return len(seen)

    before = await cost()
    for pupil in await enrolled_students(5, school.school_class, school.year):
        await charged(school.bursar, pupil, ghs(2000))
    await corrected(school.bursar, fee, ghs(100))
    assert await cost() <= before + 2, "the fees and students of alerts are read together"
