"""Results as JSON and back: how an idempotency key remembers what the first request was told.

Knows the values that service functions return: models, dataclasses, Money, ids, dates, decimals, enums and containers of
these. Models come back as they were, detached from the database's present; so do rows that were read to be shown.
"""

from __future__ import annotations

import dataclasses
import importlib
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import Any, Final
from uuid import UUID

from tortoise.models import Model

_TYPE, _VALUE = "$type", "$value"

NOT_KEPT: Final = {"kept": False}
"""The metadata of a dataclass's field that is left out, because whoever is told the result again looks it up again."""


def freeze(value: Any) -> Any:
    """A JSON-compatible image of a result."""
    return _FREEZERS[value.__class__](value)


class _Freezers(dict[type[Any], Callable[[Any], Any]]):
    """How values of each type are frozen. Results of one kind are frozen again and again, so it is found out once."""

    def __missing__(self, kind: type[Any]) -> Callable[[Any], Any]:
        found = self[kind] = _freezer_of(kind)
        return found


_FREEZERS: Final = _Freezers()


def _freezer_of(kind: type[Any]) -> Callable[[Any], Any]:
    tag = f"{kind.__module__}:{kind.__qualname__}"
    if issubclass(kind, Enum):
        return lambda value: {_TYPE: tag, _VALUE: value.value}
    if kind is NoneType or issubclass(kind, bool | str | int | float):
        return lambda value: value
    if issubclass(kind, UUID | Decimal):
        return lambda value: {_TYPE: tag, _VALUE: str(value)}
    if issubclass(kind, datetime | date):
        return lambda value: {_TYPE: tag, _VALUE: value.isoformat()}
    if issubclass(kind, dict):
        return lambda value: {str(key): freeze(item) for key, item in value.items()}
    if issubclass(kind, list | tuple):
        return lambda value: [freeze(item) for item in value]
    return _by_attributes(tag, _kept_attributes(kind))


def _kept_attributes(kind: type[Any]) -> list[str]:
    if issubclass(kind, Model):
        return list(kind._meta.db_fields)
    if dataclasses.is_dataclass(kind):
        return [field.name for field in dataclasses.fields(kind) if field.metadata != NOT_KEPT]
    raise TypeError(f"a result cannot hold {kind.__name__}")


def _by_attributes(tag: str, names: list[str]) -> Callable[[Any], Any]:
    def frozen(value: Any) -> Any:
        columns = {}
        for name in names:
            item = getattr(value, name)
            columns[name] = _FREEZERS[item.__class__](item)
        return {_TYPE: tag, _VALUE: columns}

    return frozen


def thaw(image: Any) -> Any:
    """The result that :func:`freeze` made the image of."""
    if isinstance(image, list):
        return [thaw(item) for item in image]
    if not isinstance(image, dict):
        return image
    if _TYPE not in image:
        return {key: thaw(item) for key, item in image.items()}
    kind, value = _kind(image[_TYPE]), image[_VALUE]
    if issubclass(kind, datetime | date):
        return kind.fromisoformat(value)
    if issubclass(kind, Model):
        return _model(kind, thaw(value))
    if isinstance(value, dict):
        return kind(**{name: thaw(item) for name, item in value.items()})
    return kind(value)


def _kind(name: str) -> type[Any]:
    module, _, qualname = name.partition(":")
    found: Any = importlib.import_module(module)
    for part in qualname.split("."):
        found = getattr(found, part)
    assert isinstance(found, type)
    return found


def _model(kind: type[Model], columns: dict[str, Any]) -> Model:
    """What the database generates was not known of a row that had just been written; it stays unknown."""
    fields = kind._meta.fields_map
    model = kind(**{name: value for name, value in columns.items() if value is not None or fields[name].null})
    model._saved_in_db = True
    return model
