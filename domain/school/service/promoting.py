"""Promotion: a class moves on to the next period, a student at a time.

The plan is asked for beforehand, and carried out as a run: what becomes of each is decided once more under the locks of the
student and the classes, so two promotions at once, or one that was killed in the middle, move nobody twice. Who cannot be
moved fails alone and stays enrolled where they are. Who is moved is in the old class to the end of its period, and counts in
the new one from now on.
"""

from __future__ import annotations

from uuid import UUID

from domain.identity.actor import Actor
from domain.kit.ids import new_id
from domain.kit.unit_of_work import retried, unit_of_work
from domain.school import access
from domain.school.activities import note_activity
from domain.school.errors import StudentNotFound
from domain.school.events import StudentPromoted
from domain.school.models import SchoolClass, SchoolRun
from domain.school.queries.promotion import Promotion, PromotionWanted, candidates, free_for, promotion_plan
from domain.school.rules import enrolment as rules
from domain.school.rules.promotion import ENDS, Step, decide
from domain.school.service.enrolment_desk import Desk, Kept, days_of, desk_of, lock_students, locked_classes, refusals
from domain.school.service.runs import AT_ONCE, Done, Part, run_type, start_run
from domain.school.states import EnrolmentStatus, PromotionOutcome, PromotionReason, SchoolRunKind

WORDS = {
    PromotionOutcome.PROMOTED: "is promoted to",
    PromotionOutcome.REPEATED: "repeats",
    PromotionOutcome.GRADUATED: "graduates from",
}


@retried
async def promote_students(actor: Actor, *, wanted: PromotionWanted) -> SchoolRun:
    """Move a class on. The run has a result for each student: PROMOTED, REPEATED, GRADUATED, LEFT_OUT or FAILED."""
    async with unit_of_work() as work:
        planned = await promotion_plan(actor, wanted=wanted)
        students = [step.student_id for step in planned.plan.steps]
        if len(students) <= AT_ONCE:
            await lock_students(work, students)
        return await start_run(
            work,
            actor,
            SchoolRunKind.PROMOTION,
            subjects=students,
            parameters=planned.promotion.as_json(),
            branch_id=planned.from_class.branch_id,
        )


async def _promote_one(part: Part) -> Done:
    promotion = Promotion.of_json(part.run.parameters)
    order, student_id = promotion.order, part.subject_id
    days = await days_of(promotion.coming)
    try:
        desk = await desk_of(part.work, part.actor, student_id)
    except StudentNotFound:
        return _not_of_the_class()
    target_id = order.class_for(order.decision_on(student_id))
    await locked_classes(part.work, [order.from_class_id, target_id])
    found = await candidates(promotion, student_id)
    if not found:
        return _not_of_the_class()
    step = decide(order, found[0], await free_for(promotion, [target_id] if target_id else []))
    if not step.moves:
        return Done(step.outcome.value, step.reason and step.reason.value)
    target = None if step.class_id is None else await access.locked_class(part.actor, step.class_id)
    with refusals():
        ended = rules.ended(desk.known[found[0].enrolment_id], ENDS[step.outcome])
        placed = None
        if target is not None:
            wanted = rules.Enrolment(
                id=new_id(), student_id=student_id, program_id=target.program_id, period=promotion.coming
            )
            placed = rules.placed(wanted, target.id, days.starts_on, days)
            rules.require_once(placed, [ended, *(each for each in desk.others() if each.id != ended.id)])
    return await _moved(part, desk, step, ended, placed, target)


def _not_of_the_class() -> Done:
    return Done(PromotionOutcome.FAILED.value, PromotionReason.NOT_OF_THE_CLASS.value)


async def _moved(
    part: Part,
    desk: Desk,
    step: Step,
    ended: rules.Enrolment,
    placed: rules.Enrolment | None,
    target: SchoolClass | None,
) -> Done:
    """Write down what was decided, and tell of it."""
    old, new = await desk.keep(ended), None
    if placed is not None and target is not None:
        new = await desk.add(placed, target.branch_id, before=ended.id, run_id=part.run.id)
        await desk.bring_to_campus(target)
    from_class_id = UUID(part.run.parameters["from_class_id"])
    told = await desk.told_with(old, [from_class_id, step.class_id])
    part.work.record(
        StudentPromoted(
            status_before=EnrolmentStatus.ENROLLED,
            run_id=part.run.id,
            run_number=part.run.number,
            outcome=step.outcome,
            reason=step.reason,
            from_class_id=from_class_id,
            to_class_id=step.class_id,
            next_enrolment=None if new is None else desk.figures(new),
            **told,
        )
    )
    await _note(part, desk, step, new or old, target)
    return Done(step.outcome.value, record_id=(new or old).row.id)


async def _note(part: Part, desk: Desk, step: Step, kept: Kept, target: SchoolClass | None) -> None:
    where = target or await SchoolClass.get(id=part.run.parameters["from_class_id"])
    await note_activity(
        part.work,
        part.actor,
        "student_promoted",
        subject_kind="enrolment",
        subject_id=kept.row.id,
        title=f"{desk.student.full_name} {WORDS[step.outcome]} {where.title}",
        student_id=desk.student.id,
        branch_id=kept.row.branch_id,
        data={"outcome": step.outcome, "run": part.run.number, "class_id": step.class_id},
    )


run_type(SchoolRunKind.PROMOTION, act=_promote_one)
