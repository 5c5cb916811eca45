"""The same comparison over the real database: what several people of the demo read, with the permissions and rows that are
theirs, is what graphql-core answers them. The test that tells the demo's story ends with it."""

from __future__ import annotations

import asyncio
import copy
import random
from collections.abc import Mapping
from typing import Any

from api.demo import people
from api.demo.people import DemoPerson
from domain.identity.actor import ANONYMOUS, Actor
from domain.identity.directory import actor_of_user
from domain.identity.models import User
from domain.kit import clock
from domain.kit.context import CallContext
from domain.kit.errors import DomainError
from schema.kit.context import Context
from schema.kit.nodes import every_node_kind
from schema.pipeline import Request, RequestRefused
from schema.pipeline import errors as presenting
from schema.pipeline.prepared import Prepared
from tests.schema.differential.choices import Dice
from tests.schema.differential.choosing import Types
from tests.schema.differential.documents import Bounds, DocumentMaker
from tests.schema.differential.equality import Answered, Possible, difference, difference_of_errors, same_errors, shown
from tests.schema.differential.feeds import CALL
from tests.schema.differential.proving import GAVE_UP
from tests.schema.differential.reference import CorePlan, all_that_happens
from tests.support.graphql import encode_id, pipeline

SO_MANY_QUERIES = 25
SEED = 7
ACTORS: tuple[DemoPerson | None, ...] = (people.ADMIN, people.BORROWER, people.GUARDIAN, None)
BOUNDS = Bounds(fields=30, wrong_variables=1)


async def everybody_reads_the_same() -> None:
    """Where the story was told: whatever they ask is compared."""
    ids = await _ids()
    assert len(ids) > 40, "the demo shows most kinds of objects"
    types = Types(pipeline()._schema)
    ran = 0
    with clock.clock_set_to(clock.now()):
        for person in ACTORS:
            actor = await _actor(person)
            for number in range(SO_MANY_QUERIES):
                case = DocumentMaker(types, Dice(f"{SEED} {person} {number}"), BOUNDS, ids).case("query")
                fault, answered = await _compared(actor, Request(case.text, case.operation_name, case.variables))
                assert fault is None, f"{actor.name}: {case}: {fault}"
                ran += answered
    assert ran > SO_MANY_QUERIES, "most of what is asked by those who may is answered"


async def _actor(person: DemoPerson | None) -> Actor:
    return ANONYMOUS if person is None else await actor_of_user((await User.get(email=person.email)).id)


async def _ids() -> Mapping[str, list[str]]:
    """Global ids of some objects of each type that there are."""
    found = {}
    for kind in every_node_kind():
        if hasattr(kind.rows, "_meta"):
            rows: Any = kind.rows
            keys = await rows.all().order_by(rows._meta.pk_attr).limit(40).values_list(rows._meta.pk_attr, flat=True)
            if keys:
                found[kind.name] = [encode_id(kind.name, key) for key in random.Random(SEED).sample(keys, min(4, len(keys)))]
    return found


async def _compared(actor: Actor, request: Request) -> tuple[str | None, bool]:
    """What is not equal, and whether anything ran."""
    try:
        prepared = pipeline().prepare(request)
    except RequestRefused as refused:
        return (str(refused.errors) if refused.code == "GRAPHQL_VALIDATION_FAILED" else None), False
    by_core = copy.copy(prepared)
    plan = CorePlan(pipeline()._schema, prepared.document, prepared.operation_name)
    by_core.plan = plan  # type: ignore[assignment]
    reference, other = await _answered(by_core, request, actor), await _answered(prepared, request, actor)
    if reference.refused == GAVE_UP:
        return None, False
    fault = difference(reference, other)
    if fault is None and not same_errors(reference, other):
        happened = await all_that_happens(plan, _context(actor), request.variables or {})
        errors = presenting.present([each.error for each in happened], CALL)
        possible = [Possible(shown(e), tuple(e["path"]), each.position) for each, e in zip(happened, errors, strict=True)]
        fault = difference_of_errors(reference, other, possible)
    return fault, not reference.refused


async def _answered(prepared: Prepared, request: Request, actor: Actor) -> Answered:
    try:
        answered = Answered.of((await pipeline().execute(prepared, request, _context(actor))).to_bytes())
    except asyncio.CancelledError:
        answered = Answered(refused=GAVE_UP)
    except (RequestRefused, DomainError) as refused:
        answered = Answered(refused=repr(getattr(refused, "errors", refused)))
    answered.ordered = False
    return answered


def _context(actor: Actor) -> Context:
    return Context(actor, CallContext(CALL, None if actor is ANONYMOUS else actor.id), pipeline().services)
