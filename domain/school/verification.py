"""Replaying the school from what was written once, to prove that what is stored of it is what follows from that.

A fee is its lines and the money that came and went; where it stands, whose income that is and whether somebody was told of
it follow. What the school counts follows from its rows. Both are reckoned here by the rules, and not by the database, each
in one snapshot.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import date
from typing import Any, Final

from domain.kit.database import Connection, Record, connection
from domain.kit.money import Money
from domain.school.accounts import FEE_CREDITS, shares_of
from domain.school.figures import sums_in
from domain.school.rules.allocation import spread
from domain.school.rules.arrears import is_high
from domain.school.rules.fees import Figures
from domain.school.rules.plans import Line
from domain.school.rules.posting import Share, shares
from domain.school.rules.statistics import (
    AssignmentFact,
    CollectionFact,
    EnrolmentFact,
    Fact,
    FeeFact,
    Key,
    MarkFact,
    PostingFact,
    StudentFact,
    TeacherFact,
    differences,
)
from domain.school.settings import threshold_of
from domain.school.states import AttendanceStatus, EnrolmentStatus, TransactionKind

AT_ONCE: Final = 1000

# Each fee with the lines of its present edition in their order, what came and went, and what stands in the books.
FEES: Final = """
select f.id, f.number, f.currency, f.due_minor, f.paid_minor, f.refunded_minor, f.voided_at, f.status, f.arrears_alerted,
       coalesce((
           select jsonb_agg(
               jsonb_build_array(l.instalment_no, l.due_on, l.category_code, l.amount_minor, l.income_code)
               order by l.position)
           from fee_line l where l.fee_id = f.id and l.edition = f.edition), '[]') as lines,
       coalesce((select sum(p.amount_minor) from fee_payment p where p.fee_id = f.id), 0)::bigint as came,
       (select jsonb_agg(t.shares) from school_transaction t where t.fee_id = f.id and t.reversed_at is null) as booked
from school_fee f order by f.id
"""

THRESHOLDS: Final = "select thresholds from school_setting"

KEPT: Final = "select metric, class_id, on_date, currency, amount from school_figures_now"

_R = Record


def _fee_fact(row: _R) -> list[Fact]:
    return [FeeFact(row["due_on"], _figures(row))]


def _postings(row: _R) -> list[Fact]:
    kind, amount = TransactionKind(row["kind"]), Money(row["amount_minor"], row["currency"])
    posted: list[Fact] = [PostingFact(kind, row["on_date"], amount)]
    return posted if row["reversed_on"] is None else [*posted, PostingFact(kind, row["reversed_on"], -amount)]


FACTS: Final[Mapping[str, Callable[[_R], list[Fact]]]] = {
    "select enrolled_count from student": lambda row: [StudentFact(row["enrolled_count"] > 0)],
    "select class_id, status from enrolment": lambda row: [EnrolmentFact(row["class_id"], EnrolmentStatus(row["status"]))],
    "select active from teacher": lambda row: [TeacherFact(row["active"])],
    "select class_id, until_on from teaching": lambda row: [AssignmentFact(row["class_id"], row["until_on"] is None)],
    "select class_id, on_date, status from attendance": lambda row: [
        MarkFact(row["class_id"], row["on_date"], AttendanceStatus(row["status"]))
    ],
    "select currency, due_minor, paid_minor, refunded_minor, voided_at, due_on from school_fee": _fee_fact,
    "select currency, amount_minor, paid_on from fee_payment": lambda row: [
        CollectionFact(row["paid_on"], Money(row["amount_minor"], row["currency"]))
    ],
    "select kind, on_date, reversed_on, currency, amount_minor from school_transaction": _postings,
}
"""What each table is to the rules: everything that is counted."""


async def verify_fees() -> list[str]:
    """A sentence for each fee of which something stored is not what follows from its lines and its money."""
    found = []
    async with connection() as c, c.transaction(isolation="repeatable_read", readonly=True):
        thresholds = await c.fetchval(THRESHOLDS)
        async for row in rows_of(c, FEES):
            wrong = [what for what, holds in _of_fee(row, thresholds).items() if not holds]
            found += [f"{row['number']}: {what} is not what follows from its money" for what in wrong]
    return found


def _of_fee(row: _R, thresholds: Mapping[str, int] | None) -> dict[str, bool]:
    """Whether each thing that is stored of a fee follows."""
    currency = row["currency"]
    due = sum((line.amount for line in _lines(row)), Money.zero(currency))
    figures, wanted = _figures(row), income_of(row)
    return {
        "what is due": figures.due == due,
        "what is paid": figures.paid == Money(row["came"], currency),
        "where it stands": figures.status == row["status"],
        "its income": booked_of(row) == ([wanted] if wanted else []),
        "its alert": row["arrears_alerted"] == is_high(figures.outstanding, threshold_of(thresholds, currency)),
    }


def income_of(row: _R) -> tuple[Share, ...] | None:
    """Whose income what came for a fee is, by its lines; None where more went back than came."""
    paid = Money(row["came"], row["currency"])
    account_of = {category: income_code for _, _, category, _, income_code in row["lines"]}
    return shares(spread(_lines(row), paid), account_of, FEE_CREDITS.code) if paid.amount_minor >= 0 else None


def booked_of(row: _R) -> list[tuple[Share, ...]]:
    """Whose income it is by each row of the books that stands."""
    return [shares_of(each, row["currency"]) for each in row["booked"] or []]


def _lines(row: _R) -> list[Line]:
    return [
        Line(number, date.fromisoformat(due_on), category, Money(amount, row["currency"]))
        for number, due_on, category, amount, _ in row["lines"]
    ]


async def verify_figures() -> list[str]:
    """A sentence for each figure that is not what the rules make of the rows."""
    counted: dict[Key, int] = {}
    async with connection() as c, c.transaction(isolation="repeatable_read", readonly=True):
        for statement, facts_of in FACTS.items():
            async for row in rows_of(c, statement):
                for fact in facts_of(row):
                    for key, amount in fact.sums().items():
                        counted[key] = counted.get(key, 0) + amount
        kept = sums_in(await c.fetch(KEPT))
    return [f"{each.key.title} is kept as {each.kept}, and is {each.counted}" for each in differences(kept, counted)]


def _figures(row: _R) -> Figures:
    due, paid, refunded = (Money(row[f"{what}_minor"], row["currency"]) for what in ("due", "paid", "refunded"))
    return Figures(due=due, paid=paid, refunded=refunded, void=row["voided_at"] is not None)


async def rows_of(c: Connection, statement: str) -> AsyncIterator[Any]:
    async for row in c.cursor(statement, prefetch=AT_ONCE):
        yield row
