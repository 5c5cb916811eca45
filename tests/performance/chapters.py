"""The report for people: ``report.md``, a chapter for each benchmark and at the top the targets of all of them.

A chapter stands between two comments with its name, so that a run of some benchmarks replaces theirs alone.
"""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psutil  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from tests.performance.report import Chapter, Figure, Table

_CHAPTER: Final = re.compile(r"<!-- chapter (\w+) -->\n(.*?)\n<!-- end of \1 -->\n", re.DOTALL)
_VERDICT: Final = {True: "holds", False: "**does not hold**", None: ""}

HEAD: Final = """# What the benchmarks found

`make bench` writes this page, `report.json` (the same figures for programs), `history.jsonl` (a line for every run that
was kept) and `pictures/`. How each comparison is made stands in its chapter.

All of it runs on one machine that does other things too, so absolute figures drift. What counts are ratios: the servers
that are compared take turns in short rounds of one run, and of the rounds the median is told. The server under measurement
has the first core to itself; its clients, PostgreSQL and Redis share the others. Daftari is the whole application as
`daftari serve` builds it, with its real schema, and with authentication, permissions, row scopes, limits, masking, metrics
and logs on. The others do none of that.

## Targets

"""


def write(page: Path, told: Mapping[str, str], figures: Iterable[Figure], *, beside_others: bool) -> None:
    """The page anew, with the chapters that it had and that are not told anew where those are to stay."""
    chapters = {**(_told_before(page) if beside_others else {}), **told}
    targets = _of_columns(_FIGURE_HEAD, [_figure_row(figure) for figure in figures if figure.holds is not None])
    bodies = [f"<!-- chapter {name} -->\n{text}\n<!-- end of {name} -->\n" for name, text in chapters.items()]
    page.write_text("\n".join([HEAD + targets + "\n", *bodies]))


def names_told(page: Path, *, but_in: Collection[str]) -> set[str]:
    """The names of all figures that the page tells in chapters other than these."""
    texts = (text for chapter, text in _told_before(page).items() if chapter not in but_in)
    cells = (re.findall(r"^\| ([^|]+?) \|", text, re.MULTILINE) for text in texts)
    return {name for names in cells for name in names}


def _told_before(page: Path) -> dict[str, str]:
    return dict(_CHAPTER.findall(page.read_text())) if page.exists() else {}


def markdown(name: str, chapter: Chapter, at: datetime, commit: str) -> str:
    """A chapter's text; ``name`` is what runs it."""
    parts = [f"## {chapter.title}", chapter.about.strip()]
    parts.append(f"Measured {at:%Y-%m-%d %H:%M} UTC at {commit} by `python -m tests.performance {name}`, on {_machine()}.")
    if chapter.figures:
        parts.append(_of_columns(_FIGURE_HEAD, [_figure_row(figure) for figure in chapter.figures]))
    parts += [_table(table) for table in chapter.tables]
    parts += [f"![{chart.title}](pictures/{chart.name}.svg)" for chart in chapter.charts]
    if chapter.remarks:
        parts.append("\n".join(f"- {remark}" for remark in chapter.remarks))
    return "\n\n".join(part.rstrip() for part in parts)


_FIGURE_HEAD: Final = ("", "Daftari", "against", "ratio", "target", "")


def _figure_row(figure: Figure) -> Sequence[object]:
    return figure.name, figure.ours, figure.against, f"{figure.ratio:.2f}", figure.target, _VERDICT[figure.holds]


def _table(table: Table) -> str:
    return f"### {table.title}\n\n{_of_columns(table.head, table.rows)}"


def _of_columns(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Numbers stand to the right, under a head that does too."""
    cells = [[_cell(value) for value in row] for row in rows]
    rule = ["---", *["---:" if _is_figure(column, cells) else "---" for column in range(1, len(head))]]
    return "\n".join(f"| {' | '.join(row)} |" for row in [list(head), rule, *cells])


def _is_figure(column: int, rows: Sequence[Sequence[str]]) -> bool:
    return bool(rows) and all(re.match(r"-?[\d.,]*\d|$", row[column]) for row in rows)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.1f}" if abs(value) >= 10 else f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _machine() -> str:
    memory = psutil.virtual_memory().total / 2**30
    return f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GiB, Python {platform.python_version()}"


def _processor() -> str:
    cpus = Path("/proc/cpuinfo")
    named = re.search(r"^model name\s*: (.+)$", cpus.read_text(), re.MULTILINE) if cpus.exists() else None
    return named[1] if named else platform.machine()
