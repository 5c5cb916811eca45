"""Teachers, and who is responsible for which class on which days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from domain.identity.actor import ANONYMOUS, SYSTEM
from domain.identity.errors import UserNotFound
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.database import execute
from domain.kit.errors import DomainError, Forbidden, InvalidInput, Unauthenticated
from domain.kit.ids import new_id
from domain.school.errors import (
    AssignedTwice,
    AssignmentNotFound,
    BadAssignment,
    BadPerson,
    ClassHasTeacher,
    RecordChanged,
    SchoolClassClosed,
    SchoolClassNotFound,
    SubjectNotFound,
    TeacherInactive,
    TeacherNotFound,
    TeacherTaken,
)
from domain.school.models import SchoolClass, Teaching
from domain.school.service.teaching import assign_teacher, change_teacher, end_assignment, register_teacher
from tests.support.catalogue import refused
from tests.support.happenings import events_so_far, nothing_happens
from tests.support.people import somebody
from tests.support.races import outcomes_of
from tests.support.school import a_branch_row, a_class, a_school, a_subject, a_teacher, all_refused, cases, known, teaching

pytestmark = pytest.mark.usefixtures("database")

DAY = timedelta(days=1)


async def test_a_teacher_is_registered_changed_and_leaves() -> None:
    school = await a_school()
    registrar, user = school.registrar, await known(Role.TEACHER)
    kofi = await register_teacher(registrar, said={"full_name": "Kofi  Owusu", "user_id": user.id})
    assert (kofi.full_name, kofi.branch_id, kofi.number[:2], kofi.active) == ("Kofi Owusu", school.branch.id, "T-", True)
    yaa = await register_teacher(registrar, said={"full_name": "Yaa", "number": "c/2024-7"})
    assert yaa.number == "C/2024-7"
    now = await assign_teacher(registrar, teacher_id=kofi.id, class_id=school.school_class.id)
    later = await assign_teacher(
        registrar, teacher_id=kofi.id, class_id=school.next_class.id, from_on=clock.today() + 30 * DAY
    )
    left = await change_teacher(registrar, teacher_id=kofi.id, said={"active": False}, expected_version=1)
    assert (left.active, left.version) == (False, 2)
    assert (await Teaching.get(id=now.id)).until_on == clock.today() and not await Teaching.exists(id=later.id)
    await all_refused(
        cases(
            (assign_teacher(registrar, teacher_id=kofi.id, class_id=school.next_class.id), TeacherInactive),
            (change_teacher(registrar, teacher_id=kofi.id, said={"full_name": "x"}, expected_version=1), RecordChanged),
            (change_teacher(registrar, teacher_id=kofi.id, said={"full_name": ""}), BadPerson),
            (change_teacher(registrar, teacher_id=kofi.id, said={"number": None}), InvalidInput),
            (change_teacher(registrar, teacher_id=yaa.id, said={"user_id": user.id}), TeacherTaken),
            (change_teacher(registrar, teacher_id=new_id(), said={"full_name": "x"}), TeacherNotFound),
            (register_teacher(registrar, said={"full_name": "x", "number": "C/2024-7"}), TeacherTaken),
            (register_teacher(registrar, said={"full_name": "x", "user_id": new_id()}), UserNotFound),
            (register_teacher(registrar, said={}), InvalidInput),
            (register_teacher(ANONYMOUS, said={"full_name": "x"}), Unauthenticated),
            (register_teacher(school.bursar, said={"full_name": "x"}), Forbidden),
            (
                change_teacher(somebody(Role.REGISTRAR, branch=await a_branch_row()), teacher_id=yaa.id, said={}),
                TeacherNotFound,
            ),
        )
    )
    told = [(logged.name.partition(".")[2], logged.fact.teachers_total) for logged in await events_so_far()]
    assert told == [
        ("teacher_changed", 1),
        ("teacher_changed", 2),
        ("teacher_assigned", 2),
        ("teacher_assigned", 2),
        ("teacher_assignment_ended", 2),
        ("teacher_assignment_ended", 2),
        ("teacher_changed", 1),
    ]


async def test_one_teacher_is_responsible_for_a_class_at_a_time() -> None:
    school = await a_school()
    registrar, today = school.registrar, clock.today()
    kofi, yaa = await a_teacher("Kofi", branch=school.branch), await a_teacher("Yaa", branch=school.branch)
    first = await assign_teacher(registrar, teacher_id=kofi.id, class_id=school.school_class.id, from_on=today - 30 * DAY)
    second: dict[str, Any] = {"teacher_id": yaa.id, "class_id": school.school_class.id}
    async with nothing_happens():
        with pytest.raises(ClassHasTeacher, match="Kofi is responsible") as caught:
            await assign_teacher(registrar, **second)
    assert caught.value.teacher_id == kofi.id
    await refused(assign_teacher(registrar, teacher_id=kofi.id, class_id=school.school_class.id), AssignedTwice)
    replaced = await assign_teacher(registrar, **second, replacing=True)
    assert replaced.from_on == today and (await Teaching.get(id=first.id)).until_on == today - DAY
    facts = [logged.fact for logged in await events_so_far()][-2:]
    assert [(fact.teacher, fact.class_teachers) for fact in facts] == [("Kofi", 0), ("Yaa", 1)]
    maths, english = await a_subject(), await a_subject()
    for subject in (maths, english):
        taught = await assign_teacher(
            registrar, teacher_id=kofi.id, class_id=school.school_class.id, subject_id=subject.id, until_on=today
        )
        assert taught.role.value == "SUBJECT_TEACHER"
    await refused(assign_teacher(registrar, **second, from_on=today - DAY, replacing=True), AssignedTwice)
    with pytest.raises(asyncpg.ExclusionViolationError, match="teaching_has_one_class_teacher"):
        await execute("update teaching set until_on = null where id = $1", first.id)


async def test_two_who_assign_at_once_assign_one() -> None:
    school = await a_school()
    teachers = [await a_teacher(branch=school.branch) for _ in range(3)]
    outcomes = await outcomes_of(
        [assign_teacher(SYSTEM, teacher_id=each.id, class_id=school.school_class.id) for each in teachers]
    )
    assert [type(each) for each in outcomes if isinstance(each, DomainError)] == [ClassHasTeacher] * 2


async def test_an_assignment_ends_on_one_of_its_days() -> None:
    school = await a_school()
    registrar, today = school.registrar, clock.today()
    row = await teaching(await a_teacher(branch=school.branch), school.school_class, from_on=today - 10 * DAY)
    await refused(end_assignment(registrar, assignment_id=row.id, last_on=today - 11 * DAY), BadAssignment)
    ended = await end_assignment(registrar, assignment_id=row.id, last_on=today, expected_version=1)
    assert (ended.until_on, ended.version) == (today, 2)
    async with nothing_happens():
        await end_assignment(registrar, assignment_id=row.id)
    await end_assignment(registrar, assignment_id=row.id, last_on=today - DAY)
    await all_refused(
        cases(
            (end_assignment(registrar, assignment_id=row.id, last_on=today), BadAssignment),
            (end_assignment(registrar, assignment_id=row.id, expected_version=1), RecordChanged),
            (end_assignment(registrar, assignment_id=new_id()), AssignmentNotFound),
            (
                end_assignment(somebody(Role.REGISTRAR, branch=await a_branch_row()), assignment_id=row.id),
                AssignmentNotFound,
            ),
            (end_assignment(ANONYMOUS, assignment_id=row.id), Unauthenticated),
            (end_assignment(somebody(Role.TEACHER), assignment_id=row.id), Forbidden),
        )
    )


async def test_nobody_is_assigned_where_there_is_nothing_to_teach() -> None:
    school = await a_school()
    kofi = await a_teacher(branch=school.branch)
    closed, elsewhere = await a_class(branch=school.branch), await a_class()
    await SchoolClass.filter(id=closed.id).update(active=False)
    here = school.school_class.id
    await all_refused(
        (assign_teacher(school.registrar, **said), refusal)
        for said, refusal in cases(
            ({"teacher_id": kofi.id, "class_id": closed.id}, SchoolClassClosed),
            ({"teacher_id": kofi.id, "class_id": elsewhere.id}, SchoolClassNotFound),
            ({"teacher_id": new_id(), "class_id": here}, TeacherNotFound),
            ({"teacher_id": kofi.id, "class_id": here, "subject_id": new_id()}, SubjectNotFound),
            ({"teacher_id": kofi.id, "class_id": here, "until_on": date(2000, 1, 1)}, BadAssignment),
        )
    )
    await all_refused(
        (assign_teacher(actor, teacher_id=kofi.id, class_id=here), refusal)
        for actor, refusal in cases((ANONYMOUS, Unauthenticated), (school.bursar, Forbidden))
    )
