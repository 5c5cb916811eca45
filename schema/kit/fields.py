"""Declaring fields: what each one says about itself, needs, costs and reads.

An *attribute* is read from the row by its name. A *relation* (see :mod:`schema.kit.relations`) is found by a key of the
row. A *field* has a resolver. A *query* is a field of the root, which always declares the permission that it needs. A
*listing* is a field with a resolver that answers a page of rows.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeVar

import strawberry
from strawberry.types.field import StrawberryField

from domain.identity.permissions import Permission
from domain.kit.paging import DEFAULT_PAGE, MAX_PAGE, Page, PageRequest
from domain.kit.reading import Wanted
from schema.kit.annotations import read_annotations
from schema.kit.connections import Connection, ConnectionRow
from schema.kit.loaders import Load
from schema.kit.permissions import Requires
from schema.kit.scalars import Cursor

RULE: Final = "rule"
ASSUMED_LIST_SIZE: Final = 10

PAGE = "first or last"
"""As a :attr:`FieldRule.size`: the list is as long as its arguments ``first`` or ``last`` ask."""

TAKES_WANTED: Final = "takes_wanted"
"""The mark of a resolver that may also be told which attributes of its rows will be looked at."""

R = TypeVar("R")
Resolver = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Relation:
    """Where a field finds its row, or its rows: in what ``load`` answers for the value of the row's attribute ``key``."""

    load: Load[Any, Any]
    key: str
    many: bool


@dataclass(frozen=True, slots=True)
class FieldRule:
    """What the pipeline knows of a field.

    ``size`` says how long its list may be: a number, the name of the list argument it answers, or :data:`PAGE`.
    ``id_of`` makes the field the global id of a row of that type ("" means the type that the field is in). ``shared``
    promises that the value is the same whoever asks; an attribute always is, a resolver only when it says so. A field with
    a ``relation`` has a resolver that does nothing else.
    """

    requires: Permission | None = None
    cost: int | None = None
    size: int | str | None = None
    id_of: str | None = None
    shared: bool = False
    stream: Any = None
    relation: Relation | None = None


def attribute(
    description: str,
    *,
    name: str | None = None,
    requires: Permission | None = None,
    graphql_type: object = None,
    default: Any = dataclasses.MISSING,
    deprecated: str | None = None,
    rule: FieldRule | None = None,
) -> Any:
    """A field read from the row by its own name, or a field of an input. ``default=None`` makes an input optional."""
    return strawberry.field(
        description=description,
        name=name,
        graphql_type=graphql_type,
        default=default,
        deprecation_reason=deprecated,
        directives=directives_of(requires),
        metadata={RULE: rule or FieldRule(requires=requires, shared=True)},
    )


def optional(description: str, *, name: str | None = None) -> Any:
    """A field of an input that may be left out."""
    return attribute(description, name=name, default=None)


def global_id(type_name: str, description: str, *, name: str | None = None) -> Any:
    """A column that holds the id of a row of another type, shown as that object's global id."""
    return attribute(description, name=name, rule=FieldRule(id_of=type_name, shared=True))


def argument(description: str, *, name: str | None = None) -> Any:
    """For ``Annotated``: describes an argument."""
    return strawberry.argument(description=description, name=name)


def field(
    graphql_type: object,
    description: str,
    *,
    name: str | None = None,
    requires: Permission | None = None,
    cost: int | None = None,
    size: int | str | None = None,
    shared: bool = False,
    deprecated: str | None = None,
) -> Callable[[Resolver], Any]:
    """A field with a resolver, which gets the row as ``Parent`` and whatever arguments it declares."""
    rule = FieldRule(requires=requires, cost=cost, size=size, shared=shared)

    def declare(resolver: Resolver) -> StrawberryField:
        return make_field(resolver, graphql_type, description, rule, name=name, deprecated=deprecated)

    return declare


def query(
    graphql_type: object,
    description: str,
    *,
    requires: Permission,
    name: str | None = None,
    cost: int | None = None,
    size: int | str | None = None,
    deprecated: str | None = None,
) -> Callable[[Resolver], Any]:
    """A field of the root query."""
    return field(graphql_type, description, name=name, requires=requires, cost=cost, size=size, deprecated=deprecated)


First = Annotated[
    int | None, argument(f"How many, from 1 to {MAX_PAGE}; {DEFAULT_PAGE} when neither first nor last is given.")
]
After = Annotated[Cursor | None, argument("Start behind the row with this cursor.")]
Last = Annotated[int | None, argument(f"How many from the end, from 1 to {MAX_PAGE}; instead of first.")]
Before = Annotated[Cursor | None, argument("End in front of the row with this cursor.")]
_PAGE_ARGUMENTS: Final = {"first": First, "after": After, "last": Last, "before": Before}


def listing(
    item: Any,
    description: str,
    *,
    requires: Permission | None = None,
    name: str | None = None,
    cost: int | None = None,
) -> Callable[[Callable[..., Awaitable[Page[Any]]]], Any]:
    """A field that answers a page of rows as a connection of ``item``.

    The resolver takes ``page: PageRequest`` and returns a :class:`~domain.kit.paging.Page`; clients see ``first``,
    ``after``, ``last`` and ``before``.
    """
    rule = FieldRule(requires=requires, cost=cost, size=PAGE)

    def declare(resolver: Callable[..., Awaitable[Page[Any]]]) -> StrawberryField:
        read_annotations(resolver)

        @functools.wraps(resolver)
        async def answer(
            *args: Any,
            first: int | None = None,
            after: str | None = None,
            last: int | None = None,
            before: str | None = None,
            wanted: Wanted = None,
            cursors: bool = True,
            **kwargs: Any,
        ) -> ConnectionRow:
            page = await resolver(*args, page=PageRequest(first, after, last, before, wanted, cursors), **kwargs)
            return ConnectionRow(page)

        setattr(answer, TAKES_WANTED, True)

        with_arguments(answer, {kind: (hint, None) for kind, hint in _PAGE_ARGUMENTS.items()}, without={"page"})
        return make_field(answer, Connection[item], description, rule, name=name)

    return declare


def make_field(
    resolver: Resolver,
    graphql_type: object,
    description: str,
    rule: FieldRule,
    *,
    name: str | None = None,
    deprecated: str | None = None,
    is_subscription: bool = False,
) -> StrawberryField:
    read_annotations(resolver)
    made: StrawberryField = strawberry.field(
        resolver,
        name=name,
        description=description,
        graphql_type=graphql_type,
        deprecation_reason=deprecated,
        directives=directives_of(rule.requires),
        metadata={RULE: rule},
        is_subscription=is_subscription,
    )
    return made


def with_arguments(resolver: Resolver, added: dict[str, tuple[object, object]], *, without: Collection[str] = ()) -> None:
    """Let a wrapped resolver show other arguments than its function has: name -> (annotation, default)."""
    own = inspect.signature(resolver)
    kept = [parameter for parameter in own.parameters.values() if parameter.name not in without]
    more = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default)
        for name, (annotation, default) in added.items()
    ]
    resolver.__signature__ = own.replace(parameters=[*kept, *more])  # type: ignore[attr-defined]


def directives_of(requires: Permission | None) -> tuple[object, ...]:
    return () if requires is None else (Requires(permission=requires),)
