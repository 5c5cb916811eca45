"""Promotions and runs through the API: strangers, an empty class, a plan and what comes of it, somebody else's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.jobs.runner import Runner
from domain.kit.clock import clock_set_to
from domain.kit.ids import new_id
from domain.school.models import AcademicYear, Student
from domain.school.service.billing import add_fees
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, feed_refused, heard, refused_to_strangers
from tests.support.happenings import assert_integrity
from tests.support.operations import nodes_of, operation
from tests.support.people import somebody
from tests.support.school import School, a_class, a_guardian, a_school, a_teaching_actor, a_year, enrolled_students
from tests.support.school_structures import a_structure, tuition

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def in_december() -> Iterator[None]:
    with clock_set_to(datetime(2026, 12, 10, 8, tzinfo=UTC)):
        yield


def op(name: str) -> str:
    return operation(f"school/{name}")


def moving(school: School, coming: AcademicYear, **more: Any) -> dict[str, Any]:
    stated = {
        "fromClassId": encode_id("SchoolClass", school.school_class.id),
        "fromYearId": encode_id("AcademicYear", school.year.id),
        "toYearId": encode_id("AcademicYear", coming.id),
    }
    return stated | more


def of(student: Student) -> str:
    return encode_id("Student", student.id)


async def test_a_class_moves_on_as_the_plan_said() -> None:
    school = await a_school()
    coming = await a_year(2027)
    registrar = school.registrar
    wanted = moving(school, coming)
    await refused_to_strangers(op("PromotionPlan"), input=wanted)
    await refused_to_strangers(op("PromoteStudents"), input=wanted)
    empty = await ask(registrar, op("PromotionPlan"), input=wanted)
    assert (empty["steps"], empty["totalChange"], empty["classChanges"]) == ([], 0, [])
    nobody = (await do(registrar, op("PromoteStudents"), input=wanted))["run"]
    assert (nobody["status"], nobody["total"], nobody["percent"]) == ("DONE", 0, "100.00")
    first, second, third = await enrolled_students(3, school.school_class, school.year)
    decided = [{"studentId": of(second), "decision": "REPEAT"}, {"studentId": of(third), "decision": "GRADUATE"}]
    wanted = moving(school, coming, decisions=decided)
    plan = await ask(registrar, op("PromotionPlan"), input=wanted)
    assert (plan["fromClass"]["title"], plan["toClass"]["title"], plan["totalChange"]) == ("Primary 1", "Primary 2", -1)
    assert {step["studentId"]: step["outcome"] for step in plan["steps"]} == {
        of(first): "PROMOTED",
        of(second): "REPEATED",
        of(third): "GRADUATED",
    }
    done = await do(registrar, op("PromoteStudents"), input=wanted | {"idempotencyKey": "2027"})
    run = done["run"]
    assert (run["kind"], run["status"], run["done"], run["percent"]) == ("PROMOTION", "DONE", 3, "100.00")
    assert (await do(registrar, op("PromoteStudents"), input=wanted | {"idempotencyKey": "2027"}))["replayed"]
    read = await ask(registrar, op("SchoolRun"), id=run["id"])
    assert [(row["subjectId"], row["outcome"]) for row in read["results"]["nodes"]] == [
        (step["studentId"], step["outcome"]) for step in plan["steps"]
    ]
    promoted = next(row for row in read["results"]["nodes"] if row["subjectId"] == of(first))
    assert (promoted["student"]["fullName"], promoted["enrolment"]["id"]) == (first.full_name, promoted["recordId"])
    assert promoted["enrolment"]["classId"] == plan["toClass"]["id"]
    again = (await do(registrar, op("PromoteStudents"), input=wanted))["run"]
    assert again["counts"] == [{"outcome": "LEFT_OUT", "number": 3}]
    listed = await nodes_of(registrar, op("SchoolRuns"), kinds=["PROMOTION"], statuses=["DONE"])
    assert [node["id"] for node in listed] == [again["id"], run["id"], nobody["id"]]
    await assert_integrity()


async def test_a_large_class_is_followed_to_the_end() -> None:
    school = await a_school()
    coming = await a_year(2027)
    await enrolled_students(12, school.school_class, school.year)
    small = await a_class(school.program, branch=school.branch, capacity=7)
    wanted = moving(school, coming, toClassId=encode_id("SchoolClass", small.id))
    run = (await do(school.registrar, op("PromoteStudents"), input=wanted))["run"]
    assert (run["status"], run["done"], run["percent"]) == ("QUEUED", 0, "0.00")
    await Runner().run_what_is_there()
    items = [item["run"] for item in await heard(school.registrar, op("SchoolRunUpdated"), runId=run["id"])]
    assert [item["status"] for item in items[:2]] == ["QUEUED", "RUNNING"]
    assert [item["done"] for item in items] == [0, *range(1, 12), 12]
    assert (items[-1]["status"], {each["outcome"]: each["number"] for each in items[-1]["counts"]}) == (
        "DONE",
        {"PROMOTED": 7, "FAILED": 5},
    )
    page = await ask(school.registrar, FAILED, id=run["id"])
    assert {row["reason"] for row in page["results"]["nodes"]} == {"CLASS_FULL"}
    moves = await heard(school.registrar, op("StudentPromoted"), classId=wanted["toClassId"])
    assert [count["students"] for count in moves[-1]["classCounts"] if count["classId"] == wanted["toClassId"]] == [7]
    assert (moves[-1]["runNumber"], moves[-1]["studentsTotal"], moves[-1]["toClassId"]) == (
        run["number"],
        12,
        wanted["toClassId"],
    )


FAILED = 'query ($id: ID!) { schoolRun(id: $id) { results(first: 20, outcomes: ["FAILED"]) { nodes { reason } } } }'


async def test_a_run_that_waits_is_called_off() -> None:
    school = await a_school()
    coming = await a_year(2027)
    await enrolled_students(11, school.school_class, school.year)
    run = (await do(school.registrar, op("PromoteStudents"), input=moving(school, coming)))["run"]
    about = {"runId": run["id"]}
    await refused_to_strangers(op("CancelSchoolRun"), input=about)
    await refused_to_strangers(op("ResumeSchoolRun"), input=about)
    for stranger in (school.bursar, somebody(Role.TEACHER), (await a_school(2025)).registrar):
        expected = ("SCHOOL_RUN_NOT_FOUND", ["input", "runId"])
        assert await do_refused(stranger, op("CancelSchoolRun"), input=about) == expected
        assert await do_refused(stranger, op("ResumeSchoolRun"), input=about) == expected
        assert await ask(stranger, op("SchoolRun"), id=run["id"]) is None
        assert await nodes_of(stranger, op("SchoolRuns")) == []
        assert await feed_refused(stranger, op("SchoolRunUpdated"), runId=run["id"]) == "SCHOOL_RUN_NOT_FOUND"
        assert await heard(stranger, op("SchoolRunUpdated")) == []
    assert (await do(school.registrar, op("CancelSchoolRun"), input=about))["run"]["status"] == "CANCELLED"
    for name in ("CancelSchoolRun", "ResumeSchoolRun"):
        expected = ("SCHOOL_RUN_NOT_OPEN", ["input", "runId"])
        assert await do_refused(school.registrar, op(name), input=about) == expected
    await Runner().run_what_is_there()
    assert (await ask(school.registrar, op("SchoolRun"), id=run["id"]))["done"] == 0


async def test_bad_plans_are_refused_at_their_place() -> None:
    school, other = await a_school(), await a_school(2025)
    coming = await a_year(2027)
    [pupil] = await enrolled_students(1, school.school_class, school.year)
    nobody = encode_id("SchoolClass", new_id())
    for said, code, field in (
        ({"fromClassId": nobody}, "SCHOOL_CLASS_NOT_FOUND", ["fromClassId"]),
        ({"toClassId": encode_id("SchoolClass", other.school_class.id)}, "SCHOOL_CLASS_NOT_FOUND", ["toClassId"]),
        ({"toClassId": encode_id("SchoolClass", school.school_class.id)}, "BAD_PROMOTION", ["toClassId"]),
        ({"repeatClassId": nobody}, "SCHOOL_CLASS_NOT_FOUND", ["repeatClassId"]),
        ({"toYearId": encode_id("AcademicYear", school.year.id)}, "BAD_PROMOTION", ["toYearId"]),
        ({"toYearId": encode_id("AcademicYear", new_id())}, "ACADEMIC_YEAR_NOT_FOUND", ["toYearId"]),
        ({"toTermId": encode_id("Term", new_id())}, "TERM_NOT_FOUND", ["toTermId"]),
        ({"decisions": [{"studentId": nobody, "decision": "REPEAT"}]}, "NOT_FOUND", ["decisions", "0", "studentId"]),
    ):
        wanted = moving(school, coming, **said)
        assert await do_refused(school.registrar, op("PromoteStudents"), input=wanted) == (code, ["input", *field])
        assert await ask_refused(school.registrar, op("PromotionPlan"), input=wanted) == code
    for role in (Role.TEACHER, Role.BURSAR, Role.GUARDIAN, Role.CASHIER):
        viewer = somebody(role, branch=school.branch)
        assert await ask_refused(viewer, op("PromotionPlan"), input=moving(school, coming)) == "FORBIDDEN"
        assert await ask_refused(viewer, op("PromoteStudents"), input=moving(school, coming)) == "FORBIDDEN"
    assert pupil.enrolled_count == 1


async def test_a_promotion_is_heard_of_by_those_concerned() -> None:
    school = await a_school()
    coming = await a_year(2027)
    first, second = await enrolled_students(2, school.school_class, school.year)
    mother = await a_guardian(first)
    teacher, stranger = await a_teaching_actor(school.school_class), await a_teaching_actor(await a_class())
    await do(school.registrar, op("PromoteStudents"), input=moving(school, coming))
    for viewer in (school.registrar, teacher):
        assert {item["student"] for item in await heard(viewer, op("StudentPromoted"))} == {
            first.full_name,
            second.full_name,
        }
    assert await heard(stranger, op("StudentPromoted")) == []
    assert len(await heard(mother, op("WardUpdated"))) == 1


async def test_a_run_of_bills_shows_the_fees_that_it_made() -> None:
    school = await a_school()
    pupils = await enrolled_students(2, school.school_class, school.year)
    structure = await a_structure(school, tuition())
    run = await add_fees(school.bursar, structure_id=structure.id, class_id=school.school_class.id)
    read = await ask(school.bursar, op("SchoolRun"), id=encode_id("SchoolRun", run.id))
    assert {row["student"]["fullName"] for row in read["results"]["nodes"]} == {pupil.full_name for pupil in pupils}
    for row in read["results"]["nodes"]:
        assert (row["outcome"], row["fee"]["id"], row["enrolment"]) == ("CHARGED", row["recordId"], None)
    assert await ask(school.registrar, op("SchoolRun"), id=encode_id("SchoolRun", run.id)) is None
