"""Asking for reports."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.idempotency import once
from domain.reports.service import generate_report
from schema.kit import Answer, Info, ReplayablePayload, argument, attribute, mutation, payload_type
from schema.reports.inputs import GenerateReportInput
from schema.reports.types import Report


@payload_type("What came of asking for a report.")
class GenerateReportPayload(ReplayablePayload):
    report: Report | None = attribute("The report, which is being made. `reportReady` tells when it is done.")


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
