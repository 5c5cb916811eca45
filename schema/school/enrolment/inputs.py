"""What clients send about enrolments."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from domain.school.queries.enrolments import EnrolmentFilter as Filter
from domain.school.states import EnrolmentStatus, Sex
from schema.kit import ID, attribute, idempotency_key, input_type, optional, read_id, read_optional_id
from schema.school import enums  # noqa: F401  describes the enums that are used here
from schema.school.said import EXPECTED, REASON

_TERM = "The term; the whole year when left out."


@input_type("A student whom the school did not know.")
class NewStudentInput:
    full_name: str = attribute("The name, in up to 120 characters.")
    admission_number: str | None = optional("The number that the student brings; the next of the year when left out.")
    born_on: date | None = optional("The day of birth.")
    sex: Sex | None = optional("As a register of pupils has it.")
    user_id: ID | None = optional("The user that the student signs in as.")

    def parse(self) -> dict[str, Any]:
        """What is said, by the columns."""
        return {
            "full_name": self.full_name,
            "admission_number": self.admission_number,
            "born_on": self.born_on,
            "sex": self.sex,
            "user_id": read_optional_id("User", self.user_id, "input", "newStudent", "userId"),
        }


@input_type("Who is to have a place in a class, and for when.")
class EnrollStudentInput:
    student_id: ID | None = optional("The student; otherwise say who the new one is.")
    new_student: NewStudentInput | None = optional("The student who is new, instead of `studentId`; takes SCHOOL_MANAGE.")
    class_id: ID = attribute("The class.")
    year_id: ID = attribute("The academic year.")
    term_id: ID | None = optional(_TERM)
    on: date | None = optional("The first day; today when left out, or the first of a period that is to come.")
    up_to: EnrolmentStatus = attribute(
        "ENROLLED, or APPLIED for who only asks for a place.", default=EnrolmentStatus.ENROLLED
    )
    structure_id: ID | None = optional(
        "By this fee structure the student is charged from the first day on; nothing when left out."
    )
    idempotency_key: str | None = idempotency_key()

    def parse(self) -> dict[str, Any]:
        return {
            "student_id": read_optional_id("Student", self.student_id, "input", "studentId"),
            "new_student": None if self.new_student is None else self.new_student.parse(),
            "class_id": read_id("SchoolClass", self.class_id, "input", "classId"),
            "year_id": read_id("AcademicYear", self.year_id, "input", "yearId"),
            "term_id": read_optional_id("Term", self.term_id, "input", "termId"),
            "on": self.on,
            "up_to": self.up_to,
            "structure_id": read_optional_id("FeeStructure", self.structure_id, "input", "structureId"),
        }


@input_type("Into which class a student moves.")
class MoveStudentInput:
    enrolment_id: ID = attribute("The enrolment.")
    class_id: ID = attribute("The class, of the same programme.")
    on: date | None = optional("The first day there; today when left out.")
    expected_version: int | None = optional(EXPECTED)
    idempotency_key: str | None = idempotency_key()

    def parse(self) -> dict[str, Any]:
        return {
            "enrolment_id": enrolment_of(self.enrolment_id),
            "class_id": read_id("SchoolClass", self.class_id, "input", "classId"),
            "on": self.on,
            "expected_version": self.expected_version,
        }


@input_type("A student who leaves before the end of the period.")
class EndEnrolmentInput:
    enrolment_id: ID = attribute("The enrolment.")
    status: EnrolmentStatus = attribute("TRANSFERRED to another school, or WITHDRAWN.")
    last_on: date | None = optional(
        "The last day; today when left out. Who withdraws before the first day was never in the class."
    )
    reason: str | None = optional(REASON)
    expected_version: int | None = optional(EXPECTED)
    idempotency_key: str | None = idempotency_key()

    def parse(self) -> dict[str, Any]:
        return {
            "enrolment_id": enrolment_of(self.enrolment_id),
            "status": self.status,
            "last_on": self.last_on,
            "reason": self.reason or "",
            "expected_version": self.expected_version,
        }


def enrolment_of(given: ID) -> UUID:
    return read_id("Enrolment", given, "input", "enrolmentId")


@input_type("Which enrolments. What is left out does not narrow.")
class EnrolmentFilter:
    student_id: ID | None = optional("Of this student.")
    class_id: ID | None = optional("In this class, now or last.")
    program_id: ID | None = optional("For this programme.")
    year_id: ID | None = optional("For this year.")
    term_id: ID | None = optional("For this term.")
    statuses: list[EnrolmentStatus] | None = optional("That stand there.")

    def parse(self) -> Filter:
        return Filter(
            student_id=read_optional_id("Student", self.student_id, "filter", "studentId"),
            class_id=read_optional_id("SchoolClass", self.class_id, "filter", "classId"),
            program_id=read_optional_id("Program", self.program_id, "filter", "programId"),
            year_id=read_optional_id("AcademicYear", self.year_id, "filter", "yearId"),
            term_id=read_optional_id("Term", self.term_id, "filter", "termId"),
            statuses=self.statuses or (),
        )
