"""Rows answer as their models do: every column and property of every table, read whole and in part."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from inspect import getattr_static
from typing import Any

import pytest
from tortoise.models import Model

from domain.identity.models import Branch, User
from domain.kit.money import MoneyOf
from domain.kit.reading import ColumnNotRead, ReadOnly, read, rows
from domain.kit.reading.needs import columns_for
from domain.lending.models import Loan, LoanInstalment
from schema.identity import types as _types  # noqa: F401
from schema.kit.faces import type_name_of
from tests.support.imagined import every_model, imagined_rows

pytestmark = pytest.mark.usefixtures("database")


def attributes_of(model: type[Model]) -> Iterator[str]:
    """What a model says of itself that is neither a column nor asked with arguments."""
    for base in model.__mro__:
        if not issubclass(Model, base):
            for name in vars(base):
                if isinstance(getattr_static(model, name), property | cached_property | MoneyOf):
                    yield name


def outcome_of(row: Model, name: str) -> Any:
    try:
        value = getattr(row, name)
    except (ColumnNotRead, ReadOnly):
        raise
    except Exception as error:
        return type(error)
    return value.__class__, value, str(value)


async def test_rows_answer_as_models_do() -> None:
    async with imagined_rows():
        for model in every_model():
            key = model._meta.pk_attr
            rows, models = await read(model.all().order_by(key)), await model.all().order_by(key)
            assert len(rows) == len(models) <= 5
            for row, stored in zip(rows, models, strict=True):
                assert type(row) is not model and isinstance(row, model)
                for name in [*model._meta.fields_db_projection, "pk", *attributes_of(model)]:
                    mine, theirs = outcome_of(row, name), outcome_of(stored, name)
                    assert mine == theirs, f"{model.__name__}.{name}: {mine} and not {theirs}"


async def test_a_part_of_a_row_is_enough_for_what_it_was_read_for() -> None:
    async with imagined_rows(rows=2):
        for model in every_model():
            whole = {row.pk: row for row in await read(model.all())}
            for name in attributes_of(model):
                for row in await read(model.all(), frozenset({name})):
                    mine, theirs = outcome_of(row, name), outcome_of(whole[row.pk], name)
                    assert mine == theirs, f"{model.__name__}.{name}: {mine} and not {theirs}"


@pytest.mark.parametrize(
    ("model", "wanted", "needed"),
    [
        (Loan, "number requested_principal", "number requested_minor currency"),
        (Loan, "overdue", "status next_due_on"),
        (
            Loan,
            "outstanding_amount",
            "currency principal_outstanding_minor interest_outstanding_minor fee_outstanding_minor "
            "penalty_outstanding_minor",
        ),
        (LoanInstalment, "due_amount number", "due_minor currency number"),
        (User, "is_admin pk", "active roles id"),
        (Loan, "what_nobody_has", ""),
    ],
)
def test_needs_are_found_in_what_is_written(model: type[Model], wanted: str, needed: str) -> None:
    assert columns_for(model, wanted.split()) == frozenset(needed.split())


def test_what_cannot_be_told_needs_everything() -> None:
    assert columns_for(Loan, {"number", "save"}) is None
    assert columns_for(Loan, None) is None


async def test_a_column_that_was_left_out_is_no_missing_attribute() -> None:
    async with imagined_rows(rows=1):
        [row] = await read(Loan.all(), frozenset({"number"}))
        assert (row.number, row.id) and isinstance(row, Loan)
        with pytest.raises(ColumnNotRead, match=r"Loan\.status"):
            getattr(row, "status", None)
        with pytest.raises(AttributeError):
            row.what_nobody_has  # type: ignore[attr-defined]  # noqa: B018


async def test_rows_are_only_shown() -> None:
    async with imagined_rows(rows=2):
        one, other = await read(Branch.all().order_by("code"))
        [again, _] = await read(Branch.all().order_by("code"), frozenset({"code"}))
        stored = await Branch.get(id=one.id)
        assert one == again == stored and one != other and len({one, again, stored}) == 1
        assert type_name_of(one) == "Branch"
        with pytest.raises(ReadOnly):
            await one.save()
        with pytest.raises(AttributeError):
            one.name = "Elsewhere"
        assert repr(one) == f"<BranchRow: {one.id}>"


def test_what_was_made_of_values_is_kept_up_to_a_limit() -> None:
    asked: list[int] = []

    def double(value: int) -> int:
        asked.append(value)
        return 2 * value

    made = rows.Made(double)
    assert [made[1], made[1]] == [2, 2] and asked == [1]
    for value in range(rows.MAX_VALUES + 1):
        assert made[value] == 2 * value
    assert len(made) <= rows.MAX_VALUES
