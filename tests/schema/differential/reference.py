"""graphql-core as it is, and a thorough kin of it that goes on where graphql-core stops: it tells all that may go wrong.

When a promised value is missing, graphql-core gives up the object around it: what stands beside it is run or not, heard or
not, as time has it. The thorough executor runs everything, so that it is known which errors there may be, and which
position each of them clears.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson
from graphql import DocumentNode, ExecutionResult, GraphQLError, GraphQLSchema, Undefined, execute
from graphql.execution import Executor
from graphql.pyutils import Path

from schema.compiled import Outcome
from schema.kit.context import Context

Position = tuple[str | int, ...]


@dataclass(frozen=True)
class CorePlan:
    """An operation as graphql-core, or a subclass of its executor, runs it: what every other plan is measured by."""

    schema: GraphQLSchema
    document: DocumentNode
    operation_name: str | None = None
    executor: type[Executor[Any]] | None = None

    async def run(self, context: Context, variables: Mapping[str, Any], root: Any = None) -> Outcome:
        outcome = execute(
            self.schema,
            self.document,
            root_value=root,
            context_value=context,
            variable_values=dict(variables),
            operation_name=self.operation_name,
            executor_class=self.executor,
        )
        found = outcome if isinstance(outcome, ExecutionResult) else await outcome
        return Outcome(orjson.dumps(found.data), found.errors or ())


@dataclass(frozen=True)
class Happened:
    """An error, and the position that is null because of it."""

    error: GraphQLError
    position: Position


class Everything:
    """In place of graphql-core's collected errors: keeps all, whatever was cleared before."""

    def __init__(self) -> None:
        self.errors: list[GraphQLError] = []
        self.happened: list[Happened] = []
        self._beside: dict[int, list[GraphQLError]] = {}

    def add(self, error: GraphQLError, path: Path | None) -> None:
        position = () if path is None else tuple(path.as_list())
        stack = [error]
        while stack:
            each = stack.pop()
            self.errors.append(each)
            self.happened.append(Happened(each, position))
            stack.extend(self._beside.pop(id(each), ()))

    def first_of(self, errors: list[Any]) -> Exception:
        """The one to raise; the others share its fate."""
        first, *others = errors
        self._beside.setdefault(id(first), []).extend(others)
        return first  # type: ignore[no-any-return]


class ThoroughExecutor(Executor[Any]):
    """Runs the fields and items that stand beside one that failed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.collected_errors: Any = Everything()
        _last.append(self.collected_errors)

    def execute_fields(
        self, parent_type: Any, source_value: Any, path: Any, grouped_field_set: Any, position_context: Any
    ) -> Any:
        results: dict[Any, Any] = {}
        errors: list[Any] = []
        for name, details in grouped_field_set.items():
            try:
                result = self.execute_field(
                    parent_type, source_value, details, Path(path, name, parent_type.name), position_context
                )
            except Exception as error:
                errors.append(error)
            else:
                if result is not Undefined:
                    results[name] = result
        return self._settled(results, list(results), errors)

    def complete_iterable_value(
        self, item_type: Any, field_details_list: Any, info: Any, path: Any, items: Any, position_context: Any
    ) -> Any:
        results: list[Any] = []
        errors: list[Any] = []
        for index, item in enumerate(items):
            where = path.add_key(index, None)
            rest = (item_type, field_details_list, info, where, position_context)
            if self.is_awaitable(item):
                results.append(self.complete_awaitable_list_item_value(item, *rest))
                continue
            try:
                self.complete_list_item_value(item, results, *rest)
            except Exception as error:
                errors.append(error)
                results.append(None)
        return self._settled(results, list(range(len(results))), errors)

    def _settled(self, results: Any, keys: list[Any], errors: list[Any]) -> Any:
        """The results once all have come; the first error once all have."""
        waiting = [key for key in keys if self.is_awaitable(results[key])]
        if waiting:
            return self._settled_later(results, waiting, errors)
        if errors:
            raise self.collected_errors.first_of(errors)
        return results

    async def _settled_later(self, results: Any, waiting: list[Any], errors: list[Any]) -> Any:
        found = await asyncio.gather(*(results[key] for key in waiting), return_exceptions=True)
        for key, value in zip(waiting, found, strict=True):
            if isinstance(value, BaseException):
                errors.append(value)
            results[key] = value
        if errors:
            raise self.collected_errors.first_of(errors)
        return results


_last: list[Everything] = []


async def all_that_happens(
    plan: CorePlan, context: Context, variables: Mapping[str, Any], root: Any = None
) -> list[Happened]:
    """Every error of an operation that is run to its end."""
    _last.clear()
    await replace(plan, executor=ThoroughExecutor).run(context, variables, root)
    return _last[-1].happened if _last else []
