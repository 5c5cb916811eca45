"""Texts that the database writes are, letter by letter of their values, what is written here of the same rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import orjson
import pytest
from graphql import GraphQLObjectType, get_named_type, is_leaf_type, parse
from tortoise.models import Model

from domain.kit.reading import ColumnNotRead, Shown, attributes_in, place_of, read
from domain.kit.reading.shown import expression_of
from domain.lending.models import Loan
from schema.build import build
from schema.compiled.leaves import JSON_OPTIONS
from schema.compiled.picture import Picture, Selection
from schema.compiled.running import Run, one_by_one
from schema.compiled.texts import object_written, objects_written, shown_of
from schema.compiled.variables import Values, Variables
from schema.kit.nodes import every_node_kind
from tests.schema.compiled.things import context_with
from tests.support.imagined import imagined_rows

pytestmark = pytest.mark.usefixtures("database")


@cache
def the_schema() -> Any:
    return build()._schema  # type: ignore[attr-defined]


def everything_plain(type_: GraphQLObjectType) -> str:
    """The fields of a type that take no arguments, and whole amounts of money."""
    parts = ["__typename"]
    for name, definition in type_.fields.items():
        named = get_named_type(definition.type)
        if definition.args:
            continue
        if is_leaf_type(named):
            parts.append(f"its_{name}: {name}")
        elif named.name == "Money":
            parts.append(f"{name} {{ amount __typename currency }}")
    return " ".join(parts)


def selection_of(type_name: str, fields: str) -> tuple[Selection, Values]:
    document = parse(f'query {{ node(id: "x") {{ ... on {type_name} {{ {fields} }} }} }}')
    [operation] = document.definitions
    values: Any = Variables(the_schema(), operation, hide_suggestions=True).read({})  # type: ignore[arg-type]
    picture = Picture(the_schema(), document, operation, values.full)  # type: ignore[arg-type]
    [node] = picture.root.fields
    return node.inside(the_schema().type_map[type_name]), values


def written_by_the_database(model: type[Model], selection: Selection) -> Iterator[Selection]:
    """Those of the fields of a selection that the database can write, which others beside them must not hinder, some at a
    time."""
    kept = []
    for picked in selection.fields:
        shown = shown_of(Selection(selection.type, [picked]))
        if shown is not None and expression_of(model, shown) is not None:
            kept.append(picked)
    for start in range(0, len(kept), 12):
        yield Selection(selection.type, kept[start : start + 12])


async def require_the_same(model: type[Model], selection: Selection, values: Values) -> None:
    shown = shown_of(selection)
    assert shown is not None
    query = model.all().order_by(model._meta.pk_attr)
    texts = objects_written(await read(query, frozenset({shown})), shown)
    rows = await read(query)
    assert texts is not None, f"{model.__name__} cannot be written"
    assert len(texts) == len(rows) > 0
    assert {type(each) for each in texts} == {orjson.Fragment}
    for row, text in zip(rows, texts, strict=True):
        run = run_of(values)
        made = orjson.loads(orjson.dumps(one_by_one(row, selection, (), run), option=JSON_OPTIONS))
        assert not run.failures
        assert list(orjson.loads(orjson.dumps(text)).items()) == list(made.items()), model.__name__


def run_of(values: Values) -> Run:
    return Run(context_with(None), None, values, narrow=True)


async def test_every_text_of_every_table_is_what_is_written_here() -> None:
    fields: Counter[str] = Counter()
    async with imagined_rows(rows=12, seed=11):
        for kind in every_node_kind():
            model = kind.rows
            if not (isinstance(model, type) and issubclass(model, Model)):
                continue
            whole, values = selection_of(kind.name, everything_plain(the_schema().type_map[kind.name]))
            for selection in written_by_the_database(model, whole):
                await require_the_same(model, selection, values)
                fields.update(str(picked.type).rstrip("!") for picked in selection.fields)
    assert sum(fields.values()) > 900
    assert {"ID", "String", "Int", "Boolean", "Date", "DateTime", "Decimal", "Money", "LoanStatus"} <= fields.keys()


async def test_a_row_is_read_for_its_text_and_nothing_else() -> None:
    selection, _ = selection_of("Loan", "id number")
    shown = shown_of(selection)
    assert shown is not None
    async with imagined_rows(Loan):
        [row, *_] = await read(Loan.all(), frozenset({shown}))
        with pytest.raises(ColumnNotRead):
            row.number  # noqa: B018
        assert object_written(row, selection) is not None
        [with_both, *_] = await read(Loan.all(), frozenset({shown, "number"}))
        assert with_both.number
        assert object_written(with_both, selection) is not None


async def test_rows_of_which_some_have_no_text_are_written_one_by_one() -> None:
    selection, values = selection_of("Loan", "id number")
    shown = shown_of(selection)
    assert shown is not None
    async with imagined_rows(Loan):
        written = (await read(Loan.all().order_by("id"), frozenset({shown})))[0]
        whole = (await read(Loan.all().order_by("id")))[0]
        assert objects_written([written, whole], shown) is None
        both = [one_by_one(each, selection, (), run_of(values)) for each in (written, whole)]
        first, second = (orjson.loads(orjson.dumps(each, option=JSON_OPTIONS)) for each in both)
        assert first == second


@pytest.mark.parametrize(
    ("type_name", "fields", "reason"),
    [
        ("Loan", "borrower { id }", "another table"),
        ("Loan", "id schedule { number }", "a list"),
        ("LoanProduct", "id usualTerms { instalments }", "an object that is no amount"),
    ],
)
def test_what_is_more_than_columns_has_no_text(type_name: str, fields: str, reason: str) -> None:
    selection, _ = selection_of(type_name, fields)
    assert shown_of(selection) is None, reason


def test_equal_texts_are_equal_and_others_are_not() -> None:
    def text(fields: str) -> Shown:
        shown = shown_of(selection_of("Loan", fields)[0])
        assert shown is not None
        return shown

    assert text("id number") == text("id number") and hash(text("id number")) == hash(text("id number"))
    assert len({text("id number"), text("number id"), text("id its: number"), text("id")}) == 4
    assert attributes_in({text("id number"), "status"}) == {"id", "number", "status"}
    assert place_of(object, text("id")) is None


def test_a_text_that_would_be_very_long_is_none() -> None:
    fields = " ".join(f"a{number}: createdAt" for number in range(200))
    shown = shown_of(selection_of("Loan", fields)[0])
    assert shown is not None
    assert expression_of(Loan, shown) is None


def test_names_are_quoted_for_the_database() -> None:
    """Keys are names of GraphQL, which have no quotes; should they ever, they would still be no more than text."""
    assert expression_of(Loan, Shown(['{"it\'s":"', '"}'])) == """'{"it''s":"'||'"}'"""
