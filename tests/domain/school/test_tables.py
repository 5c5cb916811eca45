"""What the tables of people and of the roll hold, whoever writes: each refusal is met by plain statements."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import asyncpg
import pytest

from domain.kit.database import execute, fetch, fetchval
from domain.kit.ids import new_id
from domain.kit.unit_of_work import unit_of_work
from domain.school.calendars import year_of
from domain.school.models import Attendance, Student
from domain.school.states import ENROLMENT_TRANSITIONS, RUN_TRANSITIONS
from tests.support.school import (
    School,
    a_class,
    a_holiday,
    a_mark,
    a_pupil,
    a_school,
    a_student,
    an_applicant,
    enrol,
    terms_of,
)

pytestmark = pytest.mark.usefixtures("database")

MARKED_ON = date(2024, 3, 6)
SATURDAY = date(2024, 3, 9)

# Columns that end in _id and refer to no table by a constraint, and why. Who did something (_by_id) is an actor: the house
# itself is one, which is no user.
REFER_TO_NOTHING = {
    "user_activity_log.actor_id": "an actor",
    "user_activity_archive.actor_id": "an actor",
    # A student, a fee or something else, as the kind of the row has it.
    "school_run_subject.subject_id": "by kind",
    "school_run_result.record_id": "by kind",
    "user_activity_log.subject_id": "by kind",
    "user_activity_archive.subject_id": "by kind",
    # The archive is read, and no rule stands on it.
    "user_activity_archive.student_id": "archived",
    "user_activity_archive.branch_id": "archived",
    "user_activity_log.student_id": "as it was then",
    "user_activity_log.branch_id": "as it was then",
    # A lock on the campus for each row of money would make one row of each branch the hottest of all.
    "school_transaction.branch_id": "as of the fee, or of who wrote it",
    "student_advance.branch_id": "as of the student",
    # Sums are kept of what there was; the check of figures finds those of nothing.
    "school_figure.class_id": "a sum",
    "school_figure.branch_id": "a sum",
    "school_figure_change.branch_id": "a sum",
    "school_figure_change.class_id": "a sum",
    # The fact of a loan is of another business, which the books join, and no key.
    "fee_payment.fact_id": "another business",
}

REFERENCES = """
select c.relname::text as relation, a.attname::text as name,
       f.checks > 0 as kept, f.validated
from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
cross join lateral (select count(*) as checks, bool_and(convalidated) as validated from pg_constraint
                    where contype = 'f' and conrelid = c.oid and a.attnum = any (conkey)) f
