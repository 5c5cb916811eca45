"""The catalogue of permissions: which role brings which, and which field of the schema demands which."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from graphql import GraphQLObjectType, GraphQLSchema

from domain.identity.permissions import GRANTS, SELF_REGISTERED, Permission, Role, permissions_of
from schema.contract.changes import demand_of
from schema.contract.chapters import Chapter, Row, Table, code, codes

ABOUT = """\
Fields declare the permission that selecting them needs (`@requires` in the SDL); it is asked before anything runs, and
whoever lacks it is refused with `FORBIDDEN`, whoever is not signed in with `UNAUTHENTICATED`. Roles bring permissions,
`me { roles permissions }` tells a client its own, and an API key has at most those that its scopes name. What rows
somebody sees comes on top: borrowers, sellers, investors and guardians see their own, staff what belongs to their branch.
"""
EVERYBODY = {Permission.PUBLIC.value: "everybody", Permission.SIGNED_IN.value: "whoever is signed in"}


@cache
def roles_with(permission: Permission) -> tuple[str, ...]:
    """The roles that bring a permission."""
    return tuple(role.value for role in Role if permission in permissions_of(frozenset({role})))


def who_has(permission: Permission) -> str:
    return EVERYBODY.get(permission.value) or ", ".join(roles_with(permission))


@dataclass(frozen=True)
class Demand:
    """A field, and the permission that it demands."""

    field: str
    kind: str
    permission: Permission


def demands(schema: GraphQLSchema) -> list[Demand]:
    """Every field that demands something: those of the roots, and the others that say so."""
    roots = {root: root.name.lower() for root in _roots(schema)}
    found = [
        Demand(f"{kind.name}.{name}", roots.get(kind, "field"), Permission(permission))
        for kind in schema.type_map.values()
        if isinstance(kind, GraphQLObjectType)
        for name, field in kind.fields.items()
        if (permission := demand_of(field)) is not None
    ]
    order = [*roots.values(), "field"]
    return sorted(found, key=lambda each: (order.index(each.kind), each.field))


def _roots(schema: GraphQLSchema) -> list[GraphQLObjectType]:
    found = (schema.query_type, schema.mutation_type, schema.subscription_type)
    return [root for root in found if root is not None]


def chapter(schema: GraphQLSchema) -> Chapter:
    found = demands(schema)
    tables = (_fields(found), _permissions(found), _roles())
    data = {
        "roles": {role.value: sorted(each.value for each in permissions_of(frozenset({role}))) for role in Role},
        "selfRegistered": sorted(role.value for role in SELF_REGISTERED),
        "fields": {each.field: _as_data(each) for each in found},
    }
    return Chapter("permissions", "Permissions", ABOUT, tables, data)


def _as_data(demand: Demand) -> dict[str, Any]:
    return {"permission": demand.permission.value, "roles": list(roles_with(demand.permission))}


def _fields(found: list[Demand]) -> Table:
    rows = tuple(
        Row(each.field, (code(each.field), each.kind, code(each.permission.value), who_has(each.permission)))
        for each in found
    )
    about = "A field that is not here demands nothing beyond what the field above it did."
    return Table("What each field demands", ("field", "kind", "permission", "who has it"), rows, about, "who has it")


def _permissions(found: list[Demand]) -> Table:
    rows = []
    for permission in Permission:
        names = [each.field for each in found if each.permission is permission]
        demanded = {0: "acts and rows", 1: "one field"}.get(len(names), f"{len(names)} fields")
        rows.append(Row(f"permission-{permission.value}", (code(permission.value), who_has(permission), demanded)))
    return Table("Who brings which permission", ("permission", "roles", "demanded by"), tuple(rows))


def _roles() -> Table:
    rows = []
    for role in Role:
        way = "by `registerUser`" if role in SELF_REGISTERED else "given by staff"
        names = sorted(each.value for each in GRANTS[role])
        brought = "every permission" if len(names) == len(Permission) else codes(names)
        rows.append(Row(f"role-{role.value}", (code(role.value), way, brought)))
    about = "`PUBLIC` and `SIGNED_IN` come by themselves."
    return Table("What each role brings", ("role", "how one gets it", "permissions"), tuple(rows), about)
