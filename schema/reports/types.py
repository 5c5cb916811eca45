"""Reports: kinds of them, and those that somebody asked for."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from domain.files.queries import files_by_id
from domain.identity.queries import people
from domain.reports import models
from domain.reports.models import ReportFormat, ReportPeriod, ReportState
from domain.reports.queries import reports_by_id, scheduled_reports_by_id
from schema.files.types import File
from schema.identity.types import User
from schema.kit import ID, Info, Node, Parent, attribute, enum_type, field, global_id, node_type, object_type, relation

enum_type(
    ReportFormat,
    "What a report is made as.",
    {
        "CSV": "Rows for other programs, as RFC 4180 has them, in UTF-8.",
        "XLSX": "A workbook with real numbers and dates.",
        "PDF": "A paper, for fewer rows.",
    },
)

enum_type(
    ReportState,
    "Where a report stands.",
    {
        "QUEUED": "It waits to be made.",
        "RUNNING": "It is being made.",
        "DONE": "It is made, and can be fetched.",
        "FAILED": "It could not be made.",
    },
)


@object_type("A parameter of a kind of report.")
class ReportParameter:
    name: str = attribute("Its name in `ReportParametersInput`.")
    required: bool = attribute("There is no such report without it.")


@object_type("A kind of report that the viewer may ask for.")
class ReportKind:
    name: str = attribute("Its name, for `generateReport`.", name="kind")
    title: str = attribute("Its title.")
    purpose: str = attribute("What it shows.")
    format_list: list[ReportFormat] = attribute("As what it is made.", name="formats")
    parameter_list: list[ReportParameter] = attribute("What it can be asked for with.", name="parameters")


enum_type(
    ReportPeriod,
    "A stretch of days that follows from the day on which a report is made, in UTC.",
    {
        "PREVIOUS_DAY": "The day before.",
        "PREVIOUS_WEEK": "The week before, from Monday to Sunday.",
        "PREVIOUS_MONTH": "The calendar month before.",
        "MONTH_TO_DATE": "The calendar month up to that day.",
        "YEAR_TO_DATE": "The calendar year up to that day.",
    },
)


class GivenParameters:
    """The row behind the type of the same name: what a report was asked for with, as the table keeps it."""

    def __init__(self, kept: dict[str, str]) -> None:
        self.from_date = _day(kept.get("from_date"))
        self.to_date = _day(kept.get("to_date"))
        self.as_of = _day(kept.get("as_of"))
        self.currency = kept.get("currency")
        self.account_id = _key(kept.get("account_id"))
        self.branch_id = _key(kept.get("branch_id"))
        self.user_id = _key(kept.get("user_id"))
        self.loan_id = _key(kept.get("loan_id"))
        self.item_id = _key(kept.get("item_id"))
        self.warehouse_id = _key(kept.get("warehouse_id"))
        self.import_id = _key(kept.get("import_id"))
        self.class_id = _key(kept.get("class_id"))
        self.student_id = _key(kept.get("student_id"))


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _key(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)


@object_type("What a report was asked for with.")
class ReportParameters:
    from_date: date | None = attribute("The first day.", name="from")
    to_date: date | None = attribute("The last day.", name="to")
    as_of: date | None = attribute("The day at whose end things stood so.")
    currency: str | None = attribute("The currency.")
    account_id: ID | None = global_id("Account", "The account.")
    branch_id: ID | None = global_id("Branch", "The branch.")
    user_id: ID | None = global_id("User", "The person.")
    loan_id: ID | None = global_id("Loan", "The loan.")
    item_id: ID | None = global_id("Item", "The item.")
    warehouse_id: ID | None = global_id("Warehouse", "The warehouse.")
    import_id: ID | None = global_id("StatementImport", "The import of a statement.")
    class_id: ID | None = global_id("SchoolClass", "The class of the school.")
    student_id: ID | None = global_id("Student", "The student.")


@node_type(models.Report, reports_by_id, "A report that somebody asked for.")
class Report(Node):
    kind: str = attribute("Its kind, such as `trial_balance`.")
    title: str = attribute("Its title.")
    format: ReportFormat = attribute("As what it is made.")
    state: ReportState = attribute("Where it stands.")
    progress_percent: int = attribute("How much of it is done, from 0 to 100.")
    rows_done: int = attribute("How many rows are written.")
    rows_total: int | None = attribute("How many rows there will be; null while nobody knows.")
    requested_by: ID = global_id("User", "Who asked for it.", name="requestedById")
    error_code: str | None = attribute("Why it could not be made, as a code such as `REPORT_TOO_LARGE`.")
    error: str | None = attribute("Why it could not be made, in a sentence.")
    schedule_id: ID | None = global_id("ScheduledReport", "The schedule that asked for it, if one did.")
    due_at: datetime | None = attribute("When it was due by the schedule.")
    created_at: datetime = attribute("When it was asked for.")
    started_at: datetime | None = attribute("When its making began.")
    finished_at: datetime | None = attribute("When it was done, or failed.")

    @field(ReportParameters, "What it was asked for with.", name="parameters", shared=True)
    def given(self, report: Parent[models.Report]) -> GivenParameters:
        return GivenParameters(report.parameters)

    file: File | None = relation(
        files_by_id, "file_id", "Its file, once it is done; null for who may not read what is in it any more."
    )
    requester: User | None = relation(people, "requested_by", "Who asked for it.", name="requestedBy")


@node_type(models.ReportSchedule, scheduled_reports_by_id, "A report that is made again and again.")
class ScheduledReport(Node):
    kind: str = attribute("Its kind, such as `trial_balance`.")
    title: str = attribute("Its title.")
    format: ReportFormat = attribute("As what it is made.")
    cron: str = attribute("When: minute, hour, day of the month, month and day of the week, in UTC.")
    period: ReportPeriod | None = attribute("Which days it is about, reckoned from the day on which it is due.")
    owner_id: ID = global_id("User", "In whose name, and with whose rights, it is made.")
    next_at: datetime | None = attribute("When it is due next; null once it is cancelled.")
    last_at: datetime | None = attribute("When it was due last.")
    last_report_id: ID | None = global_id("Report", "The report that it asked for last.")
    last_error_code: str | None = attribute("Why none was asked for the last time, as a code such as `FORBIDDEN`.")
    last_error: str | None = attribute("Why none was asked for the last time, in a sentence.")
    created_at: datetime = attribute("When it was scheduled.")
    cancelled_at: datetime | None = attribute("When it was cancelled.")

    @field(ReportParameters, "What it is asked for with each time.", name="parameters", shared=True)
    def given(self, schedule: Parent[models.ReportSchedule]) -> GivenParameters:
        return GivenParameters(schedule.parameters)

    owner: User | None = relation(people, "owner_id", "In whose name it is made.")

    @field(list[User], "Who gets a mail with the link besides.", size=5)
    async def mailed_to(self, schedule: Parent[models.ReportSchedule], info: Info) -> list[object]:
        return await info.context.load_each(people, schedule.mailed_to)

    last_report: Report | None = relation(
        reports_by_id, "last_report_id", "The report that it asked for last; null when that was forgotten since."
    )
