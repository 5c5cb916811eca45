"""Which columns somebody needs who will look at some attributes of a row.

A column needs itself, and money its currency too. What a property or a method needs is found by looking at its bytecode:
as long as it only reads attributes of the row, by their names, those are all that it can need. A row that goes anywhere
else, into another function or into a name, may be asked for anything: then nothing is left out.
"""

from __future__ import annotations

import dis
import inspect
from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property, lru_cache
from types import CodeType, FunctionType
from typing import Any, Final

from tortoise.models import Model

from domain.kit.money import MoneyOf
from domain.kit.reading.shown import Shown, attributes_in

Names = frozenset[str]
Unknown = None
"""In place of names: it could be any."""

_READS: Final = frozenset({"LOAD_FAST", "LOAD_DEREF"})
_HARMLESS: Final = frozenset({"MAKE_CELL", "LOAD_CLOSURE", "COPY_FREE_VARS"})
_OF_VARIABLES: Final = ("FAST", "DEREF", "CELL", "CLOSURE")
_ATTRIBUTES: Final = frozenset({"LOAD_ATTR", "LOAD_METHOD"})
_IS_THERE: Final = ("IF_NONE", "IF_NOT_NONE", "IF_TRUE", "IF_FALSE")
_ALWAYS: Final = "graphql_type_name"
"""Rows are asked for it wherever the schema leaves their type open."""


@cache
def attributes_read_by(function: Callable[..., Any], parameter: str) -> Names | None:
    """The attributes that ``function`` reads of what it gets as ``parameter``; None when that cannot be told."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    if code is None or parameter not in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]:
        return Unknown
    return _read_in(code, parameter)


def columns_for(model: type[Model], wanted: Iterable[str | Shown] | None) -> Names | None:
    """The columns that rows of ``model`` must have for the ``wanted`` attributes to be looked at, those in texts too; None
    for all."""
    return None if wanted is None else _columns_for(model, attributes_in(wanted))


@lru_cache(maxsize=4_000)
def _columns_for(model: type[Model], wanted: Names) -> Names | None:
    return _together(_needed_by(model, name) for name in sorted(wanted | {_ALWAYS}))


@cache
def _needed_by(model: type[Model], name: str) -> Names | None:
    return _needs(model, name, frozenset())


def _needs(model: type[Model], name: str, asking: Names) -> Names | None:
    """``asking`` are the attributes whose needs are being found out already: they add nothing to themselves."""
    if name in model._meta.fields_db_projection:
        return frozenset({name})
    if name == "pk":
        return frozenset({model._meta.pk_attr})
    declared = inspect.getattr_static(model, name, None)
    if name in asking:
        return frozenset()
    read = _read_by_declared(model, name, declared)
    return Unknown if read is Unknown else _together(_needs(model, each, asking | {name}) for each in sorted(read))


def _read_by_declared(model: type[Model], name: str, declared: Any) -> Names | None:
    if name in vars(Model):
        return Unknown
    if isinstance(declared, MoneyOf):
        return frozenset({declared.column, "currency"})
    if isinstance(declared, property | cached_property):
        declared = declared.fget if isinstance(declared, property) else declared.func
    elif hasattr(declared, "__get__") and not isinstance(declared, FunctionType | staticmethod | classmethod | type):
        return Unknown
    if not isinstance(declared, FunctionType):
        return frozenset()
    return attributes_read_by(declared, declared.__code__.co_varnames[0])


def _together(parts: Iterable[Names | None]) -> Names | None:
    found: set[str] = set()
    for part in parts:
        if part is Unknown:
            return Unknown
        found |= part
    return frozenset(found)


def _read_in(code: CodeType, variable: str) -> Names | None:
    instructions = list(dis.get_instructions(code))
    found: set[str] = set()
    for place, instruction in enumerate(instructions):
        if not _concerns(instruction, variable) or instruction.opname in _HARMLESS:
            continue
        following = instructions[place + 1]
        if instruction.opname not in _READS:
            return Unknown
        if following.opname in _ATTRIBUTES:
            found.add(following.argval)
        elif not following.opname.endswith(_IS_THERE):
            return Unknown
    inner = _together(_read_in(each, variable) for each in _inner_functions(code) if variable in each.co_freevars)
    return Unknown if inner is Unknown else inner | found


def _concerns(instruction: dis.Instruction, variable: str) -> bool:
    named = instruction.argval
    if not any(word in instruction.opname for word in _OF_VARIABLES):
        return False
    return variable in named if isinstance(named, tuple) else bool(named == variable)


def _inner_functions(code: CodeType) -> Iterator[CodeType]:
    return (constant for constant in code.co_consts if isinstance(constant, CodeType))
