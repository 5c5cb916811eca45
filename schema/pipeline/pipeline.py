"""The pipeline: what every transport hands its requests to."""

from __future__ import annotations

import time
from collections.abc import Hashable
from typing import Any

from graphql import GraphQLError
from graphql.execution.values import VariableValues, get_argument_values, get_variable_values
from strawberry import Schema
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField

from domain.identity.actor import Anonymous
from domain.identity.directory import actor_now
from domain.kit import tracing
from domain.kit.context import call_context
from domain.kit.pool import NoConnectionInTime
from schema.compiled import CompiledPlan, Compiler
from schema.kit.context import Context, Services
from schema.kit.feeds import MAX_EVERY_SECONDS, MIN_EVERY_SECONDS, Stream
from schema.kit.finish import DEFINITION
from schema.pipeline import metrics
from schema.pipeline.deadlines import Deadlines
from schema.pipeline.errors import present
from schema.pipeline.limits import Limits
from schema.pipeline.permission import check_permissions
from schema.pipeline.prepared import Prepared, Preparer
from schema.pipeline.rate import Budget, NoBudget, Spent
from schema.pipeline.request import Request, RequestRefused
from schema.pipeline.result import NULL, Result
from schema.pipeline.selection import Selected
from schema.pipeline.shape import Kitchen, Refresh
from schema.pipeline.trusted import TrustedDocuments
from subscriptions.feed import Subscription


