"""What clients send about the roll."""

from __future__ import annotations

from datetime import date
from typing import Any

from domain.school.queries import attendance as queries
from domain.school.service.marking import Said
from domain.school.states import AttendanceStatus
from schema.kit import ID, attribute, idempotency_key, input_type, optional, read_id, read_optional_id
from schema.school import enums  # noqa: F401  describes the enums that are used here
from schema.school.said import EXPECTED, REASON

_LESSON = "The lesson, from 1, of a class that is marked in lessons; left out for one that is marked once a day."


@input_type("What is marked for one student.")
class MarkInput:
    student_id: ID = attribute("The student, who was in the class that day.")
    status: AttendanceStatus = attribute("The mark.")
    note: str | None = optional("What there is to say, in up to 200 characters. Families do not see it.")

    def parse(self, *path: str) -> Said:
        student_id = read_id("Student", self.student_id, *path, "studentId")
        return Said(student_id=student_id, status=self.status, note=self.note or "")


@input_type("The roll of a class as it is called.")
class RecordAttendanceInput:
    class_id: ID = attribute("The class.")
    on: date = attribute("The day: one of school, not one to come.")
    lesson: int | None = optional(_LESSON)
    marks: list[MarkInput] | None = optional("Those about whom something is said, each once; at most 1000.")
    default: AttendanceStatus | None = optional(
        "What is marked for all others of whom nothing is known yet; they stay without a mark when left out."
    )
    idempotency_key: str | None = idempotency_key()

    def parse(self) -> dict[str, Any]:
        return {
            "class_id": read_id("SchoolClass", self.class_id, "input", "classId"),
            "on": self.on,
            "lesson": self.lesson,
            "marks": [mark.parse("input", "marks", str(place)) for place, mark in enumerate(self.marks or ())],
            "default": self.default,
        }


@input_type("Another mark in the place of one.")
class CorrectAttendanceInput:
    attendance_id: ID = attribute("The mark.")
    status: AttendanceStatus = attribute("What it is to be.")
    note: str | None = optional("The note from now on; it stays as it is when left out.")
    reason: str | None = optional(REASON)
    expected_version: int | None = optional(EXPECTED)
    idempotency_key: str | None = idempotency_key()

    def parse(self) -> dict[str, Any]:
        return {
            "attendance_id": read_id("Attendance", self.attendance_id, "input", "attendanceId"),
            "status": self.status,
            "note": self.note,
            "reason": self.reason or "",
            "expected_version": self.expected_version,
        }


@input_type("Which marks. What is left out does not narrow.")
class AttendanceFilter:
    class_id: ID | None = optional("Of this class.")
    student_id: ID | None = optional("Of this student.")
    since: date | None = attribute("On this day or later.", default=None, name="from")
    until: date | None = attribute("On this day or before.", default=None, name="to")
    lesson: int | None = optional("Of this lesson.")
    statuses: list[AttendanceStatus] | None = optional("With one of these marks.")

    def parse(self) -> queries.AttendanceFilter:
        return queries.AttendanceFilter(
            class_id=read_optional_id("SchoolClass", self.class_id, "filter", "classId"),
            student_id=read_optional_id("Student", self.student_id, "filter", "studentId"),
            since=self.since,
            until=self.until,
            lesson=self.lesson,
            statuses=self.statuses or (),
        )
