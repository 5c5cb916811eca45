"""A student's enrolment: a programme, a period, and the classes that the student is in through it.

An enrolment is for one programme and a whole year, or one of its terms. The student is in exactly one class on each day
from joining to leaving; a change of class begins a new stay on a day and ends the one before on the day before it. What was
marked or charged in the class before is kept there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from domain.school.rules.calendar import Span
from domain.school.states import ENROLMENT_TRANSITIONS, LEFT_EARLY, EnrolmentStatus

_DAY = timedelta(days=1)


class EnrolmentRefused(ValueError):
    """The student cannot be enrolled so, or the enrolment cannot change so."""


class EnrolledTwice(EnrolmentRefused):
    """The student has an enrolment for this programme and period."""

    def __init__(self, standing_id: UUID) -> None:
        self.standing_id = standing_id
        super().__init__("the student is enrolled for this programme and period already")


class ClassFull(EnrolmentRefused):
    """The class has no place left."""

    def __init__(self, capacity: int, free: int, wanted: int) -> None:
        self.capacity, self.free, self.wanted = capacity, free, wanted
        places = "no place" if free <= 0 else f"{free} of {wanted} places"
        super().__init__(f"the class has {capacity} places, and {places} free")


class StatusRefused(EnrolmentRefused):
    """An enrolment does not go from where it stands to there."""

    def __init__(self, before: EnrolmentStatus, after: EnrolmentStatus) -> None:
        self.before, self.after = before, after
        super().__init__(f"an enrolment that is {before.lower()} cannot become {after.lower()}")


class DayRefused(EnrolmentRefused):
    """The day is not one on which this can happen."""


@dataclass(frozen=True, slots=True)
class Period:
    """A year, or one of its terms, to be enrolled for."""

    year_id: UUID
    term_id: UUID | None = None

    def overlaps(self, other: Period) -> bool:
        """A whole year has all its terms in it."""
        return self.year_id == other.year_id and (None in (self.term_id, other.term_id) or self.term_id == other.term_id)


@dataclass(frozen=True, slots=True)
class Stay:
    """Days in one class: from the first to the last, both included. As things stand that is the last day of the period."""

    class_id: UUID
    from_on: date
    until_on: date

    def __contains__(self, day: date) -> bool:
        return self.from_on <= day <= self.until_on

    def overlaps(self, other: Stay) -> bool:
        return self.from_on <= other.until_on and other.from_on <= self.until_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """What is known of one enrolment. ``stays`` are in their order and leave no day out; an applicant has none."""

    id: UUID
    student_id: UUID
    program_id: UUID
    period: Period
    status: EnrolmentStatus = EnrolmentStatus.APPLIED
    stays: tuple[Stay, ...] = ()

    @property
    def class_id(self) -> UUID | None:
        """The class that the student is in now, or was in last."""
        return self.stays[-1].class_id if self.stays else None

    def class_on(self, day: date) -> UUID | None:
        """The class that the student was in on a day; None when the student was not enrolled then."""
        return next((stay.class_id for stay in self.stays if day in stay), None)


def require_once(wanted: Enrolment, others: Iterable[Enrolment]) -> None:
    """A student has one enrolment for a programme and a period, and a whole year has its terms in it.

    Whoever left early may come back, on a day after the last one; so it is asked of the enrolment with its stay.
    """
    for other in others:
        if other.student_id != wanted.student_id or other.program_id != wanted.program_id or other.id == wanted.id:
            continue
        if other.status not in LEFT_EARLY and other.period.overlaps(wanted.period):
            raise EnrolledTwice(other.id)
        if any(stay.overlaps(known) for stay in wanted.stays for known in other.stays):
            raise DayRefused(f"the student was enrolled until {other.stays[-1].until_on}")


def require_places(capacity: int | None, taken: int, wanted: int = 1) -> None:
    """A class has as many places as it has capacity; without one, as many as are wanted."""
    if capacity is not None and taken + wanted > capacity:
        raise ClassFull(capacity, max(capacity - taken, 0), wanted)


def placed(enrolment: Enrolment, class_id: UUID, on: date, days: Span) -> Enrolment:
    """The applicant has a place, from a day of the period to its end."""
    if on not in days:
        raise DayRefused(f"{on} is not between {days.starts_on} and {days.ends_on}")
    return replace(_become(enrolment, EnrolmentStatus.ENROLLED), stays=(Stay(class_id, on, days.ends_on),))


def moved(enrolment: Enrolment, class_id: UUID, on: date) -> Enrolment:
    """In another class from a day on. A second change on the same day takes the place of the first."""
    if enrolment.status is not EnrolmentStatus.ENROLLED:
        raise StatusRefused(enrolment.status, EnrolmentStatus.ENROLLED)
    *earlier, last = enrolment.stays
    if class_id == last.class_id:
        raise EnrolmentRefused("the student is in this class already")
    _require_day_of(last, on)
    if on > last.from_on:
        return replace(
            enrolment, stays=(*earlier, replace(last, until_on=on - _DAY), replace(last, class_id=class_id, from_on=on))
        )
    if earlier and earlier[-1].class_id == class_id:
        return replace(enrolment, stays=(*earlier[:-1], replace(earlier[-1], until_on=last.until_on)))
    return replace(enrolment, stays=(*earlier, replace(last, class_id=class_id)))


def ended(enrolment: Enrolment, status: EnrolmentStatus, last_on: date | None = None) -> Enrolment:
    """The enrolment is over. ``last_on`` is the last day of it that counts; only who leaves early needs one.

    Who withdraws before the first day never came, and was in no class.
    """
    after = _become(enrolment, status)
    if enrolment.stays and last_on is None and status in LEFT_EARLY:
        raise DayRefused("who leaves before the end has a last day")
    if not enrolment.stays or last_on is None:
        return after
    if status is EnrolmentStatus.WITHDRAWN and last_on < enrolment.stays[0].from_on:
        return replace(after, stays=())
    *earlier, last = enrolment.stays
    _require_day_of(last, last_on)
    return replace(after, stays=(*earlier, replace(last, until_on=last_on)))


def _become(enrolment: Enrolment, status: EnrolmentStatus) -> Enrolment:
    if status not in ENROLMENT_TRANSITIONS[enrolment.status]:
        raise StatusRefused(enrolment.status, status)
    return replace(enrolment, status=status)


def _require_day_of(last: Stay, day: date) -> None:
    """What was before the present class is not changed any more."""
    if day not in last:
        raise DayRefused(f"the student is in the present class from {last.from_on} to {last.until_on}; {day} is no such day")
