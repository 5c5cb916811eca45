"""What a run found: printed as a table, and kept beside this file.

``report.json`` is a list of the figures, ``report.md`` tells them to people with their method, tables and pictures, and
``history.jsonl`` has a line for every run that was kept, with the ratios that have a target.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import orjson

from tests.performance import chapters
from tests.performance.pictures import Chart, drawn

REPORT: Final = Path(__file__).with_name("report.json")
FOR_PEOPLE: Final = Path(__file__).with_name("report.md")
HISTORY: Final = Path(__file__).with_name("history.jsonl")
PICTURES: Final = Path(__file__).with_name("pictures")


@dataclass(frozen=True, slots=True)
class Figure:
    """One comparison. ``against`` is a rival's figure or a limit; without a target it is told for the record."""

    name: str
    ours: float
    against: float
    ratio: float
    target: str
    holds: bool | None

    @classmethod
    def at_least(
        cls, name: str, ours: float, against: float, times: float | None = None, *, goal: float | None = None
    ) -> Figure:
        """``times`` the rival's figure must hold; ``goal`` is where we aim."""
        target = "" if times is None else f"at least {times:g} times"
        return cls._of(name, ours, against, target, None if times is None else ours >= times * against, goal)

    @classmethod
    def no_more_than(
        cls, name: str, ours: float, against: float, times: float = 1.0, *, goal: float | None = None
    ) -> Figure:
        """For what is better when it is less, such as a time."""
        return cls._of(name, ours, against, f"at most {times:g} times", ours <= times * against, goal)

    @classmethod
    def at_most(cls, name: str, ours: float, limit: float, unit: str, *, goal: float | None = None) -> Figure:
        return cls._of(name, ours, limit, f"at most {limit:g} {unit}", ours <= limit, goal)

    @classmethod
    def for_the_record(cls, name: str, ours: float) -> Figure:
        """A figure that nothing is held against."""
        return cls._of(name, ours, ours, "", None, None)

    @classmethod
    def _of(cls, name: str, ours: float, against: float, target: str, holds: bool | None, goal: float | None) -> Figure:
        if goal is not None:
            target += f" (goal {goal:g})"
        ratio = ours / against if against else 0.0
        return cls(name, _rounded(ours), _rounded(against), round(ratio, 2), target, holds)


@dataclass(frozen=True, slots=True)
class Table:
    """Figures side by side; the first column names each row."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[object]]


@dataclass(frozen=True, slots=True)
class Chapter:
    """What one benchmark found. ``about`` says in Markdown what is compared and how, ``remarks`` what the figures do not
    say by themselves: why a target does not hold, where the time goes."""

    title: str
    about: str
    figures: Sequence[Figure]
    tables: Sequence[Table] = ()
    charts: Sequence[Chart] = ()
    remarks: Sequence[str] = ()


def show(figures: Sequence[Figure]) -> None:
    widest = max(len(figure.name) for figure in figures)
    print(f"{'':{widest}}  {'Daftari':>12}  {'against':>12}  {'ratio':>8}  target")
    for figure in figures:
        verdict = {True: "holds", False: "DOES NOT HOLD", None: ""}[figure.holds]
        goal = ", ".join(part for part in (figure.target, verdict) if part)
        print(f"{figure.name:{widest}}  {figure.ours:12,.1f}  {figure.against:12,.1f}  {figure.ratio:8.2f}  {goal}".rstrip())


def keep(found: Mapping[str, Chapter], *, beside_others: bool = False) -> None:
    """Keep what was found instead of what was there, or only instead of the same benchmarks' older figures. What no chapter
    tells is gone."""
    figures = [figure for chapter in found.values() for figure in chapter.figures]
    rows = [asdict(figure) for figure in figures]
    if beside_others and REPORT.exists():
        staying = chapters.names_told(FOR_PEOPLE, but_in=found)
        rows = [row for row in orjson.loads(REPORT.read_bytes()) if row["name"] in staying] + rows
    REPORT.write_bytes(orjson.dumps(rows, option=orjson.OPT_INDENT_2) + b"\n")
    for chart in (chart for chapter in found.values() for chart in chapter.charts):
        PICTURES.mkdir(exist_ok=True)
        (PICTURES / f"{chart.name}.svg").write_text(drawn(chart))
    commit, now = _commit(), datetime.now(UTC)
    told = {name: chapters.markdown(name, chapter, now, commit) for name, chapter in found.items()}
    chapters.write(FOR_PEOPLE, told, [Figure(**row) for row in rows], beside_others=beside_others)
    _remember(figures, now, commit)


def _remember(figures: Iterable[Figure], now: datetime, commit: str) -> None:
    ratios = {figure.name: figure.ratio for figure in figures if figure.holds is not None}
    with HISTORY.open("a") as history:
        history.write(json.dumps({"at": now.isoformat(timespec="minutes"), "commit": commit, "ratios": ratios}) + "\n")


def _commit() -> str:
    """Which state of the code was measured."""
    asked = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
    return asked.stdout.strip() or "unknown"


def _rounded(value: float) -> float:
    """To what says something: small figures have more decimals."""
    return round(value, 1 if abs(value) >= 100 else 2 if abs(value) >= 1 else 4)
