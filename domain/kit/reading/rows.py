"""Rows: what is read from a table to be shown, and cannot be changed.

A row answers by the same attributes as the model of its table, with the same values: it is an ``isinstance`` of it, has its
properties and methods, and equals another row of the same key. But it is the driver's own record: nothing is made of it
when it arrives, a column is taken out of it when somebody looks, and there is nothing to save.

A row may have been read in part. Then looking at a column that was left out is a mistake of whoever said what would be
looked at, and raises :class:`ColumnNotRead`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, cached_property, lru_cache
from inspect import getattr_static
from operator import itemgetter
from typing import Any, Final, NoReturn

import asyncpg
from tortoise.fields import DatetimeField, DecimalField, Field, UUIDField
from tortoise.fields.data import CharEnumFieldInstance, IntEnumFieldInstance
from tortoise.models import Model

from domain.kit.money import Money, MoneyOf
from domain.kit.reading.shown import Shown

MAX_KINDS: Final = 1_000
"""How many selections of columns have a class of their own at a time. Another one costs a tenth of a millisecond."""

MAX_VALUES: Final = 5_000

_NEVER_COPIED: Final = frozenset(
    {"__class__", "__dict__", "__doc__", "__init__", "__init_subclass__", "__module__", "__new__", "__setattr__"}
    | {"__slots__", "__weakref__", "__annotations__", "__orig_bases__", "__parameters__", "__class_getitem__"}
    | {"__eq__", "__hash__", "Meta", "_meta"}
)


_AS_THE_DRIVER_HAS_IT: Final = (UUIDField, DatetimeField)
"""What Tortoise looks at again and leaves as it is: ids, and instants, which the driver and the house have in UTC."""


class ColumnNotRead(Exception):
    """Somebody looks at a column that was left out when the row was read. Never an answer to a caller."""

    def __init__(self, model: type[Model], column: str) -> None:
        self.model, self.column = model, column
        super().__init__(f"{model.__name__}.{column} was not read")


class ReadOnly(Exception):
    """Somebody wants to save a row. Saving is for models."""


@lru_cache(maxsize=MAX_KINDS)
def row_class(model: type[Model], columns: tuple[str, ...], texts: tuple[Shown, ...] = ()) -> type[asyncpg.Record]:
    """The class of rows of ``model`` whose records have these columns, in this order, and behind them these texts."""
    body: dict[str, Any] = {"__slots__": (), "__module__": model.__module__, "__doc__": model.__doc__}
    places = {column: place for place, column in enumerate(columns)}
    for column, place in places.items():
        body[column] = _column(model._meta.fields_map[column], place)
    for name, of in _amounts_of(model).items():
        if of.column in places and "currency" in places:
            body[name] = _amount(places[of.column], places["currency"])
    body["_shown_places"] = {text: place for place, text in enumerate(texts, len(columns))}
    return type(f"{model.__name__}Row", (_face_of(model),), body)


@cache
def _face_of(model: type[Model]) -> type[asyncpg.Record]:
    """What all rows of a model share: all that the model says of itself, and no column."""
    body: dict[str, Any] = {}
    for base in reversed(model.__mro__):
        if not issubclass(Model, base) and base.__module__ != "typing":
            own = {name: value for name, value in vars(base).items() if name not in _NEVER_COPIED}
            body.update({name: _copied(model, name, value) for name, value in own.items()})
    for column in model._meta.fields_db_projection:
        body[column] = property(_left_out(model, column))
    for change in ("save", "delete", "refresh_from_db", "update_from_dict", "fetch_related"):
        body[change] = _refused(model)
    key = model._meta.pk_attr
    body |= {
        "__slots__": (),
        "__class__": property(lambda row: model),
        "__eq__": lambda row, other: other.__class__ is model and row.pk == other.pk,
        "__hash__": lambda row: hash(row.pk),
        "__repr__": lambda row: f"<{model.__name__}Row: {row.pk}>",
        "_meta": model._meta,
        "pk": property(lambda row: getattr(row, key)),
    }
    return type(f"{model.__name__}Row", (asyncpg.Record,), body)


def _copied(model: type[Model], name: str, value: Any) -> Any:
    if isinstance(value, classmethod):
        return getattr(model, name)
    if isinstance(value, cached_property):
        return property(value.func)
    return value


def _column(field: Field[Any], place: int) -> property:
    """A column as an instance of the model would have it after it was read."""
    convert = _conversion(field)
    if convert is None:
        return property(itemgetter(place))
    if isinstance(convert, dict):
        return property(lambda row: convert[row[place]])
    return property(lambda row: convert(row[place]))


@cache
def _amounts_of(model: type[Model]) -> dict[str, MoneyOf]:
    declared = {name: getattr_static(model, name) for name in dir(model)}
    return {name: of for name, of in declared.items() if isinstance(of, MoneyOf)}


def _amount(minor: int, currency: int) -> property:
    """Money out of two columns: what ``Money(...)`` does, in one step and not in three, for each amount that is shown."""
    new, money = object.__new__, Money
    set_minor, set_currency = vars(Money)["amount_minor"].__set__, vars(Money)["currency"].__set__

    def read(row: Any) -> Money:
        amount = new(money)
        set_minor(amount, row[minor])
        set_currency(amount, row[currency])
        return amount

    return property(read)


def _conversion(field: Field[Any]) -> Callable[[Any], Any] | dict[Any, Any] | None:
    """What the model makes of the driver's value; None where it takes it as it is."""
    meta, name = field.model._meta, field.model_field_name
    if isinstance(field, _AS_THE_DRIVER_HAS_IT):
        return None
    if any(name == native for _, native, _ in meta.db_native_fields):
        return None
    if any(name == plain for _, plain, _ in meta.db_default_fields):
        kind: Callable[[Any], Any] = field.field_type
        return lambda value: None if value is None else kind(value)
    if isinstance(field, CharEnumFieldInstance | IntEnumFieldInstance | DecimalField):
        return Made(field.to_python_value)
    return field.to_python_value


class Made(dict[Any, Any]):
    """What was made of each value so far. Statuses and rates are few; to look one up costs a fifth of making it."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        self._make = make

    def __missing__(self, value: Any) -> Any:
        if len(self) >= MAX_VALUES:
            self.clear()
        made = self[value] = self._make(value)
        return made


def _left_out(model: type[Model], column: str) -> Callable[[Any], NoReturn]:
    def read(row: Any) -> NoReturn:
        raise ColumnNotRead(model, column)

    return read


def _refused(model: type[Model]) -> Callable[..., NoReturn]:
    def change(row: Any, *args: Any, **kwargs: Any) -> NoReturn:
        raise ReadOnly(f"this {model.__name__} was read to be shown")

    return change
