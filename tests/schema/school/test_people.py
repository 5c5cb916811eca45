"""Students, guardians and teachers in the API: who may change them, and who sees and hears of them."""

from __future__ import annotations

from typing import Any

import pytest

from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.ids import new_id
from domain.school.models import Student
from domain.school.service.changing_fees import delete_fee
from tests.schema.school.test_calendar import op
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, heard, refused_to_strangers
from tests.support.happenings import nothing_happens
from tests.support.people import somebody
from tests.support.school import a_branch_row, a_guardian, a_pupil, a_school, a_teaching_actor, known
from tests.support.school_fees import charged, ghs
from tests.support.statements import statements

pytestmark = pytest.mark.usefixtures("database")

KWAME: dict[str, Any] = {"fullName": "Kwame Mensah", "bornOn": "2018-03-06", "sex": "MALE", "idempotencyKey": "kwame"}


async def names(viewer: Actor, **filter: Any) -> list[str]:
    return [each["fullName"] for each in (await ask(viewer, op("Students"), filter=filter))["nodes"]]


async def test_a_student_is_registered_changed_and_deleted() -> None:
    school = await a_school()
    registrar = school.registrar
    await refused_to_strangers(op("RegisterStudent"), input=KWAME)
    await refused_to_strangers(op("Students"))
    assert await names(registrar) == []
    first = await do(registrar, op("RegisterStudent"), input=KWAME)
    async with nothing_happens():
        again = await do(registrar, op("RegisterStudent"), input=KWAME)
    assert again["student"] == first["student"] and (first["replayed"], again["replayed"]) == (False, True)
    kwame = first["student"]
    assert (kwame["bornOn"], kwame["sex"], kwame["enrolledCount"]) == ("2018-03-06", "MALE", 0)
    about = {"studentId": kwame["id"]}
    changed = await do(
        registrar, op("UpdateStudent"), input=about | {"fullName": "Kwame Owusu", "bornOn": None, "expectedVersion": 1}
    )
    assert (changed["student"]["fullName"], changed["student"]["bornOn"], changed["student"]["sex"]) == (
        "Kwame Owusu",
        None,
        "MALE",
    )
    for changes, refusal in (
        ({"fullName": None}, ("INVALID_INPUT", ["input", "fullName"])),
        ({"fullName": " "}, ("BAD_PERSON", ["input", "fullName"])),
        ({"bornOn": "2999-01-01"}, ("BAD_PERSON", ["input", "bornOn"])),
        ({"fullName": "x", "expectedVersion": 1}, ("RECORD_CHANGED", ["input", "expectedVersion"])),
        ({"studentId": encode_id("Student", new_id()), "fullName": "x"}, ("STUDENT_NOT_FOUND", ["input", "studentId"])),
        ({"userId": encode_id("User", new_id())}, ("USER_NOT_FOUND", ["input", "userId"])),
    ):
        assert await do_refused(registrar, op("UpdateStudent"), input=about | changes) == refusal
    assert await names(registrar, search="owu") == ["Kwame Owusu"] == await names(registrar, search=kwame["number"].lower())
    assert await names(registrar, search="owu", enrolled=True) == await names(registrar, search="\x00") == []
    elsewhere = somebody(Role.REGISTRAR, branch=await a_branch_row())
    assert await names(elsewhere) == [] and await ask(elsewhere, op("Student"), id=kwame["id"]) is None
    assert (await do_refused(elsewhere, op("DeleteStudent"), input=about))[0] == "STUDENT_NOT_FOUND"
    for other in (school.bursar, somebody(Role.TEACHER), somebody(Role.GUARDIAN)):
        assert await ask_refused(other, op("DeleteStudent"), input=about) == "FORBIDDEN"
    gone = (await do(registrar, op("DeleteStudent"), input=about))["student"]
    assert gone["deletedAt"] is not None and await names(registrar) == []
    assert await names(registrar, deleted=True) == ["Kwame Owusu"]


async def test_whoever_has_to_do_with_a_student_sees_them() -> None:
    school = await a_school()
    ama, esi = await a_pupil(school, "Ama"), await a_pupil(school, "Esi")
    teacher = await a_teaching_actor(school.school_class)
    user = await known(Role.GUARDIAN, name="Efua")
    about = {"studentId": encode_id("Student", ama.id), "userId": encode_id("User", user.id), "relation": "MOTHER"}
    family = (await do(school.registrar, op("UpsertGuardian"), input=about))["student"]["guardians"]
    assert [(each["fullName"], each["relation"], each["isPrimary"]) for each in family] == [("Efua", "MOTHER", True)]
    for viewer in (school.registrar, school.bursar, teacher, user):
        seen = await ask(viewer, op("Student"), id=about["studentId"])
        assert (seen["fullName"], seen["classes"][0]["title"]) == ("Ama", "Primary 1")
        assert [each["fullName"] for each in seen["guardians"]] == ["Efua"]
    assert await ask(user, op("Student"), id=encode_id("Student", esi.id)) is None, "another child of the class"
    cashier = somebody(Role.CASHIER, branch=school.branch)
    assert await ask(cashier, op("Student"), id=about["studentId"]) is None, (
        "whoever takes money reads fees, and no families"
    )
    assert await ask_refused(user, op("Students")) == "FORBIDDEN"
    class_id = encode_id("SchoolClass", school.school_class.id)
    assert await names(teacher) == ["Ama", "Esi"] == await names(school.registrar, classId=class_id)
    assert await names(teacher, classId=encode_id("SchoolClass", school.next_class.id)) == []
    for viewer in (school.registrar, teacher):
        assert [each["student"]["fullName"] for each in await heard(viewer, op("SchoolRecordsChanged"))] == ["Ama"]
    about.pop("relation")
    left = (await do(school.registrar, op("RemoveGuardian"), input=about))["student"]
    assert left["guardians"] == [] and await ask(user, op("Student"), id=about["studentId"]) is None
    assert (await do_refused(school.registrar, op("RemoveGuardian"), input=about))[0] == "GUARDIAN_NOT_FOUND"


