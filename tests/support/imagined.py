"""Imagined rows of every table, whatever its constraints: for what is promised of all models alike."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final
from uuid import UUID

from tortoise import Tortoise, fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.data import CharEnumFieldInstance, IntEnumFieldInstance
from tortoise.models import Model

from domain.identity.models import EnumArrayField
from domain.kit.unit_of_work import unit_of_work

LETTERS = "abcdeXYZ àß%_\\'\"*0"

_ITEMS: Final[dict[str, Callable[[Random], Any]]] = {
    "uuid": lambda chance: str(UUID(int=chance.getrandbits(128), version=4)),
    "text": lambda chance: chance.choice(LETTERS),
    "smallint": lambda chance: chance.randint(0, 9),
    "bigint": lambda chance: chance.randint(0, 10**12),
}
"""The items of arrays, by their type."""


def every_model() -> list[type[Model]]:
    return [model for app in Tortoise.apps.values() for model in app.values() if model._meta.fields_db_projection]


class _Over(Exception):
    """Nothing of it stays."""


@asynccontextmanager
async def imagined_rows(*models: type[Model], rows: int = 5, seed: int = 7) -> AsyncIterator[None]:
    """In the block, the tables of some models, or of all, are others without constraints, with so many imagined rows."""
    try:
        async with unit_of_work() as work:
            await work.execute("create schema imagined")
            # What one table holds does not depend on which others there are.
            images = {
                model._meta.db_table: _rows_of(model, rows, Random(f"{seed} {model._meta.db_table}"))
                for model in models or every_model()
            }
            for table, image in images.items():
                await work.execute(f'create table imagined."{table}" as select * from public."{table}" limit 0')
                await work.execute(
                    f'insert into imagined."{table}" select * from jsonb_populate_recordset(null::imagined."{table}", $1)',
                    json.dumps(image),
                )
            await work.execute("set local search_path = imagined, public")
            yield
            raise _Over
    except _Over:
        pass


def _rows_of(model: type[Model], rows: int, chance: Random) -> list[dict[str, Any]]:
    projection = model._meta.fields_db_projection
    return [
        {column: _imagine(model._meta.fields_map[name], chance) for name, column in projection.items()} for _ in range(rows)
    ]


def _imagine(field: fields.Field[Any], chance: Random) -> Any:
    if field.null and chance.random() < 0.3:
        return None
    return next(_values(field, chance))


def _values(field: fields.Field[Any], chance: Random) -> Iterator[Any]:
    match field:
        case CharEnumFieldInstance():
            yield chance.choice([each.value for each in field.enum_type if len(each.value) <= field.max_length])
        case IntEnumFieldInstance():
            yield chance.choice(list(field.enum_type)).value
        case EnumArrayField():
            yield [member.value for member in chance.sample(list(field.kind), 2)]
        case ArrayField():
            yield [_ITEMS[field.element_type.lower()](chance) for _ in range(3)]
        case fields.CharField() if field.model_field_name == "currency":
            yield chance.choice(["KES", "JPY", "BHD"])
        case fields.CharField():
            yield "".join(chance.choices(LETTERS, k=min(field.max_length, 5)))
        case fields.SmallIntField():
            yield chance.randint(0, 2**15 - 1)
        case fields.BigIntField():
            yield chance.randint(-(10**12), 10**12)
        case fields.IntField():
            yield chance.randint(0, 2**31 - 1)
        case fields.BooleanField():
            yield chance.random() < 0.5
        case fields.DecimalField():
            yield str(Decimal(chance.randint(0, 10**4)).scaleb(-field.decimal_places))
        case fields.DatetimeField():
            unit = chance.choice(["microseconds", "milliseconds", "seconds"])
            yield (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(**{unit: chance.randint(0, 10**7)})).isoformat()
        case fields.DateField():
            yield (date(2026, 1, 1) + timedelta(days=chance.randint(0, 400))).isoformat()
        case fields.UUIDField():
            yield _ITEMS["uuid"](chance)
        case fields.JSONField():
            yield chance.choice([{"a": [1, None, "x"], "b": "1.50"}, {}, [], [{"kind": "x"}]])
        case fields.BinaryField():
            yield "\\x00ff10"
        case fields.FloatField():
            yield chance.random()
        case _:
            yield "".join(chance.choices(LETTERS, k=5))
