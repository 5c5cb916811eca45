"""Damaged executors: each makes one mistake that a compiler of operations could make. The proof must find every one out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import orjson
from graphql import GraphQLError, GraphQLObjectType, is_non_null_type
from graphql.execution import Executor

from schema.kit.context import Context
from schema.pipeline import Request
from schema.pipeline.prepared import Prepared
from tests.schema.differential.proving import Execute, Proof


class ForgetsToPropagate(Executor[Any]):
    """A null where a value was promised stays where it is."""

    def handle_field_error(self, raw_error: Any, return_type: Any, field_details_list: Any, path: Any) -> None:
        nullable = return_type.of_type if is_non_null_type(return_type) else return_type
        super().handle_field_error(raw_error, nullable, field_details_list, path)


class ReadsTheFirstOnly(Executor[Any]):
    """Of fields with the same key, the selections of the first alone are answered."""

    def collect_subfields(self, return_type: Any, field_details_list: Any) -> Any:
        return super().collect_subfields(return_type, field_details_list[:1])


class ForgetsAliases(Executor[Any]):
    """Values are told under the names of their fields."""

    def execute_fields(
        self, parent_type: Any, source_value: Any, path: Any, grouped_field_set: Any, position_context: Any
    ) -> Any:
        named = {details[0].node.name.value: details for details in grouped_field_set.values()}
        return super().execute_fields(parent_type, source_value, path, named, position_context)


class AnswersBackwards(Executor[Any]):
    """Fields are answered in the wrong order."""

    def execute_fields(
        self, parent_type: Any, source_value: Any, path: Any, grouped_field_set: Any, position_context: Any
    ) -> Any:
        backwards = dict(reversed(grouped_field_set.items()))
        return super().execute_fields(parent_type, source_value, path, backwards, position_context)


class HurriesMutations(Executor[Any]):
    """Mutations run side by side."""

    def execute_fields_serially(self, *args: Any) -> Any:
        return self.execute_fields(*args)


class TakesAnyType(Executor[Any]):
    """A row of a type that is none of a union's or interface's members is shown all the same."""

    def ensure_valid_runtime_type(self, runtime_type_name: Any, return_type: Any, *rest: Any) -> GraphQLObjectType:
        try:
            return super().ensure_valid_runtime_type(runtime_type_name, return_type, *rest)
        except GraphQLError:
            members = self.schema.get_possible_types(return_type)
            return members[0]


class SwallowsErrors(Executor[Any]):
    """An error in a nullable field is a null, and nothing else."""

    def handle_field_error(self, raw_error: Any, return_type: Any, field_details_list: Any, path: Any) -> None:
        try:
            super().handle_field_error(raw_error, return_type, field_details_list, path)
        finally:
            self.collected_errors.errors.clear()


class LosesTheWay(Executor[Any]):
    """Errors in lists do not say in which item."""

    def handle_field_error(self, raw_error: Any, return_type: Any, field_details_list: Any, path: Any) -> None:
        while isinstance(path.key, int):
            path = path.prev
        super().handle_field_error(raw_error, return_type, field_details_list, path)


class WritesCarelessly(Executor[Any]):
    """Leaves are written as they are, when they look as if they could be."""

    @staticmethod
    def complete_leaf_value(return_type: Any, result: Any) -> Any:
        return result if isinstance(result, str | int | float) else Executor.complete_leaf_value(return_type, result)


class KeepsEmptyItems(Executor[Any]):
    """Lists leave out what is null."""

    def complete_iterable_value(self, item_type: Any, details: Any, info: Any, path: Any, items: Any, context: Any) -> Any:
        kept = [each for each in items if each is not None]
        return super().complete_iterable_value(item_type, details, info, path, kept, context)


def by(executor: type[Executor[Any]]) -> Callable[[Proof], Execute]:
    """Runs operations through the pipeline by a damaged executor."""

    def of(proof: Proof) -> Execute:
        async def run(prepared: Prepared, request: Request, context: Context) -> bytes:
            plan = replace(proof.core_plan(prepared), executor=executor)
            return await proof.by_plan(plan, prepared, request, context)

        return run

    return of


def twice(proof: Proof) -> Execute:
    """When something fails, all is run again."""

    async def run(prepared: Prepared, request: Request, context: Context) -> bytes:
        body = await proof.by_core(prepared, request, context)
        return await proof.by_core(prepared, request, proof.context()) if "errors" in orjson.loads(body) else body

    return run


def spoilt(spoil: Callable[[dict[str, Any]], None]) -> Callable[[Proof], Execute]:
    """Responses are spoilt on their way."""

    def of(proof: Proof) -> Execute:
        async def run(prepared: Prepared, request: Request, context: Context) -> bytes:
            response = orjson.loads(await proof.by_core(prepared, request, context))
            spoil(response)
            return orjson.dumps(response)

        return run

    return of


def _without_fields(response: dict[str, Any]) -> None:
    """The field that a refusal is about is forgotten."""
    for error in response.get("errors", ()):
        error["extensions"].pop("field", None)


def _first_location(response: dict[str, Any]) -> None:
    """Errors point at the first of the places where their field was selected."""
    for error in response.get("errors", ()):
        del error["locations"][1:]


def _twice_told(response: dict[str, Any]) -> None:
    """An error is told twice."""
    if response.get("errors"):
        response["errors"].append(response["errors"][0])


def _without_escapes(response: dict[str, Any]) -> None:
    """Some letters are lost."""
    text = orjson.dumps(response["data"]).decode()
    response["data"] = orjson.loads(text.replace("☕", "?"))


DAMAGES: Final[dict[str, Callable[[Proof], Execute]]] = {
    **{kind.__name__: by(kind) for kind in Executor.__subclasses__() if kind.__module__ == __name__},
    "RunsMutationsTwice": twice,
    **{each.__name__: spoilt(each) for each in (_without_fields, _first_location, _twice_told, _without_escapes)},
}
