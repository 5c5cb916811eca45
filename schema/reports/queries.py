"""Reading reports."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest
from domain.reports import models, queries
from domain.reports.registry import ReportKind as ReportKindRow
from schema.kit import ID, Info, argument, listing, query, read_id
from schema.reports.inputs import ReportFilter, ScheduledReportFilter
from schema.reports.types import Report, ReportKind, ScheduledReport

ABOUT_SO_MANY_KINDS = 20


@strawberry.type
class Query:
    @query(
        list[ReportKind],
        "The kinds of reports that the viewer may ask for.",
        requires=Permission.REPORTS_GENERATE,
        size=ABOUT_SO_MANY_KINDS,
    )
    async def report_kinds(self, info: Info) -> list[ReportKindRow]:
        return queries.report_kinds(info.context.actor)

    @query(
        Report | None,
        "One report; null when there is none, or it is somebody else's.",
        requires=Permission.SIGNED_IN,
    )
    async def report(self, info: Info, id: Annotated[ID, argument("Its id.")]) -> object:
        return await info.context.load(queries.reports_by_id, read_id("Report", id, "id"))

    @listing(
        ScheduledReport,
        "One's reports that are made again and again, the newest first.",
        requires=Permission.REPORTS_GENERATE,
    )
    async def scheduled_reports(
        self,
        info: Info,
        page: PageRequest,
        filter: Annotated[ScheduledReportFilter | None, argument("Only some of them.")] = None,
    ) -> Page[models.ReportSchedule]:
        wanted = filter or ScheduledReportFilter()
        return await queries.scheduled_reports(
            info.context.actor, page, cancelled=wanted.cancelled, everybodys=wanted.everybodys
        )

    @listing(Report, "One's reports, and those that one is sent, the newest first.", requires=Permission.SIGNED_IN)
    async def reports(
        self, info: Info, page: PageRequest, filter: Annotated[ReportFilter | None, argument("Only some of them.")] = None
    ) -> Page[models.Report]:
        return await queries.reports(info.context.actor, page, (filter or ReportFilter()).parse())
