"""The plan of an operation: compiled for the conditions that its variables decide, or left to graphql-core."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import orjson
import structlog
from graphql import (
    DirectiveNode,
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    Visitor,
    execute,
    visit,
)
from prometheus_client import Counter

from domain.kit.reading import ColumnNotRead
from schema.compiled.arguments import Converter
from schema.compiled.assembling import assembled, nothing_is_left
from schema.compiled.leaves import JSON_OPTIONS
from schema.compiled.marks import NotUnderstood
from schema.compiled.picture import Picture, Selection
from schema.compiled.running import Run, keep_promises
from schema.compiled.variables import Values, Variables
from schema.compiled.writing import Writer
from schema.kit.context import Context

_OPERATIONS: Final = Counter(
    "daftari_compiled_operations_total",
    "Operations by whether they were compiled or left to graphql-core, and how many had to be run again with whole rows.",
    ["how"],
)

logger = structlog.get_logger(__name__)

NULL: Final = b"null"
MAX_VARIANTS: Final = 16
"""How many combinations of conditions of one operation are remembered to be none of ours."""
MAX_SOURCE: Final = 2_000_000
"""How many characters of source the functions that are kept were made of, which is what bounds their memory: ten bytes for
each."""

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an operation: its data as JSON, and the errors in the order of the answer."""

    data_json: bytes
    errors: Sequence[GraphQLError]


@cache
def counter(how: str) -> Counter:
    return _OPERATIONS.labels(how)


@dataclass(frozen=True, slots=True)
class Part:
    """A function, and what it answers: the whole operation, or one field of a mutation."""

    selection: Selection
    answer: Callable[[Run, Any], Any]
    source: str


@dataclass(frozen=True, slots=True)
class Compiled:
    """An operation under one combination of conditions. Its parts run one after another."""

    selection: Selection
    parts: Sequence[Part]
    serial: bool

    @property
    def source(self) -> str:
        return "\n\n".join(part.source for part in self.parts)


class Compiler:
    """Compiles the operations of one schema, and keeps those that were lately run."""

    def __init__(
        self, schema: GraphQLSchema, strawberry_schema: Any, *, hide_suggestions: bool, max_source: int = MAX_SOURCE
    ) -> None:
        self.schema = schema
        self.strawberry_schema = strawberry_schema
        self.hide_suggestions = hide_suggestions
        self._convert = Converter(strawberry_schema)
        self._kept: OrderedDict[tuple[CompiledPlan, Key], Compiled] = OrderedDict()
        self._size = 0
        self._max_size = max_source

    def compiled(self, plan: CompiledPlan, key: Key, values: Values) -> Compiled:
        """The operation of a plan under the conditions of these variables; raises NotUnderstood."""
        known = self._kept.get((plan, key))
        if known is not None:
            self._kept.move_to_end((plan, key))
            return known
        made = self._compile(plan, values)
        self._kept[plan, key] = made
        self._size += len(made.source)
        while self._size > self._max_size:
            _, oldest = self._kept.popitem(last=False)
            self._size -= len(oldest.source)
        return made

    def _compile(self, plan: CompiledPlan, values: Values) -> Compiled:
        root = Picture(self.schema, plan.document, plan.operation, values.full).root
        serial = plan.operation.operation is OperationType.MUTATION
        pieces = [Selection(root.type, [each]) for each in root.fields] if serial else [root]
        return Compiled(root, [self._part(each) for each in pieces], serial)

    def _part(self, selection: Selection) -> Part:
        writer = Writer(self._convert)
        source = writer.write(selection)
        names = dict(writer.names)
        exec(compile(source, "<compiled operation>", "exec"), names)
        return Part(selection, names["answer"], source)


class CompiledPlan:
    """How one operation is run."""

    def __init__(
        self,
        compiler: Compiler,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        operation_name: str | None = None,
    ) -> None:
        self.document = document
        self.operation = operation
        self._operation_name = operation_name
        self._compiler = compiler
        self._variables = Variables(compiler.schema, operation, hide_suggestions=compiler.hide_suggestions)
        self._conditions = _condition_variables(document)
        self._left_to_graphql_core: set[Key] = set()
        self._narrow = operation.operation is OperationType.QUERY

    async def run(self, context: Context, variables: Mapping[str, Any], root: Any = None) -> Outcome:
        values = self._variables.read(variables)
        if not isinstance(values, Values):
            return Outcome(NULL, values)
        compiled = self._compiled(values)
        if compiled is None:
            counter("fallback").inc()
            return await self._run_by_graphql_core(context, variables, root)
        counter("compiled").inc()
        schema = self._compiler.strawberry_schema
        if not self._narrow:
            return await _run(compiled, Run(context, schema, values, narrow=False), root)
        try:
            return await _run(compiled, Run(context, schema, values, narrow=True), root)
        except ColumnNotRead as missing:
            # Nothing was written: only queries are narrow.
            self._narrow = False
            counter("again").inc()
            logger.warning("column_not_foreseen", operation=self._operation_name, missing=str(missing))
            return await _run(compiled, Run(context, schema, values, narrow=False), root)

    def source(self, variables: Mapping[str, Any] | None = None) -> str | None:
        """The function that answers it, for people; None when graphql-core does."""
        values = self._variables.read(variables or {})
        compiled = self._compiled(values) if isinstance(values, Values) else None
        return None if compiled is None else compiled.source

    def _compiled(self, values: Values) -> Compiled | None:
        key = tuple(values.coerced.get(name) for name in self._conditions)
        if key in self._left_to_graphql_core:
            return None
        try:
            return self._compiler.compiled(self, key, values)
        except NotUnderstood:
            if len(self._left_to_graphql_core) < MAX_VARIANTS:
                self._left_to_graphql_core.add(key)
            return None

    async def _run_by_graphql_core(self, context: Context, variables: Mapping[str, Any], root: Any) -> Outcome:
        outcome = execute(
            self._compiler.schema,
            self.document,
            root_value=root,
            context_value=context,
            variable_values=dict(variables),
            operation_name=self._operation_name,
            hide_suggestions=self._compiler.hide_suggestions,
        )
        found = outcome if isinstance(outcome, ExecutionResult) else await outcome
        return Outcome(orjson.dumps(found.data), found.errors or ())


async def _run(compiled: Compiled, run: Run, root: Any) -> Outcome:
    data: dict[str, Any] = {}
    for part in compiled.parts:
        before = run.failures
        run.loaded.clear()
        found = await part.answer(run, root)
        if run.promises:
            found = await keep_promises(found, run)
        data.update(found)
        if compiled.serial and run.failures > before and nothing_is_left(data, compiled.selection, run):
            # The fields of a mutation that would follow are not run any more.
            break
    errors: Sequence[GraphQLError] = ()
    shown: Any = data
    if run.failures:
        shown, errors = assembled(data, compiled.selection, run, serial=compiled.serial)
    return Outcome(orjson.dumps(shown, option=JSON_OPTIONS), errors)


def _condition_variables(document: DocumentNode) -> tuple[str, ...]:
    """The variables on which it depends what an operation selects."""
    found = _Conditions()
    visit(document, found)
    return tuple(sorted(found.names))


class _Conditions(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        for argument in node.arguments or ():
            if isinstance(argument.value, VariableNode):
                self.names.add(argument.value.name.value)
