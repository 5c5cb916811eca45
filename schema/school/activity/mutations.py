"""Keeping the log of activities short, and the books in line with the fees."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.school.service import activity
from schema.kit import Answer, Info, Payload, argument, attribute, mutation, payload_type
from schema.school.activity.inputs import ArchiveActivityLogInput, SetActivityArchivingInput


@payload_type("What left the log of activities.")
class ArchiveActivityLogPayload(Payload):
    archived: int | None = attribute("How many activities went to the archive.")
    more: bool | None = attribute("Whether there are more of that age; they go another time.")
    older_than: datetime | None = attribute("The instant before which they were.")


@payload_type("How long activities stay in the log now.")
class SetActivityArchivingPayload(Payload):
    after_days: int | None = attribute("After so many days they leave it for the archive.")


@strawberry.type
class Mutation:
    @mutation(
        ArchiveActivityLogPayload,
        "Move old activities out of the log into its archive, where `userActivityLog(filter: {archived: true})` finds them.",
        requires=Permission.SCHOOL_REPAIR,
    )
    async def archive_activity_log(
        self,
        info: Info,
        input: Annotated[ArchiveActivityLogInput | None, argument("How old; as the school chose when left out.")] = None,
    ) -> Answer:
        days = None if input is None else input.older_than_days
        done = await activity.archive_activity_log(info.context.actor, older_than_days=days)
        return Answer(archived=done.archived, more=done.more, older_than=done.older_than)

    @mutation(
        SetActivityArchivingPayload,
        "Choose after how many days activities leave the log for its archive; what is older goes by the clock from then on.",
        requires=Permission.SCHOOL_REPAIR,
    )
    async def set_activity_archiving(
        self, info: Info, input: Annotated[SetActivityArchivingInput, argument("How many days.")]
    ) -> Answer:
        return Answer(after_days=await activity.set_activity_archiving(info.context.actor, after_days=input.after_days))
