"""What the database counts, and what the rules count: the same of whatever rows there are, at every moment."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.database import fetch, fetchval
from domain.kit.errors import Forbidden
from domain.kit.money import Money
from domain.school import figures
from domain.school.jobs import figure_folding, statistics_refresh
from domain.school.rules.fees import Figures
from domain.school.rules.statistics import (
    AssignmentFact,
    CollectionFact,
    EnrolmentFact,
    Fact,
    FeeFact,
    Key,
    MarkFact,
    Metric,
    PostingFact,
    StudentFact,
    TeacherFact,
    month_of,
    recounted,
)
from domain.school.service.changing_fees import delete_fee
from domain.school.service.statistics import fold_figures, refresh_statistics
from domain.school.states import AttendanceStatus, EnrolmentStatus, TransactionKind
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.mill_rows import unguarded
from tests.support.people import somebody
from tests.support.school import a_pupil, a_school, a_subject, a_teacher, enrolled_students, teaching
from tests.support.school_fees import charged, corrected, ghs, paid

pytestmark = pytest.mark.usefixtures("database")

M = Metric
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

    @settings(max_examples=10, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(of)
    def holds(example: Any) -> None:
        asyncio.run_coroutine_threadsafe(check(example), loop).result(60)

    await asyncio.to_thread(holds)


async def test_figures_are_a_recount_at_every_commit() -> None:
    """While cashiers, a registrar and the folding of the tail are at work at once, whoever looks sees what the rows say."""
    school = await a_school()
    pupils = await enrolled_students(4, school.school_class, school.year)
    fees = [await charged(school.bursar, pupil, ghs(100)) for pupil in pupils]
    looks, busy = 0, True

    async def cashier(number: int) -> None:
        for turn in range(3):
            fee = fees[(number + turn) % len(fees)]
            await paid(school.bursar, fee, ghs(30 + turn))
            await corrected(school.bursar, fee, ghs(number))

    async def registrar() -> None:
        for _ in range(4):
            await charged(school.bursar, await a_pupil(school), ghs(70), ghs(80))
            await teaching(await a_teacher(branch=school.branch), school.next_class, await a_subject())

    async def look() -> None:
        nonlocal looks
        while busy:
            assert await figures.astray() == []
            await fold_figures()
            looks += 1

    watcher = asyncio.create_task(look())
    await asyncio.gather(*(cashier(number) for number in range(4)), registrar())
    busy = False
    await watcher
    assert looks > 3
    assert await figures.astray() == []
    sums = await figures.sums_of([M.STUDENTS, M.CLASS_STUDENTS, M.TEACHERS, M.FEES_CHARGED])
    month = month_of(clock.today())
    assert sums == {
        Key(M.STUDENTS): 8,
        Key(M.CLASS_STUDENTS, school.school_class.id): 8,
        Key(M.TEACHERS): 4,
        Key(M.FEES_CHARGED, None, month, "GHS"): 4 * 100_00 + 4 * 70_00,
    }
    await assert_integrity()


async def test_what_came_past_the_triggers_is_found_and_put_right() -> None:
    school = await a_school()
    await charged(school.bursar, await a_pupil(school), ghs(100), ghs(40))
    admin = somebody(Role.ADMIN)
    async with nothing_happens():
        assert (await refresh_statistics(admin)).found == 0
    async with unguarded() as c:
        await c.execute("update school_fee set due_on = due_on + 400, due_minor = 17000, status = 'PARTIALLY_PAID'")
        await c.execute("delete from school_figure_change where metric = 'STUDENTS'")
    async with nothing_happens():
        with pytest.raises(Forbidden):
            await refresh_statistics(school.bursar)
    found = (await refresh_statistics(admin)).differences
    month, later = month_of(clock.today()), month_of(clock.today() + timedelta(days=400))
    assert {(each.metric_name, str(each.kept), str(each.counted)) for each in found} == {
        (f"fees_charged:{month:%Y-%m}:GHS", "100.00", "0.00"),
        (f"fees_charged:{later:%Y-%m}:GHS", "0.00", "170.00"),
        (f"fees_outstanding:{month:%Y-%m}:GHS", "60.00", "0.00"),
        (f"fees_outstanding:{later:%Y-%m}:GHS", "0.00", "130.00"),
        ("students", "0", "1"),
    }
    [told] = [each.fact for each in await events_so_far() if each.name == "school.statistics_repaired"]
    assert (told.found, "students" in told.titles) == (5, True)
    assert await statistics_refresh.run() == 0
    assert await fetchval("select count(*) from school_figure_change") == 0
    sums = await figures.sums_of([M.STUDENTS, M.FEES_OUTSTANDING], currency="GHS", since=later)
    assert sums == {Key(M.FEES_OUTSTANDING, None, later, "GHS"): 130_00}


async def test_folding_keeps_every_sum_and_forgets_those_of_nothing() -> None:
    school = await a_school()
    fee = await charged(school.bursar, await a_pupil(school), ghs(100), ghs(40))
    before = await figures.sums_of(M)
    assert await figure_folding.run() != 0
    assert await figures.sums_of(M) == before
    await delete_fee(school.bursar, fee_id=fee.id)
    await figure_folding.run()
    assert await figures.sums_of(M) == {Key(M.STUDENTS): 1, Key(M.CLASS_STUDENTS, school.school_class.id): 1}
    kept = {row["metric"] for row in await fetch("select metric from school_figure")}
    assert kept == {"STUDENTS", "CLASS_STUDENTS"}
    assert await fetchval("select count(*) from school_figure_change") == 0
    assert await figure_folding.run() == 0
