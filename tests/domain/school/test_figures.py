"""What the database counts, and what the rules count: the same of whatever rows there are, at every moment."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.kit.database import fetch
from domain.kit.money import Money
from domain.school import figures
from domain.school.rules.fees import Figures
from domain.school.rules.statistics import (
    AssignmentFact,
    CollectionFact,
    EnrolmentFact,
    Fact,
    FeeFact,
    MarkFact,
    PostingFact,
    StudentFact,
    TeacherFact,
    recounted,
)
from domain.school.states import AttendanceStatus, EnrolmentStatus, TransactionKind

pytestmark = pytest.mark.usefixtures("database")

CLASSES = [UUID(int=n) for n in (3, 4)]
SOMEBODY = "2026-03-10T08:00:00Z"


@dataclass(frozen=True)
class Row:
    """A row of a table, and the facts that it is to the rules."""

    table: str
    columns: dict[str, Any]
    facts: Sequence[Fact]


def _student(count: int) -> Row:
    return Row("student", {"enrolled_count": count}, [StudentFact(count > 0)])


def _enrolment(class_id: UUID | None, status: EnrolmentStatus) -> Row:
    return Row("enrolment", {"class_id": class_id, "status": status}, [EnrolmentFact(class_id, status)])


def _teacher(active: bool) -> Row:
    return Row("teacher", {"active": active}, [TeacherFact(active)])


def _teaching(class_id: UUID, until_on: date | None) -> Row:
    return Row("teaching", {"class_id": class_id, "until_on": until_on}, [AssignmentFact(class_id, until_on is None)])


def _mark(class_id: UUID, on: date, status: AttendanceStatus) -> Row:
    return Row("attendance", {"class_id": class_id, "on_date": on, "status": status}, [MarkFact(class_id, on, status)])


def _fee(due_on: date, due: int, paid: int, currency: str, void: bool) -> Row:
    paid = 0 if void else paid
    columns = {"due_on": due_on, "due_minor": due, "paid_minor": paid, "currency": currency}
    figures = Figures(due=Money(due, currency), paid=Money(paid, currency), refunded=Money(0, currency), void=void)
    return Row("school_fee", columns | {"voided_at": SOMEBODY if void else None}, [FeeFact(due_on, figures)])


def _payment(on: date, amount: int, currency: str) -> Row:
    columns = {"paid_on": on, "amount_minor": amount, "currency": currency}
    return Row("fee_payment", columns, [CollectionFact(on, Money(amount, currency))])


def _posting(kind: TransactionKind, on: date, amount: int, currency: str, reversed_on: date | None) -> Row:
    columns = {"kind": kind, "on_date": on, "amount_minor": amount, "currency": currency, "reversed_on": reversed_on}
    facts = [PostingFact(kind, on, Money(amount, currency))]
    if reversed_on is not None:
        facts.append(PostingFact(kind, reversed_on, Money(-amount, currency)))
    return Row("school_transaction", columns, facts)


days = st.dates(date(2025, 12, 30), date(2026, 3, 2))
classes = st.sampled_from(CLASSES)
amounts = st.integers(0, 10**15)
currencies = st.sampled_from(["GHS", "KES"])
rows: st.SearchStrategy[Row] = st.one_of(
    st.builds(_student, st.integers(0, 2)),
    st.builds(_enrolment, st.none() | classes, st.sampled_from(EnrolmentStatus)),
    st.builds(_teacher, st.booleans()),
    st.builds(_teaching, classes, st.none() | days),
    st.builds(_mark, classes, days, st.sampled_from(AttendanceStatus)),
    st.builds(_fee, days, amounts, amounts, currencies, st.booleans()),
    st.builds(_payment, days, st.integers(-(10**15), 10**15), currencies),
    st.builds(_posting, st.sampled_from(TransactionKind), days, amounts, currencies, st.none() | days),
)
TABLES = ("student", "enrolment", "teacher", "teaching", "attendance", "school_fee", "fee_payment", "school_transaction")
COUNTED = " union all ".join(
    f"""select n.metric, n.class_id, n.on_date, n.currency, n.amount
        from jsonb_populate_recordset(null::{table}, ${number}::jsonb) r cross join lateral figures_of_{table}(r) n"""
    for number, table in enumerate(TABLES, 1)
)


async def _database_counts_as_rules_do(found: list[Row]) -> None:
    told = [json.dumps([row.columns for row in found if row.table == table], default=str) for table in TABLES]
    counted = figures.sums_in(await fetch(COUNTED, *told))
    assert counted == recounted(fact for row in found for fact in row.facts)


async def test_the_database_counts_as_the_rules_do() -> None:
    """Whatever rows there are: what the functions of the triggers say of them is what the rules say of the facts."""
    await _examples(_database_counts_as_rules_do, st.lists(rows, max_size=30))


async def _examples(check: Callable[[Any], Any], of: st.SearchStrategy[Any]) -> None:
    loop = asyncio.get_running_loop()

    @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(of)
    def holds(example: Any) -> None:
        asyncio.run_coroutine_threadsafe(check(example), loop).result(60)

    await asyncio.to_thread(holds)
