"""What clients send about students, guardians and teachers."""

from __future__ import annotations

from datetime import date
from typing import Any

from domain.school.queries import people as queries
from domain.school.states import GuardianRelation, Sex
from schema.kit import ID, attribute, idempotency_key, input_type, optional, read_id, read_optional_id
from schema.school import enums  # noqa: F401  describes the enums that are used here
from schema.school.said import EXPECTED, change, said

_NAME = "The name, in 1 to 120 characters of any script."
_ADMISSION = "The admission number: up to 24 letters and digits, in parts between strokes, dots or dashes."
_NUMBER = "The number of the contract: up to 24 letters and digits, in parts between strokes, dots or dashes."
_CAMPUS = "The campus; your own when left out, or the whole school if you see every campus."


def _read(input: object, *without: str) -> dict[str, Any]:
    return said(
        input,
        *without,
        readers={
            "branch_id": lambda each: read_id("Branch", each, "input", "branchId"),
            "user_id": lambda each: read_id("User", each, "input", "userId"),
        },
    )


@input_type("A student to be registered, who is enrolled in nothing yet.")
class RegisterStudentInput:
    full_name: str = attribute(_NAME)
    admission_number: str | None = optional(f"{_ADMISSION} The next one of the year when left out.")
    born_on: date | None = optional("The day of birth.")
    sex: Sex | None = optional("As a register of pupils has it.")
    branch_id: ID | None = optional(_CAMPUS)
    user_id: ID | None = optional("The user who the student is, if they sign in.")
    idempotency_key: str | None = idempotency_key()

    def parse(self) -> dict[str, Any]:
        return _read(self, "idempotency_key")


@input_type("What changes about a student. What is left out stays.")
class UpdateStudentInput:
    student_id: ID = attribute("The student.")
    full_name: str | None = change(f"{_NAME} What was written before keeps the name of then.")
    admission_number: str | None = change(_ADMISSION)
    born_on: date | None = change("The day of birth; null when it is not known.")
    sex: Sex | None = change("As a register of pupils has it; null when it does not say.")
    branch_id: ID | None = change("The campus; it stays as long as the student is enrolled.")
    user_id: ID | None = change("The user who the student is; null for who does not sign in.")
    expected_version: int | None = optional(EXPECTED)

    def parse(self) -> dict[str, Any]:
        return _read(self, "student_id", "expected_version")


@input_type("A student to be deleted.")
class DeleteStudentInput:
    student_id: ID = attribute("The student, who has no enrolment and no application that stands.")
    expected_version: int | None = optional(EXPECTED)


@input_type("Who answers for a student, or does so otherwise than was known.")
class UpsertGuardianInput:
    student_id: ID = attribute("The student.")
    user_id: ID = attribute("The user who it is.")
    relation: GuardianRelation = attribute("What they are to the student.")
    is_primary: bool = attribute(
        "Whether they get the bills and are told first, instead of who is the primary guardian now. The first one is in any "
        "case.",
        default=False,
    )


@input_type("Who answers for a student no more.")
class RemoveGuardianInput:
    student_id: ID = attribute("The student.")
    user_id: ID = attribute("The user who it is.")


@input_type("A teacher to be registered.")
class RegisterTeacherInput:
    full_name: str = attribute(_NAME)
    number: str | None = optional(f"{_NUMBER} The next one when left out.")
    user_id: ID | None = optional("The user who the teacher is, if they sign in.")
    branch_id: ID | None = optional(_CAMPUS)
    idempotency_key: str | None = idempotency_key()

    def parse(self) -> dict[str, Any]:
        return _read(self, "idempotency_key")


@input_type("What changes about a teacher. What is left out stays.")
class UpdateTeacherInput:
    teacher_id: ID = attribute("The teacher.")
    full_name: str | None = change(_NAME)
    number: str | None = change(_NUMBER)
    user_id: ID | None = change("The user who the teacher is; null for who does not sign in.")
    branch_id: ID | None = change("The campus.")
    active: bool | None = change("Whether they teach here; who does not is relieved of everything today.")
    expected_version: int | None = optional(EXPECTED)

    def parse(self) -> dict[str, Any]:
        return _read(self, "teacher_id", "expected_version")


@input_type("A teacher to be made responsible for a class, or to teach a subject in it.")
class AssignTeacherInput:
    teacher_id: ID = attribute("The teacher.")
    class_id: ID = attribute("The class.")
    subject_id: ID | None = optional("The subject; left out for who is responsible for the class.")
    from_on: date | None = optional("The first day; today when left out.")
    until_on: date | None = optional("The last day; open when left out.")
    replacing: bool = attribute(
        "Whether who is responsible for the class is relieved the day before; refused with CLASS_HAS_TEACHER otherwise.",
        default=False,
    )
    idempotency_key: str | None = idempotency_key()

    def parse(self) -> dict[str, Any]:
        return {
            "teacher_id": read_id("Teacher", self.teacher_id, "input", "teacherId"),
            "class_id": read_id("SchoolClass", self.class_id, "input", "classId"),
            "subject_id": read_optional_id("Subject", self.subject_id, "input", "subjectId"),
            "from_on": self.from_on,
            "until_on": self.until_on,
            "replacing": self.replacing,
        }


@input_type("An assignment that is over.")
class EndTeacherAssignmentInput:
    assignment_id: ID = attribute("The assignment.")
    last_on: date | None = optional("Its last day; today when left out.")
    expected_version: int | None = optional(EXPECTED)


@input_type("Which students. What is left out does not narrow.")
class StudentFilter:
    search: str | None = optional("A part of the name, or the beginning of a number.")
    class_id: ID | None = optional("Who are in this class today.")
    branch_id: ID | None = optional("On this campus.")
    enrolled: bool | None = optional("Those with an enrolment that stands, or those without.")
    deleted: bool = attribute("Those who were deleted, instead of those who were not.", default=False)

    def parse(self) -> queries.StudentFilter:
        return queries.StudentFilter(
            search=self.search,
            class_id=read_optional_id("SchoolClass", self.class_id, "filter", "classId"),
            branch_id=read_optional_id("Branch", self.branch_id, "filter", "branchId"),
            enrolled=self.enrolled,
            deleted=self.deleted,
        )


@input_type("Which teachers. What is left out does not narrow.")
class TeacherFilter:
    search: str | None = optional("A part of the name, or the beginning of the number.")
    class_id: ID | None = optional("Who teach in this class today.")
    branch_id: ID | None = optional("On this campus.")
    active: bool | None = attribute("Those who teach here, or those who do not any more; null for all.", default=True)

    def parse(self) -> queries.TeacherFilter:
        return queries.TeacherFilter(
            search=self.search,
            class_id=read_optional_id("SchoolClass", self.class_id, "filter", "classId"),
            branch_id=read_optional_id("Branch", self.branch_id, "filter", "branchId"),
            active=self.active,
        )
