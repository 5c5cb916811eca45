"""The calendar, programmes, subjects and classes in the API."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit.ids import new_id
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, feed_refused, heard, refused_to_strangers
from tests.support.operations import operation
from tests.support.people import somebody
from tests.support.school import a_branch_row, a_guardian, a_school, a_teaching_actor, enrolled_students, known

pytestmark = pytest.mark.usefixtures("database")


def op(name: str) -> str:
    """A canonical operation of the school, without the cursor that live pages read first."""
    return operation(f"school/{name}").replace("  asOf\n", "")


YEAR: dict[str, Any] = {
    "title": "2025/26",
    "startsOn": "2025-09-01",
    "endsOn": "2026-07-31",
    "terms": [
        {"title": "Second", "startsOn": "2026-01-12", "endsOn": "2026-04-02"},
        {"title": "First", "startsOn": "2025-09-01", "endsOn": "2025-12-19"},
    ],
    "holidays": [{"title": "Farmers' Day", "startsOn": "2025-12-05"}],
}


async def test_a_year_is_opened_and_changed() -> None:
    registrar = await known(Role.REGISTRAR)
    await refused_to_strangers(op("OpenAcademicYear"), input=YEAR)
    await refused_to_strangers(op("AcademicYears"))
    assert (await ask(registrar, op("AcademicYears")))["nodes"] == []
    year = (await do(registrar, op("OpenAcademicYear"), input=YEAR))["academicYear"]
    assert [(term["title"], term["position"]) for term in year["terms"]] == [("First", 1), ("Second", 2)]
    assert (year["weekdays"], year["holidays"][0]["endsOn"], year["version"]) == ([1, 2, 3, 4, 5], "2025-12-05", 1)
    for viewer in (registrar, somebody(Role.TEACHER), somebody(Role.BURSAR)):
        assert await ask(viewer, op("AcademicYear"), id=year["id"]) == year
    about = {"yearId": year["id"], "expectedVersion": 1}
    free = {"title": "Eid", "startsOn": "2026-03-20", "endsOn": "2026-03-21"}
    changed = (await do(registrar, op("UpdateAcademicYear"), input=about | {"addHolidays": [free]}))["academicYear"]
    assert [each["title"] for each in changed["holidays"]] == ["Farmers' Day", "Eid"] and changed["version"] == 2
    refusal = await do_refused(registrar, op("UpdateAcademicYear"), input=about | {"title": "x"})
    assert refusal == ("RECORD_CHANGED", ["input", "expectedVersion"])
    assert (await do_refused(registrar, op("OpenAcademicYear"), input=YEAR | {"title": "Other"}))[0] == "BAD_CALENDAR"
    assert (await do_refused(registrar, op("OpenAcademicYear"), input=YEAR | {"endsOn": "2025-01-01"}))[0] == "BAD_CALENDAR"
    unknown = {"yearId": encode_id("AcademicYear", new_id()), "title": "x"}
    assert (await do_refused(registrar, op("UpdateAcademicYear"), input=unknown))[0] == "ACADEMIC_YEAR_NOT_FOUND"
    foreign = YEAR | {"terms": [YEAR["terms"][1] | {"id": encode_id("Term", new_id())}]}
    assert await do_refused(registrar, op("OpenAcademicYear"), input=foreign) == ("TERM_NOT_FOUND", ["input", "terms"])
    for actor in (somebody(Role.TEACHER), somebody(Role.BURSAR), somebody(Role.GUARDIAN)):
        assert await ask_refused(actor, op("OpenAcademicYear"), input=YEAR) == "FORBIDDEN"
    told = await heard(registrar, op("SchoolRecordsChanged"))
    assert [(item["__typename"], item["change"]) for item in told] == [
        ("AcademicYearChanged", "CREATED"),
        ("AcademicYearChanged", "EDITED"),
    ]


async def test_programmes_subjects_and_classes() -> None:
    school = await a_school()
    registrar = school.registrar
    program = (await do(registrar, op("UpsertProgram"), input={"code": "jhs", "title": "Junior High"}))["program"]
    again = {"programId": program["id"], "title": "Junior High School", "expectedVersion": 1}
    assert (await do(registrar, op("UpsertProgram"), input=again))["program"]["version"] == 2
    assert await do_refused(registrar, op("UpsertProgram"), input={"title": "x"}) == ("INVALID_INPUT", ["input", "code"])
    await do(registrar, op("UpsertSubject"), input={"code": "FR", "title": "French"})
    assert await do_refused(registrar, op("UpsertSubject"), input={"code": "fr", "title": "x"}) == (
        "SCHOOL_CODE_TAKEN",
        ["input", "code"],
    )
    assert (
        len((await ask(registrar, op("Subjects")))["nodes"]) == 1
        and len((await ask(registrar, op("Programs")))["nodes"]) == 2
    )
    wanted = {"code": "jhs-1", "title": "JHS 1", "programId": program["id"], "level": 7, "capacity": 40}
    await refused_to_strangers(op("OpenSchoolClass"), input=wanted)
    made = (await do(registrar, op("OpenSchoolClass"), input=wanted))["schoolClass"]
    assert (made["code"], made["branchId"], made["capacity"]) == ("JHS-1", encode_id("Branch", school.branch.id), 40)
    unlimited = {"classId": made["id"], "capacity": None, "lessons": 6}
    changed = (await do(registrar, op("UpdateSchoolClass"), input=unlimited))["schoolClass"]
    assert (changed["capacity"], changed["lessons"], changed["version"]) == (None, 6, 2)
    found = await ask(registrar, op("SchoolClasses"), filter={"search": "jhs"})
    assert [each["id"] for each in found["nodes"]] == [made["id"]]
    elsewhere = somebody(Role.REGISTRAR, branch=await a_branch_row())
    assert (await ask(elsewhere, op("SchoolClasses")))["nodes"] == []
    assert await ask(elsewhere, op("SchoolClass"), id=made["id"]) is None
    assert await do_refused(elsewhere, op("UpdateSchoolClass"), input={"classId": made["id"], "level": 1}) == (
        "SCHOOL_CLASS_NOT_FOUND",
        ["input", "classId"],
    )


async def test_a_roll_is_of_those_who_are_in_the_class_that_day() -> None:
    school = await a_school(2024)
    students = await enrolled_students(2, school.school_class, school.year)
    teacher, guardian = await a_teaching_actor(school.school_class), await a_guardian(students[0])
    class_id = encode_id("SchoolClass", school.school_class.id)
    for viewer in (school.registrar, school.bursar, teacher):
        found = await ask(viewer, op("SchoolClass"), id=class_id, on="2024-03-04")
        assert [each["fullName"] for each in found["roll"]] == sorted(each.full_name for each in students)
        assert (found["studentCount"], found["teaching"][0]["teacher"]["fullName"]) == (2, "Kofi Owusu")
    assert (await ask(teacher, op("SchoolClass"), id=class_id, on=date(2025, 1, 1).isoformat()))["roll"] == []
    assert await ask(teacher, op("SchoolClass"), id=encode_id("SchoolClass", school.next_class.id)) is None
    assert await ask_refused(guardian, op("SchoolClass"), id=class_id) == "FORBIDDEN"
    assert [each["id"] for each in (await ask(teacher, op("SchoolClasses")))["nodes"]] == [class_id]
    assert await feed_refused(teacher, op("TeacherAssigned"), classId=encode_id("SchoolClass", school.next_class.id)) == (
        "SCHOOL_CLASS_NOT_FOUND"
    )
