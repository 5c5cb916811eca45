"""Asking for reports."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.idempotency import once
from domain.reports.service import cancel_scheduled_report, generate_report, schedule_report
from schema.kit import Answer, Info, Payload, ReplayablePayload, argument, attribute, mutation, payload_type, read_id
from schema.reports.inputs import CancelScheduledReportInput, GenerateReportInput, ScheduleReportInput
from schema.reports.types import Report, ScheduledReport


@payload_type("What came of asking for a report.")
class GenerateReportPayload(ReplayablePayload):
    report: Report | None = attribute("The report, which is being made. `reportReady` tells when it is done.")


@payload_type("What came of scheduling a report.")
class ScheduleReportPayload(ReplayablePayload):
    schedule: ScheduledReport | None = attribute("The schedule, with the time when it is due next.")


@payload_type("What came of cancelling a schedule.")
class CancelScheduledReportPayload(Payload):
    schedule: ScheduledReport | None = attribute("The schedule, which is over.")


@strawberry.type
class Mutation:
    @mutation(
        GenerateReportPayload,
        "Have a report made in the background. Follow `reportProgress` and `reportReady`, and fetch its file from there.",
        requires=Permission.REPORTS_GENERATE,
    )
    async def generate_report(
        self, info: Info, input: Annotated[GenerateReportInput, argument("Which, and as what.")]
    ) -> Answer:
        outcome = await once(
            input.idempotency_key,
            generate_report,
            info.context.actor,
            kind=input.kind,
            format=input.format,
            parameters=input.parse_parameters(),
        )
        return Answer(report=outcome.result, replayed=outcome.replayed)

    @mutation(
        ScheduleReportPayload,
        "Have a report made again and again, with the rights that one has each time. `reportReady` tells whoever gets it.",
        requires=Permission.REPORTS_GENERATE,
    )
    async def schedule_report(
        self, info: Info, input: Annotated[ScheduleReportInput, argument("Which, when and for whom.")]
    ) -> Answer:
        outcome = await once(
            input.idempotency_key,
            schedule_report,
            info.context.actor,
            kind=input.kind,
            format=input.format,
            parameters=input.parse_parameters(),
            cron=input.cron,
            period=input.period,
            mailed_to=input.parse_readers(),
        )
        return Answer(schedule=outcome.result, replayed=outcome.replayed)

    @mutation(
        CancelScheduledReportPayload,
        "Have a report made no more. What was made stays. Cancelling again is harmless.",
        requires=Permission.SIGNED_IN,
    )
    async def cancel_scheduled_report(
        self, info: Info, input: Annotated[CancelScheduledReportInput, argument("Which schedule.")]
    ) -> Answer:
        schedule_id = read_id("ScheduledReport", input.schedule_id, "input", "scheduleId")
        return Answer(schedule=await cancel_scheduled_report(info.context.actor, schedule_id=schedule_id))
