"""Facts about enrolments, promotions, attendance, and what is done for many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from domain.events.event import Event, event
from domain.identity.actor import staff_of
from domain.identity.permissions import Permission
from domain.school.events.topics import (
    Figures,
    OfACampus,
    class_topic,
    enrolment_topic,
    run_topic,
    school_topics,
    student_topic,
    users,
    ward_topic,
)
from domain.school.states import (
    AttendanceStatus,
    EnrolmentStatus,
    PromotionOutcome,
    PromotionReason,
    SchoolRunKind,
    SchoolRunStatus,
)


@dataclass(frozen=True, kw_only=True)
class StayFigures(Figures):
    """Days in one class, both ends included."""

    class_id: UUID
    from_on: date
    until_on: date


@dataclass(frozen=True, kw_only=True)
class EnrolmentFigures(Figures):
    """An enrolment as it stood, with all its stays. ``student`` is called as on that day."""

    id: UUID
    student_id: UUID
    student: str
    program_id: UUID
    year_id: UUID
    term_id: UUID | None
    class_id: UUID | None
    branch_id: UUID | None
    status: EnrolmentStatus
    applied_on: date
    from_enrolment_id: UUID | None
    run_id: UUID | None
    stays: Sequence[StayFigures]
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, kw_only=True)
class ClassCount(Figures):
    """How many enrolments of a class stand."""

    class_id: UUID
    students: int


@dataclass(frozen=True, kw_only=True)
class _OfAnEnrolment(OfACampus):
    """For staff, the teachers of the classes it is about, and the student's guardians.

    ``class_counts`` are of those classes, and ``students_total`` is how many students the school has, after it.
    """

    enrolment: EnrolmentFigures
    status_before: EnrolmentStatus | None
    class_counts: Sequence[ClassCount]
    students_total: int
    guardian_ids: Sequence[UUID]
    teacher_user_ids: Sequence[UUID] = ()

    @property
    def student(self) -> str:
        """What the student was called."""
        return self.enrolment.student

    @property
    def at_branch(self) -> UUID | None:
        return self.enrolment.branch_id

    @property
    def taught_by(self) -> Iterable[UUID]:
        return self.teacher_user_ids

    def topics(self) -> Iterable[str]:
        about = self.enrolment
        classes = dict.fromkeys([*(count.class_id for count in self.class_counts), *filter(None, [about.class_id])])
        return [
            *super().topics(),
            enrolment_topic(about.id),
            student_topic(about.student_id),
            *map(class_topic, classes),
            *map(ward_topic, self.guardian_ids),
        ]

    def audience(self) -> Iterable[str]:
        return [*super().audience(), *users(self.guardian_ids)]


@event("school.student_enrolled")
@dataclass(frozen=True, kw_only=True)
class StudentEnrolled(_OfAnEnrolment):
    """A student has a place in a class. ``status_before`` is APPLIED for who had asked for one."""


@event("school.enrolment_changed")
@dataclass(frozen=True, kw_only=True)
class EnrolmentChanged(_OfAnEnrolment):
    """Somebody asked for a place, is in another class, or the enrolment is over."""

    class_before: UUID | None
    branch_before: UUID | None = None

    @property
    def also_at(self) -> UUID | None:
        return self.branch_before


@event("school.student_promoted")
@dataclass(frozen=True, kw_only=True)
class StudentPromoted(_OfAnEnrolment):
    """The class moved on: ``enrolment`` is the one that ended by it, ``next_enrolment`` that of who stays at the school."""

    run_id: UUID
    run_number: str
    outcome: PromotionOutcome
    reason: PromotionReason | None
    from_class_id: UUID
    to_class_id: UUID | None
    next_enrolment: EnrolmentFigures | None

    @property
    def also_at(self) -> UUID | None:
        return None if self.next_enrolment is None else self.next_enrolment.branch_id


@dataclass(frozen=True, kw_only=True)
class SchoolRunFigures(Figures):
    """A run as it stood."""

    id: UUID
    number: str
    kind: SchoolRunKind
    status: SchoolRunStatus
    total: int
    counts: Mapping[str, int]
    branch_id: UUID | None
    failure: str
    requested_by_id: UUID
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


RUN_READERS: Final[Mapping[SchoolRunKind, Permission]] = {
    SchoolRunKind.PROMOTION: Permission.ENROLMENTS_MANAGE,
    SchoolRunKind.BILLING: Permission.FEES_MANAGE,
    SchoolRunKind.LATE_FEES: Permission.FEES_MANAGE,
    SchoolRunKind.CARRY_OVER: Permission.FEES_MANAGE,
    SchoolRunKind.RESYNC: Permission.SCHOOL_REPAIR,
}
"""Who follows a run of each kind."""


@event("school.run_changed")
@dataclass(frozen=True, kw_only=True)
class RunChanged(Event):
    """A run began, went on or ended; for who asked for it, and those who may ask for one like it."""

    run: SchoolRunFigures

    def topics(self) -> Iterable[str]:
        return [*school_topics(self.run.branch_id), run_topic(self.run.id)]

    def audience(self) -> Iterable[str]:
        return [*staff_of(RUN_READERS[self.run.kind], self.run.branch_id), *users([self.run.requested_by_id])]


@dataclass(frozen=True, kw_only=True)
class AttendanceFigures(Figures):
    """How many of a class are marked as what on a day, or in a lesson of it, of how many on the roll."""

    present: int
    late: int
    absent: int
    leave: int
    on_roll: int


@dataclass(frozen=True, kw_only=True)
class RollMark(Figures):
    """What became of one student's mark."""

    attendance_id: UUID
    student_id: UUID
    student: str
    before: AttendanceStatus | None
    after: AttendanceStatus


@dataclass(frozen=True, kw_only=True)
class _OfARoll(OfACampus):
    """For staff, and the teachers of the class. ``counts`` are those after it."""

    class_id: UUID
    class_title: str
    branch_id: UUID | None
    on_date: date
    lesson: int | None
    counts: AttendanceFigures
    marked_by_id: UUID
    teacher_user_ids: Sequence[UUID] = ()

    @property
    def at_branch(self) -> UUID | None:
        return self.branch_id

    @property
    def taught_by(self) -> Iterable[UUID]:
        return self.teacher_user_ids

    def topics(self) -> Iterable[str]:
        return [*super().topics(), class_topic(self.class_id)]


@event("school.attendance_recorded")
@dataclass(frozen=True, kw_only=True)
class AttendanceRecorded(_OfARoll):
    """The roll of a class was called; ``marks`` are those that are new or another."""

    marks: Sequence[RollMark]


@event("school.attendance_corrected")
@dataclass(frozen=True, kw_only=True)
class AttendanceCorrected(_OfARoll):
    """One mark was another one."""

    mark: RollMark
    reason: str
    revision: int

    def topics(self) -> Iterable[str]:
        return [*super().topics(), student_topic(self.mark.student_id)]


@event("school.ward_marked")
@dataclass(frozen=True, kw_only=True)
class WardMarked(Event):
    """What was marked for one student, as the guardians are told: nothing of the others, and no note of the staff."""

    student_id: UUID
    student: str
    class_id: UUID
    class_title: str
    on_date: date
    lesson: int | None
    before: AttendanceStatus | None
    after: AttendanceStatus
    guardian_ids: Sequence[UUID]

    def topics(self) -> Iterable[str]:
        return [student_topic(self.student_id), *map(ward_topic, self.guardian_ids)]

    def audience(self) -> Iterable[str]:
        return users(self.guardian_ids)
