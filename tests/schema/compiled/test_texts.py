"""Texts that the database writes are, letter by letter of their values, what is written here of the same rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import orjson
import pytest
from graphql import GraphQLObjectType, get_named_type, is_leaf_type, parse
from tortoise.fields import BigIntField
from tortoise.models import Model

from domain.kit.reading import ColumnNotRead, Shown, attributes_in, place_of, read
from domain.kit.reading.shown import Form, Written, expression_of, expressions_of
from domain.ledger.models import JournalEntry
from domain.lending.models import Loan
from schema.build import build
from schema.compiled.leaves import JSON_OPTIONS
from schema.compiled.picture import Picture, Selection
from schema.compiled.running import Run, one_by_one
from schema.compiled.texts import is_whole, object_written, texts_in, texts_of
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


def text_of(selection: Selection) -> Shown:
    """The one text of objects that are nothing else."""
    assert is_whole(selection)
    [shown] = texts_in(selection).values()
    return shown


def written_by_the_database(model: type[Model], selection: Selection) -> Iterator[Selection]:
    """Those of the fields of a selection that the database can write, which others beside them must not hinder, some at a
    time."""
    kept = []
    for picked in selection.fields:
        if picked.named.name == "Int" and isinstance(model._meta.fields_map.get(picked.attribute), BigIntField):
            # Imagined ones are more than GraphQL can tell.
            continue
        alone = Selection(selection.type, [picked])
        if texts_in(alone) and expression_of(model, text_of(alone)) is not None:
            kept.append(picked)
    for start in range(0, len(kept), 12):
        yield Selection(selection.type, kept[start : start + 12])


async def require_the_same(model: type[Model], selection: Selection, values: Values) -> None:
    shown = text_of(selection)
    query = model.all().order_by(model._meta.pk_attr)
    texts = texts_of(await read(query, frozenset({shown})), shown)
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
    async with imagined_rows(rows=24, seed=11):
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
    shown = text_of(selection)
    async with imagined_rows(Loan):
        [row, *_] = await read(Loan.all(), frozenset({shown}))
        with pytest.raises(ColumnNotRead):
            row.number  # noqa: B018
        assert object_written(row, selection, ()) is not None
        [with_both, *_] = await read(Loan.all(), frozenset({shown, "number"}))
        assert with_both.number
        assert object_written(with_both, selection, ()) is not None


async def test_rows_of_which_some_have_no_text_are_written_one_by_one() -> None:
    selection, values = selection_of("Loan", "id number")
    shown = text_of(selection)
    async with imagined_rows(Loan):
        written = (await read(Loan.all().order_by("id"), frozenset({shown})))[0]
        whole = (await read(Loan.all().order_by("id")))[0]
        assert texts_of([written, whole], shown) is None
        both = [one_by_one(each, selection, (), run_of(values)) for each in (written, whole)]
        first, second = (orjson.loads(orjson.dumps(each, option=JSON_OPTIONS)) for each in both)
        assert first == second


@pytest.mark.parametrize(
    ("type_name", "fields", "runs"),
    [
        ("Loan", "borrower { id }", []),
        ("Loan", "id @skip(if: true)", []),
        ("Loan", "id number borrower { id } status schedule { number } createdAt updatedAt", ["id", "status", "createdAt"]),
        ("LoanProduct", "id usualTerms { instalments } code", []),
        ("LoanProduct", "id minPrincipal { amount currency }", ["id"]),
    ],
)
def test_which_fields_are_runs(type_name: str, fields: str, runs: list[str]) -> None:
    selection, _ = selection_of(type_name, fields)
    assert list(texts_in(selection)) == runs


async def test_runs_stand_between_what_is_had_for_the_level_below() -> None:
    selection, values = selection_of("Loan", "id number borrower { id } status schedule { number } createdAt")
    texts = texts_in(selection).values()
    below = [{"id": "b"}, [{"number": 1}]]
    async with imagined_rows(Loan):
        written = (await read(Loan.all().order_by("id"), frozenset(texts)))[0]
        whole = (await read(Loan.all().order_by("id")))[0]
        made = one_by_one(whole, selection, below, run_of(values))
        put_together = one_by_one(written, selection, below, run_of(values))
        assert list(put_together) == ["id", "borrower", "status", "schedule", "createdAt"]
        as_json = [orjson.loads(orjson.dumps(each, option=JSON_OPTIONS)) for each in (put_together, made)]
        assert list(as_json[0].items()) == list(as_json[1].items())


async def test_a_number_that_graphql_cannot_tell_has_no_text() -> None:
    selection, _ = selection_of("JournalEntry", "number")
    query = JournalEntry.all().order_by("number")
    async with imagined_rows(JournalEntry):
        assert texts_of(await read(query, frozenset({text_of(selection)})), text_of(selection)) is None


async def test_all_texts_of_a_row_are_written_or_none() -> None:
    """The objects of a group are put together out of texts, or made of attributes, which must be there then."""
    written, other = texts_in(selection_of("Loan", "number borrower { id } schedulePlan: status")[0]).values()
    impossible = Shown([Written("not_a_column", Form.TEXT, required=True)])
    assert expressions_of(Loan, {written, other}).keys() == {written, other}
    assert expressions_of(Loan, {written, impossible}) == {}
    async with imagined_rows(Loan):
        [with_texts, *_] = await read(Loan.all(), frozenset({written, other}))
        with pytest.raises(ColumnNotRead):
            with_texts.number  # noqa: B018
        [without, *_] = await read(Loan.all(), frozenset({written, impossible}))
        assert without.number
        assert place_of(type(without), written) is None


def test_equal_texts_are_equal_and_others_are_not() -> None:
    def text(fields: str) -> Shown:
        return text_of(selection_of("Loan", fields)[0])

    assert text("id number") == text("id number") and hash(text("id number")) == hash(text("id number"))
    assert len({text("id number"), text("number id"), text("id its: number"), text("id")}) == 4
    assert attributes_in({text("id number"), "status"}) == {"id", "number", "status"}
    assert place_of(object, text("id")) is None


def test_a_text_that_would_be_very_long_is_none() -> None:
    fields = " ".join(f"a{number}: createdAt" for number in range(200))
    shown = text_of(selection_of("Loan", fields)[0])
    assert expression_of(Loan, shown) is None


def test_names_are_quoted_for_the_database() -> None:
    """Keys are names of GraphQL, which have no quotes; should they ever, they would still be no more than text."""
    assert expression_of(Loan, Shown(['{"it\'s":"', '"}'])) == """'{"it''s":""}'"""
