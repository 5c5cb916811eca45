"""Deciding in the approvals centre."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.approvals import service
from domain.identity.permissions import Permission
from domain.kit.idempotency import once
from schema.approvals.inputs import ApproveInput, RejectInput
from schema.approvals.types import Approval
from schema.kit import Answer, Info, ReplayablePayload, argument, attribute, mutation, payload_type, read_id


@payload_type("What came of a decision.")
class ApprovalPayload(ReplayablePayload):
    approval: Approval | None = attribute("The request as it stands now.")


@strawberry.type
class Mutation:
    @mutation(
        ApprovalPayload,
        "Agree to what somebody else asked for; it happens now. Each kind of request has a permission of its own.",
        requires=Permission.APPROVALS_READ,
    )
    async def approve(self, info: Info, input: Annotated[ApproveInput, argument("What.")]) -> Answer:
        outcome = await once(
            input.idempotency_key,
            service.approve,
            info.context.actor,
            approval_id=read_id("Approval", input.approval_id, "input", "approvalId"),
            comment=input.comment,
        )
        return Answer(approval=outcome.result, replayed=outcome.replayed)

    @mutation(
        ApprovalPayload,
        "Refuse what somebody else asked for, and say why. Each kind of request has a permission of its own.",
        requires=Permission.APPROVALS_READ,
    )
    async def reject(self, info: Info, input: Annotated[RejectInput, argument("What, and why.")]) -> Answer:
        outcome = await once(
            input.idempotency_key,
            service.reject,
            info.context.actor,
            approval_id=read_id("Approval", input.approval_id, "input", "approvalId"),
            comment=input.comment,
        )
        return Answer(approval=outcome.result, replayed=outcome.replayed)
