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
from schema.kit import ID, Node, attribute, global_id, node_type, object_type, relation, relations
from schema.kit.faces import show_as
from schema.school import enums  # noqa: F401  describes the enums that are used here
from schema.school.calendar.types import AcademicYear, Program, Term
from schema.school.people.types import SchoolClass, Student


@object_type("Days in one class, both included.")
class EnrolmentStay:
    class_id: ID = global_id("SchoolClass", "The class.")
    from_on: date = attribute("The first day.", name="from")
    until_on: date = attribute("The last day: as things stand, that of the period.", name="until")

    school_class: SchoolClass | None = relation(calendar.classes_by_id, "class_id", "The class.")


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

    student: Student | None = relation(students_by_id, "student_id", "The student.")
    program: Program | None = relation(calendar.programs_by_id, "program_id", "The programme.")
    year: AcademicYear | None = relation(calendar.years_by_id, "year_id", "The year.")
    term: Term | None = relation(calendar.terms_by_id, "term_id", "The term; null for the whole year.")
    school_class: SchoolClass | None = relation(calendar.classes_by_id, "class_id", "The class now, or the last one.")
    branch: Branch | None = relation(branches_by_id, "branch_id", "The campus.")
    stays: list[EnrolmentStay] = relations(
        enrolments.stays_of_enrolments,
        "id",
        "The classes, in the order of days and without a gap; none for who only applied.",
        size=2,
    )


show_as(EnrolmentFigures, "Enrolment")


@object_type("How many enrolments of a class stand.")
class ClassCount:
    class_id: ID = global_id("SchoolClass", "The class.")
    students: int = attribute("How many.")
