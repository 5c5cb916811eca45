"""Connections: a page of a list as Relay has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import strawberry

from domain.kit.paging import Page
from schema.kit.scalars import Cursor

T = TypeVar("T")


@strawberry.type(description="Whether there is more of the list on either side of this page, and from where.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="More rows follow behind endCursor.")
    has_previous_page: bool = strawberry.field(description="More rows precede startCursor.")
    start_cursor: Cursor | None = strawberry.field(description="The cursor of the page's first row; null when it is empty.")
    end_cursor: Cursor | None = strawberry.field(description="The cursor of the page's last row; null when it is empty.")


@strawberry.type(description="A row of a list and its place there.")
class Edge(Generic[T]):
    cursor: Cursor = strawberry.field(description="The row's place in the list.")
    node: T = strawberry.field(description="The row.")


@strawberry.type(description="A page of a list in a stable order. Rows that come or go elsewhere never shift it.")
class Connection(Generic[T]):
    edges: list[Edge[T]] = strawberry.field(description="The rows with their cursors.")
    nodes: list[T] = strawberry.field(description="The rows alone.")
    page_info: PageInfo = strawberry.field(description="Whether there is more.")
    total_count: int = strawberry.field(description="How many rows the whole list has; counted only when selected.")


@dataclass(frozen=True, slots=True)
class EdgeRow:
    node: Any
    cursor: str


class ConnectionRow:
    """The row behind a connection: a page, as its fields want it."""

    __slots__ = ("nodes", "page")

    def __init__(self, page: Page[Any]) -> None:
        self.page = page
        self.nodes = page.rows

    @property
    def edges(self) -> list[EdgeRow]:
        return [EdgeRow(node, cursor) for node, cursor in zip(self.page.rows, self.page.cursors, strict=True)]

    @property
    def page_info(self) -> ConnectionRow:
        return self

    @property
    def has_next_page(self) -> bool:
        return self.page.has_next

    @property
    def has_previous_page(self) -> bool:
        return self.page.has_previous

    @property
    def start_cursor(self) -> str | None:
        return self.page.cursors[0] if self.page.cursors else None

    @property
    def end_cursor(self) -> str | None:
        return self.page.cursors[-1] if self.page.cursors else None

    @property
    def total_count(self) -> Any:
        return self.page.count()
