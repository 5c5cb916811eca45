"""The shape of a condition: what of it the text of a statement depends on, and the values that the text leaves open.

Two conditions of one shape need one statement; only their parameters differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any, Final, TypeVar

from pypika_tortoise.context import SqlContext
from pypika_tortoise.terms import Term
from tortoise.expressions import Expression, Q, Subquery
from tortoise.models import Model
from tortoise.queryset import ValuesQuery

from domain.kit.reading.filters import Kind, NotUnderstood, filter_of

A = TypeVar("A")

Shape = tuple[Any, ...]

_END: Final = ")"
_NO_VALUES: Final = (Term, Expression)


class RowsWith(Term):
    """``loan_id__in=RowsWith(Loan, condition)``: the keys, or another column, of the rows for which a condition holds."""

    def __init__(self, model: type[Model], *conditions: Q, column: str = "id") -> None:
        super().__init__()
        self.model, self.conditions, self.column = model, conditions, column

    def get_sql(self, ctx: SqlContext) -> str:
        return Subquery(self.model.filter(*self.conditions).values(self.column)).get_sql(ctx)


class Lasting(Q):
    """A condition that is looked at once, however often it is asked with."""

    __slots__ = ("_known",)

    def __init__(self, condition: Q) -> None:
        super().__init__(condition)
        self._known: tuple[type[Model], Shape, Sequence[Any]] | None = None

    def look(self, model: type[Model]) -> tuple[Shape, Sequence[Any]]:
        """The shape and the values of the condition on rows of ``model``."""
        if self._known is None or self._known[0] is not model:
            reading = Reading()
            reading.look_at(model, self.children)
            self._known = model, tuple(reading.shape), reading.values
        return self._known[1:]


def one_of(column: str, keys: Sequence[Any]) -> Q:
    """As ``Q(column__in=keys)``, without what Tortoise does to find out what it is given.

    A single key is asked for by equality: of a list the database does not know how long it will be, and would plan each
    statement anew, which costs twice what the statement itself does.
    """
    condition = Q()
    if len(keys) == 1:
        condition.filters[column] = keys[0]
    else:
        condition.filters[f"{column}__in"] = keys  # type: ignore[assignment]
    return condition


def among(keys: Sequence[Any], column: str, seen: Q) -> Q:
    """The same condition on rows that are asked for by such ``keys`` of theirs.

    Where it says that a row belongs to one of the rows that somebody may see, it says now: to one of those with the keys.
    Otherwise the database might go through everything that somebody may see, for a few of it.
    """
    condition = seen.children[0] if isinstance(seen, Lasting) else seen
    name = f"{column}__in"
    filters: dict[str, Any] = condition.filters
    within = filters.get(name)
    if not isinstance(within, RowsWith) or len(filters) > 1 or condition._is_negated:
        return seen
    narrowed: Any = RowsWith(within.model, one_of(within.column, keys), *within.conditions, column=within.column)
    return Q(**{name: narrowed})


def lasting(seen: Callable[[A], Q]) -> Callable[[A], Q]:
    """For a condition that follows from the actor alone, and neither from the time nor from what is in the database: it is
    kept with the actor, and worked out once."""
    name = f"{seen.__module__}.{seen.__qualname__}"

    @wraps(seen)
    def kept(actor: A) -> Q:
        known: Q | None = actor.__dict__.get(name)
        if known is None:
            known = actor.__dict__[name] = Lasting(seen(actor))
        return known

    return kept


class Reading:
    """One look at a condition: ``shape`` grows and ``values`` are collected in the order of the statement.

    This is gone through for every read, so it is written in one piece.
    """

    __slots__ = ("shape", "values")

    def __init__(self) -> None:
        self.shape: list[Any] = []
        self.values: list[Any] = []

    def look_at(self, model: type[Model], conditions: Iterable[Q]) -> None:
        shape, values = self.shape, self.values
        for condition in conditions:
            if isinstance(condition, Lasting):
                known = condition.look(model)
                shape.append(known[0])
                values.extend(known[1])
                continue
            shape.append(condition.join_type)
            shape.append(condition._is_negated)
            filters: dict[str, Any] = condition.filters
            if not filters:
                self.look_at(model, condition.children)
                continue
            for name, value in filters.items():
                of = filter_of(model, name)
                shape.append(name)
                if isinstance(value, _NO_VALUES):
                    inner = inner_of(value)
                    shape.append(inner.model)
                    shape.append(inner.column)
                    self.look_at(inner.model, inner.conditions)
                elif of.kind is Kind.PRESENCE:
                    shape.append(bool(value))
                elif value is None and of.knows_none:
                    shape.append(None)
                elif value is None or (of.kind is Kind.LIST and not hasattr(value, "__len__")):
                    raise NotUnderstood(name)
                else:
                    sent = of.sent(value)
                    # A list without items is no list, but a condition that never holds.
                    shape.append(sent != [])
                    if sent != []:
                        values.append(sent)
            shape.append(_END)
        shape.append(_END)


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
