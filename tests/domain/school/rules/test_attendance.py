"""Attendance: who can be marked when, whole rolls, corrections, and rates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.school.rules.attendance import (
    MAX_MARKED,
    AttendanceCounts,
    BadMark,
    DayToCome,
    Mark,
    Marked,
    MarkedTwice,
    NotASchoolDay,
    NotInTheClass,
    call_the_roll,
    require_day,
    require_lesson,
)
from domain.school.states import CAME, AttendanceStatus, DayKind
from tests.domain.school.rules.factory import FEW, YEAR, ident

A = AttendanceStatus
AMA, KOFI, ESI, YAW = (ident(number) for number in (1, 2, 3, 4))
ROLL = [AMA, KOFI, ESI, YAW]
TODAY = date(2026, 5, 20)


def test_today_and_days_before_can_be_marked() -> None:
    require_day(TODAY, TODAY, YEAR)
    require_day(date(2025, 9, 9), TODAY, YEAR)


@pytest.mark.parametrize(
    ("day", "kind", "said"),
    [
        (date(2026, 3, 6), DayKind.HOLIDAY, r"is a holiday \(Independence Day\)"),
        (date(2026, 5, 16), DayKind.WEEKEND, "no day of the week"),
        (date(2026, 4, 8), DayKind.BETWEEN_TERMS, "between two terms"),
        (date(2025, 9, 8), DayKind.OUTSIDE_YEAR, "outside the school year"),
    ],
)
def test_nobody_is_marked_without_school(day: date, kind: DayKind, said: str) -> None:
    with pytest.raises(NotASchoolDay, match=said) as refused:
        require_day(day, TODAY, YEAR)
    assert refused.value.kind is kind


def test_nobody_is_marked_in_advance() -> None:
    with pytest.raises(DayToCome):
        require_day(date(2026, 5, 21), TODAY, YEAR)
    with pytest.raises(DayToCome):
        require_day(date(2027, 1, 1), TODAY, YEAR)


@pytest.mark.parametrize(("lesson", "lessons"), [(None, 0), (1, 8), (8, 8)])
def test_a_class_is_marked_by_days_or_by_lessons(lesson: int | None, lessons: int) -> None:
    require_lesson(lesson, lessons)


@pytest.mark.parametrize(("lesson", "lessons"), [(1, 0), (None, 8), (0, 8), (9, 8), (-1, 8), (1, 13), (1, -1)])
def test_and_never_in_both_ways(lesson: int | None, lessons: int) -> None:
    with pytest.raises(BadMark):
        require_lesson(lesson, lessons)


def test_a_whole_class_is_marked_by_naming_who_is_missing() -> None:
    marked = call_the_roll(ROLL, [(KOFI, Mark(A.ABSENT, "ill"))], {}, A.PRESENT)
    assert marked == [
        Marked(AMA, None, Mark(A.PRESENT)),
        Marked(KOFI, None, Mark(A.ABSENT, "ill")),
        Marked(ESI, None, Mark(A.PRESENT)),
        Marked(YAW, None, Mark(A.PRESENT)),
    ]
    assert all(each.is_change for each in marked)


def test_a_default_corrects_nobody() -> None:
    known = {AMA: Mark(A.LATE), KOFI: Mark(A.ABSENT)}
    marked = call_the_roll(ROLL, [(KOFI, Mark(A.LEAVE))], known, A.PRESENT)
    assert marked == [
        Marked(KOFI, Mark(A.ABSENT), Mark(A.LEAVE)),
        Marked(ESI, None, Mark(A.PRESENT)),
        Marked(YAW, None, Mark(A.PRESENT)),
    ]


def test_without_a_default_only_who_is_named_is_marked() -> None:
    assert call_the_roll(ROLL, [], {}, None) == []
    assert call_the_roll(ROLL, [(ESI, Mark(A.LATE))], {}, None) == [Marked(ESI, None, Mark(A.LATE))]


def test_the_same_again_is_no_change() -> None:
    known = {student: Mark(A.PRESENT) for student in ROLL}
    assert call_the_roll(ROLL, [(AMA, Mark(A.PRESENT))], known, A.ABSENT) == []
    assert call_the_roll([], [], {}, A.PRESENT) == []


def test_a_note_alone_is_a_correction() -> None:
    [marked] = call_the_roll(ROLL, [(AMA, Mark(A.ABSENT, "funeral"))], {AMA: Mark(A.ABSENT)}, None)
    assert marked.is_change and marked.before == Mark(A.ABSENT)


def test_rolls_that_cannot_be() -> None:
    with pytest.raises(NotInTheClass) as refused:
        call_the_roll(ROLL, [(AMA, Mark(A.LATE)), (ident(99), Mark(A.LATE))], {}, A.PRESENT)
    assert refused.value.student_ids == (ident(99),)
    with pytest.raises(MarkedTwice):
        call_the_roll(ROLL, [(AMA, Mark(A.LATE)), (AMA, Mark(A.LATE))], {}, None)
    with pytest.raises(BadMark, match="at most 1000"):
        call_the_roll(ROLL, [(ident(n), Mark(A.LATE)) for n in range(MAX_MARKED + 1)], {}, None)
    with pytest.raises(BadMark, match="at most 200"):
        Mark(A.ABSENT, "x" * 201)


def test_rates_of_a_class() -> None:
    counts = AttendanceCounts(present=26, late=3, absent=4, leave=2)
    assert (counts.marked, counts.came) == (35, 29)
    assert counts.attendance_rate == Decimal("82.86")
    assert counts.punctuality_rate == Decimal("89.66")
    assert counts.absence_rate == Decimal("11.43")
    assert counts.unmarked(40) == 5 and counts.unmarked(30) == 0


def test_halves_go_to_the_even_side() -> None:
    assert AttendanceCounts(present=1, absent=799).attendance_rate == Decimal("0.12")
    assert AttendanceCounts(present=3, absent=797).attendance_rate == Decimal("0.38")
    assert AttendanceCounts(present=7).attendance_rate == Decimal("100.00")


def test_where_nobody_is_marked_there_is_no_rate() -> None:
    nobody = AttendanceCounts()
    assert (nobody.attendance_rate, nobody.punctuality_rate, nobody.absence_rate) == (None, None, None)
    assert AttendanceCounts(absent=2).punctuality_rate is None


marks = st.builds(Mark, st.sampled_from(A), st.sampled_from(["", "ill"]))
students = st.integers(1, 9).map(ident)


@FEW
@given(
    st.lists(students, unique=True),
    st.dictionaries(students, marks),
    st.dictionaries(students, marks),
    st.none() | st.sampled_from(A),
)
def test_after_a_roll_everybody_has_what_was_said(
    roll: list[UUID], said: dict[UUID, Mark], known: dict[UUID, Mark], default: AttendanceStatus | None
) -> None:
    named = [(student, mark) for student, mark in said.items() if student in roll]
    marked = call_the_roll(roll, named, known, default)
    after = {**known, **{each.student_id: each.after for each in marked}}
    for student in roll:
        expected = said.get(student) or known.get(student) or (Mark(default) if default else None)
        assert after.get(student) == expected
    assert all(each.is_change and each.before == known.get(each.student_id) for each in marked)
    assert call_the_roll(roll, named, after, default) == []


@FEW
@given(st.lists(st.sampled_from(A)), st.lists(st.sampled_from(A)))
def test_counts_of_parts_add_up(one: list[AttendanceStatus], other: list[AttendanceStatus]) -> None:
    counts = AttendanceCounts.of(one) + AttendanceCounts.of(other)
    assert counts == AttendanceCounts.of(one + other)
    assert counts.marked == len(one + other)
    assert counts.came == sum(status in CAME for status in one + other)
    assert counts.attendance_rate is None or 0 <= counts.attendance_rate <= 100
