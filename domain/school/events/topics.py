"""What facts about the school are about, who may hear them, and how a row becomes figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Final, Self
from uuid import UUID

from domain.events.event import Event
from domain.identity.actor import staff_of
from domain.identity.permissions import Permission

SCHOOL: Final = "school"
"""Everything that happens at the school."""

SCHOOL_BOOKS: Final = "school_books"
"""All that comes into the books as the school sees them."""

EVERY_READER: Final = f"permission:{Permission.SCHOOL_READ.value}"
"""Whoever may read the school, if it be their own classes only."""


def school_topic(branch_id: UUID | None) -> str:
    """Everything that happens on one campus, or where no campus is."""
    return f"school:{branch_id or '-'}"


def school_topics(branch_id: UUID | None) -> list[str]:
    return [SCHOOL, school_topic(branch_id)]


def class_topic(class_id: UUID) -> str:
    return f"class:{class_id}"


def student_topic(student_id: UUID) -> str:
    return f"student:{student_id}"


def fee_topic(fee_id: UUID) -> str:
    return f"fee:{fee_id}"


def ward_topic(guardian_id: UUID) -> str:
    """All that happens to the wards of a guardian."""
    return f"ward:{guardian_id}"


def teacher_topic(teacher_id: UUID) -> str:
    return f"teacher:{teacher_id}"


def enrolment_topic(enrolment_id: UUID) -> str:
    return f"enrolment:{enrolment_id}"


def run_topic(run_id: UUID) -> str:
    return f"school_run:{run_id}"


def users(ids: Iterable[UUID]) -> list[str]:
    """The audience of people by name."""
    return [f"user:{user_id}" for user_id in ids]


@dataclass(frozen=True, kw_only=True)
class Figures:
    """A row as it stood when something happened to it; the names are those of the row itself."""

    @classmethod
    def of(cls, row: object, **others: Any) -> Self:
        """``others`` are figures that the row itself does not tell."""
        told = {column.name: getattr(row, column.name) for column in fields(cls) if column.name not in others}
        return cls(**told, **others)


class OfTheSchool(Event):
    """Something of the whole school, for whoever may read of it: the calendar, subjects, classes."""

    def topics(self) -> Iterable[str]:
        return [SCHOOL]

    def audience(self) -> Iterable[str]:
        return [EVERY_READER]


class OfACampus(Event):
    """Something on one campus: for its staff who read all classes, for those who see every campus, and for the teachers
    whom it is about, by name."""

    @property
    def at_branch(self) -> UUID | None:
        raise NotImplementedError

    @property
    def also_at(self) -> UUID | None:
        """Another campus that it concerns: the one that somebody or something left by it, or comes to."""
        return None

    @property
    def taught_by(self) -> Iterable[UUID]:
        """The teachers, as users, who hear of it because it is about their own class."""
        return ()

    @property
    def _elsewhere(self) -> UUID | None:
        return None if self.also_at == self.at_branch else self.also_at

    def topics(self) -> Iterable[str]:
        elsewhere = self._elsewhere
        return [*school_topics(self.at_branch), *([] if elsewhere is None else [school_topic(elsewhere)])]

    def audience(self) -> Iterable[str]:
        elsewhere = self._elsewhere
        there = [] if elsewhere is None else staff_of(Permission.ALL_CLASSES, elsewhere)
        return [*dict.fromkeys((*staff_of(Permission.ALL_CLASSES, self.at_branch), *there)), *users(self.taught_by)]
