"""Facts about the calendar, classes, students with their guardians, and teachers with their assignments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.events.event import event
from domain.school.events.topics import (
    Figures,
    OfACampus,
    OfTheSchool,
    class_topic,
    student_topic,
    teacher_topic,
    users,
    ward_topic,
)
from domain.school.states import GuardianRelation, SchoolChange, Sex, TeachingRole


@dataclass(frozen=True, kw_only=True)
class TermFigures(Figures):
    """A term as it stood."""

    id: UUID
    title: str
    position: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True, kw_only=True)
class HolidayFigures(Figures):
    """A holiday as it stood."""

    id: UUID
    title: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, kw_only=True)
class AcademicYearFigures(Figures):
    """A year with its terms and holidays as they stood."""

    id: UUID
    title: str
    starts_on: date
    ends_on: date
    weekdays: list[int]
    terms: Sequence[TermFigures]
    holidays: Sequence[HolidayFigures]
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, kw_only=True)
class ProgramFigures(Figures):
    """A programme as it stood."""

    id: UUID
    code: str
    title: str
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, kw_only=True)
class SubjectFigures(Figures):
    """A subject as it stood."""

    id: UUID
    code: str
    title: str
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, kw_only=True)
class SchoolClassFigures(Figures):
    """A class as it stood."""

    id: UUID
    code: str
    title: str
    program_id: UUID
    level: int
    capacity: int | None
    lessons: int
    branch_id: UUID | None
    next_class_id: UUID | None
    active: bool
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, kw_only=True)
class GuardianFigures(Figures):
    """A guardian of a student as they stood."""

    user_id: UUID
    full_name: str
    relation: GuardianRelation
    is_primary: bool


@dataclass(frozen=True, kw_only=True)
class StudentFigures(Figures):
    """A student as they stood."""

    id: UUID
    number: str
    admission_number: str
    full_name: str
    born_on: date | None
    sex: Sex | None
    branch_id: UUID | None
    user_id: UUID | None
    enrolled_count: int
    deleted_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, kw_only=True)
class TeacherFigures(Figures):
    """A teacher as they stood."""

    id: UUID
    number: str
    full_name: str
    user_id: UUID | None
    branch_id: UUID | None
    active: bool
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, kw_only=True)
class AssignmentFigures(Figures):
    """An assignment as it stood; the role follows from whether there is a subject."""

    id: UUID
    teacher_id: UUID
    class_id: UUID
    subject_id: UUID | None
    role: TeachingRole
    from_on: date
    until_on: date | None
    created_at: datetime
    updated_at: datetime
    version: int


@event("school.calendar_changed")
@dataclass(frozen=True, kw_only=True)
class CalendarChanged(OfTheSchool):
    """An academic year was opened, or it, its terms or its holidays changed."""

    year: AcademicYearFigures
    change: SchoolChange

    def topics(self) -> Iterable[str]:
        return [*super().topics(), "school_calendar"]


@event("school.program_changed")
@dataclass(frozen=True, kw_only=True)
class ProgramChanged(OfTheSchool):
    """A programme was added or changed."""

    program: ProgramFigures
    change: SchoolChange


@event("school.subject_changed")
@dataclass(frozen=True, kw_only=True)
class SubjectChanged(OfTheSchool):
    """A subject was added or changed."""

    subject: SubjectFigures
    change: SchoolChange


@event("school.class_changed")
@dataclass(frozen=True, kw_only=True)
class ClassChanged(OfACampus):
    """A class was opened, changed or closed."""

    school_class: SchoolClassFigures
    change: SchoolChange
    teacher_user_ids: Sequence[UUID] = ()
    branch_before: UUID | None = None

    @property
    def at_branch(self) -> UUID | None:
        return self.school_class.branch_id

    @property
    def also_at(self) -> UUID | None:
        return self.branch_before

    @property
    def taught_by(self) -> Iterable[UUID]:
        return self.teacher_user_ids

    def topics(self) -> Iterable[str]:
        return [*super().topics(), class_topic(self.school_class.id)]


@event("school.student_changed")
@dataclass(frozen=True, kw_only=True)
class StudentChanged(OfACampus):
    """A student was registered, changed or deleted, or the guardians changed. It is told to those who are guardians now."""

    student: StudentFigures
    guardians: Sequence[GuardianFigures]
    change: SchoolChange
    teacher_user_ids: Sequence[UUID] = ()
    branch_before: UUID | None = None

    @property
    def at_branch(self) -> UUID | None:
        return self.student.branch_id

    @property
    def also_at(self) -> UUID | None:
        return self.branch_before

    @property
    def taught_by(self) -> Iterable[UUID]:
        return self.teacher_user_ids

    def topics(self) -> Iterable[str]:
        wards = [ward_topic(guardian.user_id) for guardian in self.guardians]
        return [*super().topics(), student_topic(self.student.id), *wards]

    def audience(self) -> Iterable[str]:
        return [*super().audience(), *users(guardian.user_id for guardian in self.guardians)]


@event("school.teacher_changed")
@dataclass(frozen=True, kw_only=True)
class TeacherChanged(OfACampus):
    """A teacher was registered or changed, or does not teach here any more. ``teachers_total`` is how many do."""

    teacher: TeacherFigures
    change: SchoolChange
    teachers_total: int
    branch_before: UUID | None = None

    @property
    def at_branch(self) -> UUID | None:
        return self.teacher.branch_id

    @property
    def also_at(self) -> UUID | None:
        return self.branch_before

    @property
    def taught_by(self) -> Iterable[UUID]:
        return () if self.teacher.user_id is None else (self.teacher.user_id,)

    def topics(self) -> Iterable[str]:
        return [*super().topics(), teacher_topic(self.teacher.id)]


@dataclass(frozen=True, kw_only=True)
class _OfAnAssignment(OfACampus):
    """``class_teachers`` is how many assignments the class has that are not over, ``teachers_total`` how many teach here."""

    assignment: AssignmentFigures
    teacher: str
    teacher_user_id: UUID | None
    class_code: str
    class_title: str
    branch_id: UUID | None
    class_teachers: int
    teachers_total: int

    @property
    def at_branch(self) -> UUID | None:
        return self.branch_id

    @property
    def taught_by(self) -> Iterable[UUID]:
        return () if self.teacher_user_id is None else (self.teacher_user_id,)

    def topics(self) -> Iterable[str]:
        about = self.assignment
        return [*super().topics(), class_topic(about.class_id), teacher_topic(about.teacher_id)]


@event("school.teacher_assigned")
@dataclass(frozen=True, kw_only=True)
class TeacherAssigned(_OfAnAssignment):
    """A teacher is responsible for a class, or teaches a subject in it, from a day on."""


@event("school.teacher_assignment_ended")
@dataclass(frozen=True, kw_only=True)
class TeacherAssignmentEnded(_OfAnAssignment):
    """An assignment has a last day now."""