async def test_enrolments_and_fees_of_students_are_for_those_who_read_them() -> None:
    school = await a_school()
    ama, esi = await a_pupil(school, "Ama"), await a_pupil(school, "Esi")
    mother, teacher = await a_guardian(ama), await a_teaching_actor(school.school_class)
    fee = await charged(school.bursar, ama, ghs(500))
    await delete_fee(school.bursar, fee_id=(await charged(school.bursar, ama, ghs(300))).id)
    await charged(school.bursar, esi, ghs(700))
    for viewer, fees in ((school.bursar, [fee.number]), (mother, [fee.number]), (teacher, [])):
        seen = await ask(viewer, op("Student"), id=encode_id("Student", ama.id))
        assert [each["number"] for each in seen["fees"]] == fees
        assert [each["status"] for each in seen["enrolments"]] == ["ENROLLED"]
    document = "query All { students { nodes { fullName enrolments { classId } fees { outstanding { formatted } } } } }"
    with statements() as asked:
        listed = (await ask(school.bursar, document))["nodes"]
    assert [(each["fullName"], [row["outstanding"]["formatted"] for row in each["fees"]]) for each in listed] == [
        ("Ama", ["GHS 500.00"]),
        ("Esi", ["GHS 700.00"]),
    ]
    for table in ("enrolment", "school_fee"):
        assert len([each for each in asked if f'FROM "{table}"' in each]) == 1


async def test_teachers_are_registered_assigned_and_relieved() -> None:
    school = await a_school()
    registrar = school.registrar
    said = {"fullName": "Kofi Owusu", "number": "c/1", "idempotencyKey": "kofi"}
    await refused_to_strangers(op("RegisterTeacher"), input=said)
    await refused_to_strangers(op("Teachers"))
    assert (await ask(registrar, op("Teachers")))["nodes"] == []
    kofi = (await do(registrar, op("RegisterTeacher"), input=said))["teacher"]
    assert (await do(registrar, op("RegisterTeacher"), input=said))["replayed"]
    yaa = (await do(registrar, op("RegisterTeacher"), input={"fullName": "Yaa"}))["teacher"]
    class_id = encode_id("SchoolClass", school.school_class.id)
    wanted = {"teacherId": kofi["id"], "classId": class_id, "idempotencyKey": "assign"}
    made = (await do(registrar, op("AssignTeacher"), input=wanted))["assignment"]
    today = clock.today().isoformat()
    assert (made["role"], made["fromOn"], made["untilOn"], made["teacher"]["id"]) == (
        "CLASS_TEACHER",
        today,
        None,
        kofi["id"],
    )
    async with nothing_happens():
        assert (await do(registrar, op("AssignTeacher"), input=wanted))["replayed"]
    other = {"teacherId": yaa["id"], "classId": class_id}
    assert await do_refused(registrar, op("AssignTeacher"), input=other) == ("CLASS_HAS_TEACHER", ["input", "classId"])
    ended = (await do(registrar, op("EndTeacherAssignment"), input={"assignmentId": made["id"]}))["assignment"]
    assert (ended["untilOn"], ended["version"]) == (today, 2)
    assert await do_refused(
        registrar, op("EndTeacherAssignment"), input={"assignmentId": made["id"], "lastOn": "2000-01-01"}
    ) == ("BAD_ASSIGNMENT", ["input", "lastOn"])
    listed = (await ask(registrar, op("Teachers"), filter={"search": "c/"}))["nodes"]
    assert [each["assignments"][0]["id"] for each in listed] == [made["id"]]
    left = (await do(registrar, op("UpdateTeacher"), input={"teacherId": yaa["id"], "active": False}))["teacher"]
    assert not left["active"] and len((await ask(registrar, op("Teachers")))["nodes"]) == 1
    told = await heard(registrar, op("TeacherAssigned"), classId=class_id)
    assert [(each["__typename"], each["teacherName"], each["teachersTotal"]) for each in told] == [
        ("TeacherAssigned", "Kofi Owusu", 2),
        ("TeacherAssignmentEnded", "Kofi Owusu", 2),
    ]
    elsewhere = somebody(Role.REGISTRAR, branch=await a_branch_row())
    assert await heard(elsewhere, op("TeacherAssigned")) == [] and (await ask(elsewhere, op("Teachers")))["nodes"] == []
    assert await ask(elsewhere, op("Teacher"), id=kofi["id"]) is None
    for document, sent in ((op("AssignTeacher"), wanted), (op("RegisterTeacher"), said)):
        assert await ask_refused(school.bursar, document, input=sent) == "FORBIDDEN"
    assert (await do_refused(elsewhere, op("AssignTeacher"), input=other))[0] == "TEACHER_NOT_FOUND"


async def test_a_teacher_hears_of_the_own_classes_only() -> None:
    school = await a_school()
    teacher = await a_teaching_actor(school.school_class, branch=school.branch)
    for each in (school.school_class, school.next_class):
        await do(
            school.registrar,
            op("UpdateSchoolClass"),
            input={"classId": encode_id("SchoolClass", each.id), "title": "Renamed"},
        )
    assert len(await heard(school.registrar, op("SchoolRecordsChanged"))) == 2
    told = await heard(teacher, op("SchoolRecordsChanged"))
    assert [each["schoolClass"]["id"] for each in told] == [encode_id("SchoolClass", school.school_class.id)]
    await a_guardian(await a_pupil(school))
    assert await Student.all().count() == 1
