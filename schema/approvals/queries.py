"""Reading the approvals centre."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.approvals import models, queries
from domain.approvals.models import ApprovalStatus
from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest
from schema.approvals.types import Approval, ApprovalCount
from schema.kit import ID, Info, argument, listing, query, read_id

ABOUT_SO_MANY_KINDS = 8


@strawberry.type
class Query:
    @listing(
        Approval,
        "Requests on which one may decide in the branches one sees, and those one made, the newest first.",
        requires=Permission.APPROVALS_READ,
    )
    async def approvals(
        self,
        info: Info,
        page: PageRequest,
        status: Annotated[ApprovalStatus | None, argument("Only those that stand so.")] = None,
        kind: Annotated[str | None, argument("Only those of this kind.")] = None,
    ) -> Page[models.Approval]:
        return await queries.approvals(info.context.actor, page, status=status, kind=kind)

    @query(
        Approval | None,
        "One request for approval; null when there is none that one may decide on or made oneself.",
        requires=Permission.SIGNED_IN,
    )
    async def approval(self, info: Info, id: Annotated[ID, argument("Its id.")]) -> object:
        return await info.context.load(queries.approvals_by_id, read_id("Approval", id, "id"))

    @query(
        list[ApprovalCount],
        "How many requests wait for oneself: each kind that one may decide on, by name.",
        requires=Permission.APPROVALS_READ,
        size=ABOUT_SO_MANY_KINDS,
    )
    async def approval_counts(self, info: Info) -> list[queries.QueueLength]:
        return await queries.queue_lengths(info.context.actor)
