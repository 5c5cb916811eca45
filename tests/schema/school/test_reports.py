"""The school's reports in the API: for whoever may read what is in them."""

from __future__ import annotations

import pytest

from domain.identity.permissions import Role
from domain.kit.ids import new_id
from tests.domain.jobs.queues import a_runner
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, refused_to_strangers
from tests.support.operations import operation
from tests.support.school import a_pupil, a_school, known
from tests.support.school_fees import charged, ghs

pytestmark = pytest.mark.usefixtures("database")

GENERATE, REPORT, KINDS = operation("reports/GenerateReport"), operation("reports/Report"), operation("reports/ReportKinds")


async def test_a_bursar_has_the_statement_of_a_student_made_and_a_registrar_the_roll() -> None:
    school, other = await a_school(), await a_school(2020)
    pupil = await a_pupil(school, "Ama Owusu")
    await charged(school.bursar, pupil, ghs(300))
    days = {"from": "2020-01-01", "to": "2029-12-31"}
    student = encode_id("Student", pupil.id)
    statement = {"kind": "school_student_statement", "format": "PDF", "parameters": days | {"studentId": student}}
    roll = {
        "kind": "school_attendance",
        "format": "CSV",
        "parameters": days | {"classId": encode_id("SchoolClass", school.school_class.id)},
    }
    await refused_to_strangers(GENERATE, input=statement)
    kinds = {kind["kind"] for kind in await ask(school.bursar, KINDS)}
    assert {"school_fee_collection", "school_arrears", "school_income_and_expenses", "school_student_statement"} <= kinds
    assert kinds.isdisjoint({"school_enrolment"}) == ("school_attendance" not in kinds)
    made = (await do(school.bursar, GENERATE, input=statement))["report"]["id"]
    marked = (await do(school.registrar, GENERATE, input=roll))["report"]["id"]
    elsewhere = (await do(other.bursar, GENERATE, input=statement))["report"]["id"]
    await a_runner().run_what_is_there()
    shown = await ask(school.bursar, REPORT, id=made)
    assert (shown["state"], shown["parameters"]["studentId"]) == ("DONE", student)
    assert (await ask(school.registrar, REPORT, id=marked))["state"] == "DONE"
    failed = await ask(other.bursar, REPORT, id=elsewhere)
    assert (failed["state"], failed["errorCode"], failed["file"]) == ("FAILED", "STUDENT_NOT_FOUND", None)
    assert await ask(other.bursar, REPORT, id=made) is None


async def test_what_families_and_teachers_do_not_have_made() -> None:
    arrears = {"kind": "school_arrears", "format": "CSV"}
    for role in (Role.GUARDIAN, Role.TEACHER):
        assert await ask_refused(await known(role), GENERATE, input=arrears) == "FORBIDDEN"
    bursar, registrar = await known(Role.BURSAR), await known(Role.REGISTRAR)
    assert (await do_refused(registrar, GENERATE, input=arrears))[0] == "FORBIDDEN"
    wrong = arrears | {"parameters": {"classId": encode_id("Student", new_id())}}
    assert await do_refused(bursar, GENERATE, input=wrong) == ("NOT_FOUND", ["input", "parameters", "classId"])
    unheard = arrears | {"parameters": {"studentId": encode_id("Student", new_id())}}
    assert await do_refused(bursar, GENERATE, input=unheard) == ("INVALID_INPUT", ["input", "parameters", "studentId"])
