"""Running one case by graphql-core and by the pipeline as it is, in two copies of one fabricated world."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from domain.events.log import Place
from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit.context import CallContext
from schema.kit.context import Context, Services
from schema.kit.finish import DEFINITION
from schema.pipeline import Limits, Pipeline, Request, RequestRefused, Result
from schema.pipeline import errors as presenting
from schema.pipeline.prepared import Prepared
from schema.pipeline.selection import Group
from schema.pipeline.shape import rendering_schema
from subscriptions.cursor import CursorCodec
from tests.schema.differential.documents import Case
from tests.schema.differential.equality import Answered, Possible, difference, difference_of_errors, same_errors, shown
from tests.schema.differential.fakes import Stage, fabricated_schema
from tests.schema.differential.feeds import CALL, an_item, under_one_id
from tests.schema.differential.reference import CorePlan, Happened, all_that_happens
from tests.schema.differential.world import MOODS, Mood, World

EVERYBODY: Final = Actor(id=UUID(int=3), name="Everybody", roles=frozenset(Role), session_id=UUID(int=4))
LIMITS: Final = Limits(cost=60_000, aliases=26, directives=14, timeout_s=600)
"""What lists cost is reckoned for full ones, and the fabricated ones are short. How long something takes on a machine that
has other things to do says nothing of what comes of it."""

GAVE_UP: Final = "gave up"
"""graphql-core cancels the neighbours of a field that fails, and with one of them what a loader reads for others as well,
who then fail by no fault of theirs. There is nothing to compare with."""

Execute = Callable[[Prepared, Request, Context], Awaitable[bytes]]
"""Runs an operation that may run, and gives the response."""
Run = Callable[[World], Awaitable[bytes]]


@dataclass(frozen=True)
class Ways:
    """Two ways to the same response, and all the errors that may happen on them. ``one_by_one`` says that no two root fields
    run beside each other, ``may_wait`` that something below them is resolved by a function that is awaited."""

    reference: Run
    other: Run
    everything: Callable[[World], Awaitable[list[Happened]]]
    one_by_one: bool
    may_wait: bool
    is_mutation: bool = False


@dataclass(frozen=True)
class Scene:
    """A world by its seed and mood."""

    seed: int = 1
    mood: Mood = MOODS[0]


@dataclass(frozen=True)
class Verdict:
    """How one case ended. ``fault`` says what was not equal; ``refused``, that nothing ran, and ``never``, that nothing
    would run in any world."""

    fault: str | None
    refused: bool = False
    never: bool = False


class Silent:
    """In place of the log, which would tell of every accident of a fabricated world."""

    def error(self, *_: Any, **__: Any) -> None: ...

    def warning(self, *_: Any, **__: Any) -> None: ...


@contextmanager
def silence() -> Iterator[None]:
    spoken, presenting.logger = presenting.logger, Silent()
    try:
        yield
    finally:
        presenting.logger = spoken


class Proof:
    """The whole schema over fabricated worlds, and two ways to run its operations."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.stage = Stage()
        built, self.book = fabricated_schema(self.stage)
        self.schema = built._schema
        self.services = Services(cursors=CursorCodec("a secret for cursors in tests"))
        self.pipeline = Pipeline(built, limits=limits, services=self.services, refresh=_as_before)
        self._rendering = rendering_schema(self.schema)

    async def verdict(self, case: Case, scene: Scene, execute: Execute | None = None) -> Verdict:
        """Whether the pipeline answers the same as graphql-core; or ``execute``, where a damaged way is to be found out."""
        request = Request(query=case.text, operation_name=case.operation_name, variables=case.variables)
        try:
            prepared = self.pipeline.prepare(request)
            if prepared.is_subscription:
                ways = await self._ways_of_feed(prepared, request)
            else:
                ways = self._ways(prepared, request, execute or self._by_pipeline)
        except RequestRefused as refused:
            invalid = f"the document is not valid: {refused.errors}" if _is_our_fault(refused) else None
            return Verdict(invalid, refused=True, never=True)
        return await self._compared(ways, scene)

    async def _compared(self, ways: Ways, scene: Scene) -> Verdict:
        reference = await self._answered(ways.reference, scene, ways)
        if reference.refused == GAVE_UP:
            return Verdict(None, refused=True)
        other = await self._answered(ways.other, scene, ways)
        fault = difference(reference, other)
        if fault is None and not same_errors(reference, other):
            possible = _as_shown(await ways.everything(self._enter(scene)))
            fault = difference_of_errors(reference, other, possible)
        return Verdict(fault, bool(reference.refused))

    async def _answered(self, run: Run, scene: Scene, ways: Ways) -> Answered:
        world, others = self._enter(scene), asyncio.all_tasks()
        try:
            answered = Answered.of(await run(world))
        except RequestRefused as refused:
            answered = Answered(refused=f"{refused.status} {refused.errors}")
        except asyncio.CancelledError:
            answered = Answered(refused=GAVE_UP)
        # What graphql-core gave up goes on in the background; it belongs to this world, and not to the next.
        while left := asyncio.all_tasks() - others:
            await asyncio.wait(left)
        await asyncio.sleep(0)
        answered.mistakes = world.mistakes
        if ways.is_mutation:
            answered.calls, answered.overlaps = world.calls, world.overlaps
        # Below a row that is none, the world does not notice who waits.
        noticed = world.mood.wrong == 0 or not ways.may_wait
        answered.ordered = world.waits_below_roots == 0 and ways.one_by_one and noticed
        return answered

    def _enter(self, scene: Scene) -> World:
        world = World(self.book, scene.seed, scene.mood)
        self.stage.put(world)
        return world

    def _ways(self, prepared: Prepared, request: Request, execute: Execute) -> Ways:
        plan = self.core_plan(prepared)
        return Ways(
            reference=lambda world: self.by_plan(plan, prepared, request, self.context()),
            other=lambda world: execute(prepared, request, self.context()),
            everything=lambda world: all_that_happens(plan, self.context(), request.variables or {}),
            one_by_one=prepared.is_mutation or len(prepared.root_fields()) == 1,
            may_wait=_may_wait(prepared),
            is_mutation=prepared.is_mutation,
        )

    async def _ways_of_feed(self, prepared: Prepared, request: Request) -> Ways:
        """An item of a feed, rendered by the hub's shape and by graphql-core."""
        followed = await self.pipeline.subscribe(prepared, request, self.context())
        [root] = prepared.root_fields()
        plan = CorePlan(self._rendering, prepared.shape.document)
        variables = request.variables or {}

        async def by_core(world: World) -> bytes:
            outcome = await plan.run(self.context(), variables, root.rule.stream.row(an_item(world, root)))
            return Result(outcome.data_json, presenting.present(outcome.errors, CALL), {}).to_bytes()

        async def by_shape(world: World) -> bytes:
            item = an_item(world, root)
            return under_one_id(await followed.shape.render(item), item)

        async def everything(world: World) -> list[Happened]:
            return await all_that_happens(plan, self.context(), variables, root.rule.stream.row(an_item(world, root)))

        return Ways(by_core, by_shape, everything, one_by_one=True, may_wait=_may_wait(prepared))

    async def by_core(self, prepared: Prepared, request: Request, context: Context) -> bytes:
        return await self.by_plan(self.core_plan(prepared), prepared, request, context)

    def core_plan(self, prepared: Prepared) -> CorePlan:
        return CorePlan(self.schema, prepared.document, prepared.operation_name)

    async def by_plan(self, plan: Any, prepared: Prepared, request: Request, context: Context) -> bytes:
        """The response when the operation is run by this plan, whatever the pipeline would make of it."""
        alone = copy.copy(prepared)
        alone.plan = plan
        return (await self.pipeline.execute(alone, request, context)).to_bytes()

    async def _by_pipeline(self, prepared: Prepared, request: Request, context: Context) -> bytes:
        return (await self.pipeline.execute(prepared, request, context)).to_bytes()

    def context(self) -> Context:
        return Context(EVERYBODY, CallContext(CALL), self.services, _as_of=Place(1, 7))


async def _as_before(actor: Actor) -> Actor:
    return actor


def _may_wait(prepared: Prepared) -> bool:
    groups = [each.children for each in prepared.root_fields() if each.children is not None]
    seen: set[Group] = set()
    while groups:
        group = groups.pop()
        if group not in seen:
            seen.add(group)
            for selected in group.every():
                declared = selected.field and selected.field.extensions.get(DEFINITION)
                if declared is not None and declared.is_async:
                    return True
                groups.extend([selected.children] if selected.children is not None else [])
    return False


def _as_shown(happened: list[Happened]) -> list[Possible]:
    errors = presenting.present([each.error for each in happened], CALL)
    return [
        Possible(shown(error), tuple(error["path"]), each.position) for each, error in zip(happened, errors, strict=True)
    ]


def _is_our_fault(refused: RequestRefused) -> bool:
    """The limits may refuse a document; that it is not valid is a mistake of its maker."""
    return refused.code in ("GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED")
