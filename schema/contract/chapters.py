"""A chapter of the catalogue: the same tables as Markdown for people with an editor, as JSON for programs, on the page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

NOT_BY_HAND: Final = "<!-- Written by `python -m schema.contract`; not to be changed by hand. -->"


@dataclass(frozen=True)
class Row:
    """One line of a table: its ``key`` is what links point at, its cells are inline Markdown. ``more`` is what only the
    page shows, folded away: titles with texts such as an example."""

    key: str
    cells: tuple[str, ...]
    more: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Table:
    """``choose`` is the column by whose words the page offers to choose rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    about: str = ""
    choose: str | None = None

    def choices(self) -> list[str]:
        """The words in the column that one may choose by."""
        if self.choose is None:
            return []
        place = self.columns.index(self.choose)
        found = {word.strip(" `") for row in self.rows for word in row.cells[place].split(",")}
        return sorted(found - {""})


@dataclass(frozen=True)
class Chapter:
    """``data`` is the chapter for programs; None for one that is written by hand."""

    name: str
    title: str
    about: str
    tables: tuple[Table, ...]
    data: Any = None
    notes: str = field(default="")

    def as_json(self) -> str:
        return as_json(self.data)

    def as_markdown(self) -> str:
        parts = [f"# {self.title}", NOT_BY_HAND, self.about]
        for table in self.tables:
            parts += [f"## {table.title}", table.about, _markdown_table(table)]
        parts.append(self.notes)
        return "\n\n".join(part.strip() for part in parts if part) + "\n"


def as_json(data: Any) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def code(name: str) -> str:
    return f"`{name}`"


def codes(names: Sequence[str]) -> str:
    return ", ".join(code(name) for name in names)


def _markdown_table(table: Table) -> str:
    lines = [_line(table.columns), _line(["---"] * len(table.columns))]
    lines += [_line([cell.replace("|", "\\|") for cell in row.cells]) for row in table.rows]
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
