"""Students and their guardians."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import asyncpg
import pytest

from domain.identity.actor import ANONYMOUS, SYSTEM
from domain.identity.errors import BranchNotFound, UserNotFound
from domain.identity.permissions import Role
from domain.kit.clock import clock_set_to
from domain.kit.database import execute, fetchval
from domain.kit.errors import DomainError, Forbidden, InvalidInput, Unauthenticated
from domain.kit.ids import new_id
from domain.school.errors import (
    AdmissionNumberTaken,
    BadPerson,
    GuardianNotFound,
    RecordChanged,
    StudentEnrolled,
    StudentNotFound,
    StudentTaken,
)
from domain.school.models import Student, StudentGuardian
from domain.school.service.people import (
    change_student,
    delete_student,
    register_student,
    remove_guardian,
    set_guardian,
)
from domain.school.states import EnrolmentStatus, GuardianRelation, Sex
from tests.support.catalogue import refused
from tests.support.happenings import events_so_far, nothing_happens
from tests.support.people import somebody
from tests.support.races import outcomes_of
from tests.support.school import (
    a_branch_row,
    a_guardian,
    a_pupil,
    a_school,
    a_student,
    a_teaching_actor,
    all_refused,
    an_applicant,
    cases,
    enrol,
    known,
)

pytestmark = pytest.mark.usefixtures("database")

R = GuardianRelation


async def test_a_student_is_registered_changed_and_deleted() -> None:
    school = await a_school()
    registrar = school.registrar
    with clock_set_to(datetime(2026, 3, 2, tzinfo=UTC)):
        await a_student(admission_number="2026/0001")
        said = {"full_name": " Kwame  Nkrumah Jr. ", "born_on": date(2018, 2, 28), "sex": Sex.MALE}
        kwame = await register_student(registrar, said=said)
        brought = await register_student(registrar, said={"full_name": "Esi", "admission_number": "kma/17-3"})
    assert (kwame.full_name, kwame.branch_id, kwame.version) == ("Kwame Nkrumah Jr.", school.branch.id, 1)
    assert kwame.admission_number.startswith("2026/") and kwame.admission_number != "2026/0001"
    assert kwame.number.startswith("STU-") and (kwame.enrolled_count, kwame.deleted_at) == (0, None)
    assert brought.admission_number == "KMA/17-3"
    kwame = await change_student(registrar, student_id=kwame.id, said={"full_name": "Kwame Mensah"}, expected_version=1)
    assert (kwame.full_name, kwame.version, kwame.born_on) == ("Kwame Mensah", 2, date(2018, 2, 28))
    async with nothing_happens():
        await change_student(registrar, student_id=kwame.id, said={"full_name": "Kwame  Mensah"})
    gone = await delete_student(registrar, student_id=kwame.id, expected_version=2)
    assert gone.deleted_at is not None and await Student.filter(id=kwame.id).count() == 1
    await refused(delete_student(registrar, student_id=kwame.id), StudentNotFound)
    await refused(change_student(registrar, student_id=kwame.id, said={"full_name": "x"}), StudentNotFound)
    facts = [logged.fact for logged in await events_so_far() if logged.name == "school.student_changed"]
    assert [fact.change.value for fact in facts] == ["CREATED", "CREATED", "EDITED", "DELETED"]
    assert await fetchval("select title from user_activity_log order by id desc limit 1") == "Student Kwame Mensah deleted"


async def test_what_no_student_can_be() -> None:
    school = await a_school()
    registrar, user = school.registrar, await known(Role.SELLER)
    esi = await register_student(registrar, said={"full_name": "Esi", "user_id": user.id, "admission_number": "A/1"})
    await all_refused(
        (register_student(registrar, said=said), refusal)
        for said, refusal in cases(
            ({}, InvalidInput),
            ({"full_name": " "}, BadPerson),
            ({"full_name": "x" * 121}, BadPerson),
            ({"full_name": "Ama", "born_on": date(2999, 1, 1)}, BadPerson),
            ({"full_name": "Ama", "born_on": date(1850, 1, 1)}, BadPerson),
            ({"full_name": "Ama", "admission_number": "A//1"}, BadPerson),
            ({"full_name": "Ama", "admission_number": "a/1"}, AdmissionNumberTaken),
            ({"full_name": "Ama", "user_id": user.id}, StudentTaken),
            ({"full_name": "Ama", "user_id": new_id()}, UserNotFound),
            ({"full_name": "Ama", "branch_id": (await a_branch_row()).id}, BranchNotFound),
        )
    )
    await all_refused(
        cases(
            (change_student(registrar, student_id=esi.id, said={"full_name": None}), InvalidInput),
            (change_student(registrar, student_id=esi.id, said={"full_name": "x"}, expected_version=2), RecordChanged),
            (change_student(registrar, student_id=new_id(), said={"full_name": "x"}), StudentNotFound),
        )
    )
    await all_refused(
        case
        for actor, refusal in cases(
            (ANONYMOUS, Unauthenticated),
            (school.bursar, Forbidden),
            (somebody(Role.TEACHER), Forbidden),
            (somebody(Role.REGISTRAR, branch=await a_branch_row()), StudentNotFound),
        )
        for case in (
            (change_student(actor, student_id=esi.id, said={"full_name": "x"}), refusal),
            (delete_student(actor, student_id=esi.id), refusal),
            (set_guardian(actor, student_id=esi.id, user_id=user.id, relation=R.MOTHER), refusal),
        )
    )


async def test_two_who_bring_one_number_make_one_student() -> None:
    both = [register_student(SYSTEM, said={"full_name": name, "admission_number": "A/1"}) for name in ("Ama", "Esi")]
    outcomes = await outcomes_of(both)
    assert [type(outcome) for outcome in outcomes if isinstance(outcome, DomainError)] == [AdmissionNumberTaken]


async def test_who_is_enrolled_or_wants_to_be_is_not_deleted() -> None:
    school = await a_school()
    pupil, applicant = await a_pupil(school), await a_student(branch=school.branch)
    assert pupil.enrolled_count == 1
    await an_applicant(applicant, school.program, school.year)
    former = await a_student(branch=school.branch)
    await enrol(former, school.school_class, school.year, status=EnrolmentStatus.WITHDRAWN)
    for student in (pupil, applicant):
        await refused(delete_student(school.registrar, student_id=student.id), StudentEnrolled)
    elsewhere = await a_branch_row()
    await refused(change_student(SYSTEM, student_id=pupil.id, said={"branch_id": elsewhere.id}), StudentEnrolled)
    await delete_student(school.registrar, student_id=former.id)
    with pytest.raises(asyncpg.CheckViolationError, match="student_deleted_is_not_enrolled"):
        await execute("update student set deleted_at = now() where id = $1", pupil.id)
    with pytest.raises(asyncpg.CheckViolationError, match="was deleted"):
        await an_applicant_of_sql(former, school.program.id, school.year.id)


async def an_applicant_of_sql(student: Student, program_id: Any, year_id: Any) -> None:
    await execute(
        """insert into enrolment
               (id, student_id, program_id, year_id, status, applied_on, created_by_id, created_at, updated_at)
           values ($1, $2, $3, $4, 'APPLIED', '2026-01-01', $1, now(), now())""",
        new_id(),
        student.id,
        program_id,
        year_id,
    )


async def family_of(student: Student) -> list[tuple[Any, str, bool]]:
    rows = await StudentGuardian.filter(student_id=student.id).order_by("since_at", "id")
    return [(row.user_id, row.relation.value, row.is_primary) for row in rows]


async def test_a_family_has_one_primary_guardian() -> None:
    school = await a_school()
    registrar = school.registrar
    teacher = await a_teaching_actor(school.school_class)
    pupil = await a_pupil(school)
    mother, aunt = await known(Role.GUARDIAN, name="Efua"), await known(Role.GUARDIAN, name="Araba")
    await set_guardian(registrar, student_id=pupil.id, user_id=mother.id, relation=R.MOTHER)
    await set_guardian(registrar, student_id=pupil.id, user_id=aunt.id, relation=R.RELATIVE)
    assert await family_of(pupil) == [(mother.id, "MOTHER", True), (aunt.id, "RELATIVE", False)]
    await set_guardian(registrar, student_id=pupil.id, user_id=aunt.id, relation=R.LEGAL_GUARDIAN, is_primary=True)
    assert await family_of(pupil) == [(mother.id, "MOTHER", False), (aunt.id, "LEGAL_GUARDIAN", True)]
    async with nothing_happens():
        await set_guardian(registrar, student_id=pupil.id, user_id=mother.id, relation=R.MOTHER)
    await remove_guardian(registrar, student_id=pupil.id, user_id=aunt.id)
    assert await family_of(pupil) == [(mother.id, "MOTHER", True)]
    stranger = await known(Role.GUARDIAN)
    await refused(remove_guardian(registrar, student_id=pupil.id, user_id=stranger.id), GuardianNotFound)
    await refused(
        set_guardian(registrar, student_id=pupil.id, user_id=new_id(), relation=R.MOTHER), UserNotFound, "input", "userId"
    )
    last = (await events_so_far())[-1]
    assert [(each.full_name, each.is_primary) for each in last.fact.guardians] == [("Efua", True)]
    assert {f"user:{mother.id}", f"user:{teacher.id}"} <= last.audience and f"user:{aunt.id}" not in last.audience
    assert f"ward:{mother.id}" in last.topics
    with pytest.raises(asyncpg.CheckViolationError, match="primary guardian"):
        await execute("update student_guardian set is_primary = false")
    for _ in range(7):
        await a_guardian(pupil, primary=False)
    await refused(set_guardian(registrar, student_id=pupil.id, user_id=stranger.id, relation=R.SPONSOR), BadPerson)


async def test_two_primary_guardians_at_once_are_one() -> None:
    school = await a_school()
    pupil = await a_pupil(school)
    both = [await known(Role.GUARDIAN) for _ in range(2)]
    await outcomes_of(
        [set_guardian(SYSTEM, student_id=pupil.id, user_id=each.id, relation=R.SPONSOR, is_primary=True) for each in both]
    )
    assert sorted(primary for _, _, primary in await family_of(pupil)) == [False, True]
