"""Statements that are written once for a shape select what Tortoise selects, with whatever values they are used again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tortoise.expressions import F, Q, Subquery
from tortoise.functions import Count
from tortoise.queryset import QuerySet

from domain.kit.paging import PageRequest, page_of
from domain.kit.reading import RowsWith, count, lasting, read, read_one, where
from domain.kit.reading.filters import NotUnderstood
from domain.kit.reading.statements import Asked, Kept
from domain.lending.models import Loan
from domain.lending.states import LoanStatus
from tests.support.imagined import imagined_rows
from tests.support.statements import statements

pytestmark = pytest.mark.usefixtures("database")

COLUMNS = (
    "id", "number", "status", "officer_id", "pays_purpose", "instalment_count", "annual_rate", "created_at", "next_due_on",
    "kyc_required", "approved_minor",
)  # fmt: skip
ONE = ("", "__not", "__gt", "__gte", "__lt", "__lte")
MANY = ("__in", "__not_in")
TEXTS = ("__contains", "__icontains", "__startswith", "__istartswith", "__endswith", "__iexact")

Chosen = Callable[[str], Any]
Tree = Callable[[Chosen], Q]


def named(name: str, value: Any) -> Q:
    return Q(**{name: value})


def one_value(column: str, operator: str) -> Tree:
    return lambda chosen: named(column + operator, chosen(column))


def many_values(column: str, operator: str, size: int) -> Tree:
    return lambda chosen: named(column + operator, [chosen(column) for _ in range(size)])


def part_of_a_text(column: str, operator: str, end: int) -> Tree:
    return lambda chosen: named(column + operator, chosen(column)[:end])


def presence(column: str, operator: str, value: bool) -> Tree:
    return lambda chosen: named(column + operator, value)


def nothing(column: str) -> Tree:
    return lambda chosen: named(column, None)


def both(trees: Sequence[Tree], join: str) -> Tree:
    return lambda chosen: Q(*(tree(chosen) for tree in trees), join_type=join)


def negated(tree: Tree) -> Tree:
    return lambda chosen: ~tree(chosen)


def within(tree: Tree, plainly: bool) -> Tree:
    def rows(chosen: Chosen) -> Q:
        found = tree(chosen)
        return Q(id__in=Subquery(Loan.filter(found).values("id")) if plainly else RowsWith(Loan, found))

    return rows


column = st.sampled_from(COLUMNS)
LEAVES = st.one_of(
    st.builds(one_value, column, st.sampled_from(ONE)),
    st.builds(many_values, column, st.sampled_from(MANY), st.integers(0, 3)),
    st.builds(part_of_a_text, st.just("number"), st.sampled_from(TEXTS), st.integers(0, 5)),
    st.builds(presence, column, st.sampled_from(["__isnull", "__not_isnull"]), st.booleans()),
    st.builds(nothing, column),
)
TREES = st.recursive(
    LEAVES,
    lambda trees: st.one_of(
        st.builds(both, st.lists(trees, max_size=3), st.sampled_from(["AND", "OR"])),
        st.builds(negated, trees),
        st.builds(within, trees, st.booleans()),
    ),
    max_leaves=6,
)
ORDERS = st.lists(st.sampled_from(["number", "-status", "created_at", "-annual_rate"]), max_size=2, unique=True)


@dataclass(frozen=True)
class Question:
    trees: list[Tree]
    order: list[str]
    limit: int | None
    wanted: frozenset[str] | None

    def query(self, chosen: Chosen) -> QuerySet[Loan]:
        query = Loan.filter(*(tree(chosen) for tree in self.trees)).order_by(*self.order, "id")
        return query if self.limit is None else query.limit(self.limit)


QUESTIONS = st.builds(
    Question,
    trees=st.lists(TREES, max_size=3),
    order=ORDERS,
    limit=st.none() | st.integers(0, 4),
    wanted=st.none() | st.frozensets(st.sampled_from(["number", "requested_principal", "overdue"])),
)


def chosen_from(rows: Sequence[Loan], chance: Random) -> Chosen:
    """Values that rows have, so that conditions say something of others; never None, which has a shape of its own."""

    def choose(name: str) -> Any:
        return chance.choice([value for row in rows if (value := getattr(row, name)) is not None])

    return choose


@settings(max_examples=12, deadline=None)
@given(questions=st.lists(QUESTIONS, min_size=4, max_size=8), chance=st.randoms(use_true_random=False))
async def test_rows_are_those_that_tortoise_finds(questions: list[Question], chance: Random) -> None:
    async with imagined_rows(Loan, rows=12):
        choose = chosen_from(await Loan.all(), chance)
        for question in questions:
            for _ in range(2):
                query = question.query(choose)
                rows = await read(query, question.wanted)
                assert [row.id for row in rows] == [model.id for model in await query]
                assert all(type(row) is not Loan for row in rows)
                assert await count(query) == await query.count()


@pytest.mark.parametrize(
    "query",
    [
        lambda: Loan.filter(approved_minor=F("requested_minor")),
        lambda: Loan.filter(terms__contains={"a": 1}),
        lambda: Loan.filter(created_at__year=2026),
        lambda: Loan.filter(instalment_count__range=(1, 2**30)),
        lambda: Loan.annotate(many=Count("id")).filter(many__gte=1),
        lambda: Loan.all().distinct(),
        lambda: Loan.all().offset(1).limit(2),
        lambda: Loan.filter(id__in=Subquery(Loan.all().limit(2).values("id"))),
        lambda: Loan.all().select_for_update(),
        lambda: Loan.filter(approved_minor__gt=None),
    ],
)
async def test_what_is_not_understood_is_left_to_tortoise(query: Callable[[], QuerySet[Loan]]) -> None:
    async with imagined_rows(Loan):
        asked = query()
        with pytest.raises(NotUnderstood):
            Asked.by(asked).look()
        found = await read(query().order_by("id"))
        assert found == await query().order_by("id") and all(type(each) is Loan for each in found)
        assert await count(query()) == await query().count()


async def test_how_many_values_a_list_has_makes_no_other_statement() -> None:
    async with imagined_rows(Loan):
        ids = [row.id for row in await Loan.all()]
        with statements() as seen:
            for size in range(1, 5):
                assert len(await read(Loan.filter(id__in=ids[:size]))) == size
                assert len(await read(Loan.filter(id__not_in=ids[:size]))) == 5 - size
                assert len(await read(Loan.filter(status__in=list(LoanStatus)[:size]), frozenset({"number"}))) < 6
        assert len(set(seen)) == 3
        with pytest.raises(AssertionError, match="one was meant"):
            await read_one(Loan.all())
        assert await read_one(Loan.filter(id=ids[0])) and await read_one(Loan.filter(number="?")) is None


async def test_pages_are_read_for_what_is_wanted_and_for_their_cursors() -> None:
    async with imagined_rows(Loan):
        whole = await page_of(Loan.all(), PageRequest(first=2), "-created_at", "id")
        part = await page_of(Loan.all(), PageRequest(first=2, wanted=frozenset({"number"})), "-created_at", "id")
        assert list(whole.cursors) == list(part.cursors) == whole.cursors[:] and whole.rows == part.rows
        behind = await page_of(Loan.all(), PageRequest(first=9, after=part.cursors[-1]), "-created_at", "id")
        before = await page_of(Loan.all(), PageRequest(last=9, before=behind.cursors[0]), "-created_at", "id")
        assert len(behind.rows) == 3 and before.rows == whole.rows and (await part.count()) == 5
        models = await Loan.all().order_by("-created_at", "id")
        assert [*before.rows, *behind.rows] == models


class Reader:
    """Somebody who reads."""

    def __init__(self, status: LoanStatus) -> None:
        self.status = status


async def test_a_condition_that_lasts_is_worked_out_once_for_each_actor() -> None:
    asked: list[Reader] = []

    @lasting
    def seen(actor: Reader) -> Q:
        asked.append(actor)
        return Q(status=actor.status) | Q(id__in=RowsWith(Loan, Q(status=actor.status)))

    async with imagined_rows(Loan):
        for status in LoanStatus:
            reader = Reader(status)
            found = [await read(Loan.filter(condition(seen(reader))).order_by("id")) for condition in (Q, Q, lambda q: ~~q)]
            wanted = await Loan.filter(status=status).order_by("id")
            assert all(rows == wanted for rows in found)
            within = await read(Loan.filter(id__in=RowsWith(Loan, seen(reader)), number__not="").order_by("id"))
            assert within == await Loan.filter(status=status).exclude(number="").order_by("id")
    assert [reader.status for reader in asked] == list(LoanStatus)


def test_what_is_kept_is_bounded() -> None:
    kept: Kept[int, str] = Kept(2)
    for each in (1, 2):
        kept.keep(each, str(each))
    assert kept.get(1) == "1"
    kept.keep(3, "3")
    assert (len(kept), kept.get(1), kept.get(2), kept.get(3)) == (2, "1", None, "3")


def test_rows_where_conditions_hold_are_those_of_a_filter() -> None:
    conditions = Q(currency="INR"), Q(status=LoanStatus.ACTIVE) | Q(officer_id__isnull=True)
    assert where(Loan, *conditions).sql() == Loan.filter(*conditions).sql()
    assert where(Loan).sql() == Loan.all().sql()
