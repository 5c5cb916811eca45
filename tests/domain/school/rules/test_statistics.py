"""Statistics: differences one after the other are a recount, wherever they are kept."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kit.money import Money
from domain.school.rules.fees import Figures
from domain.school.rules.promotion import ENDS, Candidate, Order, plan
from domain.school.rules.statistics import (
    AssignmentFact,
    CollectionFact,
    Difference,
    EnrolmentFact,
    Fact,
    FeeFact,
    Key,
    MarkFact,
    Metric,
    PostingFact,
    StudentFact,
    Sums,
    TeacherFact,
    added,
    by_class,
    by_month,
    delta,
    differences,
    recounted,
    total,
)
from domain.school.states import AttendanceStatus, EnrolmentStatus, TransactionKind
from tests.domain.school.rules.factory import FEW, ident

A, M, S = AttendanceStatus, Metric, EnrolmentStatus
P3, P4 = ident(3), ident(4)
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


def ghs(amount: str) -> Money:
    return Money.of(amount, "GHS")


def fee(due: str, paid: str = "0") -> FeeFact:
    return FeeFact(date(2026, 3, 31), Figures.of(ghs(due), ghs(paid)))


def posted(amount: str, on: date = date(2026, 3, 10)) -> PostingFact:
    return PostingFact(TransactionKind.INCOME, on, ghs(amount))


def test_a_fee_of_1500_is_paid_in_steps_and_given_back() -> None:
    """Due 1500, unpaid; 500 paid, 600 paid, and nothing again."""
    sums: Sums = delta(None, fee("1500"))
    assert (total(sums, M.FEES_OUTSTANDING, "GHS"), total(sums, M.INCOME, "GHS")) == (150_000, 0)

    sums = added(sums, delta(fee("1500"), fee("1500", "500")), recounted([posted("500")]))
    assert by_month(sums, M.FEES_OUTSTANDING, "GHS") == {MARCH: ghs("1000")}
    assert by_month(sums, M.INCOME, "GHS") == {MARCH: ghs("500")}

    again = recounted([posted("-500"), posted("600")])
    sums = added(sums, delta(fee("1500", "500"), fee("1500", "600")), again)
    assert by_month(sums, M.FEES_OUTSTANDING, "GHS") == {MARCH: ghs("900")}
    assert by_month(sums, M.INCOME, "GHS") == {MARCH: ghs("600")}

    sums = added(sums, delta(fee("1500", "600"), fee("1500")), recounted([posted("-600")]))
    assert sums == recounted([fee("1500")])
    assert by_month(sums, M.INCOME, "GHS") == {}


def test_what_is_reversed_later_stays_in_its_month() -> None:
    """Paid 500 in March and 100 more in April: the row of 500 is reversed in April and one of 600 posted."""
    sums = recounted([posted("500"), posted("-500", date(2026, 4, 2)), posted("600", date(2026, 4, 2))])
    assert by_month(sums, M.INCOME, "GHS") == {MARCH: ghs("500"), APRIL: ghs("100")}


def test_credit_of_one_fee_does_not_pay_another() -> None:
    sums = recounted([fee("100", "130"), fee("100", "60")])
    assert total(sums, M.FEES_CHARGED, "GHS") == 20_000
    assert total(sums, M.FEES_OUTSTANDING, "GHS") == 4_000
    assert total(sums, M.FEES_CREDIT, "GHS") == 3_000


def test_a_deleted_fee_is_nothing() -> None:
    void = FeeFact(date(2026, 3, 31), Figures(due=ghs("100"), paid=ghs("0"), refunded=ghs("0"), void=True))
    assert delta(fee("100", "40"), void) == {key: -each for key, each in fee("100", "40").sums().items() if each}
    assert recounted([void]) == {}


def test_a_correction_of_attendance_changes_the_day_once() -> None:
    day = date(2026, 3, 10)
    absent, late = MarkFact(P3, day, A.ABSENT), MarkFact(P3, day, A.LATE)
    change = delta(absent, late)
    assert change == {Key(M.ATTENDANCE_ABSENT, P3, day): -1, Key(M.ATTENDANCE_LATE, P3, day): 1}
    assert delta(late, late) == {}
    sums = added(recounted([absent, MarkFact(P3, day, A.PRESENT), MarkFact(P4, day, A.PRESENT)]), change)
    assert sums == {
        Key(M.ATTENDANCE_LATE, P3, day): 1,
        Key(M.ATTENDANCE_PRESENT, P3, day): 1,
        Key(M.ATTENDANCE_PRESENT, P4, day): 1,
    }


def test_a_change_of_class_moves_one() -> None:
    change = delta(EnrolmentFact(P3, S.ENROLLED), EnrolmentFact(P4, S.ENROLLED))
    assert by_class(change, M.CLASS_STUDENTS) == {P3: -1, P4: 1}
    assert total(change, M.CLASS_STUDENTS) == 0
    assert delta(EnrolmentFact(None, S.APPLIED), EnrolmentFact(P3, S.ENROLLED)) == {Key(M.CLASS_STUDENTS, P3): 1}


def test_a_promotion_moves_the_classes_as_its_plan_says() -> None:
    roll = [
        Candidate(student_id=ident(n), enrolment_id=ident(100 + n), class_id=P3, status=status)
        for n, status in enumerate([S.ENROLLED, S.ENROLLED, S.WITHDRAWN, S.ENROLLED], 1)
    ]
    made = plan(Order(from_class_id=P3, to_class_id=P4), roll, {P4: 2})
    moving = [step for step in made.steps if step.moves]
    change = added(
        *(delta(EnrolmentFact(P3, S.ENROLLED), EnrolmentFact(P3, ENDS[step.outcome])) for step in moving),
        *(delta(None, EnrolmentFact(step.class_id, S.ENROLLED)) for step in moving),
    )
    assert by_class(change, M.CLASS_STUDENTS) == made.class_changes == {P3: -2, P4: 2}


def test_months_are_those_of_the_day_and_the_currency() -> None:
    facts = [posted("10", date(2026, 4, 30)), posted("5", date(2026, 3, 31)), posted("7", date(2026, 3, 1))]
    spent = PostingFact(TransactionKind.EXPENSE, date(2026, 4, 2), ghs("3"))
    shillings = PostingFact(TransactionKind.INCOME, date(2026, 4, 2), Money.of(900, "KES"))
    sums = recounted([*facts, spent, shillings])
    assert list(by_month(sums, M.INCOME, "GHS").items()) == [(MARCH, ghs("12")), (APRIL, ghs("10"))]
    assert by_month(sums, M.EXPENSES, "GHS") == {APRIL: ghs("3")}
    assert total(sums, M.INCOME, "KES") == 90_000


@pytest.mark.parametrize(
    ("key", "title"),
    [
        (Key(M.STUDENTS), "students"),
        (Key(M.CLASS_STUDENTS, P3), f"class_students:{P3}"),
        (Key(M.ATTENDANCE_LATE, P3, date(2026, 3, 10)), f"attendance_late:{P3}:2026-03-10"),
        (Key(M.FEES_COLLECTED, None, MARCH, "GHS"), "fees_collected:2026-03:GHS"),
    ],
)
def test_sums_have_titles(key: Key, title: str) -> None:
    assert key.title == title


def test_what_is_not_as_counted_is_found() -> None:
    counted = recounted([StudentFact(True), StudentFact(False), TeacherFact(True), AssignmentFact(P3, True)])
    assert counted == {Key(M.STUDENTS): 1, Key(M.TEACHERS): 1, Key(M.CLASS_TEACHERS, P3): 1}
    assert differences(counted, counted) == []
    kept = {Key(M.STUDENTS): 2, Key(M.TEACHERS): 1, Key(M.CLASS_TEACHERS, P4): 0}
    assert differences(kept, counted) == [
        Difference(Key(M.CLASS_TEACHERS, P3), 0, 1),
        Difference(Key(M.STUDENTS), 2, 1),
    ]


days = st.dates(date(2026, 1, 1), date(2026, 4, 30))
classes = st.sampled_from([P3, P4])
signed = st.integers(-(10**6), 10**6).map(lambda minor: Money(minor, "GHS"))
perhaps = st.integers(0, 10**6).map(lambda minor: Money(minor, "GHS"))
kinds: list[st.SearchStrategy[Fact]] = [
    st.builds(StudentFact, st.booleans()),
    st.builds(EnrolmentFact, st.none() | classes, st.sampled_from(S)),
    st.builds(TeacherFact, st.booleans()),
    st.builds(AssignmentFact, classes, st.booleans()),
    st.builds(MarkFact, classes, days, st.sampled_from(A)),
    st.builds(PostingFact, st.sampled_from(TransactionKind), days, signed),
    st.builds(FeeFact, days, st.builds(Figures.of, perhaps, perhaps)),
    st.builds(CollectionFact, days, signed),
]
# Any fact may become any other of its kind, come into being, and go: each of ten facts has a kind of its own.
changes = st.lists(
    st.integers(0, len(kinds) - 1).flatmap(
        lambda kind: st.tuples(st.integers(0, 1).map(lambda at: (kind, at)), st.none() | kinds[kind], st.integers(0, 3))
    ),
    max_size=15,
)


@FEW
@given(changes)
def test_differences_are_a_recount_however_they_are_spread(
    told: list[tuple[tuple[int, int], Fact | None, int]],
) -> None:
    """After each change, from every slot together: the same as counting all facts that there are."""
    facts: dict[tuple[int, int], Fact] = {}
    slots: list[Sums] = [{}, {}, {}, {}]
    for which, after, slot in told:
        slots[slot] = added(slots[slot], delta(facts.pop(which, None), after))
        if after is not None:
            facts[which] = after
        assert differences(added(*slots), recounted(facts.values())) == []


@FEW
@given(st.lists(st.tuples(st.integers(0, 2), perhaps, days), max_size=20))
def test_what_is_collected_is_what_fees_have(payments: list[tuple[int, Money, date]]) -> None:
    """Each setting of what a fee is paid is collected as a difference, in the month in which it happens."""
    paid = [ghs("0")] * 3
    sums: Sums = {}
    for which, now_paid, on in payments:
        sums = added(sums, delta(None, CollectionFact(on, now_paid - paid[which])))
        paid[which] = now_paid
    assert total(sums, M.FEES_COLLECTED, "GHS") == sum(each.amount_minor for each in paid)
