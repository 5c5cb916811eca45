"""A student in classes through a period: once, with a place, and in one class on each day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.school.rules.enrolment import (
    ClassFull,
    DayRefused,
    EnrolledTwice,
    Enrolment,
    EnrolmentRefused,
    Period,
    StatusRefused,
    Stay,
    ended,
    moved,
    placed,
    require_once,
    require_places,
)
from domain.school.states import ENROLMENT_TRANSITIONS, EnrolmentStatus
from tests.domain.school.rules.factory import FEW, FIRST, SECOND, YEAR, ident

S = EnrolmentStatus
P3A, P3B = ident(31), ident(32)
WHOLE_YEAR = Period(YEAR.id)
APPLIED = Enrolment(id=ident(1000), student_id=ident(7), program_id=ident(70), period=WHOLE_YEAR)
START, END = YEAR.span.starts_on, YEAR.span.ends_on
IN_P3A = placed(APPLIED, P3A, START, YEAR.span)


def test_a_place_begins_on_a_day_of_the_period() -> None:
    assert IN_P3A.status is S.ENROLLED
    assert IN_P3A.class_id == P3A
    assert IN_P3A.class_on(START) == P3A
    assert IN_P3A.class_on(START - timedelta(1)) is None
    assert APPLIED.class_id is None
    for day in (YEAR.span.starts_on - timedelta(1), YEAR.span.ends_on + timedelta(1)):
        with pytest.raises(DayRefused):
            placed(APPLIED, P3A, day, YEAR.span)


def test_a_change_of_class_in_the_middle_keeps_the_days_before() -> None:
    after = moved(IN_P3A, P3B, date(2026, 1, 12))
    assert after.stays == (Stay(P3A, START, date(2026, 1, 11)), Stay(P3B, date(2026, 1, 12), END))
    assert after.class_on(date(2026, 1, 11)) == P3A
    assert after.class_on(date(2026, 1, 12)) == P3B == after.class_id


def test_a_second_change_on_the_same_day_takes_the_place_of_the_first() -> None:
    day = date(2026, 1, 12)
    there = moved(IN_P3A, P3B, day)
    assert moved(there, P3A, day) == IN_P3A
    assert moved(IN_P3A, P3B, START).stays == (Stay(P3B, START, END),)


def test_changes_that_cannot_be() -> None:
    with pytest.raises(EnrolmentRefused, match="in this class already"):
        moved(IN_P3A, P3A, date(2026, 1, 12))
    later = moved(IN_P3A, P3B, date(2026, 1, 12))
    with pytest.raises(DayRefused):
        moved(later, P3A, date(2026, 1, 11))
    with pytest.raises(DayRefused):
        moved(IN_P3A, P3B, date(2026, 8, 1))
    with pytest.raises(StatusRefused):
        moved(APPLIED, P3B, date(2026, 1, 12))
    with pytest.raises(StatusRefused):
        moved(ended(IN_P3A, S.WITHDRAWN, date(2026, 1, 1)), P3B, date(2026, 1, 12))


def test_leaving_has_a_last_day() -> None:
    gone = ended(IN_P3A, S.WITHDRAWN, date(2026, 2, 3))
    assert gone.class_on(date(2026, 2, 3)) == P3A
    assert gone.class_on(date(2026, 2, 4)) is None
    assert gone.class_id == P3A
    with pytest.raises(DayRefused):
        ended(IN_P3A, S.TRANSFERRED, START - timedelta(1))
    with pytest.raises(DayRefused):
        ended(IN_P3A, S.WITHDRAWN, END + timedelta(1))
    with pytest.raises(DayRefused, match="has a last day"):
        ended(IN_P3A, S.TRANSFERRED)
    assert ended(IN_P3A, S.GRADUATED).stays == IN_P3A.stays
    never_came = ended(IN_P3A, S.WITHDRAWN, START - timedelta(1))
    assert (never_came.stays, never_came.class_id) == ((), None)
    assert ended(APPLIED, S.WITHDRAWN).status is S.WITHDRAWN


@pytest.mark.parametrize("before", list(S))
@pytest.mark.parametrize("after", list(S))
def test_only_arrows_are_gone_along(before: EnrolmentStatus, after: EnrolmentStatus) -> None:
    standing = replace(APPLIED if before is S.APPLIED else IN_P3A, status=before)
    if after in ENROLMENT_TRANSITIONS[before]:
        assert ended(standing, after, YEAR.span.ends_on).status is after
    else:
        with pytest.raises(StatusRefused):
            ended(standing, after, YEAR.span.ends_on)


@pytest.mark.parametrize(
    ("standing", "wanted", "twice"),
    [
        (WHOLE_YEAR, WHOLE_YEAR, True),
        (WHOLE_YEAR, Period(YEAR.id, FIRST.id), True),
        (Period(YEAR.id, FIRST.id), WHOLE_YEAR, True),
        (Period(YEAR.id, FIRST.id), Period(YEAR.id, FIRST.id), True),
        (Period(YEAR.id, FIRST.id), Period(YEAR.id, SECOND.id), False),
        (WHOLE_YEAR, Period(ident(11)), False),
    ],
)
@pytest.mark.parametrize("status", list(S))
def test_nobody_is_enrolled_twice_for_a_period(
    standing: Period, wanted: Period, twice: bool, status: EnrolmentStatus
) -> None:
    there = replace(IN_P3A, period=standing, status=status)
    asked = replace(APPLIED, id=ident(1001), period=wanted)
    if twice and status not in {S.WITHDRAWN, S.TRANSFERRED}:
        with pytest.raises(EnrolledTwice) as refused:
            require_once(asked, [there])
        assert refused.value.standing_id == there.id
    else:
        require_once(asked, [there])
    require_once(replace(asked, student_id=ident(8)), [there])
    require_once(replace(asked, program_id=ident(71)), [there])
    require_once(there, [there])


def test_who_comes_back_begins_after_the_last_day() -> None:
    gone = ended(IN_P3A, S.WITHDRAWN, date(2026, 2, 3))
    again = replace(APPLIED, id=ident(1001))
    require_once(placed(again, P3B, date(2026, 2, 4), YEAR.span), [gone])
    for day in (START, date(2026, 2, 3)):
        with pytest.raises(DayRefused, match="enrolled until 2026-02-03"):
            require_once(placed(again, P3B, day, YEAR.span), [gone])


def test_a_class_takes_as_many_as_it_has_places() -> None:
    require_places(None, 1_000)
    require_places(40, 39)
    require_places(40, 38, 2)
    with pytest.raises(ClassFull, match="40 places, and no place free"):
        require_places(40, 40)
    with pytest.raises(ClassFull, match="1 of 2 places free") as refused:
        require_places(40, 39, 2)
    assert (refused.value.capacity, refused.value.free, refused.value.wanted) == (40, 1, 2)
    with pytest.raises(ClassFull, match="no place free"):
        require_places(30, 35)


@FEW
@given(st.lists(st.tuples(st.sampled_from([31, 32, 33]), st.integers(0, 330)), max_size=8), st.integers(0, 330))
def test_a_student_is_in_one_class_on_every_day(changes: list[tuple[int, int]], last: int) -> None:
    enrolment = IN_P3A
    told = {START: P3A}
    for number, after in changes:
        day = START + timedelta(after)
        try:
            enrolment = moved(enrolment, ident(number), day)
        except EnrolmentRefused:
            continue
        told = {known: told[known] for known in told if known < day} | {day: ident(number)}
    try:
        enrolment = ended(enrolment, S.PROMOTED, last_on := START + timedelta(last))
    except DayRefused:
        last_on = None
    near = {known + timedelta(apart) for known in (*told, last_on or START) for apart in (-1, 0, 1)}
    for day in sorted(each for each in near if each in YEAR.span):
        expected = told[max(known for known in told if known <= day)]
        assert enrolment.class_on(day) == (None if last_on and day > last_on else expected)
        assert sum(day in stay for stay in enrolment.stays) == (0 if last_on and day > last_on else 1)
