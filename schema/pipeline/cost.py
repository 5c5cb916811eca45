"""Cost: how many points an operation takes, with the lengths of lists as its variables really ask for them.

An object costs one point, a leaf none, a list as many points as it may have rows and as often what is selected of each.
A mutation or a feed costs ten. Some fields say their own price.
"""

from __future__ import annotations

from typing import Any

from graphql import GraphQLList, GraphQLNonNull, GraphQLOutputType, VariableNode
from graphql.utilities import value_from_ast_untyped

from domain.kit.paging import DEFAULT_PAGE, MAX_PAGE
from schema.kit.fields import ASSUMED_LIST_SIZE, PAGE
from schema.kit.finish import INHERITED_SIZE
from schema.pipeline.selection import Condition, Group, Selected, Variables


class Meter:
    """Prices one operation. A fragment is priced once for each length of the connection around it.

    ``depends`` says afterwards whether another price might come of other variables.
    """

    def __init__(self, variables: Variables) -> None:
        self.depends = False
        self._variables = variables
        self._known: dict[tuple[Group, int], int] = {}

    def price(self, group: Group, connection_size: int = DEFAULT_PAGE) -> int:
        known = self._known.get((group, connection_size))
        if known is not None:
            return known
        total = sum(self._price_of(each, connection_size) for each in group.fields if self._counts(each.conditions))
        for spread in group.spreads:
            if self._counts(spread.conditions):
                total += self.price(spread.group, connection_size)
        self._known[group, connection_size] = total
        return total

    def _counts(self, conditions: tuple[Condition, ...]) -> bool:
        self.depends = self.depends or bool(conditions)
        return all(condition.holds(self._variables) for condition in conditions)

    def _price_of(self, selected: Selected, connection_size: int) -> int:
        rule = selected.rule
        own = rule.cost if rule.cost is not None else (0 if selected.is_leaf else 1)
        if selected.children is None or selected.field is None:
            return own
        if rule.size == PAGE:
            return own + self.price(selected.children, self._page_size(selected))
        rows = self._rows(selected, connection_size) if _is_list(selected.field.type) else None
        if rows is None:
            return own + self.price(selected.children)
        return own * rows + rows * self.price(selected.children)

    def _rows(self, selected: Selected, connection_size: int) -> int:
        size = selected.rule.size
        if size == INHERITED_SIZE:
            return connection_size
        if isinstance(size, int):
            return size
        if isinstance(size, str):
            asked = self._argument(selected, size)
            return len(asked) if isinstance(asked, list) else 1
        return ASSUMED_LIST_SIZE

    def _page_size(self, selected: Selected) -> int:
        for name in ("first", "last"):
            asked = self._argument(selected, name)
            # GraphQL takes the JSON number 50.0 for an Int as well.
            if isinstance(asked, int) or (isinstance(asked, float) and asked.is_integer()):
                return max(1, min(int(asked), MAX_PAGE))
        return DEFAULT_PAGE

    def _argument(self, selected: Selected, name: str) -> Any:
        node = next((each for each in selected.node.arguments or () if each.name.value == name), None)
        if node is None:
            return None
        if isinstance(node.value, VariableNode):
            self.depends = True
            return self._variables.get(node.value.name.value)
        return value_from_ast_untyped(node.value, dict(self._variables))


def _is_list(type_: GraphQLOutputType) -> bool:
    return isinstance(type_.of_type if isinstance(type_, GraphQLNonNull) else type_, GraphQLList)
