"""People of the school: who is in which class on a day, and who was there how often.

Each is for the staff who read classes, of the campus that they see, and for teachers of their own classes.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.database import Record, fetch
from domain.reports.registry import Expecting, report
from domain.reports.sheets import Column, Row, Sheet
from domain.school import access
from domain.school.queries.board import seen_branch
from domain.school.reports.rows import DATE, NUMBER, PERCENT, OfClasses, StretchOfClasses, rows_of, stretch
from domain.school.rules.attendance import AttendanceCounts
from domain.school.states import AttendanceStatus

# Who is in one of some classes ($1) on a day ($2).
ENROLLED: Final = """
select c.title as class, s.admission_number, s.full_name, coalesce(s.sex, '') as sex, s.born_on, p.title as program,
       st.from_on, st.until_on
from enrolment_stay st join student s on s.id = st.student_id join school_class c on c.id = st.class_id
join program p on p.id = st.program_id
where st.class_id = any ($1::uuid[]) and $2 between st.from_on and st.until_on
order by c.level, c.code, s.full_name, s.id
"""

PLACES: Final = """
select c.title, p.title as program, c.capacity,
       count(st.id) as students, count(st.id) filter (where s.sex = 'FEMALE') as girls,
       count(st.id) filter (where s.sex = 'MALE') as boys
from school_class c join program p on p.id = c.program_id
left join enrolment_stay st on st.class_id = c.id and $2 between st.from_on and st.until_on
left join student s on s.id = st.student_id
where c.id = any ($1::uuid[]) and (c.active or st.id is not null)
group by c.id, p.title order by c.level, c.code
"""

# Marks in some classes ($1) from a day to a day ($2, $3), by student.
MARKED: Final = """
select c.title as class, s.admission_number, s.full_name,
       count(*) filter (where a.status = 'PRESENT') as present, count(*) filter (where a.status = 'LATE') as late,
       count(*) filter (where a.status = 'ABSENT') as absent, count(*) filter (where a.status = 'LEAVE') as leave
from attendance a join student s on s.id = a.student_id join school_class c on c.id = a.class_id
where a.class_id = any ($1::uuid[]) and a.on_date between $2 and $3
group by c.id, s.id order by c.level, c.code, s.full_name, s.id
"""


@report(
    "school_enrolment",
    title="Enrolment",
    purpose="Who is in which class on a day, and how many places are left.",
    requires=Permission.SCHOOL_READ,
    parameters=OfClasses,
)
async def enrolment(actor: Actor, parameters: OfClasses, progress: Expecting) -> list[Sheet]:
    day = parameters.as_of or clock.today()
    classes = await _classes(actor, parameters.branch_id, parameters.class_id)
    subtitle = f"As of {day.isoformat()}"
    return [
        Sheet(
            title="Students",
            subtitle=subtitle,
            columns=[
                Column("Class"),
                Column("Admission"),
                Column("Student"),
                Column("Sex"),
                Column("Born on", DATE),
                Column("Programme"),
                Column("In the class from", DATE),
                Column("Until", DATE),
            ],
            rows=rows_of(progress, ENROLLED, tuple, classes, day),
        ),
        Sheet(
            title="Classes",
            subtitle=subtitle,
            columns=[
                Column("Class"),
                Column("Programme"),
                Column("Places", NUMBER),
                Column("Students", NUMBER, summed=True),
                Column("Girls", NUMBER, summed=True),
                Column("Boys", NUMBER, summed=True),
                Column("Free", NUMBER),
            ],
            rows=[_places(each) for each in await fetch(PLACES, classes, day)],
        ),
    ]


def _places(each: Record) -> Row:
    """A class without a capacity is never full."""
    free = None if each["capacity"] is None else max(0, each["capacity"] - each["students"])
    return (each["title"], each["program"], each["capacity"], each["students"], each["girls"], each["boys"], free)


@report(
    "school_attendance",
    title="Attendance",
    purpose="How often each student was there, late, away or on leave in a period.",
    requires=Permission.SCHOOL_READ,
    parameters=StretchOfClasses,
)
async def attendance(actor: Actor, parameters: StretchOfClasses, progress: Expecting) -> Sheet:
    classes = await _classes(actor, parameters.branch_id, parameters.class_id)
    return Sheet(
        title="Attendance",
        subtitle=stretch(parameters),
        columns=[
            Column("Class"),
            Column("Admission"),
            Column("Student"),
            Column("Present", NUMBER, summed=True),
            Column("Late", NUMBER, summed=True),
            Column("Absent", NUMBER, summed=True),
            Column("On leave", NUMBER, summed=True),
            Column("Marked", NUMBER, summed=True),
            Column("Attendance", PERCENT),
            Column("Punctuality", PERCENT),
        ],
        rows=rows_of(progress, MARKED, _marks, classes, parameters.from_date, parameters.to_date),
    )


def _marks(each: Record) -> Row:
    counts = AttendanceCounts.of({status: each[status.lower()] for status in AttendanceStatus})
    words = (each["class"], each["admission_number"], each["full_name"])
    marks = (counts.present, counts.late, counts.absent, counts.leave, counts.marked)
    return (*words, *marks, counts.attendance_rate, counts.punctuality_rate)


async def _classes(actor: Actor, branch_id: UUID | None, class_id: UUID | None) -> list[UUID]:
    """The classes that the actor sees, or the one asked for; closed ones too, for they had students."""
    await seen_branch(actor, Permission.SCHOOL_READ, branch_id)
    if class_id is not None:
        return [(await access.class_of(actor, class_id, field=("input", "parameters", "classId"), closed=True)).id]
    found = access.visible_classes(actor)
    if branch_id is not None:
        found = found.filter(branch_id=branch_id)
    return [each.id for each in await found]