class Pipeline:
    """One for a process. ``refresh`` gives a viewer with the rights of now, for feeds that show what depends on them."""

    def __init__(
        self,
        schema: Schema,
        *,
        limits: Limits | None = None,
        budget: Budget | None = None,
        trusted: TrustedDocuments | None = None,
        services: Services | None = None,
        introspection: bool = True,
        refresh: Refresh = actor_now,
    ) -> None:
        self._strawberry = schema
        self._schema = schema._schema
        self.limits = limits or Limits()
        self.services = services or Services()
        self._budget = budget or NoBudget()
        self._trusted = trusted or TrustedDocuments()
        self._suggestions = introspection
        self._deadlines = Deadlines(self.limits.timeout_s)
        self._preparer = Preparer(self._schema, self.limits, introspection=introspection, suggestions=introspection)
        self._compiler = Compiler(self._schema, schema, hide_suggestions=not introspection)
        self.kitchen = Kitchen(schema, self.services, refresh)

    def prepare(self, request: Request) -> Prepared:
        """The operation that a request means, ready to be run; the same object for the same document and operation."""
        try:
            return self._preparer.prepare(self._trusted.text_of(request), request.operation_name)
        except RequestRefused as refused:
            metrics.operations.of(metrics.NEVER_READ).ended(refused.code.lower())
            raise

    async def execute(self, prepared: Prepared, request: Request, context: Context) -> Result:
        """Run a query or mutation; raises RequestRefused when it may not be run at all."""
        if prepared.is_subscription:
            raise RequestRefused.because(
                "BAD_REQUEST", "a subscription is answered as text/event-stream or over a WebSocket", status=406
            )
        started = time.perf_counter()
        outcome = "refused"
        try:
            with call_context(context.call), _traced(prepared):
                spent = await self._admit(prepared, request, context)
                result = await self._run(prepared, request, context)
            result.spent, result.extensions = spent, {"cost": spent.to_json()}
            outcome = "errors" if result.errors else "ok"
            return result
        except BaseException as error:
            outcome = error.code.lower() if isinstance(error, RequestRefused) else "failed"
            raise
        finally:
            took_s = time.perf_counter() - started
            figures = metrics.operations.of(prepared.kind_name)
            figures.ended(outcome)
            figures.took(took_s)
            metrics.operations.of_field(prepared.kind_name, prepared.field_name).ended(outcome, took_s)

    async def subscribe(self, prepared: Prepared, request: Request, context: Context) -> Subscription:
        """Price and permit a subscription and read its arguments; the hub opens what is returned."""
        if not prepared.is_subscription:
            raise RequestRefused.because("BAD_REQUEST", "this operation is no subscription", status=400)
        outcome = "failed"
        try:
            with call_context(context.call), _traced(prepared):
                await self._admit(prepared, request, context)
            outcome = "ok"
        except RequestRefused as refused:
            outcome = refused.code.lower()
            raise
        finally:
            metrics.operations.of(prepared.kind_name).ended(outcome)
            metrics.operations.of_field(prepared.kind_name, prepared.field_name).ended(outcome, 0.0)
        variables = get_variable_values(
            self._schema,
            prepared.operation.variable_definitions or (),
            dict(request.variables or {}),
            max_errors=self.limits.validation_errors,
            hide_suggestions=not self._suggestions,
        )
        if not isinstance(variables, VariableValues):
            raise RequestRefused.of(variables, "INVALID_VARIABLES")
        selected = prepared.root_fields()[0]
        stream = selected.rule.stream
        assert isinstance(stream, Stream), f"{selected.node.name.value} is not declared as a feed"
        arguments = self._arguments(selected, variables)
        after, every_seconds = arguments.pop("after", None), arguments.pop("every_seconds", None)
        if every_seconds is not None and not MIN_EVERY_SECONDS <= every_seconds <= MAX_EVERY_SECONDS:
            raise RequestRefused.because(
                "INVALID_VARIABLES", f"everySeconds must be from {MIN_EVERY_SECONDS} to {MAX_EVERY_SECONDS}"
            )
        given = prepared.variables(request.variables)
        return Subscription(
            feed=stream.feed,
            arguments=arguments,
            shape=self.kitchen.shape(prepared, stream, given, context.actor),
            after=after,
            every_seconds=every_seconds if every_seconds is not None else stream.feed.every_seconds(),
            requires=frozenset(each.permission for each in prepared.requirements_with(given)),
        )

    async def _admit(self, prepared: Prepared, request: Request, context: Context) -> Spent:
        """Permission first, so that nobody pays for what they may not do; then the price."""
        variables = prepared.variables(request.variables)
        if prepared.demands is None or not prepared.demands <= context.actor.permissions:
            check_permissions(context.actor, prepared.requirements_with(variables), context.problem)
        points = prepared.price(variables)
        if points > self.limits.cost:
            raise RequestRefused.because(
                "COST_LIMIT_EXCEEDED",
                f"this operation costs {points} points; one may cost {self.limits.cost}",
                cost={"requested": points, "limit": self.limits.cost},
            )
        metrics.operations.of(prepared.kind_name).points += points
        return await self.charge(context, points)

    async def charge(self, context: Context, points: int) -> Spent:
        """Take the price of an operation, or of what is none, a file for one, from the caller's budget."""
        limits = context.actor.key_limits
        if limits is not None and limits.points_per_minute is not None:
            return await self._budget.spend(context.actor.api_key_id, points, own_budget=limits.points_per_minute)
        return await self._budget.spend(_caller(context), points)

    async def _run(self, prepared: Prepared, request: Request, context: Context) -> Result:
        if prepared.plan is None:
            prepared.plan = CompiledPlan(self._compiler, prepared.document, prepared.operation, prepared.operation_name)
        try:
            with self._deadlines.watch():
                if prepared.reads_as_of:
                    await context.as_of()
                outcome = await prepared.plan.run(context, request.variables or {})
        except NoConnectionInTime:
            # Before anything was run; who answers knows what to say of it.
            raise
        except TimeoutError:
            raise RequestRefused.because(
                "TIMEOUT", f"the operation took more than {self.limits.timeout_s:g} seconds and was stopped", status=503
            ) from None
        if outcome.data_json == NULL and outcome.errors and all(error.path is None for error in outcome.errors):
            raise RequestRefused.of(outcome.errors, "INVALID_VARIABLES")
        return Result(outcome.data_json, present(outcome.errors, context.call.correlation_id), {})

    def _arguments(self, selected: Selected, variables: VariableValues) -> dict[str, Any]:
        """The live field's arguments as its function takes them."""
        assert selected.field is not None
        declared = selected.field.extensions[DEFINITION]
        assert isinstance(declared, StrawberryField)
        try:
            values = get_argument_values(selected.field, selected.node, variables)
        except GraphQLError as error:
            raise RequestRefused.of([error], "INVALID_VARIABLES") from None
        converter = self._strawberry.schema_converter
        return convert_arguments(
            values, declared.arguments, scalar_registry=converter.scalar_registry, config=self._strawberry.config
        )


def _caller(context: Context) -> Hashable:
    """Whose budget is spent: a person's over all their sessions and keys that have none of their own; strangers share that
    of their address."""
    actor = context.actor
    return context.call.address if isinstance(actor, Anonymous) else actor.id


def _traced(prepared: Prepared) -> tracing.Block:
    """The span of an operation, named by its root field: what clients call it is their business."""
    if not tracing.is_on():
        return tracing.NOTHING
    notes = {"graphql.operation.type": prepared.kind_name, "daftari.field": prepared.field_name}
    return tracing.act(f"{prepared.kind_name} {prepared.field_name}", notes=notes)
