"""Work in the background, live."""

from __future__ import annotations

import strawberry

from domain.identity import job_desk
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.jobs import events
from schema.jobs.queries import Names, TroubledOnly
from schema.jobs.types import JobBoard
from schema.kit import state_feed


@strawberry.type
class Subscription:
    @state_feed(
        "How the work in the background stands, when something dies or somebody looks after it; counts of what waits move "
        "without an event, so ask for them with `everySeconds`.",
        requires=Permission.JOBS_READ,
        state=job_desk.job_board,
        shows=JobBoard,
        on=[
            events.JobTaskDied,
            events.JobTaskRetried,
            events.JobTaskDiscarded,
            events.JobStartedByHand,
            events.ParkedEventRetried,
        ],
        same_for_all=True,
    )
    async def job_status_updated(actor: Actor, names: Names = None, troubled_only: TroubledOnly = False) -> list[str]:
        return ["jobs"]
