"""Reading runs, and what a promotion would do."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest
from domain.school import models
from domain.school.queries import runs as queries
from domain.school.queries.promotion import promotion_plan
from domain.school.states import SchoolRunKind, SchoolRunStatus
from schema.kit import ID, Info, argument, listing, query, read_id
from schema.school.runs.inputs import PromotionInput
from schema.school.runs.types import PromotionPlan, SchoolRun

PLAN_COST = 20


@strawberry.type
class Query:
    @query(
        PromotionPlan,
        "What would become of each student if a class moved on now. Nothing is written down.",
        requires=Permission.ENROLMENTS_MANAGE,
        cost=PLAN_COST,
    )
    async def promotion_plan(
        self, info: Info, input: Annotated[PromotionInput, argument("Which class, where, and for when.")]
    ) -> object:
        return await promotion_plan(info.context.actor, wanted=input.parse())

    @query(SchoolRun | None, "One run; null when there is none, or none for you.", requires=Permission.SIGNED_IN)
    async def school_run(self, info: Info, id: Annotated[ID, argument("Its id.")]) -> object:
        return await info.context.load(queries.runs_by_id, read_id("SchoolRun", id, "id"))

    @listing(
        SchoolRun,
        "Runs that the viewer asked for, or could ask for on the campus, the newest first.",
        requires=Permission.SIGNED_IN,
    )
    async def school_runs(
        self,
        info: Info,
        page: PageRequest,
        kinds: Annotated[list[SchoolRunKind] | None, argument("Only of these kinds.")] = None,
        statuses: Annotated[list[SchoolRunStatus] | None, argument("Only those that stand there.")] = None,
    ) -> Page[models.SchoolRun]:
        return await queries.school_runs(info.context.actor, page, kinds=kinds or (), statuses=statuses or ())
