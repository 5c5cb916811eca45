"""What a filter of Tortoise such as ``due_on__lte`` sends to the database for a value.

Only filters that send a value as exactly one parameter, or no value at all, are understood here.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import Any, Final
from uuid import UUID

from tortoise import filters
from tortoise.fields import UUIDField
from tortoise.models import Model


class NotUnderstood(Exception):
    """Tortoise alone knows what this becomes."""


class Kind(Enum):
    VALUE = auto()
    LIST = auto()
    TEXT = auto()
    PRESENCE = auto()
    """Whether there is a value at all: that is part of the statement."""


@dataclass(frozen=True, slots=True)
class Filter:
    """``sent`` makes the parameter of a value. A filter that ``knows_none`` asks for presence when it gets None."""

    kind: Kind
    sent: Callable[[Any], Any]
    knows_none: bool = False


_VALUES: Final = frozenset(
    {operator.eq, operator.gt, operator.ge, operator.lt, operator.le, filters.not_equal},
)
_LISTS: Final = frozenset({filters.is_in, filters.not_in})
_PRESENCES: Final = frozenset({filters.is_null, filters.not_null})
_PATTERNS: Final[dict[Any, str]] = {
    filters.contains: "%{}%",
    filters.starts_with: "{}%",
    filters.ends_with: "%{}",
    filters.insensitive_contains: "%{}%",
    filters.insensitive_starts_with: "{}%",
    filters.insensitive_ends_with: "%{}",
}


@cache
def filter_of(model: type[Model], name: str) -> Filter:
    """The filter that goes by that name among those of a model."""
    meta = model._meta
    if name not in meta.filters or name in meta.fk_fields | meta.o2o_fields | meta.m2m_fields:
        raise NotUnderstood(name)
    info = meta.get_filter(name)
    does, sent = info["operator"], _sent(model, info)
    if "table" in info:
        raise NotUnderstood(name)
    if does in _PATTERNS:
        pattern = _PATTERNS[does]
        return Filter(Kind.TEXT, lambda value: pattern.format(filters.escape_like(str(value))))
    if does is filters.insensitive_exact:
        return Filter(Kind.TEXT, str)
    if does in _LISTS and info.get("value_encoder") is filters.list_encoder:
        return Filter(Kind.LIST, lambda values: [sent(each) for each in values])
    if does in _PRESENCES:
        return Filter(Kind.PRESENCE, bool)
    if does in _VALUES and "value_encoder" not in info:
        return Filter(Kind.VALUE, sent, knows_none=does is operator.eq and f"{name}__isnull" in meta.filters)
    raise NotUnderstood(name)


def _sent(model: type[Model], info: Any) -> Callable[[Any], Any]:
    field = model._meta.fields_map[info["field"]]
    if isinstance(field, UUIDField):
        # The driver takes ids as they are; Tortoise would write them out first, and the driver read them again.
        return lambda value: value if isinstance(value, UUID) else field.to_db_value(value, model)
    return lambda value: field.to_db_value(value, model)
