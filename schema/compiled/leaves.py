"""Leaves: scalars and enums, written as the scalar's own function would write them.

Each has a quick way for values of the class that it expects, which is an expression in the compiled function, and the
slow way for everything else, which is that of graphql-core.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from graphql import GraphQLError, GraphQLList, GraphQLNonNull, GraphQLOutputType, Undefined
from graphql.execution.executor import Executor
from graphql.pyutils import is_awaitable, is_iterable
from graphql.pyutils.is_awaitable import is_async_iterable
from tortoise.timezone import parse_timezone

from domain.kit.money import Money
from schema.compiled.marks import Failure, Pending
from schema.compiled.picture import Picked, nullable

JSON_OPTIONS: Final = orjson.OPT_UTC_Z
"""Instants in UTC are written as the scalar DateTime writes them."""

UTC_ZONES: Final = frozenset({UTC, ZoneInfo("UTC"), parse_timezone("UTC")})
"""The zones of instants as the driver and the models have them, which orjson writes as ``Z``."""

CLASSES: Final[dict[str, Any]] = {
    "datetime": datetime,
    "date": date,
    "Decimal": Decimal,
    "Money": Money,
    "UUID": UUID,
    "UTC": UTC,
    "UTC_ZONES": UTC_ZONES,
}
"""What the expressions below name."""

# ``read`` is where the value is read and kept as ``v``.
_QUICK: Final[dict[str, str]] = {
    **dict.fromkeys(("String", "ID", "Cursor", "CurrencyCode"), "{v} if ({read}).__class__ is str"),
    "Boolean": "{v} if ({read}).__class__ is bool",
    "Int": "{v} if ({read}).__class__ is int and -2147483648 <= {v} <= 2147483647",
    "Date": "{v} if ({read}).__class__ is date",
    # Most are the driver's, whose zone is known by sight.
    "DateTime": "{v} if ({read}).__class__ is datetime and ({v}.tzinfo is UTC or {v}.tzinfo in UTC_ZONES)",
    "Decimal": 'format({v}, "f") if ({read}).__class__ is Decimal and {v}.is_finite()',
    "UUID": "str({v}) if isinstance({read}, UUID)",
}


def attribute_expression(picked: Picked, row: str, name_of: Callable[[str, Any], str]) -> str:
    """The expression of a leaf that is an attribute of ``row``. Amounts, of which there are many, are text already."""
    usual = expression(picked, f"{row}.{picked.attribute}", name_of)
    if (picked.parent.name, picked.attribute) == ("Money", "amount"):
        return f"({row}.amount_text if type({row}) is Money else {usual})"
    return usual


def expression(picked: Picked, value: str, name_of: Callable[[str, Any], str], *, kept_as: str = "v") -> str:
    """The Python expression that writes ``value``, an expression itself, which is kept in a variable on the way.

    ``name_of`` gives a constant its name.
    """
    itself = name_of("field", picked)
    quick = None if picked.is_list else _quick(picked, name_of)
    if quick is None:
        return f"leaf({value}, {itself}, run)"
    quick = quick.format(v=kept_as, read=f"{kept_as} := {value}")
    nothing = "" if picked.is_required else f"None if {kept_as} is None else "
    return f"({quick} else {nothing}leaf({kept_as}, {itself}, run))"


def _quick(picked: Picked, name_of: Callable[[str, Any], str]) -> str | None:
    if picked.rule.id_of is not None and picked.is_plain:
        target = picked.rule.id_of or picked.parent.name
        return f"encode_id({target!r}, {{v}}) if ({{read}}) is not None"
    known = _QUICK.get(picked.named.name)
    if known is not None:
        return known
    members: Any = getattr(picked.named, "wrapped_cls", None)
    shown = getattr(picked.named, "values", None)
    if members is not None and shown is not None and all(name in members.__members__ for name in shown):
        return f"{{v}}._name_ if ({{read}}).__class__ is {name_of('enum', members)}"
    return None


def leaf(value: Any, picked: Picked, run: Any) -> Any:
    """Any value that a leaf field was answered, completed as graphql-core does it."""
    return _complete(value, picked.type, picked, run)


def _complete(value: Any, type_: GraphQLOutputType, picked: Picked, run: Any, *, kept: bool = False) -> Any:
    if isinstance(value, Failure):
        return value
    if isinstance(value, Exception):
        return run.failed(value)
    if is_awaitable(value) and not kept:
        return run.promised(Pending(value, lambda found: _complete(found, type_, picked, run, kept=True)))
    if value is None or value is Undefined:
        return run.failed(null_error(picked)) if isinstance(type_, GraphQLNonNull) else None
    try:
        return _complete_value(value, nullable(type_), picked, run)
    except Exception as error:
        return run.failed(error)


def _complete_value(value: Any, type_: GraphQLOutputType, picked: Picked, run: Any) -> Any:
    if not isinstance(type_, GraphQLList):
        return _as_default_json(Executor.complete_leaf_value(type_, value))  # type: ignore[arg-type]
    if is_async_iterable(value):
        collected = Pending(_collected(value), lambda found: _complete(found, type_, picked, run, kept=True))
        return run.promised(collected)
    return [_complete(each, type_.of_type, picked, run) for each in items_of(value, picked)]


def items_of(value: Any, picked: Picked) -> Any:
    if not is_iterable(value):
        raise GraphQLError(f"Expected Iterable, but did not find one for field '{picked.path_like}'.")
    return value


def null_error(picked: Picked) -> Exception:
    return TypeError(f"Cannot return null for non-nullable field {picked.path_like}.")


async def _collected(items: Any) -> list[Any]:
    return [each async for each in items]


def _as_default_json(written: Any) -> Any:
    """What a scalar writes is JSON as it stands: the options for instants are not meant for what is inside of it."""
    if written is None or written.__class__ in (str, int, float, bool) or isinstance(written, str):
        return written
    return orjson.Fragment(orjson.dumps(written))
