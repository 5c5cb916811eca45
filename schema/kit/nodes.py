"""Nodes: objects with a global id, which can be fetched again by it from anywhere.

``@node_type`` declares a type as the face of rows of one class, and says how rows are loaded for an actor. Whoever may
not see a row gets the same answer as for one that does not exist.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import strawberry
from strawberry import ID

from domain.kit.errors import InvalidInput
from domain.kit.paging import MAX_PAGE
from schema.kit.annotations import read_annotations
from schema.kit.context import Context
from schema.kit.faces import show_as
from schema.kit.fields import FieldRule, attribute
from schema.kit.ids import decode_id, encode_id
from schema.kit.loaders import Load

T = TypeVar("T")


@strawberry.interface(description="An object with a global id, by which `node(id)` finds it again.")
class Node:
    id: ID = attribute("Unique in the whole API, opaque and stable.", rule=FieldRule(id_of="", shared=True))


@dataclass(frozen=True, slots=True)
class NodeKind:
    name: str
    rows: type
    load: Load[Any, Any]
    key: Callable[[str], Any]


_kinds: dict[str, NodeKind] = {}
_of_tables: dict[str, str] = {}
"""The types by the tables of their rows."""


def node_type(
    rows: type, load: Load[Any, Any], description: str, *, name: str | None = None, key: Callable[[str], Any] = UUID
) -> Callable[[type[T]], type[T]]:
    """Declare a subclass of :class:`Node` as the face of ``rows``.

    ``load`` answers a mapping from ids to those rows that the actor may see: ``load(actor, ids)``. ``key`` reads the id
    of a row from text.
    """

    def declare(cls: type[T]) -> type[T]:
        assert issubclass(cls, Node), f"{cls.__name__} must be a subclass of Node"
        type_name = name or cls.__name__
        show_as(rows, type_name)
        _kinds[type_name] = NodeKind(type_name, rows, load, key)
        table = getattr(getattr(rows, "_meta", None), "db_table", None)
        if table is not None:
            _of_tables.setdefault(table, type_name)
        cls.is_type_of = staticmethod(lambda row, info: isinstance(row, rows))  # type: ignore[attr-defined]
        read_annotations(cls)
        return strawberry.type(cls, name=name, description=description)

    return declare


def every_node_kind() -> list[NodeKind]:
    return list(_kinds.values())


def is_node_type(type_name: str) -> bool:
    return type_name in _kinds


def type_name_of(kind: str) -> str:
    """The type of the schema that shows what the domain calls an ``api_key``; what goes by the name of its table, as a
    ``mill_item`` does, is shown as the type of that table's rows."""
    named = "".join(word.capitalize() for word in kind.split("_"))
    return named if named in _kinds else _of_tables.get(kind, named)


def global_id_of(kind: str | None, key: object) -> ID | None:
    """The global id of what the domain calls an ``api_key``, if clients can fetch such a thing."""
    type_name = type_name_of(kind or "")
    return ID(encode_id(type_name, key)) if key is not None and is_node_type(type_name) else None


async def load_node(context: Context, global_id: str, *field: str) -> Any:
    """The row behind a global id, None when there is none that the actor may see. What is no id at all is refused, and
    ``field`` says which input it came in."""
    return await _loaded(context, *_meant(global_id, *field))


async def load_nodes(context: Context, global_ids: Sequence[str], field: str) -> list[Any]:
    """The rows behind several ids, in their order, fetched type by type in one go each."""
    if len(global_ids) > MAX_PAGE:
        raise InvalidInput(f"ask for at most {MAX_PAGE} objects at once", field=(field,))
    meant = [_meant(each, field, str(index)) for index, each in enumerate(global_ids)]
    return list(await asyncio.gather(*(_loaded(context, kind, key) for kind, key in meant)))


def _meant(global_id: str, *field: str) -> tuple[NodeKind | None, Any]:
    """The kind and key that an id names; no kind for what cannot be fetched."""
    type_name, text = decode_id(global_id, *field)
    kind = _kinds.get(type_name)
    try:
        return kind, kind.key(text) if kind else None
    except ValueError:
        return None, None


async def _loaded(context: Context, kind: NodeKind | None, key: Any) -> Any:
    return None if kind is None else await context.load(kind.load, key)
