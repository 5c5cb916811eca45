"""Staff see their campus, teachers the classes they teach, guardians their wards, and nobody else sees anybody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.identity.actor import ANONYMOUS, SYSTEM, Actor
from domain.identity.permissions import Role
from domain.kit import clock
from domain.school import access
from domain.school.errors import SchoolClassClosed, SchoolClassNotFound, StudentNotFound
from domain.school.models import SchoolClass
from tests.support.people import somebody
from tests.support.school import a_branch_row, a_guardian, a_pupil, a_school, a_student, a_teacher, enrol, known, teaching

pytestmark = pytest.mark.usefixtures("database")


async def names(actor: Actor) -> set[str]:
    return {student.full_name for student in await access.visible_students(actor)}


async def test_who_sees_whom() -> None:
    school = await a_school()
    kwame = await a_pupil(school, "Kwame")
    adwoa = await a_pupil(school, "Adwoa")
    esi = await a_student("Esi", branch=school.branch)
    await enrol(esi, school.next_class, school.year)
    mother = await a_guardian(kwame)
    now, then = await known(Role.TEACHER, branch=school.branch), await known(Role.TEACHER, branch=school.branch)
    await teaching(await a_teacher(user=now), school.school_class)
    ended = clock.today() - timedelta(days=1)
    await teaching(await a_teacher(user=then), school.next_class, from_on=ended, until_on=ended)
    elsewhere = await a_branch_row("Elsewhere")

    everybody = {"Kwame", "Adwoa", "Esi"}
    assert await names(SYSTEM) == await names(school.registrar) == await names(school.bursar) == everybody
    assert await names(now) == {"Kwame", "Adwoa"}
    assert await names(then) == set(), "an assignment that is over shows nobody"
    assert await names(mother) == {"Kwame"}
    for stranger in (
        ANONYMOUS,
        somebody(Role.REGISTRAR, branch=elsewhere),
        somebody(Role.REGISTRAR),
        somebody(Role.GUARDIAN),
        somebody(Role.TEACHER, branch=school.branch),
        somebody(Role.CASHIER, branch=school.branch),
    ):
        assert await names(stranger) == set()
        assert await access.visible_enrolments(stranger).count() == 0
        assert await access.visible_classes(stranger).count() == 0
        with pytest.raises(StudentNotFound):
            await access.student_of(stranger, adwoa.id)
        with pytest.raises(SchoolClassNotFound):
            await access.class_of(stranger, school.school_class.id)

    assert await access.visible_enrolments(mother).count() == 1
    assert [each.id for each in await access.visible_classes(now)] == [school.school_class.id]
    assert [await access.is_ward(mother, each.id) for each in (kwame, adwoa)] == [True, False]
    assert await access.guardians_of([kwame.id, adwoa.id]) == {kwame.id: [mother.id], adwoa.id: []}
    assert await access.teachers_of([school.school_class.id, school.next_class.id]) == [now.id]
    assert await access.teaches(then, school.next_class.id, ended) and not await access.teaches(
        then, school.next_class.id, clock.today()
    )
    await SchoolClass.filter(id=school.school_class.id).update(active=False)
    with pytest.raises(SchoolClassClosed):
        await access.class_of(school.registrar, school.school_class.id)
    assert await access.class_of(school.registrar, school.school_class.id, closed=True)
