"""The conventions of the schema, for what graphql-core takes either way: names, descriptions, nullability, lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_introspection_type,
    is_specified_scalar_type,
)

from schema.contract.changes import deprecations_of, goes_on
from schema.contract.findings import Finding

_TYPE: Final = re.compile(r"[A-Z][A-Za-z0-9]*")
_MEMBER: Final = re.compile(r"[a-z][A-Za-z0-9]*")
_VALUE: Final = re.compile(r"[A-Z][A-Z0-9_]*")
_INPUT_ENDINGS: Final = ("Input", "Filter")
_PAGE: Final = ("first", "after", "last", "before")
NODES_THAT_MAY_BE_MISSING: Final = "Query.nodes"
"""The one list with holes: Relay wants as many answers as ids were asked for."""


def lint_schema(schema: GraphQLSchema) -> list[Finding]:
    findings: list[Finding] = []
    for kind in schema.type_map.values():
        if not is_introspection_type(kind) and not is_specified_scalar_type(kind):
            findings.extend(_names(kind))
            findings.extend(_described(kind))
            findings.extend(_deprecated(kind))
            findings.extend(_types(kind))
            findings.extend(_pages(kind))
    findings.extend(_mutations(schema))
    return sorted(findings)


def _members(kind: GraphQLNamedType) -> dict[str, Any]:
    if isinstance(kind, GraphQLEnumType):
        return dict(kind.values)
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
        return dict(kind.fields)
    return {}


def _arguments(kind: GraphQLNamedType) -> Iterator[tuple[str, str, Any]]:
    for name, member in _members(kind).items():
        for key, argument in getattr(member, "args", {}).items():
            yield f"{kind.name}.{name}({key}:)", key, argument


def _names(kind: GraphQLNamedType) -> Iterator[Finding]:
    if not _TYPE.fullmatch(kind.name):
        yield Finding(kind.name, "a type is named LikeThis.", "rename it.")
    if isinstance(kind, GraphQLInputObjectType) and not kind.name.endswith(_INPUT_ENDINGS):
        yield Finding(kind.name, f"an input ends in {' or '.join(_INPUT_ENDINGS)}.", "rename it.")
    style, like = (_VALUE, "LIKE_THIS") if isinstance(kind, GraphQLEnumType) else (_MEMBER, "likeThis")
    for name in _members(kind):
        if not style.fullmatch(name):
            yield Finding(f"{kind.name}.{name}", f"it is named {like}.", "give it that name in its declaration.")
    for coordinate, key, _ in _arguments(kind):
        if not _MEMBER.fullmatch(key):
            yield Finding(coordinate, "an argument is named likeThis.", "give it that name in its declaration.")


def _described(kind: GraphQLNamedType) -> Iterator[Finding]:
    described = [(kind.name, kind), *((f"{kind.name}.{name}", member) for name, member in _members(kind).items())]
    described += [(coordinate, argument) for coordinate, _, argument in _arguments(kind)]
    for coordinate, each in described:
        text = (each.description or "").strip()
        if not text:
            yield Finding(coordinate, "nobody says what it is.", "give it a description.")
        elif not text.endswith((".", "?", "!", ")", "`")):
            yield Finding(coordinate, f"its description ends in the midst: {text[-30:]!r}.", "write whole sentences.")


def _deprecated(kind: GraphQLNamedType) -> Iterator[Finding]:
    for coordinate, reason in deprecations_of(kind).items():
        if goes_on(reason) is None:
            how = 'say what takes its place and until when it stays: deprecated="Use `other`. Goes on 2027-01-31.".'
            yield Finding(coordinate, f"it is deprecated without a day: {reason!r}.", how)


def _types(kind: GraphQLNamedType) -> Iterator[Finding]:
    typed = [(f"{kind.name}.{name}", member.type) for name, member in _members(kind).items() if hasattr(member, "type")]
    typed += [(coordinate, argument.type) for coordinate, _, argument in _arguments(kind)]
    for coordinate, type_ in typed:
        if get_named_type(type_).name == "Float":
            yield Finding(coordinate, "it is a Float, which loses digits.", "make it Decimal or Money.")
        if _has_holes(type_) and coordinate != NODES_THAT_MAY_BE_MISSING:
            yield Finding(coordinate, f"{type_} is a list that may hold null.", "leave out what is not there: [Item!].")
    if (
        isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
        and "id" in kind.fields
        and str(kind.fields["id"].type) != "ID!"
    ):
        yield Finding(f"{kind.name}.id", f"it is {kind.fields['id'].type}.", "make it ID!: caches know objects by it.")


def _has_holes(type_: Any) -> bool:
    while not isinstance(type_, GraphQLList):
        if not isinstance(type_, GraphQLNonNull):
            return False
        type_ = type_.of_type
    return not isinstance(type_.of_type, GraphQLNonNull) or _has_holes(type_.of_type)


def _pages(kind: GraphQLNamedType) -> Iterator[Finding]:
    """Connections look alike, are never null, and take the same four arguments."""
    if not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        return
    if kind.name.endswith("Connection"):
        item = kind.name.removesuffix("Connection")
        shape = {"edges": f"[{item}Edge!]!", "nodes": f"[{item}!]!", "pageInfo": "PageInfo!"}
        if any(name not in kind.fields or str(kind.fields[name].type) != type_ for name, type_ in shape.items()):
            said = ", ".join(f"{name}: {type_}" for name, type_ in shape.items())
            yield Finding(kind.name, "it is no connection as Relay knows them.", f"declare it by listing(): {said}.")
    for name, field in kind.fields.items():
        if get_named_type(field.type).name.endswith("Connection"):
            if not isinstance(field.type, GraphQLNonNull):
                yield Finding(f"{kind.name}.{name}", "a list without rows is empty, not null.", "declare it by listing().")
            if missing := [key for key in _PAGE if key not in field.args]:
                yield Finding(f"{kind.name}.{name}", f"it does not take {', '.join(missing)}.", "declare it by listing().")


def _mutations(schema: GraphQLSchema) -> Iterator[Finding]:
    for name, field in (schema.mutation_type.fields if schema.mutation_type else {}).items():
        payload = get_named_type(field.type)
        errors = payload.fields.get("errors") if isinstance(payload, GraphQLObjectType) else None
        if errors is None or str(errors.type) != "[UserError!]!":
            how = "declare it by mutation(), so that refusals are data."
            yield Finding(f"Mutation.{name}", "its payload has no errors: [UserError!]!.", how)
