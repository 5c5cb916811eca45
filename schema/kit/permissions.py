"""Permissions as clients see them: ``@requires`` on every field that needs one, and the enum behind it."""

from __future__ import annotations

from typing import Final

import strawberry
from strawberry.schema_directive import Location

from domain.identity.permissions import GRANTS, Permission
from schema.kit.types import enum_type

_EVERYBODYS: Final = {
    Permission.PUBLIC: "Nobody needs to be signed in.",
    Permission.SIGNED_IN: "Whoever is signed in has it.",
}


def _described(permission: Permission) -> str:
    if permission in _EVERYBODYS:
        return _EVERYBODYS[permission]
    holders = sorted(role.value for role, granted in GRANTS.items() if permission in granted)
    return f"Brought by the roles {', '.join(holders)}."


enum_type(
    Permission,
    "What a field can demand. Roles bring permissions; an API key has those that its scopes name.",
    {permission.name: _described(permission) for permission in Permission},
)


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    description="The permission that selecting the field needs. It is checked before anything runs.",
)
class Requires:
    permission: Permission
