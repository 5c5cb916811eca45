"""Which loads resolvers may ask for, so that relations that use the same load ask for it together with them."""

from __future__ import annotations

import dis
import inspect
from collections.abc import Callable, Iterator
from functools import cache
from types import CodeType, FunctionType, ModuleType
from typing import Any, Final

from schema.compiled.picture import How, Selection
from schema.compiled.wanted import types_of

_OURS: Final = "schema."


def loads_shared_with_resolvers(root: Selection) -> frozenset[int]:
    """The ids of the loads that both relations and resolvers of an operation name.

    Resolvers load through the loaders of their context, which see all columns; so must the relations then.
    """
    relations: dict[int, Any] = {}
    named: set[int] = set()
    stack = [root]
    while stack:
        for picked in stack.pop().fields:
            if picked.how is How.RELATION:
                relations[id(picked.relation.load)] = picked.relation.load
            elif picked.how is How.RESOLVER:
                named |= _named_by(picked.resolver.wrapped_func)
            stack.extend(picked.inside(each) for each in types_of(picked))
    return frozenset(relations.keys() & named)


@cache
def _named_by(function: Callable[..., Any]) -> frozenset[int]:
    """The ids of all that a function names, and those functions of the schema that it calls, and so on."""
    seen: dict[int, Any] = {}
    stack: list[Any] = [inspect.unwrap(function)]
    while stack:
        for found in _globals_of(stack.pop()):
            if id(found) not in seen:
                seen[id(found)] = found
                if isinstance(found, FunctionType) and found.__module__.startswith(_OURS):
                    stack.append(found)
    return frozenset(seen)


def _globals_of(function: Any) -> Iterator[Any]:
    codes: list[CodeType] = [function.__code__] if hasattr(function, "__code__") else []
    while codes:
        code = codes.pop()
        codes.extend(each for each in code.co_consts if isinstance(each, CodeType))
        found: Any = None
        for instruction in dis.get_instructions(code):
            if instruction.opname == "LOAD_GLOBAL":
                found = function.__globals__.get(instruction.argval)
                yield found
            elif instruction.opname in ("LOAD_ATTR", "LOAD_METHOD") and isinstance(found, ModuleType):
                found = getattr(found, instruction.argval, None)
                yield found
            else:
                found = None
