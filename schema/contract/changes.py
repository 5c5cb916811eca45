"""What changed in the schema since it was last released: breaking, dangerous or safe for those who use it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Final

from graphql import (
    BreakingChange,
    BreakingChangeType,
    DangerousChange,
    EnumValueNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_ast_schema,
    parse,
)
from graphql.utilities.find_schema_changes import SafeChangeType, find_schema_changes

from schema.kit.finish import rule_of

RELEASED: Final = "released.graphql"
_HEAD: Final = (
    "# The schema as version {version} of {day} released it, without its descriptions: changes are counted from here.\n"
)
_READ_HEAD: Final = re.compile(r"# The schema as version (\S+) of (\d{4}-\d\d-\d\d) ")
_COORDINATE: Final = re.compile(r"\b[A-Za-z_]\w*(?:\.\w+(?:\(\w+:\))?)?")
_BEFORE_TYPES: Final = re.compile(r" (?:has )?changed (?:type|from|defaultValue)| to union type ")
_DATE: Final = re.compile(r"\b\d{4}-\d\d-\d\d\b")
NEEDS_MORE: Final = frozenset({BreakingChangeType.REQUIRED_ARG_ADDED, BreakingChangeType.REQUIRED_INPUT_FIELD_ADDED})
"""Changes that break who uses what a part was added to, and not who uses the part."""


class Weight(str, Enum):
    """What a change does to clients that are in use."""

    BREAKING = "Breaking"
    DANGEROUS = "Dangerous"
    SAFE = "Safe"


@dataclass(frozen=True)
class Change:
    """``touches`` are the coordinates by which an operation may use what changed, the closest first; ``kind`` says of a
    breaking change what broke."""

    weight: Weight
    description: str
    touches: tuple[str, ...]
    kind: BreakingChangeType | None = None


@dataclass(frozen=True)
class Release:
    """A released version, and the schema that clients of it know."""

    version: str
    day: date
    schema: GraphQLSchema


def read_release(folder: Path) -> Release:
    text = (folder / RELEASED).read_text(encoding="utf-8")
    head = _READ_HEAD.match(text)
    assert head is not None, f"{RELEASED} begins with its version and its day"
    # It was valid when it was released, and to validate it again takes a second.
    document = parse(text, no_location=True)
    built = build_ast_schema(document, assume_valid=True, assume_valid_sdl=True)
    return Release(head[1], date.fromisoformat(head[2]), built)


def as_released(sdl: str, version: str, day: date) -> str:
    """The text of :data:`RELEASED`. The printer gives every description lines of its own."""
    kept: list[str] = []
    described = False
    for line in sdl.splitlines():
        quoted = line.strip()
        if described:
            described = not quoted.endswith('"""')
        elif quoted.startswith('"""'):
            described = len(quoted) < 6 or not quoted.endswith('"""')
        elif quoted:
            kept.append(line)
    return _HEAD.format(version=version, day=day.isoformat()) + "\n".join(kept) + "\n"


def changes_between(old: GraphQLSchema, new: GraphQLSchema) -> list[Change]:
    """Every change that a client might notice, the worst first."""
    found = {*_changes_of_shape(old, new), *_changes_of_members(old, new)}
    weights = list(Weight)
    return sorted(found, key=lambda change: (weights.index(change.weight), change.description))


def _changes_of_shape(old: GraphQLSchema, new: GraphQLSchema) -> Iterator[Change]:
    for each in find_schema_changes(old, new):
        if each.type is SafeChangeType.DESCRIPTION_CHANGED:
            continue
        words = _COORDINATE.findall(_BEFORE_TYPES.split(each.description)[0])
        touched = tuple(word for word in words if "." in word or word in old.type_map or word in new.type_map)
        if each.type in NEEDS_MORE:
            touched = tuple(re.sub(r"\(\w+:\)$|\.\w+$", "", name) for name in touched)
        kind = each.type if isinstance(each, BreakingChange) else None
        yield Change(_weight_of(each), each.description, touched, kind)


def _weight_of(change: object) -> Weight:
    if isinstance(change, BreakingChange):
        return Weight.BREAKING
    return Weight.DANGEROUS if isinstance(change, DangerousChange) else Weight.SAFE


def _changes_of_members(old: GraphQLSchema, new: GraphQLSchema) -> Iterator[Change]:
    """What graphql-core does not compare: permissions and deprecations."""
    for name, kind in new.type_map.items():
        before = old.type_map.get(name)
        if before is None or name.startswith("__"):
            continue
        was = deprecations_of(before)
        for coordinate, reason in deprecations_of(kind).items():
            if coordinate not in was:
                yield Change(Weight.SAFE, f"{coordinate} is deprecated: {reason}", (coordinate,))
        if isinstance(kind, GraphQLObjectType) and isinstance(before, GraphQLObjectType):
            for field in kind.fields.keys() & before.fields.keys():
                now, then = demand_of(kind.fields[field]), demand_of(before.fields[field])
                if now != then:
                    said = f"{name}.{field} demands {now or 'no permission'} instead of {then or 'none'}."
                    yield Change(Weight.DANGEROUS, said, (f"{name}.{field}",))


def demand_of(field: GraphQLField) -> str | None:
    """The permission that selecting the field needs, whether the schema was built by us or read from its SDL."""
    if field.ast_node is None:
        rule = rule_of(field)
        return None if rule.requires is None else rule.requires.value
    for directive in field.ast_node.directives or ():
        for argument in directive.arguments or ():
            if directive.name.value == "requires" and isinstance(argument.value, EnumValueNode):
                return argument.value.value
    return None


def deprecations_of(kind: object) -> dict[str, str]:
    """Coordinates of the deprecated members of a type, with the reasons."""
    found: dict[str, str] = {}
    if isinstance(kind, GraphQLEnumType):
        for name, value in kind.values.items():
            if value.deprecation_reason is not None:
                found[f"{kind.name}.{name}"] = value.deprecation_reason
    elif isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
        for name, field in kind.fields.items():
            if field.deprecation_reason is not None:
                found[f"{kind.name}.{name}"] = field.deprecation_reason
            for key, argument in getattr(field, "args", {}).items():
                if argument.deprecation_reason is not None:
                    found[f"{kind.name}.{name}({key}:)"] = argument.deprecation_reason
    return found


def goes_on(reason: str) -> date | None:
    """The day on which a deprecated part may go, which its reason says as ``2027-01-31``."""
    found = _DATE.search(reason)
    return None if found is None else date.fromisoformat(found[0])
