"""What clients send about reports."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from domain.reports.models import ReportFormat, ReportPeriod, ReportState
from domain.reports.queries import ReportFilter as WantedReports
from schema.kit import ID, CurrencyCode, attribute, idempotency_key, input_type, read_id


@input_type("What to ask a report for with: those parameters that its kind takes (see `reportKinds`), and no others.")
class ReportParametersInput:
    from_date: date | None = attribute("The first day.", name="from", default=None)
    to_date: date | None = attribute("The last day.", name="to", default=None)
    as_of: date | None = attribute("The day at whose end things are to be shown.", default=None)
    currency: CurrencyCode | None = attribute("Only this currency.", default=None)
    account_id: ID | None = attribute("The account.", default=None)
    branch_id: ID | None = attribute("Only this branch.", default=None)
    user_id: ID | None = attribute("Only this person.", default=None)
    loan_id: ID | None = attribute("The loan.", default=None)
    item_id: ID | None = attribute("The item.", default=None)
    warehouse_id: ID | None = attribute("The warehouse.", default=None)
    import_id: ID | None = attribute("The import of a statement.", default=None)
    class_id: ID | None = attribute("Only this class of the school.", default=None)
    student_id: ID | None = attribute("The student.", default=None)

    def parse(self, *path: str) -> dict[str, Any]:
        """By the names of the vocabulary; a refusal names the part of ``path`` that it is about."""
        return {
            "from_date": self.from_date,
            "to_date": self.to_date,
            "as_of": self.as_of,
            "currency": self.currency,
            "account_id": self.account_id and read_id("Account", self.account_id, *path, "accountId"),
            "branch_id": self.branch_id and read_id("Branch", self.branch_id, *path, "branchId"),
            "user_id": self.user_id and read_id("User", self.user_id, *path, "userId"),
            "loan_id": self.loan_id and read_id("Loan", self.loan_id, *path, "loanId"),
            "item_id": self.item_id and read_id("Item", self.item_id, *path, "itemId"),
            "warehouse_id": self.warehouse_id and read_id("Warehouse", self.warehouse_id, *path, "warehouseId"),
            "import_id": self.import_id and read_id("StatementImport", self.import_id, *path, "importId"),
            "class_id": self.class_id and read_id("SchoolClass", self.class_id, *path, "classId"),
            "student_id": self.student_id and read_id("Student", self.student_id, *path, "studentId"),
        }


@input_type("Which report to make, and as what.")
class GenerateReportInput:
    kind: str = attribute("One of `reportKinds`.")
    format: ReportFormat = attribute("As what to make it.")
    parameters: ReportParametersInput | None = attribute("What to ask it for with.", default=None)
    idempotency_key: str | None = idempotency_key()

    def parse_parameters(self) -> dict[str, Any]:
        return (self.parameters or ReportParametersInput()).parse("input", "parameters")


@input_type("Which report to make again and again, when, and who gets it.")
class ScheduleReportInput:
    kind: str = attribute("One of `reportKinds`.")
    format: ReportFormat = attribute("As what to make it.")
    cron: str = attribute(
        "When, in UTC: one minute, then hour, day of the month, month and day of the week, such as `30 6 * * MON`."
    )
    parameters: ReportParametersInput | None = attribute("What to ask it for with each time.", default=None)
    period: ReportPeriod | None = attribute("Which days, reckoned from the day on which it is due.", default=None)
    mailed_to: list[ID] | None = attribute(
        "Users who get a mail with the link besides; they may read such reports and see the branch.", default=None
    )
    idempotency_key: str | None = idempotency_key()

    def parse_parameters(self) -> dict[str, Any]:
        return (self.parameters or ReportParametersInput()).parse("input", "parameters")

    def parse_readers(self) -> list[UUID]:
        return [read_id("User", reader, "input", "mailedTo") for reader in self.mailed_to or []]


@input_type("Which schedule to cancel.")
class CancelScheduledReportInput:
    schedule_id: ID = attribute("The schedule.")


@input_type("Which schedules to list; those that fit all that is said.")
class ScheduledReportFilter:
    cancelled: bool = attribute("Those that were cancelled, instead of those that go on.", default=False)
    everybodys: bool = attribute("Everybody's schedules instead of one's own, for administrators.", default=False)


@input_type("Which reports to list; those that fit all that is said.")
class ReportFilter:
    kind: str | None = attribute("Only reports of this kind.", default=None)
    states: list[ReportState] | None = attribute("Only reports in one of these states.", default=None)
    everybodys: bool = attribute("Everybody's reports instead of one's own, for administrators.", default=False)

    def parse(self) -> WantedReports:
        return WantedReports(kind=self.kind, states=self.states, everybodys=self.everybodys)
