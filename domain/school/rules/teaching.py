"""Who teaches what in which class: one teacher is responsible for a class at a time, and subjects are taught by many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from domain.school.states import TeachingRole


class AssignmentRefused(ValueError):
    """The teacher cannot be assigned so."""


class AssignedTwice(AssignmentRefused):
    """The teacher has this assignment already."""


class HasClassTeacher(AssignmentRefused):
    """Another teacher is responsible for the class."""

    def __init__(self, teacher_id: UUID) -> None:
        self.teacher_id = teacher_id
        super().__init__("another teacher is responsible for this class")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Days on which a teacher is responsible for a class, or teaches a subject in it; both ends included."""

    id: UUID
    teacher_id: UUID
    class_id: UUID
    subject_id: UUID | None
    from_on: date
    until_on: date | None = None

    @property
    def role(self) -> TeachingRole:
        return TeachingRole.CLASS_TEACHER if self.subject_id is None else TeachingRole.SUBJECT_TEACHER

    def __contains__(self, day: date) -> bool:
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)

    def overlaps(self, other: Assignment) -> bool:
        starts_before_end = other.until_on is None or self.from_on <= other.until_on
        return starts_before_end and (self.until_on is None or other.from_on <= self.until_on)

    def is_for(self, other: Assignment) -> bool:
        """Whether both are about the same class and subject."""
        return (self.class_id, self.subject_id) == (other.class_id, other.subject_id)


@dataclass(frozen=True, slots=True)
class Assigning:
    """What an assignment does: the new one, and the one that ends because of it."""

    made: Assignment
    relieved: Assignment | None = None


def assign(wanted: Assignment, known: Sequence[Assignment], *, replacing: bool = False) -> Assigning:
    """``known`` are the assignments in this class. With ``replacing``, who is responsible for it is relieved the day before.

    Who is responsible from the same day on, or later, is not relieved: that assignment would have no day.
    """
    if wanted.until_on is not None and wanted.until_on < wanted.from_on:
        raise AssignmentRefused("an assignment ends after it begins")
    in_the_way = [other for other in known if other.is_for(wanted) and other.overlaps(wanted) and other.id != wanted.id]
    if any(other.teacher_id == wanted.teacher_id for other in in_the_way):
        raise AssignedTwice("the teacher has this assignment already")
    if wanted.role is TeachingRole.SUBJECT_TEACHER or not in_the_way:
        return Assigning(wanted)
    standing = in_the_way[0]
    if not replacing or len(in_the_way) > 1 or standing.from_on >= wanted.from_on:
        raise HasClassTeacher(standing.teacher_id)
    return Assigning(wanted, replace(standing, until_on=wanted.from_on - timedelta(days=1)))


def end(assignment: Assignment, last_on: date) -> Assignment:
    """The assignment is over, and ``last_on`` is its last day."""
    if last_on < assignment.from_on or (assignment.until_on is not None and last_on > assignment.until_on):
        raise AssignmentRefused("an assignment ends on one of its days")
    return replace(assignment, until_on=last_on)
