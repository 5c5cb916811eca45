"""Results as JSON and back: how an idempotency key remembers what the first request was told.

Knows the values that service functions return: models, dataclasses, Money, ids, dates, decimals, enums and containers of
these. Models come back as they were, detached from the database's present.
"""

from __future__ import annotations

import dataclasses
import importlib
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from tortoise.models import Model

_TYPE, _VALUE = "$type", "$value"


def freeze(value: Any) -> Any:
    """A JSON-compatible image of a result."""
    match value:
        case None | bool() | str():
            return value if not isinstance(value, Enum) else _tagged(value, value.value)
        case Enum():
            return _tagged(value, value.value)
        case int() | float():
            return value
        case UUID() | Decimal():
            return _tagged(value, str(value))
        case datetime() | date():
            return _tagged(value, value.isoformat())
        case Model():
            columns = {name: freeze(getattr(value, name)) for name in value._meta.db_fields}
            return _tagged(value, columns)
        case dict():
            return {str(key): freeze(item) for key, item in value.items()}
        case list() | tuple():
            return [freeze(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _tagged(value, {f.name: freeze(getattr(value, f.name)) for f in dataclasses.fields(value)})
    raise TypeError(f"a result cannot hold {type(value).__name__}")


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


def _tagged(value: Any, image: Any) -> dict[str, Any]:
    # A row of a table says that it is its model, and comes back as one.
    kind = value.__class__
    return {_TYPE: f"{kind.__module__}:{kind.__qualname__}", _VALUE: image}


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
