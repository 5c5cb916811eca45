"""Programmes, subjects and classes."""

from __future__ import annotations

from typing import Any

import pytest

from domain.identity.actor import ANONYMOUS, SYSTEM
from domain.identity.errors import BranchNotFound
from domain.identity.permissions import Role
from domain.kit.errors import Forbidden, InvalidInput, Unauthenticated
from domain.kit.ids import new_id
from domain.school.errors import (
    BadPerson,
    CodeTaken,
    ProgramNotFound,
    RecordChanged,
    SchoolClassInUse,
    SchoolClassNotFound,
    SubjectNotFound,
)
from domain.school.models import SchoolClass
from domain.school.service.classes import change_class, open_class, upsert_program, upsert_subject
from tests.support.catalogue import refused
from tests.support.happenings import events_so_far, nothing_happens
from tests.support.people import somebody
from tests.support.school import a_branch_row, a_class, a_school, a_teaching_actor, all_refused, cases, enrolled_students

pytestmark = pytest.mark.usefixtures("database")


async def test_programmes_and_subjects_are_added_and_changed() -> None:
    registrar = somebody(Role.REGISTRAR)
    program = await upsert_program(registrar, said={"code": "jhs", "title": " Junior  High School "})
    assert (program.code, program.title, program.version) == ("JHS", "Junior High School", 1)
    program = await upsert_program(registrar, program_id=program.id, said={"title": "Junior High"}, expected_version=1)
    assert (program.title, program.version) == ("Junior High", 2)
    async with nothing_happens():
        await upsert_program(registrar, program_id=program.id, said={"title": "Junior High"})
    subject = await upsert_subject(registrar, said={"code": "MATH", "title": "Mathematics"})
    await all_refused(
        cases(
            (upsert_program(registrar, said={"code": "JHS", "title": "Other"}), CodeTaken),
            (upsert_subject(registrar, said={"code": " math", "title": "Other"}), CodeTaken),
            (upsert_program(registrar, said={"code": "a b", "title": "Other"}), BadPerson),
            (upsert_program(registrar, said={"code": "X"}), InvalidInput),
            (upsert_subject(registrar, subject_id=subject.id, said={"title": None}), InvalidInput),
            (upsert_subject(registrar, subject_id=subject.id, said={"title": "x"}, expected_version=2), RecordChanged),
            (upsert_subject(registrar, subject_id=program.id, said={"title": "x"}), SubjectNotFound),
            (upsert_program(registrar, program_id=subject.id, said={"title": "x"}), ProgramNotFound),
            (upsert_program(ANONYMOUS, said={"code": "X", "title": "x"}), Unauthenticated),
            (upsert_subject(somebody(Role.TEACHER), said={"code": "X", "title": "x"}), Forbidden),
        )
    )
    told = [(logged.name, logged.fact.change.value) for logged in await events_so_far()]
    assert told == [
        ("school.program_changed", "CREATED"),
        ("school.program_changed", "EDITED"),
        ("school.subject_changed", "CREATED"),
    ]


async def test_a_class_is_opened_changed_and_closed() -> None:
    school = await a_school()
    registrar = school.registrar
    said: dict[str, Any] = {"code": "p3-a", "title": "Primary 3 A", "program_id": school.program.id, "level": 3}
    made = await open_class(registrar, said=said | {"capacity": 2})
    assert (made.code, made.branch_id, made.capacity, made.lessons) == ("P3-A", school.branch.id, 2, 0)
    whole = await open_class(SYSTEM, said=said | {"code": "ALL"})
    assert whole.branch_id is None, "whoever sees every campus opens for all of them, unless one is said"
    teacher = await a_teaching_actor(made)
    students = await enrolled_students(2, made, school.year)
    changed = await change_class(
        registrar, class_id=made.id, said={"title": "Primary 3", "next_class_id": school.next_class.id, "capacity": 3}
    )
    assert (changed.title, changed.next_class_id, changed.version) == ("Primary 3", school.next_class.id, 2)
    other_program = await upsert_program(registrar, said={"code": "OTHER", "title": "Other"})
    elsewhere = await a_branch_row()
    await all_refused(
        (change_class(registrar, class_id=made.id, said=change), refusal)
        for change, refusal in cases(
            ({"capacity": 1}, SchoolClassInUse),
            ({"active": False}, SchoolClassInUse),
            ({"program_id": other_program.id}, SchoolClassInUse),
            ({"program_id": new_id()}, ProgramNotFound),
            ({"next_class_id": made.id}, SchoolClassInUse),
            ({"next_class_id": whole.id}, SchoolClassNotFound),
            ({"branch_id": elsewhere.id}, BranchNotFound),
            ({"code": school.school_class.code}, CodeTaken),
            ({"level": 31}, InvalidInput),
            ({"lessons": -1}, InvalidInput),
            ({"capacity": 0}, InvalidInput),
            ({"level": None}, InvalidInput),
            ({"title": ""}, BadPerson),
        )
    )
    await refused(change_class(SYSTEM, class_id=made.id, said={"branch_id": elsewhere.id}), SchoolClassInUse)
    await refused(change_class(registrar, class_id=made.id, said={"title": "x"}, expected_version=1), RecordChanged)
    empty = await a_class(school.program, branch=school.branch)
    await change_class(registrar, class_id=empty.id, said={"active": False})
    assert not (await SchoolClass.get(id=empty.id)).active and len(students) == 2
    facts = [logged for logged in await events_so_far() if logged.name == "school.class_changed"]
    assert [logged.fact.change.value for logged in facts] == ["CREATED", "CREATED", "EDITED", "DEACTIVATED"]
    assert f"user:{teacher.id}" in facts[2].audience and f"permission:ALL_CLASSES@{school.branch.id}" in facts[2].audience


async def test_classes_of_others_are_not_there() -> None:
    school = await a_school()
    elsewhere = somebody(Role.REGISTRAR, branch=await a_branch_row())
    said: dict[str, Any] = {"code": "X", "title": "X", "program_id": school.program.id, "level": 1}
    await all_refused(
        cases(
            (change_class(elsewhere, class_id=school.school_class.id, said={"title": "x"}), SchoolClassNotFound),
            (open_class(elsewhere, said=said | {"branch_id": school.branch.id}), BranchNotFound),
            (open_class(somebody(Role.REGISTRAR), said=said), BranchNotFound),
            (open_class(school.bursar, said=said), Forbidden),
            (open_class(ANONYMOUS, said=said), Unauthenticated),
            (open_class(school.registrar, said=said | {"program_id": new_id()}), ProgramNotFound),
            (open_class(school.registrar, said=said | {"lessons": None}), InvalidInput),
        )
    )
