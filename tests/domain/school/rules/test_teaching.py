"""Teachers and their classes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.school.rules.teaching import (
    AssignedTwice,
    Assigning,
    Assignment,
    AssignmentRefused,
    HasClassTeacher,
    assign,
    end,
)
from domain.school.states import TeachingRole
from tests.domain.school.rules.factory import FEW, ident

P3, MATHS = ident(3), ident(60)
START = date(2025, 9, 9)
OSEI = Assignment(id=ident(1), teacher_id=ident(11), class_id=P3, subject_id=None, from_on=START)
ADJEI = replace(OSEI, id=ident(2), teacher_id=ident(12))


def test_a_class_has_one_class_teacher_at_a_time() -> None:
    assert assign(OSEI, []) == Assigning(OSEI)
    with pytest.raises(HasClassTeacher) as refused:
        assign(replace(ADJEI, from_on=date(2026, 1, 8)), [OSEI])
    assert refused.value.teacher_id == OSEI.teacher_id


def test_who_takes_over_relieves_the_other_the_day_before() -> None:
    wanted = replace(ADJEI, from_on=date(2026, 1, 8))
    assigning = assign(wanted, [OSEI], replacing=True)
    assert assigning == Assigning(wanted, replace(OSEI, until_on=date(2026, 1, 7)))


def test_nobody_is_relieved_before_having_begun() -> None:
    for day in (START, START - timedelta(1)):
        with pytest.raises(HasClassTeacher):
            assign(replace(ADJEI, from_on=day), [OSEI], replacing=True)


def test_subjects_have_many_teachers_but_none_twice() -> None:
    maths = replace(OSEI, subject_id=MATHS)
    assert maths.role is TeachingRole.SUBJECT_TEACHER and OSEI.role is TeachingRole.CLASS_TEACHER
    assert assign(replace(maths, id=ident(3), teacher_id=ident(12)), [OSEI, maths]).relieved is None
    with pytest.raises(AssignedTwice):
        assign(replace(maths, id=ident(3), from_on=date(2026, 1, 8)), [OSEI, maths])
    with pytest.raises(AssignedTwice):
        assign(replace(OSEI, id=ident(3)), [OSEI], replacing=True)
    assert assign(maths, [maths]) == Assigning(maths)


def test_assignments_have_days() -> None:
    with pytest.raises(AssignmentRefused):
        assign(replace(OSEI, until_on=START - timedelta(1)), [])
    with pytest.raises(AssignmentRefused):
        end(OSEI, START - timedelta(1))
    over = end(OSEI, date(2026, 3, 1))
    with pytest.raises(AssignmentRefused):
        end(over, date(2026, 3, 2))
    assert assign(replace(ADJEI, from_on=date(2026, 3, 2)), [over]).relieved is None


days = st.integers(0, 40).map(lambda after: START + timedelta(after))


@FEW
@given(st.lists(st.tuples(st.integers(11, 14), days, st.none() | days, st.booleans()), max_size=8))
def test_however_it_is_assigned_a_class_has_one_class_teacher_on_a_day(
    wanted: list[tuple[int, date, date | None, bool]],
) -> None:
    known: list[Assignment] = []
    for at, (teacher, from_on, until_on, replacing) in enumerate(wanted):
        new = Assignment(
            id=ident(100 + at), teacher_id=ident(teacher), class_id=P3, subject_id=None, from_on=from_on, until_on=until_on
        )
        try:
            done = assign(new, known, replacing=replacing)
        except AssignmentRefused:
            continue
        known = [done.relieved if done.relieved and each.id == done.relieved.id else each for each in known]
        known.append(done.made)
    for after in range(-1, 45):
        day = START + timedelta(after)
        assert len([each for each in known if day in each]) <= 1
