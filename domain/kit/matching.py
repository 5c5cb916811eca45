"""Conditions on rows that clients state by value."""

from __future__ import annotations

from typing import Any

from tortoise.expressions import Q
from tortoise.fields import CharField
from tortoise.models import Model


def matching(model: type[Model], **said: Any) -> Q:
    """Rows whose columns are what was said. A text that is longer than its column is in no row, which the ORM would take for
    a mistake of ours."""
    for column, value in said.items():
        field = model._meta.fields_map.get(column)
        if isinstance(value, str) and isinstance(field, CharField) and len(value) > field.max_length:
            return Q(pk__in=[])
    return Q(**said)
