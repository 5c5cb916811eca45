"""A class moves on: everybody is accounted for, and running it again does what is left."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.school.rules.promotion import (
    ENDS,
    MAX_STUDENTS,
    BadPromotion,
    Candidate,
    Order,
    Plan,
    Progress,
    decide,
    plan,
    require_later,
)
from domain.school.states import EnrolmentStatus, PromotionDecision, PromotionOutcome, PromotionReason
from tests.domain.school.rules.factory import FEW, YEAR, ident, span

S, D, O, R = EnrolmentStatus, PromotionDecision, PromotionOutcome, PromotionReason  # noqa: E741
P3, P4, SLOW = ident(3), ident(4), ident(5)


def candidate(number: int, **more: object) -> Candidate:
    known = Candidate(student_id=ident(number), enrolment_id=ident(1000 + number), class_id=P3)
    return replace(known, **more)  # type: ignore[arg-type]


def found(made: Plan) -> list[tuple[UUID, PromotionOutcome, UUID | None, PromotionReason | None]]:
    return [(step.student_id, step.outcome, step.class_id, step.reason) for step in made.steps]


def test_everybody_is_accounted_for() -> None:
    order = Order(
        from_class_id=P3,
        to_class_id=P4,
        decisions={ident(102): D.REPEAT, ident(103): D.LEAVE_OUT, ident(104): D.GRADUATE, ident(199): D.REPEAT},
    )
    roll = [
        candidate(101),
        candidate(102),
        candidate(103),
        candidate(104),
        candidate(105, status=S.WITHDRAWN),
        candidate(106, status=S.APPLIED),
        candidate(107, status=S.PROMOTED, placed=True),
        candidate(108, class_id=SLOW),
        candidate(109, placed=True),
    ]
    made = plan(order, roll, {P4: 10, P3: None})
    assert found(made) == [
        (ident(101), O.PROMOTED, P4, None),
        (ident(102), O.REPEATED, P3, None),
        (ident(103), O.LEFT_OUT, None, R.ASKED_FOR),
        (ident(104), O.GRADUATED, None, None),
        (ident(105), O.LEFT_OUT, None, R.NOT_ENROLLED),
        (ident(106), O.LEFT_OUT, None, R.NOT_ENROLLED),
        (ident(107), O.LEFT_OUT, None, R.DONE_BEFORE),
        (ident(108), O.LEFT_OUT, None, R.NOT_OF_THE_CLASS),
        (ident(109), O.FAILED, None, R.PLACED_OTHERWISE),
        (ident(199), O.FAILED, None, R.NOT_OF_THE_CLASS),
    ]
    assert made.counts == {O.PROMOTED: 1, O.REPEATED: 1, O.GRADUATED: 1, O.LEFT_OUT: 5, O.FAILED: 2}
    assert made.class_changes == {P3: -2, P4: 1}
    assert made.total_change == -1


def test_who_is_first_on_the_roll_has_the_first_place_and_the_rest_fail_alone() -> None:
    order = Order(from_class_id=P3, to_class_id=P4, decisions={ident(2): D.REPEAT})
    roll = [candidate(number) for number in range(1, 5)]
    made = plan(order, roll, {P4: 2, P3: None})
    assert [step.outcome for step in made.steps] == [O.PROMOTED, O.REPEATED, O.PROMOTED, O.FAILED]
    assert made.steps[3].reason is R.CLASS_FULL
    assert made.class_changes == {P3: -2, P4: 2}
    assert made.total_change == 0


def test_the_last_class_graduates() -> None:
    made = plan(Order(from_class_id=P3, to_class_id=None), [candidate(1), candidate(2)], {})
    assert [step.outcome for step in made.steps] == [O.GRADUATED, O.GRADUATED]
    assert (made.class_changes, made.total_change) == ({P3: -2}, -2)
    with pytest.raises(BadPromotion, match="without a class"):
        Order(from_class_id=P3, to_class_id=None, decisions={ident(1): D.PROMOTE})


def test_who_repeats_can_go_to_another_class() -> None:
    order = Order(from_class_id=P3, to_class_id=P4, repeat_class_id=SLOW, decisions={ident(1): D.REPEAT})
    assert plan(order, [candidate(1)], {}).class_changes == {P3: -1, SLOW: 1}


def test_who_repeats_needs_a_place_too() -> None:
    order = Order(from_class_id=P3, to_class_id=P4, decisions={ident(1): D.REPEAT})
    assert plan(order, [candidate(1)], {P3: 0}).steps[0].reason is R.CLASS_FULL


def test_nobody_is_on_a_roll_twice_and_no_roll_is_endless() -> None:
    order = Order(from_class_id=P3, to_class_id=P4)
    assert plan(order, [], {}).steps == ()
    with pytest.raises(BadPromotion, match="once"):
        plan(order, [candidate(1), candidate(1, enrolment_id=ident(9))], {})
    with pytest.raises(BadPromotion, match="at most"):
        plan(order, [candidate(number) for number in range(MAX_STUDENTS + 1)], {})
    with pytest.raises(BadPromotion, match="at most"):
        Order(from_class_id=P3, to_class_id=P4, decisions={ident(n): D.REPEAT for n in range(MAX_STUDENTS + 1)})


def test_the_old_period_ends_before_the_new_one_begins() -> None:
    require_later(YEAR.span, span("2026-08-01", "2027-07-31"))
    with pytest.raises(BadPromotion):
        require_later(YEAR.span, span("2026-07-31", "2027-07-31"))


def test_progress_is_told_in_percent() -> None:
    progress = Progress(3)
    told = [progress.percent]
    for outcome in (O.PROMOTED, O.FAILED, O.PROMOTED):
        assert not progress.finished
        progress = progress.after(outcome)
        told.append(progress.percent)
    assert told == [Decimal("0.00"), Decimal("33.33"), Decimal("66.67"), Decimal("100.00")]
    assert progress.finished and progress.counts == {O.PROMOTED: 2, O.FAILED: 1}
    assert Progress(0).finished and Progress(0).percent == Decimal("100.00")


candidates = st.builds(
    Candidate,
    student_id=st.integers(100, 130).map(ident),
    enrolment_id=st.uuids(),
    class_id=st.sampled_from([P3, P3, P3, SLOW]),
    status=st.sampled_from([S.ENROLLED, S.ENROLLED, S.ENROLLED, *S]),
    placed=st.booleans(),
)
rolls = st.lists(candidates, max_size=12, unique_by=lambda each: each.student_id)
orders = st.builds(
    Order,
    from_class_id=st.just(P3),
    to_class_id=st.just(P4),
    repeat_class_id=st.sampled_from([None, SLOW]),
    decisions=st.dictionaries(st.integers(100, 130).map(ident), st.sampled_from(D), max_size=6),
)
places = st.fixed_dictionaries({each: st.none() | st.integers(0, 5) for each in (P3, P4, SLOW)})


def carried_out(roll: list[Candidate], made: Plan) -> list[Candidate]:
    steps = {step.student_id: step for step in made.steps}
    return [
        replace(each, status=ENDS[step.outcome], placed=step.class_id is not None)
        if (step := steps[each.student_id]).moves
        else each
        for each in roll
    ]


def free_after(free: dict[UUID, int | None], made: Plan) -> dict[UUID, int | None]:
    taken = Counter(step.class_id for step in made.steps)
    return {each: None if left is None else left - taken[each] for each, left in free.items()}


@FEW
@given(orders, rolls, places)
def test_nobody_is_lost_and_no_class_overflows(order: Order, roll: list[Candidate], free: dict[UUID, int | None]) -> None:
    made = plan(order, roll, free)
    assert {step.student_id for step in made.steps} == {each.student_id for each in roll} | set(order.decisions)
    assert sum(made.counts.values()) == len(made.steps)
    assert sum(made.class_changes.values()) == made.total_change == -made.counts[O.GRADUATED]
    assert all(left is None or left >= 0 for left in free_after(free, made).values())
    for step in made.steps:
        assert (step.reason is None) is step.moves
        assert (step.class_id is not None) is (step.outcome in (O.PROMOTED, O.REPEATED))


@FEW
@given(orders, rolls, places)
def test_running_it_again_changes_nothing(order: Order, roll: list[Candidate], free: dict[UUID, int | None]) -> None:
    made = plan(order, roll, free)
    again = plan(order, carried_out(roll, made), free_after(free, made))
    assert not any(step.moves for step in again.steps)
    assert again.class_changes == {} and again.total_change == 0
    before = {step.student_id: step for step in made.steps}
    for step in again.steps:
        first = before[step.student_id]
        assert step == first if not first.moves else step.reason is R.DONE_BEFORE


@FEW
@given(orders, rolls, places, st.integers(0, 12))
def test_stopped_in_the_middle_and_run_again_is_the_same(
    order: Order, roll: list[Candidate], free: dict[UUID, int | None], stop: int
) -> None:
    """A student at a time, killed after some, and begun anew: as if nothing had happened in between."""
    whole = plan(order, roll, free)
    part = Plan(P3, whole.steps[: min(stop, len(roll))])
    rest = roll[len(part.steps) :]
    half_way = carried_out(roll[: len(part.steps)], part) + rest
    again = plan(order, half_way, free_after(free, part))
    assert {s for s in again.steps if s.moves} | {s for s in part.steps if s.moves} == {s for s in whole.steps if s.moves}


@FEW
@given(orders, rolls, places)
def test_a_student_at_a_time_comes_to_the_same(order: Order, roll: list[Candidate], free: dict[UUID, int | None]) -> None:
    made, left = plan(order, roll, free), dict(free)
    for each, step in zip(roll, made.steps, strict=False):
        assert decide(order, each, left) == step
        left = free_after(left, Plan(P3, (step,)))
