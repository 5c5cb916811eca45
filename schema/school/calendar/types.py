"""The calendar, programmes and subjects as clients see them."""

from __future__ import annotations

from datetime import date, datetime

from domain.school import models
from domain.school.events import AcademicYearFigures
from domain.school.queries import calendar as queries
from schema.kit import ID, Node, attribute, global_id, node_type, relation, relations
from schema.kit.faces import show_as

WEEKDAYS = "The days of the week with school as ISO 8601 numbers them: Monday is 1."


@node_type(models.Term, queries.terms_by_id, "A part of a year that is taught, and billed, on its own.")
class Term(Node):
    year_id: ID = global_id("AcademicYear", "The year that it is of.")
    title: str = attribute("What it is called.")
    position: int = attribute("Which one of its year it is, from 1.")
    starts_on: date = attribute("Its first day.")
    ends_on: date = attribute("Its last day.")

    year: AcademicYear = relation(queries.years_by_id, "year_id", "The year that it is of.")


@node_type(models.SchoolHoliday, queries.holidays_by_id, "Days without school inside a year.")
class SchoolHoliday(Node):
    title: str = attribute("What it is called.")
    starts_on: date = attribute("Its first day.")
    ends_on: date = attribute("Its last day.")


@node_type(models.AcademicYear, queries.years_by_id, "A year of school. No two overlap.")
class AcademicYear(Node):
    title: str = attribute("What it is called, such as `2025/26`.")
    starts_on: date = attribute("Its first day.")
    ends_on: date = attribute("Its last day.")
    weekdays: list[int] = attribute(WEEKDAYS)
    version: int = attribute("How often it has changed, from 1.")
    created_at: datetime = attribute("When it was opened.")
    updated_at: datetime = attribute("When it last changed.")

    terms: list[Term] = relations(
        queries.terms_of,
        "id",
        "Its terms in their order; none for a year that is taught from its first day to its last.",
        size=3,
    )
    holidays: list[SchoolHoliday] = relations(queries.holidays_of, "id", "Its holidays in the order of their days.", size=15)


@node_type(models.Program, queries.programs_by_id, "What a student is enrolled for, such as primary school.")
class Program(Node):
    code: str = attribute("Its code, unique among programmes.")
    title: str = attribute("What it is called.")
    version: int = attribute("How often it has changed, from 1.")
    created_at: datetime = attribute("When it was added.")
    updated_at: datetime = attribute("When it last changed.")


@node_type(models.Subject, queries.subjects_by_id, "What is taught in a lesson.")
class Subject(Node):
    code: str = attribute("Its code, unique among subjects.")
    title: str = attribute("What it is called.")
    version: int = attribute("How often it has changed, from 1.")
    created_at: datetime = attribute("When it was added.")
    updated_at: datetime = attribute("When it last changed.")


show_as(AcademicYearFigures, "AcademicYear")
