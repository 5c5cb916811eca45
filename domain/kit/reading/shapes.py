"""The shape of a condition: what of it the text of a statement depends on, and the values that the text leaves open.

Two conditions of one shape need one statement; only their parameters differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Sized
from typing import Any, Final

from pypika_tortoise.context import SqlContext
from pypika_tortoise.terms import Term
from tortoise.expressions import Expression, Q, Subquery
from tortoise.models import Model
from tortoise.queryset import ValuesQuery

from domain.kit.reading.filters import Filter, Kind, NotUnderstood, filter_of

Shape = tuple[Any, ...]

_END: Final = ")"


class RowsWith(Term):
    """``loan_id__in=RowsWith(Loan, condition)``: the keys, or another column, of the rows for which a condition holds."""

    def __init__(self, model: type[Model], *conditions: Q, column: str = "id") -> None:
        super().__init__()
        self.model, self.conditions, self.column = model, conditions, column

    def get_sql(self, ctx: SqlContext) -> str:
        return Subquery(self.model.filter(*self.conditions).values(self.column)).get_sql(ctx)


class Reading:
    """One look at a condition: ``shape`` grows and ``values`` are collected in the order of the statement."""

    __slots__ = ("shape", "values")

    def __init__(self) -> None:
        self.shape: list[Any] = []
        self.values: list[Any] = []

    def look_at(self, model: type[Model], conditions: Iterable[Q]) -> None:
        for condition in conditions:
            self._condition(model, condition)
        self.shape.append(_END)

    def _condition(self, model: type[Model], condition: Q) -> None:
        self.shape.append((condition.join_type, condition._is_negated))
        if condition.filters:
            for name, value in condition.filters.items():
                self._filter(model, name, value)
        else:
            for child in condition.children:
                self._condition(model, child)
        self.shape.append(_END)

    def _filter(self, model: type[Model], name: str, value: Any) -> None:
        if isinstance(value, Term | Expression):
            return self._subquery(name, value)
        of = filter_of(model, name)
        self.shape.append(name)
        self.shape.append(_of_the_text(of, value))
        if _is_sent(of, value):
            self.values.append(of.sent(value))
        return None

    def _subquery(self, name: str, value: Any) -> None:
        inner = inner_of(value)
        self.shape += (name, inner.model, inner.column)
        self.look_at(inner.model, inner.conditions)


def inner_of(value: Any) -> RowsWith:
    """The rows that a value stands for."""
    if isinstance(value, RowsWith):
        return value
    query = value.query if type(value) is Subquery else None
    if not isinstance(query, ValuesQuery) or len(query._fields_for_select) != 1:
        raise NotUnderstood(value)
    narrowed = (query._annotations, query._custom_filters, query._limit, query._offset, query._distinct, query._group_bys)
    ((alias, column),) = query._fields_for_select.items()
    if any(narrowed) or query._orderings or alias != column:
        raise NotUnderstood(value)
    return RowsWith(query.model, *query._q_objects, column=column)


def _of_the_text(of: Filter, value: Any) -> bool:
    """What a value means for the text of the statement."""
    if of.kind is Kind.PRESENCE:
        return bool(value)
    if of.kind is Kind.LIST:
        if not isinstance(value, Sized):
            raise NotUnderstood("values that are not counted")
        return len(value) > 0
    if value is None and not of.knows_none:
        raise NotUnderstood("a comparison with nothing")
    return value is not None


def _is_sent(of: Filter, value: Any) -> bool:
    return of.kind is not Kind.PRESENCE and _of_the_text(of, value)
