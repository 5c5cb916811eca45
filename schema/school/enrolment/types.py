"""Enrolments as clients see them. Inside a live event they are as they stood then; what needs a look is of now."""

from __future__ import annotations

from datetime import date, datetime

from domain.identity.queries import branches_by_id
from domain.school import models
from domain.school.events import EnrolmentFigures
from domain.school.queries import calendar, enrolments
from domain.school.queries.people import students_by_id
from domain.school.states import EnrolmentStatus
from schema.identity.types import Branch
from schema.kit import ID, Info, Node, Parent, attribute, field, global_id, node_type, object_type
from schema.kit.faces import show_as
from schema.school import enums  # noqa: F401  describes the enums that are used here
from schema.school.calendar.types import AcademicYear, Program, Term
from schema.school.people.types import SchoolClass, Student


@object_type("Days in one class, both included.")
class EnrolmentStay:
    class_id: ID = global_id("SchoolClass", "The class.")
    from_on: date = attribute("The first day.", name="from")
    until_on: date = attribute("The last day: as things stand, that of the period.", name="until")

    @field(SchoolClass | None, "The class.")
    async def school_class(self, stay: Parent[models.EnrolmentStay], info: Info) -> object:
        return await info.context.load(calendar.classes_by_id, stay.class_id)


@node_type(
    models.Enrolment,
    enrolments.enrolments_by_id,
    "A student is here for a programme, in a year or one of its terms. There is one that stands for a programme and a time.",
)
class Enrolment(Node):
    student_id: ID = global_id("Student", "The student.")
    program_id: ID = global_id("Program", "The programme.")
    year_id: ID = global_id("AcademicYear", "The year.")
    term_id: ID | None = global_id("Term", "The term; null for the whole year.")
    class_id: ID | None = global_id("SchoolClass", "The class now, or the last one; null for who only applied.")
    branch_id: ID | None = global_id("Branch", "The campus; null for the whole school.")
    status: EnrolmentStatus = attribute("Where it stands.")
    applied_on: date = attribute("When it was asked for.")
    from_enrolment_id: ID | None = global_id("Enrolment", "The one before, of who was promoted or repeats.")
    run_id: ID | None = global_id("SchoolRun", "The promotion that made it.")
    version: int = attribute("How often it has changed, from 1.")
    created_at: datetime = attribute("When it was written down.")
    updated_at: datetime = attribute("When it last changed.")

    @field(Student | None, "The student.")
    async def student(self, row: Parent[models.Enrolment], info: Info) -> object:
        return await info.context.load(students_by_id, row.student_id)

    @field(Program | None, "The programme.")
    async def program(self, row: Parent[models.Enrolment], info: Info) -> object:
        return await info.context.load(calendar.programs_by_id, row.program_id)

    @field(AcademicYear | None, "The year.")
    async def year(self, row: Parent[models.Enrolment], info: Info) -> object:
        return await info.context.load(calendar.years_by_id, row.year_id)

    @field(Term | None, "The term; null for the whole year.")
    async def term(self, row: Parent[models.Enrolment], info: Info) -> object:
        return await info.context.load(calendar.terms_by_id, row.term_id)

    @field(SchoolClass | None, "The class now, or the last one.")
    async def school_class(self, row: Parent[models.Enrolment], info: Info) -> object:
        return await info.context.load(calendar.classes_by_id, row.class_id)

    @field(Branch | None, "The campus.")
    async def branch(self, row: Parent[models.Enrolment], info: Info) -> object:
        return await info.context.load(branches_by_id, row.branch_id)

    @field(list[EnrolmentStay], "The classes, in the order of days and without a gap; none for who only applied.", size=2)
    async def stays(self, row: Parent[models.Enrolment], info: Info) -> object:
        return await info.context.load_many(enrolments.stays_of_enrolments, row.id)


show_as(EnrolmentFigures, "Enrolment")


@object_type("How many enrolments of a class stand.")
class ClassCount:
    class_id: ID = global_id("SchoolClass", "The class.")
    students: int = attribute("How many.")
