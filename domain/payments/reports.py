"""Payments on paper: the reconciliation of a day, a statement row by row, and the money that nobody knows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.database import connection
from domain.kit.errors import InvalidInput
from domain.kit.money import Money
from domain.kit.paging import MAX_PAGE, PageRequest
from domain.payments.figures.days import DayFigures, Sum, figures_on, today
from domain.payments.models import StatementRowError
from domain.payments.queries.orphans import orphan_transactions
from domain.payments.queries.statements import require_import
from domain.reports.parameters import AsOf, Parameters
from domain.reports.registry import Expecting, report
from domain.reports.sheets import Column, ColumnKind, Row, Sheet

_MONEY, _NUMBER, _INSTANT = ColumnKind.MONEY, ColumnKind.NUMBER, ColumnKind.INSTANT
FIRST_YEAR: Final = 2000
PREFETCH: Final = 1_000


class Nothing(Parameters):
    """A report of how things stand now."""


@report(
    "payments_day",
    title="Daily reconciliation of M-Pesa",
    purpose="The payments of a day in East Africa: what came, what agreed, and the provider's statement beside the books.",
    requires=Permission.PAYMENTS_RECONCILE,
    parameters=AsOf,
)
async def payments_day(actor: Actor, parameters: AsOf, progress: Expecting) -> list[Sheet]:
    """The figures as they are now, of yesterday unless a day is said."""
    day = parameters.as_of or today() - timedelta(days=1)
    if day > today() or day.year < FIRST_YEAR:
        raise InvalidInput("there is no such day to reconcile yet", field=("input", "parameters", "asOf"))
    return _sheets(await figures_on(day))


def _sheets(figures: DayFigures) -> list[Sheet]:
    day = figures.on_date
    return [
        _sheet(day, "Summary", "Figure", _summary(figures)),
        _sheet(day, "Payments opened", "Status", [_line(each.status, each) for each in figures.payments]),
        _sheet(day, "Received by channel", "First heard of by", [_line(each.channel, each) for each in figures.channels]),
        _sheet(day, "At its purpose", "Purpose", [_line(each.purpose, each) for each in figures.purposes]),
        _discrepancies(figures),
    ]


def _summary(figures: DayFigures) -> list[Row]:
    outcomes, beside = figures.outcomes, figures.statement
    summary: list[Row] = [
        _line("Received", figures.received),
        ("Of that taken back since", None, figures.reversed_amount),
        _line("Of that nobody's", figures.orphans),
        ("In suspense at the end of the day", None, figures.suspense),
        ("Reconciliations that agreed", outcomes.matched, None),
        ("Reconciliations that did not agree", outcomes.discrepancies, None),
        ("Reconciliations that were given up", outcomes.failed, None),
    ]
    if beside is not None:
        summary += [
            _line("By the provider's statement", beside.provider),
            _line("By the books, of the same time", beside.books),
            ("Difference", None, beside.difference),
            ("Only in the statement", beside.only_provider, None),
            ("Only in the books", beside.only_books, None),
            ("With different amounts", beside.differing, None),
        ]
    return summary


def _line(name: str, counted: Sum) -> Row:
    return str(name), counted.count, counted.amount


def _sheet(day: date, title: str, of: str, rows: Sequence[Row]) -> Sheet:
    columns = [Column(of), Column("Number", _NUMBER), Column("Amount", _MONEY)]
    return Sheet(title=title, subtitle=_subtitle(day), columns=columns, rows=rows)


def _discrepancies(figures: DayFigures) -> Sheet:
    return Sheet(
        title="Discrepancies found",
        subtitle=_subtitle(figures.on_date),
        columns=[Column("Type"), Column("Found", _NUMBER), Column("Not dealt with", _NUMBER)],
        rows=[(each.type.value, each.found, each.unresolved) for each in figures.discrepancies],
    )


def _subtitle(day: date) -> str:
    return f"{day.isoformat()}, East Africa time"


class OfImport(Parameters):
    """A report of one import."""

    import_id: UUID


# The rows of an import ($1) that can be read, with the numbers of the payments that they are about.
STATED: Final = """
select r.number, r.receipt, r.completed_at, r.kind, r.outcome, r.amount_minor, r.currency, r.reverses, r.reference,
       r.details, r.state, coalesce(payment.number, '') as payment
from statement_row r left join payment on payment.id = r.payment_id
where r.import_id = $1 order by r.number
"""


@report(
    "mpesa_statement",
    title="M-Pesa statement",
    purpose="The rows of an imported statement of our account at M-Pesa, and what each turned out to be.",
    requires=Permission.PAYMENTS_RECONCILE,
    parameters=OfImport,
)
async def mpesa_statement(actor: Actor, parameters: OfImport, progress: Expecting) -> list[Sheet]:
    found = await require_import(actor, parameters.import_id, ("input", "parameters", "importId"))
    bad = await StatementRowError.filter(import_id=found.id).order_by("number")
    rows = Sheet(
        title=f"Statement {found.number}",
        subtitle=found.file_name,
        columns=[
            Column("Row", _NUMBER),
            Column("Receipt"),
            Column("Moved", _INSTANT),
            Column("Kind"),
            Column("Outcome"),
            Column("Amount", _MONEY),
            Column("Reverses"),
            Column("Account number typed"),
            Column("Details"),
            Column("What it is to us"),
            Column("Payment"),
        ],
        rows=_stated(found.id, progress),
    )
    errors = Sheet(
        title="Rows that cannot be read",
        subtitle=found.file_name,
        columns=[Column("Row", _NUMBER), Column("Problem"), Column("Cell")],
        rows=[(each.number, each.problem.value, each.column) for each in bad],
    )
    return [rows, errors]


async def _stated(import_id: UUID, progress: Expecting) -> AsyncIterator[Row]:
    async with connection() as c, c.transaction(isolation="repeatable_read", readonly=True):
        await progress.expect(await c.fetchval("select count(*) from statement_row where import_id = $1", import_id))
        async for row in c.cursor(STATED, import_id, prefetch=PREFETCH):
            told = (row["number"], row["receipt"], row["completed_at"], row["kind"], row["outcome"])
            amount = Money(row["amount_minor"], row["currency"])
            yield (*told, amount, *[row[name] for name in ("reverses", "reference", "details", "state", "payment")])


@report(
    "mpesa_orphans",
    title="M-Pesa money that nobody knows",
    purpose="Every receipt of M-Pesa of which no payment is known and whose money waits, the newest first.",
    requires=Permission.PAYMENTS_RECONCILE,
    parameters=Nothing,
)
async def mpesa_orphans(actor: Actor, parameters: Nothing, progress: Expecting) -> Sheet:
    return Sheet(
        title="M-Pesa money that nobody knows",
        subtitle=f"As of {today().isoformat()}",
        columns=[
            Column("Receipt"),
            Column("Moved", _INSTANT),
            Column("Account number typed"),
            Column("Payer"),
            Column("Telephone"),
            Column("First heard of by"),
            Column("Came", _MONEY),
            Column("Waits", _MONEY, summed=True),
        ],
        rows=_orphans(actor),
    )


async def _orphans(actor: Actor) -> AsyncIterator[Row]:
    after: str | None = None
    while True:
        page = await orphan_transactions(actor, PageRequest(first=MAX_PAGE, after=after))
        for each in page.rows:
            yield (
                each.receipt,
                each.transacted_at,
                each.reference,
                each.payer_name,
                each.phone_masked,
                each.first_channel.value,
                each.amount,
                each.net_amount,
            )
        if not page.has_next:
            return
        after = page.cursors[-1]
