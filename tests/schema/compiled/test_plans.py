"""How plans are made and kept: what is left to graphql-core, what of rows is read, and how a plan reads."""

from __future__ import annotations

import ast
import builtins
from pathlib import Path
from typing import Any

import orjson
import pytest
from prometheus_client import REGISTRY

import schema as schema_package
from domain.kit.reading import ColumnNotRead, Source, Wanted, attributes_in
from schema.compiled import CompiledPlan
from schema.compiled.wanted import answers_what_it_loads, wanted_of
from schema.kit.fields import RULE, FieldRule, Relation
from tests.schema.compiled.things import STORE, compiler, context_with, plan_of, schema, thing

SIMPLE = "{ thing { text number stored { text } things { maybeText worth { amount } } } }"


def test_a_plan_can_be_read() -> None:
    source = plan_of(SIMPLE).source()
    assert source is not None
    assert "# Thing.stored" in source
    assert "] = await together(run, [fetch(load_" in source
    assert "'text': (v if (v := row.text).__class__ is str else leaf(v, field_" in source
    assert source.startswith("async def answer(run, root):")
    assert source.endswith("return objects_0[0]\n")


def test_a_plan_names_nothing_that_there_is_not() -> None:
    """A name that is missing would not be an error: all rows would be written by the slow way."""
    document = "{ thing { id text number yes decimal at on uuid colour money { amount } worth { currency } one { text } } }"
    plan = plan_of(document)
    values: Any = plan._variables.read({})
    [part] = compiler().compiled(plan, (), values).parts
    known = {**part.answer.__globals__, **vars(builtins)}
    names = [node for node in ast.walk(ast.parse(part.source)) if isinstance(node, ast.Name)]
    stored = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    parameters = {node.arg for node in ast.walk(ast.parse(part.source)) if isinstance(node, ast.arg)}
    assert {node.id for node in names} - stored - parameters <= known.keys()


@pytest.mark.parametrize(
    "document",
    [
        "{ __schema { queryType { name } } }",
        '{ __type(name: "Thing") { name } thing { text } }',
    ],
)
async def test_introspection_is_left_to_graphql_core(document: str) -> None:
    before = _count("fallback")
    plan = plan_of(document)
    outcome = await plan.run(context_with(thing(text="t")), {})
    assert orjson.loads(outcome.data_json)
    assert plan.source() is None
    assert _count("fallback") == before + 1


async def test_what_has_too_many_fields_is_left_to_graphql_core(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schema.compiled.picture.MAX_FIELDS", 4)
    assert plan_of("{ thing { text number } }").source() is not None
    assert plan_of("{ thing { text number maybeText maybeNumber } }").source() is None


async def test_how_often_is_counted() -> None:
    before = _count("compiled")
    await plan_of(SIMPLE).run(context_with(None), {})
    assert _count("compiled") == before + 1


class Shelf(Source[str, Any]):
    """A source that reads as little as it is told to."""

    def __init__(self) -> None:
        self.wanted: list[Wanted] = []
        self.misses = False

    async def read(self, actor: Any, keys: Any, wanted: Wanted) -> dict[str, Any]:
        self.wanted.append(wanted)
        return {key: Row(wanted if self.misses else None) for key in keys}


class Row:
    """A row without one of its columns, if only some are wanted."""

    graphql_type_name = "Thing"
    stored_id = "s"

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted

    @property
    def text(self) -> str:
        if self._wanted is not None:
            raise ColumnNotRead(Any, "text")  # type: ignore[arg-type]
        return "all of it"


def stored_by(shelf: Shelf, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the relation ``stored`` use this source."""
    field: Any = schema()._schema.type_map["Thing"].fields["stored"]  # type: ignore[attr-defined]
    monkeypatch.setitem(field.extensions, RULE, FieldRule(relation=Relation(shelf, key, many=False)))


async def test_rows_are_read_again_when_a_column_was_not_foreseen(monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf()
    shelf.misses = True
    stored_by(shelf, "stored_id", monkeypatch)
    plan = plan_of("{ thing { stored { text } } }")
    for _ in range(2):
        outcome = await plan.run(context_with(thing(stored_id="s")), {})
        assert outcome.data_json == b'{"thing":{"stored":{"text":"all of it"}}}'
        assert outcome.errors == ()
    foreseen, *later = shelf.wanted
    assert foreseen is not None and attributes_in(foreseen) == {"text"}
    assert later == [None, None], "what was learnt is not forgotten"


async def test_nothing_is_left_out_below_a_mutation(monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf()
    stored_by(shelf, "text", monkeypatch)
    await plan_of('mutation { act(name: "a") { stored { text } } }').run(context_with(None), {})
    assert shelf.wanted == [None]


def test_what_is_wanted_of_rows() -> None:
    plan = plan_of("{ thing { __typename text stored { text } worth { amount } things { number } later } }")
    values: Any = plan._variables.read({})
    [thing_field] = compiler().compiled(plan, (), values).selection.fields
    assert attributes_in(wanted_of(thing_field) or ()) == {"text", "stored_id", "worth", "things", "answer"}


def test_a_resolver_that_answers_what_it_loads_is_known() -> None:
    async def answers(info: Any, id: str) -> object:
        return await info.context.load(STORE, id.upper())

    async def looks(info: Any, id: str) -> object:
        found = await info.context.load(STORE, id)
        return found.other

    async def two(info: Any, id: str) -> object:
        return await info.context.load(STORE, id) or await info.context.load(STORE, "b")

    def later(info: Any, id: str) -> object:
        return info.context.load(STORE, id)

    assert [answers_what_it_loads(each) for each in (answers, looks, two, later)] == [True, False, False, False]


def test_resolvers_use_no_more_of_info_than_there_is() -> None:
    """Compiled operations give resolvers a light ``info``."""
    used = set()
    for file in Path(schema_package.__path__[0]).rglob("*.py"):
        if "compiled" not in file.parts and "pipeline" not in file.parts:
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "info":
                    used.add(node.attr)
    assert used <= {"context", "schema"}


def _count(how: str) -> float:
    return REGISTRY.get_sample_value("daftari_compiled_operations_total", {"how": how}) or 0.0


def test_plans_of_one_document_are_compiled_once() -> None:
    plan = plan_of("query A { thing { text } } query B { thing { number } }", name="B")
    values: Any = plan._variables.read({})
    assert compiler().compiled(plan, (), values) is compiler().compiled(plan, (), values)
    assert isinstance(plan, CompiledPlan)
    assert "'number'" in (plan.source() or "")
