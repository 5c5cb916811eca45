"""What feeds tell of the calendar, classes, students and teachers."""

from __future__ import annotations

from domain.school.states import SchoolChange
from schema.kit import ID, LiveEvent, attribute, event_type, global_id
from schema.school import enums  # noqa: F401  describes the enums that are used here
from schema.school.calendar.types import AcademicYear
from schema.school.people.types import Guardian, SchoolClass, Student, Teacher, TeachingAssignment


@event_type("An academic year, its terms or its holidays changed.")
class AcademicYearChanged(LiveEvent):
    year: AcademicYear = attribute("The year as it was then.", name="academicYear")
    change: SchoolChange = attribute("What happened.")


@event_type("A class was opened, changed or closed.")
class SchoolClassChanged(LiveEvent):
    school_class: SchoolClass = attribute("The class as it was then.")
    change: SchoolChange = attribute("What happened.")


@event_type("A student was registered, changed or deleted, or the guardians changed.")
class StudentChanged(LiveEvent):
    student: Student = attribute("The student as they were then.")
    guardians: list[Guardian] = attribute("Who answered for them then.")
    change: SchoolChange = attribute("What happened.")


@event_type("A teacher was registered or changed, or left.")
class TeacherChanged(LiveEvent):
    teacher: Teacher = attribute("The teacher as they were then.")
    change: SchoolChange = attribute("What happened.")
    teachers_total: int = attribute("How many teach at the school after it.")


@event_type("A teacher is responsible for a class, or teaches a subject in it, from a day on.")
class TeacherAssigned(LiveEvent):
    assignment: TeachingAssignment = attribute("The assignment as it was then.")
    teacher: str = attribute("What the teacher is called.", name="teacherName")
    class_title: str = attribute("What the class is called.")
    branch_id: ID | None = global_id("Branch", "The campus; null for the whole school.")
    class_teachers: int = attribute("How many assignments the class has that are not over, after it.")
    teachers_total: int = attribute("How many teach at the school after it.")


@event_type("An assignment has a last day now.")
class TeacherAssignmentEnded(LiveEvent):
    assignment: TeachingAssignment = attribute("The assignment as it was then.")
    teacher: str = attribute("What the teacher is called.", name="teacherName")
    class_title: str = attribute("What the class is called.")
    branch_id: ID | None = global_id("Branch", "The campus; null for the whole school.")
    class_teachers: int = attribute("How many assignments the class has that are not over, after it.")
    teachers_total: int = attribute("How many teach at the school after it.")
