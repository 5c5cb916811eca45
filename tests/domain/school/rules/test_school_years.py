"""Years of a school by the rules alone: whatever happens, nobody is lost, nobody is in two classes on a day, no class has
more students than places, and the statistics that changes add up to are those of a recount."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from domain.school.rules.attendance import AttendanceRefused, Mark, call_the_roll, require_day
from domain.school.rules.calendar import AcademicYear, Span
from domain.school.rules.enrolment import (
    Enrolment,
    EnrolmentRefused,
    Period,
    ended,
    moved,
    placed,
    require_once,
    require_places,
)
from domain.school.rules.promotion import ENDS, Candidate, Order, plan
from domain.school.rules.statistics import (
    ATTENDANCE,
    EnrolmentFact,
    Fact,
    MarkFact,
    Metric,
    StudentFact,
    Sums,
    added,
    by_class,
    delta,
    recounted,
    total,
)
from domain.school.states import LEFT_EARLY, AttendanceStatus, EnrolmentStatus, PromotionDecision
from tests.domain.school.rules.factory import ident

S = EnrolmentStatus
CAPACITY = {ident(1): 2, ident(2): 1, ident(3): None}
CLASSES = list(CAPACITY)
NEXT = {ident(1): ident(2), ident(2): ident(3), ident(3): None}
PROGRAM = ident(9)
YEARS = [
    AcademicYear(id=ident(20 + n), title=str(2025 + n), span=Span(date(2025 + n, 9, 1), date(2026 + n, 7, 31)))
    for n in range(4)
]

students = st.integers(100, 104).map(ident)
classes = st.sampled_from(CLASSES)
after_days = st.sampled_from([0, 1, 2, 103])


def fact_of(enrolment: Enrolment) -> EnrolmentFact:
    return EnrolmentFact(enrolment.class_id, enrolment.status)


class SchoolYears(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.year = 0
        self.enrolments: dict[UUID, Enrolment] = {}
        self.marks: dict[tuple[UUID, date, UUID], Mark] = {}
        self.kept: Sums = {}

    def day(self, after: int) -> date:
        return YEARS[self.year].span.starts_on + timedelta(days=after)

    def current(self, student_id: UUID) -> Enrolment | None:
        found = (each for each in self.enrolments.values() if each.student_id == student_id)
        return next((each for each in found if each.status is S.ENROLLED and each.period == self.period(0)), None)

    def period(self, ahead: int) -> Period:
        return Period(YEARS[self.year + ahead].id)

    def taken(self, class_id: UUID, period: Period) -> int:
        there = (each for each in self.enrolments.values() if each.period == period and each.status is S.ENROLLED)
        return sum(each.class_id == class_id for each in there)

    def is_enrolled(self, student_id: UUID) -> bool:
        return any(each.status is S.ENROLLED for each in self.enrolments.values() if each.student_id == student_id)

    def keep(self, after: Enrolment) -> None:
        before, was = self.enrolments.get(after.id), self.is_enrolled(after.student_id)
        self.enrolments[after.id] = after
        change = delta(None if before is None else fact_of(before), fact_of(after))
        of_student = delta(StudentFact(was), StudentFact(self.is_enrolled(after.student_id)))
        self.kept = added(self.kept, change, of_student)

    def new(self, student_id: UUID, period: Period) -> Enrolment:
        number = 1000 + len(self.enrolments)
        return Enrolment(id=ident(number), student_id=student_id, program_id=PROGRAM, period=period)

    @rule(student_id=students, class_id=classes, after=after_days)
    def enrol(self, student_id: UUID, class_id: UUID, after: int) -> None:
        wanted = placed(self.new(student_id, self.period(0)), class_id, self.day(after), YEARS[self.year].span)
        try:
            require_once(wanted, self.enrolments.values())
            require_places(CAPACITY[class_id], self.taken(class_id, wanted.period))
        except EnrolmentRefused:
            return
        self.keep(wanted)

    @rule(student_id=students, class_id=classes, after=after_days)
    def move(self, student_id: UUID, class_id: UUID, after: int) -> None:
        standing = self.current(student_id)
        try:
            if standing is not None:
                require_places(CAPACITY[class_id], self.taken(class_id, standing.period))
                self.keep(moved(standing, class_id, self.day(after)))
        except EnrolmentRefused:
            return

    @rule(student_id=students, status=st.sampled_from(sorted(LEFT_EARLY)), after=after_days)
    def leave(self, student_id: UUID, status: EnrolmentStatus, after: int) -> None:
        standing = self.current(student_id)
        try:
            if standing is not None:
                self.keep(ended(standing, status, self.day(after)))
        except EnrolmentRefused:
            return

    @rule(class_id=classes, after=after_days, said=st.dictionaries(students, st.sampled_from(AttendanceStatus)))
    def call(self, class_id: UUID, after: int, said: dict[UUID, AttendanceStatus]) -> None:
        day = self.day(after)
        known = {who: mark for (who, on, where), mark in self.marks.items() if (on, where) == (day, class_id)}
        try:
            require_day(day, self.day(333), YEARS[self.year])
            on_the_roll = [each.student_id for each in self.enrolments.values() if each.class_on(day) == class_id]
            named = [(who, Mark(mark)) for who, mark in said.items() if who in on_the_roll]
            changes = call_the_roll(on_the_roll, named, known, None)
        except AttendanceRefused:
            return
        for each in changes:
            before = None if each.before is None else MarkFact(class_id, day, each.before.status)
            self.kept = added(self.kept, delta(before, MarkFact(class_id, day, each.after.status)))
            self.marks[each.student_id, day, class_id] = each.after

    @precondition(lambda self: self.year + 1 < len(YEARS))
    @rule(class_id=classes, decisions=st.dictionaries(students, st.sampled_from(PromotionDecision), max_size=3))
    def promote(self, class_id: UUID, decisions: dict[UUID, PromotionDecision]) -> None:
        to = NEXT[class_id]
        if to is None:
            decisions = {who: each for who, each in decisions.items() if each is not PromotionDecision.PROMOTE}
        order, coming = Order(from_class_id=class_id, to_class_id=to, decisions=decisions), self.period(1)
        roll = [
            Candidate(
                student_id=each.student_id,
                enrolment_id=each.id,
                class_id=class_id,
                status=each.status,
                placed=self.placed(each),
            )
            for each in self.enrolments.values()
            if each.period == self.period(0) and each.class_id == class_id and each.status not in LEFT_EARLY
        ]
        free = {each: None if limit is None else limit - self.taken(each, coming) for each, limit in CAPACITY.items()}
        made, before = plan(order, roll, free), self.kept
        for step in made.steps:
            if step.moves and step.enrolment_id is not None:
                self.keep(ended(self.enrolments[step.enrolment_id], ENDS[step.outcome]))
                if step.class_id is not None:
                    span = YEARS[self.year + 1].span
                    self.keep(placed(self.new(step.student_id, coming), step.class_id, span.starts_on, span))
        changed = added(self.kept, {key: -amount for key, amount in before.items()})
        assert by_class(changed, Metric.CLASS_STUDENTS) == made.class_changes
        assert total(changed, Metric.CLASS_STUDENTS) == made.total_change <= total(changed, Metric.STUDENTS) <= 0

    def placed(self, enrolment: Enrolment) -> bool:
        coming = replace(enrolment, id=ident(1), period=self.period(1), stays=())
        try:
            require_once(coming, self.enrolments.values())
        except EnrolmentRefused:
            return True
        return False

    @precondition(lambda self: self.year + 2 < len(YEARS))
    @rule()
    def begin_the_next_year(self) -> None:
        self.year += 1

    @invariant()
    def statistics_are_a_recount(self) -> None:
        facts: list[Fact] = [fact_of(each) for each in self.enrolments.values()]
        facts += [StudentFact(self.is_enrolled(who)) for who in {each.student_id for each in self.enrolments.values()}]
        facts += [MarkFact(class_id, day, mark.status) for (_, day, class_id), mark in self.marks.items()]
        assert self.kept == recounted(facts)
        assert sum(many for key, many in self.kept.items() if key.metric in ATTENDANCE.values()) == len(self.marks)

    @invariant()
    def nobody_is_twice_and_no_class_is_too_full(self) -> None:
        lasting = [each for each in self.enrolments.values() if each.status not in LEFT_EARLY]
        assert all(times == 1 for times in Counter((each.student_id, each.period) for each in lasting).values())
        stays = [(each.student_id, stay) for each in self.enrolments.values() for stay in each.stays]
        assert not any(who == other and one.overlaps(two) for (who, one), (other, two) in combinations(stays, 2))
        for period in {each.period for each in lasting}:
            for class_id, limit in CAPACITY.items():
                assert limit is None or self.taken(class_id, period) <= limit


TestSchoolYears = SchoolYears.TestCase
TestSchoolYears.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)
