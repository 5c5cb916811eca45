"""What of a row will be looked at: the text of a selection that the database can write, or else the attributes that the
selection reads, the keys of its relations, and what resolvers read of their parent. None where that cannot be told."""

from __future__ import annotations

import dis
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from graphql import GraphQLObjectType

from domain.kit.reading import Shown, Wanted, attributes_read_by
from schema.compiled.picture import How, Picked, Selection
from schema.compiled.texts import texts_in

_NOTHING: frozenset[str | Shown] = frozenset()
_CURSORS_OF_A_PAGE = frozenset({("pageInfo", "startCursor"), ("pageInfo", "endCursor")})


def wanted_of(picked: Picked) -> Wanted:
    """Of the rows that a field shows. What is no row is whole."""
    if picked.is_leaf:
        return None
    return _all(_wanted_by(picked.inside(each), written=not picked.is_abstract) for each in types_of(picked))


def wanted_of_loads(root: Selection) -> dict[Any, Wanted]:
    """Of the rows of each load that the relations of an operation use, wherever they do."""
    found: dict[Any, list[Wanted]] = {}
    stack = [root]
    while stack:
        for picked in stack.pop().fields:
            if picked.how is How.RELATION:
                found.setdefault(picked.relation.load, []).append(wanted_of(picked))
            stack.extend(picked.inside(each) for each in types_of(picked))
    return {load: _all(parts) for load, parts in found.items()}


@cache
def answers_what_it_loads(function: Callable[..., Any]) -> bool:
    """Whether a resolver does nothing with a row but answer it: it awaits a load, once, and returns what comes of it."""
    code = getattr(function, "__code__", None)
    if code is None:
        return False
    instructions = list(dis.get_instructions(code))
    names = [each.argval for each in instructions if each.opname in ("LOAD_METHOD", "LOAD_ATTR")]
    awaits = [place for place, each in enumerate(instructions) if each.opname == "GET_AWAITABLE"]
    returns = [place for place, each in enumerate(instructions) if each.opname == "RETURN_VALUE"]
    if names.count("load") + names.count("load_many") != 1 or len(awaits) != 1 or len(returns) != 1:
        return False
    # Between the two is the loop in which a coroutine waits, and nothing else.
    between = {each.opname for each in instructions[awaits[0] + 1 : returns[0]]}
    return between <= {"LOAD_CONST", "SEND", "YIELD_VALUE", "RESUME", "JUMP_BACKWARD_NO_INTERRUPT"}


def types_of(picked: Picked) -> list[GraphQLObjectType]:
    """The types of the objects that a field shows; none for a leaf."""
    if picked.is_abstract:
        return picked.possible_types()
    return [picked.named] if isinstance(picked.named, GraphQLObjectType) else []


def wanted_of_page(picked: Picked) -> Wanted:
    """Of the rows on the page that a field shows as a connection."""
    parts = []
    for each in picked.only.fields:
        if each.name == "nodes":
            parts.append(wanted_of(each))
        elif each.name == "edges":
            parts.extend(wanted_of(inner) for inner in each.only.fields if inner.name == "node")
    return _all(parts)


def shows_cursors(picked: Picked) -> bool:
    """Whether a field that shows a page shows the cursor of any of its rows."""
    shown = {(each.name, inner.name) for each in picked.only.fields if not each.is_leaf for inner in each.only.fields}
    return any(name == "edges" for name, _ in shown) or bool(shown & _CURSORS_OF_A_PAGE)


def _wanted_by(selection: Selection, *, written: bool) -> Wanted:
    """``written`` says that all rows are of one type, so that texts of their columns can be had."""
    texts = texts_in(selection) if written else {}
    fields = [each for each in selection.fields if not (texts and each.is_plain)]
    return _all([frozenset(texts.values()), *map(_read_by, fields)])


def _read_by(picked: Picked) -> Wanted:
    if picked.how is How.TYPENAME:
        return _NOTHING
    if picked.how is How.ATTRIBUTE:
        return frozenset({picked.attribute})
    if picked.how is How.RELATION:
        return frozenset({picked.relation.key})
    if picked.how is How.ITEM:
        return None
    resolver = picked.resolver
    given = (resolver.self_parameter, resolver.parent_parameter, resolver.root_parameter)
    return _all(attributes_read_by(resolver.wrapped_func, each.name) for each in given if each)


def _all(parts: Iterable[Wanted]) -> Wanted:
    found = _NOTHING
    for part in parts:
        if part is None:
            return None
        found |= part
    return found
