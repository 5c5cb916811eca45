"""What clients send about the calendar, programmes, subjects and classes."""

from __future__ import annotations

from datetime import date
from typing import Any

from domain.school.queries import calendar as queries
from domain.school.service.calendar import HolidayDraft, TermDraft
from schema.kit import ID, attribute, input_type, optional, read_id, read_optional_id
from schema.school.calendar.types import WEEKDAYS
from schema.school.said import EXPECTED, change, said

_TITLE = "What it is called, in 1 to 80 characters."
_CODE = "Its code: up to 16 letters and digits, in parts between dashes. Capitals make no difference."
_LESSONS = "In how many lessons of a day its roll is called, up to 12; 0 when it is called once a day."
_CAPACITY = "How many students it has places for, up to 1000; null for as many as come."


@input_type("A term of a year.")
class TermInput:
    id: ID | None = optional("The term, if it is one that is known; left out for a new one.")
    title: str = attribute(_TITLE)
    starts_on: date = attribute("Its first day.")
    ends_on: date = attribute("Its last day.")

    def parse(self, position: int) -> TermDraft:
        known = read_optional_id("Term", self.id, "input", "terms", str(position), "id")
        return TermDraft(id=known, title=self.title, starts_on=self.starts_on, ends_on=self.ends_on)


@input_type("Days without school.")
class SchoolHolidayInput:
    id: ID | None = optional("The holiday, if it is one that is known; left out for a new one.")
    title: str = attribute(_TITLE)
    starts_on: date = attribute("Its first day.")
    ends_on: date | None = optional("Its last day; the first one when left out.")

    def parse(self, name: str, position: int) -> HolidayDraft:
        known = read_optional_id("SchoolHoliday", self.id, "input", name, str(position), "id")
        return HolidayDraft(id=known, title=self.title, starts_on=self.starts_on, ends_on=self.ends_on or self.starts_on)


def _terms(terms: list[TermInput]) -> list[TermDraft]:
    return [term.parse(position) for position, term in enumerate(terms)]


def _holidays(name: str, holidays: list[SchoolHolidayInput]) -> list[HolidayDraft]:
    return [holiday.parse(name, position) for position, holiday in enumerate(holidays)]


@input_type("An academic year to be opened.")
class OpenAcademicYearInput:
    title: str = attribute("What it is called, such as `2025/26`, in 1 to 80 characters.")
    starts_on: date = attribute("Its first day.")
    ends_on: date = attribute("Its last day.")
    weekdays: list[int] | None = optional(f"{WEEKDAYS} From Monday to Friday when left out.")
    terms: list[TermInput] | None = optional("Its terms, at most 12; without one it is taught from end to end.")
    holidays: list[SchoolHolidayInput] | None = optional("Its holidays, at most 200.")

    def parse(self) -> dict[str, Any]:
        parts: dict[str, Any] = {
            "title": self.title,
            "starts_on": self.starts_on,
            "ends_on": self.ends_on,
            "terms": _terms(self.terms or []),
            "holidays": _holidays("holidays", self.holidays or []),
        }
        return parts if self.weekdays is None else parts | {"weekdays": self.weekdays}


@input_type("What changes about an academic year. What is left out stays.")
class UpdateAcademicYearInput:
    year_id: ID = attribute("The year.")
    title: str | None = change("What it is called, in 1 to 80 characters.")
    starts_on: date | None = change("Its first day.")
    ends_on: date | None = change("Its last day.")
    weekdays: list[int] | None = change(WEEKDAYS)
    terms: list[TermInput] | None = optional("All of its terms: those that are not among them are removed.")
    holidays: list[SchoolHolidayInput] | None = optional("All of its holidays: those that are not among them are removed.")
    add_holidays: list[SchoolHolidayInput] | None = optional("Holidays that it has besides.")
    expected_version: int | None = optional(EXPECTED)

    def parse(self) -> dict[str, Any]:
        return {
            "year_id": read_id("AcademicYear", self.year_id, "input", "yearId"),
            "said": said(self, "year_id", "terms", "holidays", "add_holidays", "expected_version"),
            "terms": None if self.terms is None else _terms(self.terms),
            "holidays": None if self.holidays is None else _holidays("holidays", self.holidays),
            "add_holidays": _holidays("addHolidays", self.add_holidays or []),
            "expected_version": self.expected_version,
        }


@input_type("A programme to be added or changed. What is left out stays.")
class UpsertProgramInput:
    program_id: ID | None = optional("Which one; a new one when left out.")
    code: str | None = change(_CODE)
    title: str | None = change(_TITLE)
    expected_version: int | None = optional(EXPECTED)


@input_type("A subject to be added or changed. What is left out stays.")
class UpsertSubjectInput:
    subject_id: ID | None = optional("Which one; a new one when left out.")
    code: str | None = change(_CODE)
    title: str | None = change(_TITLE)
    expected_version: int | None = optional(EXPECTED)


@input_type("A class to be opened.")
class OpenSchoolClassInput:
    code: str = attribute(_CODE)
    title: str = attribute(_TITLE)
    program_id: ID = attribute("The programme that it is of.")
    level: int = attribute("How far its students are, from 0 to 30.")
    capacity: int | None = optional(_CAPACITY)
    lessons: int = attribute(_LESSONS, default=0)
    branch_id: ID | None = optional("The campus; your own when left out, or the whole school if you see every campus.")
    next_class_id: ID | None = optional("The class that its students usually move on to.")

    def parse(self) -> dict[str, Any]:
        return _read_class(self)


@input_type("What changes about a class. What is left out stays.")
class UpdateSchoolClassInput:
    class_id: ID = attribute("The class.")
    code: str | None = change(_CODE)
    title: str | None = change(_TITLE)
    program_id: ID | None = change("The programme that it is of; it stays once the class has students.")
    level: int | None = change("How far its students are, from 0 to 30.")
    capacity: int | None = change(_CAPACITY)
    lessons: int | None = change(_LESSONS)
    branch_id: ID | None = change("The campus; it stays once the class has students.")
    next_class_id: ID | None = change("The class that its students usually move on to; null for none.")
    active: bool | None = change("Whether it is taught. One without students can be closed.")
    expected_version: int | None = optional(EXPECTED)

    def parse(self) -> dict[str, Any]:
        return _read_class(self, "class_id", "expected_version")


def _read_class(input: object, *without: str) -> dict[str, Any]:
    return said(
        input,
        *without,
        readers={
            "program_id": lambda each: read_id("Program", each, "input", "programId"),
            "branch_id": lambda each: read_id("Branch", each, "input", "branchId"),
            "next_class_id": lambda each: read_id("SchoolClass", each, "input", "nextClassId"),
        },
    )


@input_type("Which classes. What is left out does not narrow.")
class SchoolClassFilter:
    search: str | None = optional("A part of the title, or the beginning of the code.")
    program_id: ID | None = optional("Of this programme.")
    branch_id: ID | None = optional("On this campus.")
    active: bool | None = attribute("Those that are taught, or those that are not; null for all.", default=True)

    def parse(self) -> queries.ClassFilter:
        return queries.ClassFilter(
            search=self.search,
            program_id=read_optional_id("Program", self.program_id, "filter", "programId"),
            branch_id=read_optional_id("Branch", self.branch_id, "filter", "branchId"),
            active=self.active,
        )
