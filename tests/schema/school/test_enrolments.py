"""Enrolments through the API: strangers, nothing yet, a student's way through the school, somebody else's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit.clock import clock_set_to
from domain.kit.ids import new_id
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, feed_refused, heard, refused_to_strangers
from tests.support.happenings import assert_integrity
from tests.support.operations import operation
from tests.support.people import somebody
from tests.support.school import (
    School,
    a_guardian,
    a_school,
    a_student,
    a_teaching_actor,
    enrol,
    enrolled_students,
)
from tests.support.school_structures import a_structure, tuition

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def in_march() -> Iterator[None]:
    with clock_set_to(datetime(2026, 3, 10, 8, tzinfo=UTC)):
        yield


def op(name: str) -> str:
    return operation(f"school/{name}")


def place(school: School, **more: Any) -> dict[str, Any]:
    """The input of an enrolment in the first class."""
    stated = {
        "classId": encode_id("SchoolClass", school.school_class.id),
        "yearId": encode_id("AcademicYear", school.year.id),
    }
    return stated | more


async def test_from_a_new_name_to_another_class_and_out() -> None:
    school = await a_school(capacity=1)
    registrar, admin = school.registrar, somebody(Role.ADMIN)
    new = place(school, newStudent={"fullName": "Akua Addo", "bornOn": "2019-05-01", "sex": "FEMALE"})
    await refused_to_strangers(op("EnrollStudent"), input=new)
    await refused_to_strangers(op("Enrolments"))
    assert (await ask(registrar, ENROLMENTS))["nodes"] == []
    asked = (await do(registrar, op("EnrollStudent"), input=new | {"upTo": "APPLIED"}))["enrolment"]
    assert (asked["status"], asked["classId"], asked["stays"]) == ("APPLIED", None, [])
    structure = await a_structure(school, tuition())
    given = place(school, studentId=asked["studentId"], on="2026-01-05")
    with_fee = given | {"structureId": encode_id("FeeStructure", structure.id), "idempotencyKey": "monday"}
    done = await do(registrar, op("EnrollStudent"), input=with_fee)
    assert (done["student"]["enrolledCount"], done["fee"]["amountDue"]["formatted"]) == (1, "GHS 1,200.00")
    again = await do(registrar, op("EnrollStudent"), input=with_fee)
    assert (again["replayed"], again["enrolment"]["id"], again["fee"]["id"]) == (True, asked["id"], done["fee"]["id"])
    assert await do_refused(registrar, op("EnrollStudent"), input=given) == ("ENROLLED_TWICE", ["input", "studentId"])
    full = await ask(registrar, op("EnrollStudent"), input=place(school, newStudent={"fullName": "Kwame Late"}))
    [error] = full["errors"]
    assert (error["code"], error["field"]) == ("CLASS_FULL", ["input", "classId"])
    assert {each["name"]: each["value"] for each in error["figures"]} == {"capacity": "1", "free": "0"}
    about = {"enrolmentId": asked["id"]}
    there = about | {"classId": encode_id("SchoolClass", school.next_class.id), "expectedVersion": 2}
    moved = (await do(registrar, op("MoveStudent"), input=there))["enrolment"]
    assert [(stay["from"], stay["until"]) for stay in moved["stays"]] == [
        ("2026-01-05", "2026-03-09"),
        ("2026-03-10", "2026-12-31"),
    ]
    assert await do_refused(registrar, op("MoveStudent"), input=there) == ("RECORD_CHANGED", ["input", "expectedVersion"])
    read = await ask(registrar, op("Enrolment"), id=asked["id"])
    assert (read["student"]["fullName"], read["schoolClass"]["title"], read["year"]["title"]) == (
        "Akua Addo",
        "Primary 2",
        "2026",
    )
    left = await do(admin, op("EndEnrolment"), input=about | {"status": "WITHDRAWN", "lastOn": "2026-06-30"})
    assert left["enrolment"]["status"] == "WITHDRAWN"
    assert [(each["fee"]["id"], each["leftOn"]) for each in left["refunds"]] == [(done["fee"]["id"], "2026-06-30")]
    await assert_integrity()


async def test_each_sees_their_own() -> None:
    school, other = await a_school(), await a_school(2027)
    [first, second] = await enrolled_students(2, school.school_class, school.year)
    await enrolled_students(1, other.school_class, other.year)
    mother = await a_guardian(first)
    teacher, elsewhere = await a_teaching_actor(school.school_class), await a_teaching_actor(school.next_class)

    async def seen(viewer: Any, **filter: Any) -> set[str]:
        page = await ask(viewer, ENROLMENTS, filter=filter)
        return {node["studentId"] for node in page["nodes"]}

    theirs = {encode_id("Student", each.id) for each in (first, second)}
    assert await seen(school.registrar) == await seen(teacher) == theirs
    assert len(await seen(somebody(Role.ADMIN))) == 3
    assert await seen(mother) == {encode_id("Student", first.id)}
    assert await seen(elsewhere) == await seen(somebody(Role.BORROWER)) == set()
    assert await seen(school.registrar, statuses=["APPLIED"]) == set()
    assert await seen(school.registrar, studentId=encode_id("Student", second.id)) == {encode_id("Student", second.id)}
    found = (await ask(mother, ENROLMENTS))["nodes"][0]["id"]
    read = await ask(mother, op("Enrolment"), id=found)
    assert (read["student"]["fullName"], read["schoolClass"]["title"]) == (first.full_name, "Primary 1")
    assert await ask(elsewhere, op("Enrolment"), id=found) is None


ENROLMENTS = "query ($filter: EnrolmentFilter) { enrolments(filter: $filter) { nodes { id studentId } } }"


@pytest.mark.parametrize("name", ["EnrollStudent", "MoveStudent", "EndEnrolment"])
async def test_only_who_manages_enrolments_and_only_on_their_campus(name: str) -> None:
    school, other = await a_school(), await a_school(2027)
    student = await a_student(branch=school.branch)
    row = await enrol(student, school.school_class, school.year)
    about = {"enrolmentId": encode_id("Enrolment", row.id)}
    given = {
        "EnrollStudent": place(school, studentId=encode_id("Student", student.id)),
        "MoveStudent": about | {"classId": encode_id("SchoolClass", school.next_class.id)},
        "EndEnrolment": about | {"status": "TRANSFERRED"},
    }[name]
    await refused_to_strangers(op(name), input=given)
    for role in (Role.TEACHER, Role.BURSAR, Role.GUARDIAN, Role.CASHIER, Role.BORROWER):
        assert await ask_refused(somebody(role, branch=school.branch), op(name), input=given) == "FORBIDDEN"
    expected = {
        "EnrollStudent": ("STUDENT_NOT_FOUND", ["input", "studentId"]),
        "MoveStudent": ("ENROLMENT_NOT_FOUND", ["input", "enrolmentId"]),
        "EndEnrolment": ("ENROLMENT_NOT_FOUND", ["input", "enrolmentId"]),
    }[name]
    assert await do_refused(other.registrar, op(name), input=given) == expected
    if name != "EnrollStudent":
        wrong = given | {"enrolmentId": encode_id("Student", student.id)}
        assert await do_refused(school.registrar, op(name), input=wrong) == ("NOT_FOUND", ["input", "enrolmentId"])
        nobodys = given | {"enrolmentId": encode_id("Enrolment", new_id())}
        assert await do_refused(school.registrar, op(name), input=nobodys) == expected


HOSTILE: list[tuple[dict[str, Any], str, list[str]]] = [
    ({"newStudent": {"fullName": "  "}}, "BAD_PERSON", ["input", "newStudent", "fullName"]),
    ({"newStudent": {"fullName": "x" * 121}}, "BAD_PERSON", ["input", "newStudent", "fullName"]),
    ({"newStudent": {"fullName": "A", "bornOn": "2031-01-01"}}, "BAD_PERSON", ["input", "newStudent", "bornOn"]),
    ({}, "INVALID_INPUT", ["input", "studentId"]),
    ({"newStudent": {"fullName": "A"}, "on": "2027-01-01"}, "ENROLMENT_DAY", ["input", "on"]),
    ({"newStudent": {"fullName": "A"}, "upTo": "GRADUATED"}, "INVALID_INPUT", ["input", "upTo"]),
    ({"newStudent": {"fullName": "A"}, "termId": encode_id("Term", new_id())}, "TERM_NOT_FOUND", ["input", "termId"]),
    (
        {"newStudent": {"fullName": "A"}, "structureId": encode_id("FeeStructure", new_id())},
        "FEE_STRUCTURE_NOT_FOUND",
        ["input", "structureId"],
    ),
]


async def test_bad_input_is_refused_at_its_place() -> None:
    school = await a_school()
    for said, code, field in HOSTILE:
        assert await do_refused(school.registrar, op("EnrollStudent"), input=place(school, **said)) == (code, field)


async def test_those_concerned_hear_of_it() -> None:
    school, other = await a_school(), await a_school(2027)
    student = await a_student("Akua Addo", branch=school.branch)
    teacher, elsewhere = await a_teaching_actor(school.school_class), await a_teaching_actor(school.next_class)
    mother = await a_guardian(student)
    given = place(school, studentId=encode_id("Student", student.id))
    enrolment = (await do(school.registrar, op("EnrollStudent"), input=given))["enrolment"]
    for viewer in (school.registrar, teacher, somebody(Role.ADMIN)):
        [item] = await heard(viewer, op("StudentEnrolled"))
        assert (item["student"], item["enrolment"]["id"], item["studentsTotal"]) == ("Akua Addo", enrolment["id"], 1)
        assert [count["students"] for count in item["classCounts"]] == [1]
    class_id = given["classId"]
    assert len(await heard(teacher, op("EnrolmentUpdated"), classId=class_id)) == 1
    assert len(await heard(mother, op("WardUpdated"))) == 1
    for stranger in (elsewhere, other.registrar):
        assert await heard(stranger, op("StudentEnrolled")) == []
        assert await feed_refused(stranger, op("StudentEnrolled"), classId=class_id) == "SCHOOL_CLASS_NOT_FOUND"
    assert await feed_refused(mother, op("StudentEnrolled")) == "FORBIDDEN"
    about = {"enrolmentId": enrolment["id"], "status": "TRANSFERRED"}
    await do(school.registrar, op("EndEnrolment"), input=about)
    assert len(await heard(school.registrar, op("EnrolmentUpdated"), studentId=given["studentId"])) == 2
