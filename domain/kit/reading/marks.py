"""Conditions with a mark in place of each value: what Tortoise makes of one shows where the values go in a statement."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from pypika_tortoise.context import SqlContext
from pypika_tortoise.terms import Term, ValueWrapper
from tortoise.expressions import Expression, Q
from tortoise.models import Model

from domain.kit.reading.filters import Kind, filter_of
from domain.kit.reading.shapes import RowsWith, inner_of

_LIST: Final = "list_of"
_LISTED: Final = re.compile(rf"(NOT )?IN {_LIST}\((\$\d+)\)")
_IN_A_TEXT: Final = re.compile("\x01(\\d+)\x01")


class Mark:
    """In place of the value that is the ``place``-th of a condition."""

    def __init__(self, place: int) -> None:
        self.place = place


class _ListMark(Term):
    """In place of a list, which becomes one parameter and not one for each of its values."""

    def __init__(self, mark: Mark) -> None:
        super().__init__()
        self._mark = mark

    def nodes_(self) -> Iterator[Any]:
        yield self

    def get_sql(self, ctx: SqlContext) -> str:
        assert ctx.parameterizer is not None, "a mark is only ever a parameter"
        return f"{_LIST}({ctx.parameterizer.create_param(self._mark).get_sql(ctx)})"


class Marking:
    """Copies conditions with marks, in the order in which :class:`~domain.kit.reading.shapes.Reading` takes the values."""

    def __init__(self) -> None:
        self.count = 0

    def next_mark(self) -> Mark:
        self.count += 1
        return Mark(self.count - 1)

    def of(self, model: type[Model], conditions: Sequence[Q]) -> list[Q]:
        return [self._condition(model, each) for each in conditions]

    def _condition(self, model: type[Model], condition: Q) -> Q:
        marked = Q(join_type=condition.join_type)
        marked._is_negated = condition._is_negated
        marked.filters = {name: self._value(model, name, value) for name, value in condition.filters.items()}
        if not condition.filters:
            marked.children = tuple(self._condition(model, child) for child in condition.children)
        return marked

    def _value(self, model: type[Model], name: str, value: Any) -> Any:
        if isinstance(value, Term | Expression):
            inner = inner_of(value)
            return RowsWith(inner.model, *self.of(inner.model, inner.conditions), column=inner.column)
        kind = filter_of(model, name).kind
        if value is None or kind is Kind.PRESENCE or (kind is Kind.LIST and not value):
            return value
        mark = self.next_mark()
        if kind is Kind.TEXT:
            return f"\x01{mark.place}\x01"
        return _ListMark(mark) if kind is Kind.LIST else ValueWrapper(mark)


def places_of(parameters: Sequence[Any]) -> list[int | None]:
    """Which mark each parameter of a marked statement is; None for what is none."""
    return [_place_of(each) for each in parameters]


def _place_of(parameter: Any) -> int | None:
    if isinstance(parameter, Mark):
        return parameter.place
    found = _IN_A_TEXT.search(parameter) if isinstance(parameter, str) else None
    return int(found[1]) if found else None


def spelled_out(text: str, values: Sequence[Any]) -> tuple[str, list[Any]]:
    """The marked text as Tortoise would have it for these values, a parameter for each item of a list, and those."""
    parameters: list[Any] = []
    places = iter(values)

    def next_parameter(value: Any) -> str:
        parameters.append(value)
        return f"${len(parameters)}"

    def spell(found: re.Match[str]) -> str:
        if not found[0].startswith(_LIST):
            return next_parameter(next(places))
        return f"({','.join(next_parameter(item) for item in next(places))})"

    return re.sub(rf"{_LIST}\(\$\d+\)|\$\d+", spell, text), parameters


def as_sent(text: str) -> str:
    """The marked text with each list as one parameter."""
    return _LISTED.sub(lambda found: f"<> ALL({found[2]})" if found[1] else f"= ANY({found[2]})", text)