where c.relkind = 'r' and c.relname = any ($1) and (a.attname like '%\\_id' or a.attname like '%\\_by')
order by 1, 2
"""


async def tables_of_the_school(repository: Any) -> list[str]:
    sql = "".join(path.read_text() for path in sorted((repository / "domain/school/migrations").glob("*.sql")))
    return sorted(set(re.findall(r"^create (?:unlogged )?table (\w+)", sql, re.MULTILINE)))


async def test_every_relationship_between_tables_is_a_constraint(repository: Any) -> None:
    tables = await tables_of_the_school(repository)
    assert {"student", "enrolment", "school_fee", "school_transaction", "attendance"} <= set(tables)
    rows = await fetch(REFERENCES, tables)
    loose = {f"{row['relation']}.{row['name']}" for row in rows if not row["kept"]}
    loose = {name for name in loose if not name.endswith(("_by_id", ".correlation_id"))}
    assert loose == REFER_TO_NOTHING.keys(), "an id refers to a table, or it is said why it does not"
    assert all(row["validated"] for row in rows if row["kept"])
    assert len([row for row in rows if row["kept"]]) > 50


async def refused_by_table(constraint: str, sql: str, *args: Any) -> None:
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as caught:
        async with unit_of_work():
            await execute(sql, *args)
    assert caught.value.constraint_name == constraint


async def test_an_enrolment_goes_its_way() -> None:
    school = await a_school(2024)
    student = await a_student(branch=school.branch)
    enrolment = await enrol(student, school.school_class, school.year)
    arrows = await fetchval("select prosrc from pg_proc where proname = 'enrolment_moves'")
    assert set(re.findall(r"'(\w+>\w+)'", arrows)) == {
        f"{before}>{after}" for before, ways in ENROLMENT_TRANSITIONS.items() for after in ways
    }
    for constraint, sql in (
        ("enrolment_moves", "update enrolment set status = 'APPLIED' where id = $1"),
        ("enrolment_moves", "update enrolment set applied_on = applied_on, student_id = id where id = $1"),
        ("enrolment_moves", "delete from enrolment where id = $1"),
        ("enrolment_is_its_stays", "update enrolment set class_id = null where id = $1"),
        ("enrolment_is_its_stays", "delete from enrolment_stay where enrolment_id = $1"),
        ("enrolment_is_its_stays", "update enrolment_stay set until_on = until_on + 1 where enrolment_id = $1"),
        ("enrolment_stay_runs_forward", "update enrolment_stay set until_on = from_on - 1 where enrolment_id = $1"),
    ):
        await refused_by_table(constraint, sql, enrolment.id)
    await execute("update enrolment set status = 'WITHDRAWN' where id = $1", enrolment.id)
    assert (await Student.get(id=student.id)).enrolled_count == 0
    await refused_by_table("enrolment_moves", "update enrolment set status = 'ENROLLED' where id = $1", enrolment.id)


async def test_nobody_is_enrolled_twice_for_a_programme_and_a_period() -> None:
    school = await a_school(2024)
    first, second, _ = await terms_of(school.year)
    student = await a_student(branch=school.branch)
    await enrol(student, school.school_class, school.year, term=first)
    await an_applicant(student, school.program, school.year, term=second)
    for term in (first, second, None):
        with pytest.raises(Exception, match=r"enrolment_is_once|has an enrolment"):
            await an_applicant(student, school.program, school.year, term=term)
    other = await a_class(branch=school.branch)
    await enrol(student, other, school.year)
    assert (await Student.get(id=student.id)).enrolled_count == 2, "another programme is another enrolment"


async def a_statement_of_a_mark(school: School, student: Student, **changes: Any) -> None:
    said = {"on_date": MARKED_ON, "class_id": school.school_class.id, "lesson": None} | changes
    await execute(
        """insert into attendance (id, student_id, on_date, class_id, lesson, status, marked_by_id, marked_at, updated_at)
           values ($1, $2, $3, $4, $5, 'PRESENT', $1, '2024-06-01', '2024-06-01')""",
        new_id(),
        student.id,
        said["on_date"],
        said["class_id"],
        said["lesson"],
    )


async def test_marks_are_of_who_was_there_on_days_of_school() -> None:
    school = await a_school(2024)
    pupil = await a_pupil(school)
    mark = await a_mark(pupil, school.school_class, MARKED_ON)
    for constraint, changes in (
        ("attendance_is_marked_once", {}),
        ("attendance_is_of_a_school_day", {"on_date": SATURDAY}),
        ("attendance_is_of_a_school_day", {"on_date": date(2025, 3, 6)}),
        ("attendance_is_of_the_class", {"class_id": school.next_class.id}),
        ("attendance_lesson_is_one_of_the_class", {"lesson": 1}),
        ("attendance_day_has_come", {"on_date": date(2024, 6, 3)}),
    ):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError) as caught:
            await a_statement_of_a_mark(school, pupil, **changes)
        assert caught.value.constraint_name == constraint
    for constraint, sql in (
        ("attendance_is_kept", "delete from attendance where id = $1"),
        ("attendance_is_kept", "update attendance set on_date = on_date + 1 where id = $1"),
        ("attendance_changes_are_told", "update attendance set status = 'ABSENT' where id = $1"),
        ("attendance_changes_are_told", "update attendance set status = 'ABSENT', version = 2 where id = $1"),
    ):
        await refused_by_table(constraint, sql, mark.id)
    async with unit_of_work():
        await execute("update attendance set status = 'ABSENT', version = 2 where id = $1", mark.id)
        await execute(
            """insert into attendance_correction
                   (id, attendance_id, before_status, after_status, corrected_by_id, corrected_at)
               values ($1, $1, 'PRESENT', 'ABSENT', $1, now())""",
            mark.id,
        )
    assert (await Attendance.get(id=mark.id)).version == 2
    await refused_by_table("attendance_correction_is_kept", "delete from attendance_correction")
    stay = "update enrolment_stay set until_on = '2024-03-05' where student_id = $1"
    await refused_by_table("enrolment_stay_keeps_its_marks", stay, pupil.id)


async def test_a_run_goes_its_way() -> None:
    arrows = await fetchval("select prosrc from pg_proc where proname = 'school_run_moves'")
    assert set(re.findall(r"'(\w+>\w+)'", arrows)) == {
        f"{before}>{after}" for before, ways in RUN_TRANSITIONS.items() for after in ways
    }


async def test_the_database_knows_the_same_days_of_school_as_the_rules() -> None:
    school = await a_school(2024)
    await a_holiday(school.year, date(2024, 3, 29), date(2024, 4, 1))
    await execute("update term set ends_on = '2024-04-12' where title = 'Term 1'")
    year = await year_of(school.year.id)
    assert year is not None
    days = await fetch(
        """select day::date as day, is_school_day(day::date) as open
           from generate_series(date '2023-12-20', date '2025-01-10', '1 day') as day"""
    )
    assert [row["day"] for row in days if row["open"] != year.is_school_day(row["day"])] == []


async def test_a_payment_changes_no_index_of_its_fee() -> None:
    """Otherwise PostgreSQL writes a new entry into each of them with every payment, and throughput falls from day to day."""
    indexed = await fetch(
        """select i.relname as index, a.attname as column
           from pg_depend d
           join pg_class i on i.oid = d.objid and i.relkind = 'i'
           join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
           where d.classid = 'pg_class'::regclass and d.refobjid = 'school_fee'::regclass"""
    )
    assert {row["index"] for row in indexed} >= {"school_fee_alerted", "school_fee_by_student"}
    always = {"paid_minor", "arrears_minor", "updated_at", "version"}
    assert [tuple(row) for row in indexed if row["column"] in always] == []
