"""Runs, their results, and plans of promotion as clients see them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from domain.identity.queries import branches_by_id, people
from domain.kit.paging import Page, PageRequest
from domain.school import models
from domain.school.events import SchoolRunFigures
from domain.school.queries import runs as queries
from domain.school.queries.enrolments import enrolments_by_id
from domain.school.queries.fees import fees_by_id
from domain.school.queries.people import students_by_id
from domain.school.queries.promotion import Planned
from domain.school.rules.promotion import Progress
from domain.school.states import PromotionOutcome, PromotionReason, SchoolRunKind, SchoolRunStatus
from schema.identity.types import Branch, User
from schema.kit import (
    ID,
    Info,
    Node,
    Parent,
    argument,
    attribute,
    encode_id,
    field,
    global_id,
    listing,
    node_type,
    object_type,
)
from schema.kit.faces import show_as
from schema.kit.relations import relation
from schema.school import enums  # noqa: F401  describes the enums that are used here
from schema.school.enrolment.types import Enrolment
from schema.school.fees.types import SchoolFee
from schema.school.people.types import SchoolClass, Student

SUBJECTS = {
    SchoolRunKind.PROMOTION: "Student",
    SchoolRunKind.BILLING: "Student",
    SchoolRunKind.LATE_FEES: "SchoolFee",
    SchoolRunKind.CARRY_OVER: "Student",
    SchoolRunKind.RESYNC: "SchoolFee",
}
"""The type of those for whom a run of each kind is."""

RECORDS = {
    SchoolRunKind.PROMOTION: "Enrolment",
    SchoolRunKind.BILLING: "SchoolFee",
    SchoolRunKind.LATE_FEES: "SchoolFee",
    SchoolRunKind.CARRY_OVER: "SchoolFee",
    SchoolRunKind.RESYNC: "SchoolFee",
}
"""The type of what a run of each kind makes."""


@object_type("What a run did for one.")
class SchoolRunResult:
    position: int = attribute("Which turn it was.")
    outcome: str = attribute(
        "What became of them: for promotions one of PromotionOutcome; for fees CHARGED, CARRIED, LEFT_OUT, FAILED."
    )
    reason: str | None = attribute("Why nothing came of it: one of PromotionReason, or the code of what was refused.")
    message: str = attribute("The reason in words, or what was made; often empty.")
    at: datetime = attribute("When.")

    @field(ID, "For whom it was: a student, or a fee.", shared=True)
    def subject_id(self, result: Parent[queries.RunResult]) -> ID:
        return ID(encode_id(SUBJECTS[result.kind], result.subject_id))

    @field(ID | None, "What was made: an enrolment, or a fee.", shared=True)
    def record_id(self, result: Parent[queries.RunResult]) -> ID | None:
        return None if result.record_id is None else ID(encode_id(RECORDS[result.kind], result.record_id))

    @field(Student | None, "The student for whom it was; null where it was for a fee.")
    async def student(self, result: Parent[queries.RunResult], info: Info) -> object:
        if SUBJECTS[result.kind] != "Student":
            return None
        return await info.context.load(students_by_id, result.subject_id)

    @field(Enrolment | None, "The enrolment that a promotion made, or that ended by it.")
    async def enrolment(self, result: Parent[queries.RunResult], info: Info) -> object:
        if result.record_id is None or RECORDS[result.kind] != "Enrolment":
            return None
        return await info.context.load(enrolments_by_id, result.record_id)

    @field(SchoolFee | None, "The fee that was made, or for which it was.")
    async def fee(self, result: Parent[queries.RunResult], info: Info) -> object:
        if SUBJECTS[result.kind] == "SchoolFee":
            return await info.context.load(fees_by_id, result.subject_id)
        if result.record_id is None or RECORDS[result.kind] != "SchoolFee":
            return None
        return await info.context.load(fees_by_id, result.record_id)


@object_type("How many results of a run have an outcome.")
class SchoolRunCount:
    outcome: str = attribute("The outcome.")
    number: int = attribute("How many.")


class Count:
    """The row behind a :class:`SchoolRunCount`."""

    def __init__(self, outcome: str, number: int) -> None:
        self.outcome, self.number = outcome, number


Run = models.SchoolRun | SchoolRunFigures


@node_type(
    models.SchoolRun,
    queries.runs_by_id,
    "Something that is done for many, one after the other: at once for a few, in the background for more. Who cannot be "
    "helped fails alone.",
)
class SchoolRun(Node):
    number: str = attribute("Its number, such as `RUN-000042`.")
    kind: SchoolRunKind = attribute("What is done.")
    status: SchoolRunStatus = attribute("Where it stands.")
    total: int = attribute("For how many it is.")
    branch_id: ID | None = global_id("Branch", "The campus; null for the whole school.")
    failure: str = attribute("Why it was given up as a whole; empty otherwise.")
    requested_by_id: ID = global_id("User", "Who asked for it.")
    requested_at: datetime = attribute("When it was asked for.")
    started_at: datetime | None = attribute("When it began.")
    finished_at: datetime | None = attribute("When it was over.")

    @field(int, "How many have a result.", shared=True)
    def done(self, run: Parent[Run]) -> int:
        return Progress(run.total, run.counts).done

    @field(Decimal, "How much of it is done, in percent with 2 decimals, half-even.", shared=True)
    def percent(self, run: Parent[Run]) -> Decimal:
        return Progress(run.total, run.counts).percent

    @field(list[SchoolRunCount], "How many results have each outcome that there is.", size=4, shared=True)
    def counts(self, run: Parent[Run]) -> object:
        return [Count(outcome, number) for outcome, number in sorted(run.counts.items())]

    requested_by: User | None = relation(people, "requested_by_id", "Who asked for it.")
    branch: Branch | None = relation(branches_by_id, "branch_id", "The campus.")

    @listing(SchoolRunResult, "What it did for each, in the order of their turns.")
    async def results(
        self,
        run: Parent[Run],
        info: Info,
        page: PageRequest,
        outcomes: Annotated[list[str] | None, argument("Only with one of these outcomes.")] = None,
    ) -> Page[queries.RunResult]:
        return await queries.results_of_run(info.context.actor, run.id, page, outcomes=outcomes or ())


show_as(SchoolRunFigures, "SchoolRun")


@object_type("What would become of one student.")
class PromotionStep:
    student_id: ID = global_id("Student", "The student.")
    enrolment_id: ID | None = global_id("Enrolment", "The enrolment in the class; null for who is not on its roll.")
    outcome: PromotionOutcome = attribute("What would become of the student.")
    reason: PromotionReason | None = attribute("Why the student is left out, or could not be moved.")
    class_id: ID | None = global_id("SchoolClass", "The class of the coming time; null for who gets none by it.")

    student: Student | None = relation(students_by_id, "student_id", "The student.")


@object_type("How many students would be promoted, left out and so on.")
class PromotionCount:
    outcome: PromotionOutcome = attribute("The outcome.")
    number: int = attribute("How many.")


@object_type("By how much the number of students of a class changes.")
class ClassChange:
    class_id: ID = global_id("SchoolClass", "The class.")
    change: int = attribute("By how much: below zero where students leave.")


class Change:
    """The row behind a :class:`ClassChange`."""

    def __init__(self, class_id: UUID, change: int) -> None:
        self.class_id, self.change = class_id, change


@object_type("What would become of a class that moves on, as things stand. Nothing was written.")
class PromotionPlan:
    from_class: SchoolClass = attribute("The class.")
    to_class: SchoolClass | None = attribute("Where it moves; null when its students graduate.")

    @field(int, "By how much the number of all enrolments changes: graduates have none any more.")
    def total_change(self, planned: Parent[Planned]) -> int:
        return planned.plan.total_change

    @field(list[PromotionStep], "Everybody on the roll by name, and then who was named and is not on it.", size=40)
    def steps(self, planned: Parent[Planned]) -> object:
        return planned.plan.steps

    @field(list[PromotionCount], "How many of each outcome.", size=len(PromotionOutcome))
    def counts(self, planned: Parent[Planned]) -> object:
        return [Count(outcome, number) for outcome, number in planned.plan.counts.items()]

    @field(list[ClassChange], "By how much the number of students of each class changes.", size=2)
    def class_changes(self, planned: Parent[Planned]) -> object:
        return [Change(class_id, change) for class_id, change in planned.plan.class_changes.items()]
