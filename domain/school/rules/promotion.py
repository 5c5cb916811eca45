"""A class moves on: what is to become of each of its students, and why.

The plan is made of what is known, and changes nothing. Whoever carries it out does so a student at a time, by the same rule
with what is known then; so whatever stops it in the middle, running it again does what is left and nothing twice. Who cannot
be moved fails alone, stays enrolled where they are, and the others move.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Final
from uuid import UUID

from domain.kit.decimals import percent
from domain.school.rules.calendar import Span
from domain.school.states import (
    EnrolmentStatus,
    PromotionDecision,
    PromotionOutcome,
    PromotionReason,
)

MAX_STUDENTS: Final = 1_000
"""No class has more."""

MOVED: Final = frozenset({PromotionOutcome.PROMOTED, PromotionOutcome.REPEATED, PromotionOutcome.GRADUATED})

DONE: Final = frozenset({EnrolmentStatus.PROMOTED, EnrolmentStatus.REPEATED, EnrolmentStatus.GRADUATED})

OUTCOMES: Final[Mapping[PromotionDecision, PromotionOutcome]] = {
    PromotionDecision.PROMOTE: PromotionOutcome.PROMOTED,
    PromotionDecision.REPEAT: PromotionOutcome.REPEATED,
    PromotionDecision.GRADUATE: PromotionOutcome.GRADUATED,
}

ENDS: Final[Mapping[PromotionOutcome, EnrolmentStatus]] = {
    PromotionOutcome.PROMOTED: EnrolmentStatus.PROMOTED,
    PromotionOutcome.REPEATED: EnrolmentStatus.REPEATED,
    PromotionOutcome.GRADUATED: EnrolmentStatus.GRADUATED,
}
"""How the enrolment ends of whom a promotion moves."""


class BadPromotion(ValueError):
    """A promotion that could not be carried out for anybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One whose enrolment is, or was, in the class for the period that ends.

    ``placed`` is whether there is an enrolment for the coming period already that the student has not left.
    """

    student_id: UUID
    enrolment_id: UUID
    class_id: UUID
    status: EnrolmentStatus = EnrolmentStatus.ENROLLED
    placed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Which class moves where. Without ``to_class_id`` its students have done the last class, and graduate.

    ``decisions`` are about students by name; all others move on. Who repeats stays in the class, unless another is said.
    """

    from_class_id: UUID
    to_class_id: UUID | None
    repeat_class_id: UUID | None = None
    decisions: Mapping[UUID, PromotionDecision] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        if len(self.decisions) > MAX_STUDENTS:
            raise BadPromotion(f"at most {MAX_STUDENTS} students are decided about at once")
        if self.to_class_id is None and PromotionDecision.PROMOTE in self.decisions.values():
            raise BadPromotion("nobody is promoted without a class to be promoted to")

    def decision_on(self, student_id: UUID) -> PromotionDecision:
        usual = PromotionDecision.GRADUATE if self.to_class_id is None else PromotionDecision.PROMOTE
        return self.decisions.get(student_id, usual)

    def class_for(self, decision: PromotionDecision) -> UUID | None:
        """The class of the coming period; None for who leaves the school."""
        if decision is PromotionDecision.PROMOTE:
            return self.to_class_id
        if decision is PromotionDecision.REPEAT:
            return self.repeat_class_id or self.from_class_id
        return None


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of one student. ``class_id`` is the one of the coming period, for who has one by this."""

    student_id: UUID
    enrolment_id: UUID | None
    outcome: PromotionOutcome
    class_id: UUID | None = None
    reason: PromotionReason | None = None

    @property
    def moves(self) -> bool:
        return self.outcome in MOVED


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of everybody, in the order of the roll; at the end those who were named and are not on it."""

    from_class_id: UUID
    steps: tuple[Step, ...]

    @property
    def class_changes(self) -> dict[UUID, int]:
        """By how much the number of students of each class changes."""
        changes = Counter(step.class_id for step in self.steps if step.class_id is not None)
        changes[self.from_class_id] -= sum(step.moves for step in self.steps)
        return {class_id: change for class_id, change in changes.items() if class_id is not None and change}

    @property
    def total_change(self) -> int:
        """By how much the number of enrolments of all classes together changes: graduates have none any more.

        Who is enrolled for another programme, too, is a student of the school all the same.
        """
        return -sum(step.outcome is PromotionOutcome.GRADUATED for step in self.steps)

    @property
    def counts(self) -> dict[PromotionOutcome, int]:
        found = Counter(step.outcome for step in self.steps)
        return {outcome: found[outcome] for outcome in PromotionOutcome}


