"""Following runs live: when they begin, with each twentieth that is done, and when they are over."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.school import events as facts
from domain.school.events import SCHOOL, run_topic
from domain.school.queries.runs import school_run
from schema.kit import ID, LiveEvent, argument, attribute, event_feed, event_type, read_id
from schema.school.runs.types import SchoolRun


@event_type("A run was asked for, has begun, has gone on, or is over.")
class SchoolRunUpdated(LiveEvent):
    run: SchoolRun = attribute("The run as it was then.")


@strawberry.type
class Subscription:
    @event_feed(
        "Runs as they go on: one, or all that the viewer may see.",
        requires=Permission.SIGNED_IN,
        shows={facts.RunChanged: SchoolRunUpdated},
    )
    async def school_run_updated(actor: Actor, run_id: Annotated[ID | None, argument("Only this run.")] = None) -> list[str]:
        if run_id is None:
            return [SCHOOL]
        return [run_topic((await school_run(actor, read_id("SchoolRun", run_id, "runId"))).id)]
