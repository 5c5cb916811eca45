"""Promotions asked for; runs called off and taken up again."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.idempotency import once
from domain.school.service.promoting import promote_students
from domain.school.service.runs import cancel_run, resume_run
from schema.kit import Answer, Info, Payload, ReplayablePayload, argument, attribute, mutation, payload_type, read_id
from schema.school.runs.inputs import PromoteStudentsInput, SchoolRunInput
from schema.school.runs.types import SchoolRun


@payload_type("What came of asking for a promotion.")
class PromoteStudentsPayload(ReplayablePayload):
    run: SchoolRun | None = attribute("The promotion: over for up to ten students, going on in the background for more.")


@payload_type("What came of an act on a run.")
class SchoolRunPayload(Payload):
    run: SchoolRun | None = attribute("The run as it is now.")


@strawberry.type
class Mutation:
    @mutation(
        PromoteStudentsPayload,
        "Let a class move on. Each student has a result; who cannot be moved fails alone and stays enrolled, and who was "
        "moved before is left out, so that it can be asked for again.",
        requires=Permission.ENROLMENTS_MANAGE,
    )
    async def promote_students(
        self, info: Info, input: Annotated[PromoteStudentsInput, argument("Which class, where, and for when.")]
    ) -> Answer:
        outcome = await once(input.idempotency_key, promote_students, info.context.actor, wanted=input.parse())
        return Answer(run=outcome.result, replayed=outcome.replayed)

    @mutation(
        SchoolRunPayload,
        "Call a run off. What is done stays done. It takes what asking for the run took.",
        requires=Permission.SIGNED_IN,
    )
    async def cancel_school_run(self, info: Info, input: Annotated[SchoolRunInput, argument("Which run.")]) -> Answer:
        run_id = read_id("SchoolRun", input.run_id, "input", "runId")
        return Answer(run=await cancel_run(info.context.actor, run_id=run_id))

    @mutation(
        SchoolRunPayload,
        "Take up a run that was given up, with those who have no result yet. It takes what asking for the run took.",
        requires=Permission.SIGNED_IN,
        without_key="what the run has done it does not do again.",
    )
    async def resume_school_run(self, info: Info, input: Annotated[SchoolRunInput, argument("Which run.")]) -> Answer:
        run_id = read_id("SchoolRun", input.run_id, "input", "runId")
        return Answer(run=await resume_run(info.context.actor, run_id=run_id))