def plan(order: Order, candidates: Sequence[Candidate], free: Mapping[UUID, int | None]) -> Plan:
    """``free`` is how many places each class has left in the coming period, None for no limit. Who is first on the roll has
    the first place."""
    if len(candidates) > MAX_STUDENTS:
        raise BadPromotion(f"at most {MAX_STUDENTS} students move at once")
    if len({candidate.student_id for candidate in candidates}) < len(candidates):
        raise BadPromotion("a student is on the roll of a class once")
    left = dict(free)
    steps = []
    for candidate in candidates:
        step = decide(order, candidate, left)
        if step.class_id is not None and (places := left.get(step.class_id)) is not None:
            left[step.class_id] = places - 1
        steps.append(step)
    on_the_roll = {candidate.student_id for candidate in candidates}
    return Plan(order.from_class_id, (*steps, *_strangers(order, on_the_roll)))


def decide(order: Order, candidate: Candidate, free: Mapping[UUID, int | None]) -> Step:
    """What becomes of one student, as things stand."""
    decision = order.decision_on(candidate.student_id)
    stays = Step(candidate.student_id, candidate.enrolment_id, PromotionOutcome.LEFT_OUT)
    if candidate.status in DONE:
        return replace(stays, reason=PromotionReason.DONE_BEFORE)
    if candidate.status is not EnrolmentStatus.ENROLLED:
        return replace(stays, reason=PromotionReason.NOT_ENROLLED)
    if candidate.class_id != order.from_class_id:
        return replace(stays, reason=PromotionReason.NOT_OF_THE_CLASS)
    if decision is PromotionDecision.LEAVE_OUT:
        return replace(stays, reason=PromotionReason.ASKED_FOR)
    if candidate.placed:
        return replace(stays, outcome=PromotionOutcome.FAILED, reason=PromotionReason.PLACED_OTHERWISE)
    class_id = order.class_for(decision)
    places = None if class_id is None else free.get(class_id)
    if places is not None and places <= 0:
        return replace(stays, outcome=PromotionOutcome.FAILED, reason=PromotionReason.CLASS_FULL)
    return replace(stays, outcome=OUTCOMES[decision], class_id=class_id)


def _strangers(order: Order, on_the_roll: set[UUID]) -> list[Step]:
    """Students who were decided about by name, and are not in the class."""
    return [
        Step(student_id, None, PromotionOutcome.FAILED, reason=PromotionReason.NOT_OF_THE_CLASS)
        for student_id in sorted(order.decisions.keys() - on_the_roll)
    ]


def require_later(ending: Span, coming: Span) -> None:
    """A student is in the old class to the end of its period, and in the new one from the beginning of the other."""
    if coming.starts_on <= ending.ends_on:
        raise BadPromotion("a class moves on to a period that begins after the present one ends")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far something has come that is carried out one after the other, such as a promotion; counts are by outcome."""

    total: int
    counts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def done(self) -> int:
        return sum(self.counts.values())

    @property
    def finished(self) -> bool:
        return self.done >= self.total

    @property
    def percent(self) -> Decimal:
        """An empty class is done at once."""
        rate = percent(min(self.done, self.total), self.total)
        return Decimal("100.00") if rate is None else rate

    def after(self, outcome: str) -> Progress:
        counts = dict(self.counts)
        counts[outcome] = counts.get(outcome, 0) + 1
        return replace(self, counts=counts)
