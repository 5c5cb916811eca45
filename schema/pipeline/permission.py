"""Permission: every selected field's demand is met before anything runs, or nothing runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import FieldNode

from domain.identity.actor import Actor, Anonymous
from domain.identity.permissions import Permission
from domain.kit.errors import Forbidden, Unauthenticated
from schema.pipeline.request import RequestRefused
from schema.pipeline.selection import Group, Variables


@dataclass(frozen=True, slots=True)
class Requirement:
    permission: Permission
    path: tuple[str, ...]
    node: FieldNode


def requirements_of(root: Group, variables: Variables | None = None) -> list[Requirement]:
    """What the selected fields demand, each field once; with variables, only fields that they include."""
    return list(_walk(root, variables))


def _walk(root: Group, variables: Variables | None) -> Iterator[Requirement]:
    seen: set[Group] = {root}
    stack: list[tuple[Group, tuple[str, ...]]] = [(root, ())]
    while stack:
        group, path = stack.pop()
        for selected in group.every(variables):
            here = (*path, selected.key)
            if selected.rule.requires is not None:
                yield Requirement(selected.rule.requires, here, selected.node)
            if selected.children is not None and selected.children not in seen:
                seen.add(selected.children)
                stack.append((selected.children, here))


def check_permissions(actor: Actor, requirements: Sequence[Requirement], problem: Unauthenticated | None) -> None:
    """Refuse the operation if the actor lacks any of the permissions; ``problem`` says why a token was not accepted."""
    missing = [each for each in requirements if not actor.may(each.permission)]
    if not missing:
        return
    if isinstance(actor, Anonymous):
        message = problem.message if problem else "sign in first"
        raise RequestRefused([_refused(each, Unauthenticated.code, message) for each in missing], status=401)
    raise RequestRefused(
        [_refused(each, Forbidden.code, f"this needs the permission {each.permission.value}") for each in missing],
        status=403,
    )


def _refused(requirement: Requirement, code: str, message: str) -> dict[str, Any]:
    error: dict[str, Any] = {"message": message}
    if requirement.node.loc is not None:
        start = requirement.node.loc.start_token
        error["locations"] = [{"line": start.line, "column": start.column}]
    return {**error, "path": list(requirement.path), "extensions": {"code": code}}
