"""Declaring relations: fields that show the row, or the rows, that one attribute of their row is the key of.

    borrower: User | None = relation(people, "borrower_id", "Who borrows.")
    schedule: list[LoanInstalment] = relations(queries.instalments_of, "id", "The schedule as it stands.", size=24)

However many rows an answer has, their relations by the same load are fetched in one go. What needs more than one attribute
and one load is a :func:`~schema.kit.fields.field` with a resolver.
"""

from __future__ import annotations

import sys
from operator import attrgetter
from typing import Any

from strawberry import Parent
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.field import StrawberryField

from domain.identity.permissions import Permission
from schema.kit.context import Info
from schema.kit.fields import RULE, FieldRule, Relation, Resolver, directives_of
from schema.kit.loaders import Load


def relation(
    load: Load[Any, Any],
    key: str,
    description: str,
    *,
    name: str | None = None,
    requires: Permission | None = None,
    cost: int | None = None,
    shared: bool = False,
    deprecated: str | None = None,
) -> Any:
    """What ``load`` gives for the row's attribute ``key``; null where that is null, or where nothing is given for it."""
    rule = FieldRule(requires=requires, cost=cost, shared=shared, relation=Relation(load, key, many=False))
    return _declare(rule, description, name, deprecated)


def relations(
    load: Load[Any, Any],
    key: str,
    description: str,
    *,
    size: int | str | None = None,
    name: str | None = None,
    requires: Permission | None = None,
    cost: int | None = None,
    shared: bool = False,
    deprecated: str | None = None,
) -> Any:
    """The rows that ``load`` gives for the row's attribute ``key``, in their order; none where it gives nothing."""
    rule = FieldRule(requires=requires, cost=cost, size=size, shared=shared, relation=Relation(load, key, many=True))
    return _declare(rule, description, name, deprecated)


class RelationField(StrawberryField):
    """A field with an annotation, as attributes have it, that stands among the fields with resolvers."""

    def __set_name__(self, owner: type, name: str) -> None:
        # Strawberry shows what is annotated before what is not, and takes the types of the latter from the field itself.
        annotation = owner.__annotations__.pop(name)
        self.type_annotation = StrawberryAnnotation(annotation, namespace=vars(sys.modules[owner.__module__]))


def _declare(rule: FieldRule, description: str, name: str | None, deprecated: str | None) -> RelationField:
    assert rule.relation is not None
    declared = RelationField(
        graphql_name=name,
        description=description,
        deprecation_reason=deprecated,
        directives=directives_of(rule.requires),
        metadata={RULE: rule},
    )
    return declared(_resolver(rule.relation))


def _resolver(found: Relation) -> Resolver:
    """What graphql-core calls where it executes an operation; compiled operations read the declaration instead."""
    load, key_of = found.load, attrgetter(found.key)

    async def one(row: Parent[Any], info: Info) -> object:
        return await info.context.load(load, key_of(row))

    async def many(row: Parent[Any], info: Info) -> object:
        return await info.context.load_many(load, key_of(row))

    return many if found.many else one
