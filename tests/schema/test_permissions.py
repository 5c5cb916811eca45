"""Every root field refuses those who lack what it declares, before anything is read or done: each role with each operation
is tried in tests/security/test_matrix.py, and here whoever lacks the one permission of all.

Arguments are left out on purpose: permission is asked before them, and there is no database here to ask anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from graphql import GraphQLField, GraphQLNonNull, get_named_type, is_leaf_type

from domain.identity.actor import Actor
from domain.identity.permissions import Permission, Role
from domain.kit.context import CallContext
from domain.kit.ids import new_id
from schema.kit.context import Context
from schema.kit.finish import rule_of
from schema.pipeline import Request, RequestRefused
from tests.support.graphql import pipeline

EVERYBODYS = {Permission.PUBLIC, Permission.SIGNED_IN}


@dataclass(frozen=True)
class RootField:
    kind: str
    name: str
    permission: Permission | None
    document: str


def every_root_field() -> Iterator[RootField]:
    schema = pipeline()._schema
    for root in (schema.query_type, schema.mutation_type, schema.subscription_type):
        assert root is not None
        for name, field in root.fields.items():
            kind = root.name.lower()
            yield RootField(kind, name, rule_of(field).requires, _document(kind, name, field))


def _document(kind: str, name: str, field: GraphQLField) -> str:
    needed = {key: str(each.type) for key, each in field.args.items() if isinstance(each.type, GraphQLNonNull)}
    declared = ", ".join(f"${key}: {type_}" for key, type_ in needed.items())
    passed = ", ".join(f"{key}: ${key}" for key in needed)
    selection = "" if is_leaf_type(get_named_type(field.type)) else "{ __typename }"
    head = f"{kind} ({declared})" if needed else kind
    return f"{head} {{ {name}{f'({passed})' if needed else ''} {selection} }}"


async def refusal_of(actor: Actor, field: RootField) -> tuple[str, int]:
    request = Request(query=field.document)
    context = Context(actor, CallContext(), pipeline().services)
    prepared = pipeline().prepare(request)
    with pytest.raises(RequestRefused) as caught:
        if field.kind == "subscription":
            await pipeline().subscribe(prepared, request, context)
        else:
            await pipeline().execute(prepared, request, context)
    return caught.value.code, caught.value.status


@pytest.mark.attack("function-level authorisation", on="Pipeline")
async def test_all_permissions_but_the_one_are_not_enough() -> None:
    for field in every_root_field():
        if field.permission is not None and field.permission not in EVERYBODYS:
            others = frozenset(Permission) - {field.permission}
            almost = Actor(id=new_id(), name="Key", roles=frozenset({Role.ADMIN}), scopes=others)
            assert await refusal_of(almost, field) == ("FORBIDDEN", 403), field.document
