"""Academic years are opened and changed, without taking a day from under anybody's feet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import asyncpg
import pytest

from domain.identity.actor import ANONYMOUS, SYSTEM
from domain.identity.permissions import Role
from domain.kit.database import execute, fetchval
from domain.kit.errors import Forbidden, InvalidInput, Unauthenticated
from domain.kit.ids import new_id
from domain.school.calendars import locked_year_on, year_of
from domain.school.errors import (
    AcademicYearNotFound,
    AcademicYearTaken,
    AttendanceInTheWay,
    BadCalendar,
    BadPerson,
    EnrolmentsInTheWay,
    HolidayNotFound,
    RecordChanged,
    TermNotFound,
)
from domain.school.models import AcademicYear, EnrolmentStay, Term
from domain.school.rules.calendar import MONDAY_TO_FRIDAY
from domain.school.service.calendar import HolidayDraft, TermDraft, change_year, open_year
from domain.school.states import DayKind
from tests.support.catalogue import refused
from tests.support.happenings import events_so_far, nothing_happens
from tests.support.people import somebody
from tests.support.races import outcomes_of
from tests.support.school import a_mark, a_school, a_student, all_refused, cases, enrol, enrolled_students, terms_of

pytestmark = pytest.mark.usefixtures("database")

FIRST = TermDraft(title="First", starts_on=date(2025, 9, 1), ends_on=date(2025, 12, 19))
SECOND = TermDraft(title="Second", starts_on=date(2026, 1, 12), ends_on=date(2026, 4, 2))
HALF_TERM = HolidayDraft(title="Half term", starts_on=date(2025, 10, 13), ends_on=date(2025, 10, 17))


def a_year_said(**changes: Any) -> dict[str, Any]:
    said = {
        "title": "2025/26",
        "starts_on": date(2025, 9, 1),
        "ends_on": date(2026, 7, 31),
        "terms": [SECOND, FIRST],
        "holidays": [HALF_TERM],
    }
    return said | changes


async def test_a_year_is_opened_and_changed() -> None:
    registrar = somebody(Role.REGISTRAR)
    year = await open_year(registrar, **a_year_said(title="  2025/26 "))
    known = await year_of(year.id)
    assert known is not None and known.title == "2025/26" and known.weekdays == MONDAY_TO_FRIDAY
    assert [term.title for term in known.terms] == ["First", "Second"]
    assert (known.kind_of(date(2025, 10, 14)), known.kind_of(date(2025, 12, 22))) == (DayKind.HOLIDAY, DayKind.BETWEEN_TERMS)
    first, second = await terms_of(year)
    changed = await change_year(
        registrar,
        year_id=year.id,
        expected_version=1,
        said={"ends_on": date(2026, 8, 14), "weekdays": [6, 1, 2, 3, 4, 5]},
        terms=[
            TermDraft(id=second.id, title="Second", starts_on=date(2026, 1, 5), ends_on=date(2026, 4, 2)),
            TermDraft(id=first.id, title="First", starts_on=first.starts_on, ends_on=first.ends_on),
            TermDraft(title="Third", starts_on=date(2026, 5, 4), ends_on=date(2026, 8, 14)),
        ],
        add_holidays=[HolidayDraft(title="Farmers' Day", starts_on=date(2025, 12, 5), ends_on=date(2025, 12, 5))],
    )
    assert (changed.version, changed.weekdays) == (2, [1, 2, 3, 4, 5, 6])
    rows = [(term.title, term.position) for term in await terms_of(year)]
    assert rows == [("First", 1), ("Second", 2), ("Third", 3)]
    assert [day.id for day in await Term.filter(year_id=year.id, title="First")] == [first.id]
    async with nothing_happens():
        await change_year(registrar, year_id=year.id, said={"title": "2025/26"})
    await change_year(registrar, year_id=year.id, said={}, terms=[], holidays=[])
    assert await locked_year_on(date(2025, 12, 5)) == await year_of(year.id)
    facts = [logged.fact for logged in await events_so_far()]
    assert [(fact.change.value, len(fact.year.terms), len(fact.year.holidays)) for fact in facts] == [
        ("CREATED", 2, 1),
        ("EDITED", 3, 2),
        ("EDITED", 0, 0),
    ]
    assert await fetchval("select array_agg(activity order by id) from user_activity_log") == ["calendar_changed"] * 3


async def test_what_no_year_can_be() -> None:
    registrar = somebody(Role.REGISTRAR)
    year = await open_year(registrar, **a_year_said())
    later = a_year_said(title="2026/27", starts_on=date(2026, 9, 1), ends_on=date(2027, 7, 31), terms=[], holidays=[])
    outside = TermDraft(title="Outside", starts_on=date(2026, 8, 1), ends_on=date(2026, 10, 1))
    await all_refused(
        (open_year(registrar, **(later | changes)), refusal)
        for changes, refusal in cases(
            ({"title": "2025/26"}, AcademicYearTaken),
            ({"title": " "}, BadPerson),
            ({"starts_on": date(2026, 7, 31)}, BadCalendar),
            ({"ends_on": date(2026, 8, 31)}, BadCalendar),
            ({"ends_on": date(2029, 8, 31)}, BadCalendar),
            ({"weekdays": []}, BadCalendar),
            ({"weekdays": [0, 8]}, BadCalendar),
            ({"terms": [outside]}, BadCalendar),
            ({"holidays": [HALF_TERM]}, BadCalendar),
            ({"terms": [replace(FIRST, id=new_id())]}, TermNotFound),
        )
    )
    await all_refused(
        (change_year(registrar, year_id=year.id, **said), refusal)
        for said, refusal in cases(
            ({"said": {}, "expected_version": 2}, RecordChanged),
            ({"said": {"title": None}}, InvalidInput),
            ({"said": {"ends_on": date(2026, 3, 1)}}, BadCalendar),
            ({"said": {}, "terms": [FIRST, FIRST]}, BadCalendar),
            ({"said": {}, "holidays": [replace(HALF_TERM, id=new_id())]}, HolidayNotFound),
        )
    )
    await refused(change_year(registrar, year_id=new_id(), said={"title": "x"}), AcademicYearNotFound)
    await all_refused(
        case
        for actor, refusal in cases(
            (ANONYMOUS, Unauthenticated),
            (somebody(Role.TEACHER), Forbidden),
            (somebody(Role.BURSAR), Forbidden),
        )
        for case in (
            (open_year(actor, **later), refusal),
            (change_year(actor, year_id=year.id, said={"title": "x"}), refusal),
        )
    )


async def test_two_who_open_the_same_year_make_one() -> None:
    outcomes = await outcomes_of([open_year(SYSTEM, **a_year_said(title=title)) for title in ("2025/26", "Other")])
    assert [type(outcome) for outcome in outcomes if isinstance(outcome, Exception)] == [BadCalendar]
    assert await AcademicYear.all().count() == 1


async def test_a_day_on_which_somebody_was_marked_stays_one_of_school() -> None:
    school = await a_school(2024)
    student, *_ = await enrolled_students(1, school.school_class, school.year)
    marked = date(2024, 3, 6)
    await a_mark(student, school.school_class, marked)
    free = HolidayDraft(title="Independence", starts_on=marked, ends_on=marked)
    first, *_ = await terms_of(school.year)
    short = TermDraft(id=first.id, title=first.title, starts_on=date(2024, 3, 7), ends_on=first.ends_on)
    changes: list[dict[str, Any]] = [
        {"said": {}, "add_holidays": [free]},
        {"said": {"weekdays": [1, 2, 4, 5]}},
        {"said": {}, "terms": [short]},
        {"said": {"starts_on": date(2024, 3, 7)}, "terms": [short]},
    ]
    for said in changes:
        await refused(change_year(school.registrar, year_id=school.year.id, **said), AttendanceInTheWay)
    await change_year(
        school.registrar,
        year_id=school.year.id,
        said={},
        add_holidays=[HolidayDraft(title="Independence", starts_on=date(2024, 3, 7), ends_on=date(2024, 3, 7))],
    )
    with pytest.raises(asyncpg.CheckViolationError, match="none of school"):
        await execute("update academic_year set weekdays = '{1}' where id = $1", school.year.id)


async def test_a_day_becomes_a_holiday_or_somebody_is_marked_on_it() -> None:
    school = await a_school(2024)
    student, *_ = await enrolled_students(1, school.school_class, school.year)
    for number in (4, 5, 6):
        day = date(2024, 3, number)
        free = HolidayDraft(title=f"Day {number}", starts_on=day, ends_on=day)
        closing = change_year(SYSTEM, year_id=school.year.id, said={}, add_holidays=[free])
        outcomes = await outcomes_of([closing, a_mark(student, school.school_class, day)])
        assert sum(isinstance(outcome, Exception) for outcome in outcomes) == 1
        marked = await fetchval("select count(*) from attendance where on_date = $1", day)
        known = await year_of(school.year.id)
        assert known is not None and known.is_school_day(day) == bool(marked)


async def test_who_is_in_a_class_to_the_end_is_so_to_another_end() -> None:
    school = await a_school(2024)
    first, second, third = await terms_of(school.year)
    whole, termly, late = [await a_student(branch=school.branch) for _ in range(3)]
    await enrol(whole, school.school_class, school.year)
    await enrol(termly, school.school_class, school.year, term=third)
    await enrol(late, school.school_class, school.year, term=first, from_on=date(2024, 4, 22))

    def drafts(**days: date) -> list[TermDraft]:
        ends = {"first": first.ends_on, "third": third.ends_on} | days
        return [
            TermDraft(id=first.id, title=first.title, starts_on=first.starts_on, ends_on=ends["first"]),
            TermDraft(id=second.id, title=second.title, starts_on=second.starts_on, ends_on=second.ends_on),
            TermDraft(id=third.id, title=third.title, starts_on=third.starts_on, ends_on=ends["third"]),
        ]

    end = date(2024, 12, 13)
    await change_year(school.registrar, year_id=school.year.id, said={"ends_on": end}, terms=drafts(third=end))
    days = {stay.student_id: (stay.from_on, stay.until_on) for stay in await EnrolmentStay.all()}
    assert days[whole.id] == (date(2024, 1, 1), end) and days[termly.id] == (date(2024, 9, 1), end)
    too_early = change_year(
        school.registrar, year_id=school.year.id, said={}, terms=drafts(third=end, first=date(2024, 4, 12))
    )
    await refused(too_early, EnrolmentsInTheWay)
    gone = change_year(school.registrar, year_id=school.year.id, said={}, terms=drafts(third=end)[:2])
    await refused(gone, EnrolmentsInTheWay)
    with pytest.raises(asyncpg.CheckViolationError, match="outside its year"):
        await execute("update term set ends_on = '2025-01-05' where id = $1", third.id)
