"""The roll through the API: strangers, an empty class, a day at school, somebody else's class, and what is heard of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit.clock import clock_set_to
from domain.kit.ids import new_id
from domain.school.models import Attendance, Student
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, feed_refused, heard, refused_to_strangers
from tests.support.happenings import assert_integrity
from tests.support.operations import nodes_of, operation
from tests.support.people import somebody
from tests.support.school import School, a_guardian, a_holiday, a_school, a_student, a_teaching_actor, enrolled_students
from tests.support.statements import statements

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def in_march() -> Iterator[None]:
    with clock_set_to(datetime(2026, 3, 10, 8, tzinfo=UTC)):
        yield


def op(name: str) -> str:
    return operation(f"school/{name}")


def of(student: Student) -> str:
    return encode_id("Student", student.id)


def roll(school: School, **more: Any) -> dict[str, Any]:
    """The input of the roll of Monday."""
    return {"classId": encode_id("SchoolClass", school.school_class.id), "on": "2026-03-09"} | more


def stats(school: School, **more: Any) -> dict[str, Any]:
    return {"classId": encode_id("SchoolClass", school.school_class.id), "date": "2026-03-09"} | more


async def test_a_day_at_school() -> None:
    school = await a_school()
    teacher = await a_teaching_actor(school.school_class, branch=school.branch)
    await refused_to_strangers(op("RecordAttendance"), input=roll(school))
    await refused_to_strangers(op("AttendanceStats"), **stats(school))
    await refused_to_strangers(op("Attendance"))
    empty = await do(teacher, op("RecordAttendance"), input=roll(school, default="PRESENT"))
    assert (empty["attendance"], empty["stats"]["marked"], empty["stats"]["attendanceRate"]) == ([], 0, None)
    first, second, third = await enrolled_students(3, school.school_class, school.year)
    mother = await a_guardian(first)
    marks = [
        {"studentId": of(first), "status": "ABSENT", "note": "No word from home"},
        {"studentId": of(second), "status": "LATE"},
    ]
    given = roll(school, marks=marks, default="PRESENT", idempotencyKey="monday")
    called = await do(teacher, op("RecordAttendance"), input=given)
    assert {mark["studentId"]: mark["status"] for mark in called["attendance"]} == {
        of(first): "ABSENT",
        of(second): "LATE",
        of(third): "PRESENT",
    }
    assert (await do(teacher, op("RecordAttendance"), input=given))["replayed"]
    read = await ask(school.registrar, op("AttendanceStats"), **stats(school))
    assert read == called["stats"]
    assert (read["present"], read["late"], read["absent"], read["onRoll"], read["unmarked"]) == (1, 1, 1, 3, 0)
    assert (read["attendanceRate"], read["punctualityRate"], read["absenceRate"]) == ("66.67", "50.00", "33.33")
    absent = next(mark for mark in called["attendance"] if mark["status"] == "ABSENT")
    change = {"attendanceId": absent["id"], "status": "LEAVE", "reason": "A letter came", "expectedVersion": 1}
    corrected = (await do(school.registrar, op("CorrectAttendance"), input=change))["attendance"]
    assert (corrected["status"], corrected["version"], corrected["note"]) == ("LEAVE", 2, "No word from home")
    [kept] = corrected["corrections"]
    assert (kept["before"], kept["after"], kept["reason"]) == ("ABSENT", "LEAVE", "A letter came")
    refused = await do_refused(school.registrar, op("CorrectAttendance"), input=change)
    assert refused == ("RECORD_CHANGED", ["input", "expectedVersion"])
    read = await ask(teacher, op("AttendanceStats"), **stats(school))
    assert (read["absent"], read["leave"], read["marked"]) == (0, 1, 3)
    [row] = await nodes_of(mother, op("Attendance"))
    assert (row["student"]["fullName"], row["schoolClass"]["title"], row["status"]) == (
        first.full_name,
        "Primary 1",
        "LEAVE",
    )
    assert (row["note"], row["corrections"]) == (None, [])
    page = await nodes_of(teacher, op("Attendance"), filter={"statuses": ["LEAVE"]})
    assert [(node["note"], len(node["corrections"])) for node in page] == [("No word from home", 1)]
    await assert_integrity()


async def test_a_long_list_takes_as_many_statements_as_a_short_one() -> None:
    school = await a_school()
    await enrolled_students(2, school.school_class, school.year)
    given = roll(school, default="PRESENT")
    await do(school.registrar, op("RecordAttendance"), input=given)
    await nodes_of(school.registrar, op("Attendance"))
    with statements() as few:
        await nodes_of(school.registrar, op("Attendance"))
    await enrolled_students(10, school.school_class, school.year)
    await do(school.registrar, op("RecordAttendance"), input=given)
    with statements() as many:
        assert len(await nodes_of(school.registrar, op("Attendance"), first=50)) == 12
    assert len(many) == len(few)


async def test_what_cannot_be_marked_is_refused_at_its_place() -> None:
    school = await a_school()
    [pupil] = await enrolled_students(1, school.school_class, school.year)
    stranger = await a_student(branch=school.branch)
    await a_holiday(school.year, date(2026, 3, 6), title="Founders' Day")
    mark = {"studentId": of(pupil), "status": "PRESENT"}
    for said, code, field in (
        ({"on": "2026-03-11"}, "DAY_TO_COME", ["on"]),
        ({"on": "2026-03-06"}, "NOT_A_SCHOOL_DAY", ["on"]),
        ({"on": "2019-03-06"}, "NOT_A_SCHOOL_DAY", ["on"]),
        ({"lesson": 1}, "BAD_MARK", ["lesson"]),
        ({"lesson": -1}, "BAD_MARK", ["lesson"]),
        ({"marks": [mark, mark]}, "MARKED_TWICE", ["marks"]),
        ({"marks": [mark | {"studentId": of(stranger)}]}, "NOT_IN_THE_CLASS", ["marks"]),
        ({"marks": [mark | {"studentId": encode_id("Student", new_id())}]}, "NOT_IN_THE_CLASS", ["marks"]),
        ({"marks": [mark | {"note": "x" * 201}]}, "BAD_MARK", ["marks", "0", "note"]),
        ({"marks": [mark | {"studentId": "nonsense"}]}, "NOT_FOUND", ["marks", "0", "studentId"]),
        ({"classId": encode_id("SchoolClass", new_id())}, "SCHOOL_CLASS_NOT_FOUND", ["classId"]),
    ):
        refused = await do_refused(school.registrar, op("RecordAttendance"), input=roll(school, **said))
        assert refused == (code, ["input", *field])
    payload = await ask(school.registrar, op("RecordAttendance"), input=roll(school, on="2026-03-06"))
    [error] = payload["errors"]
    assert "Founders' Day" in error["message"]
    assert {each["name"]: each["value"] for each in error["figures"]}["kind"] == "HOLIDAY"
    assert await Attendance.all().count() == 0


async def test_only_ones_own_class_is_marked_seen_and_heard_of() -> None:
    school, other = await a_school(), await a_school(2027)
    first, second = await enrolled_students(2, school.school_class, school.year)
    teacher, elsewhere = await a_teaching_actor(school.school_class), await a_teaching_actor(school.next_class)
    mother = await a_guardian(first)
    given = roll(school, default="ABSENT")
    for role in (Role.BURSAR, Role.GUARDIAN, Role.ACCOUNTANT, Role.BORROWER):
        viewer = somebody(role, branch=school.branch)
        assert await ask_refused(viewer, op("RecordAttendance"), input=given) == "FORBIDDEN"
    for stranger in (elsewhere, other.registrar):
        expected = ("SCHOOL_CLASS_NOT_FOUND", ["input", "classId"])
        assert await do_refused(stranger, op("RecordAttendance"), input=given) == expected
        assert await ask_refused(stranger, op("AttendanceStats"), **stats(school)) == "SCHOOL_CLASS_NOT_FOUND"
    mark = (await do(teacher, op("RecordAttendance"), input=given))["attendance"][0]
    change = {"attendanceId": mark["id"], "status": "LATE"}
    await refused_to_strangers(op("CorrectAttendance"), input=change)
    for stranger in (elsewhere, other.registrar):
        expected = ("ATTENDANCE_NOT_FOUND", ["input", "attendanceId"])
        assert await do_refused(stranger, op("CorrectAttendance"), input=change) == expected
        assert await nodes_of(stranger, op("Attendance")) == []
    await do(teacher, op("CorrectAttendance"), input=change)
    for viewer in (teacher, school.registrar, somebody(Role.ADMIN)):
        called, corrected = await heard(viewer, op("AttendanceRecorded"), classId=given["classId"])
        assert ([one["after"] for one in called["marks"]], called["counts"]["absent"]) == (["ABSENT", "ABSENT"], 2)
        assert (corrected["mark"]["after"], corrected["counts"]["late"], corrected["version"]) == ("LATE", 1, 2)
        assert len(await heard(viewer, op("AttendanceRecorded"))) == 2
    assert await heard(other.registrar, op("AttendanceRecorded")) == []
    assert await feed_refused(elsewhere, op("AttendanceRecorded"), classId=given["classId"]) == "SCHOOL_CLASS_NOT_FOUND"
    assert await feed_refused(mother, op("AttendanceRecorded")) == "FORBIDDEN"
    assert {item["studentId"] for item in await heard(mother, op("WardUpdated"))} == {of(first)}
    assert second.id != first.id
