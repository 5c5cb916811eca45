"""What a run found: printed as a table, and kept as ``report.json`` beside this file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import orjson

REPORT: Final = Path(__file__).with_name("report.json")


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
    def at_least(cls, name: str, ours: float, against: float, times: float | None = None) -> Figure:
        ratio = ours / against
        target = "" if times is None else f"at least {times:g} times"
        return cls(
            name, round(ours, 1), round(against, 1), round(ratio, 2), target, None if times is None else ratio >= times
        )

    @classmethod
    def at_most(cls, name: str, ours: float, limit: float, unit: str) -> Figure:
        return cls(name, round(ours, 2), limit, round(ours / limit, 2), f"at most {limit:g} {unit}", ours <= limit)

    @classmethod
    def for_the_record(cls, name: str, ours: float) -> Figure:
        """A figure that nothing is held against."""
        return cls(name, round(ours, 1), round(ours, 1), 1.0, "", None)


def show(figures: Sequence[Figure]) -> None:
    widest = max(len(figure.name) for figure in figures)
    print(f"{'':{widest}}  {'Daftari':>12}  {'against':>12}  {'ratio':>8}  target")
    for figure in figures:
        verdict = {True: "holds", False: "DOES NOT HOLD", None: ""}[figure.holds]
        goal = ", ".join(part for part in (figure.target, verdict) if part)
        print(f"{figure.name:{widest}}  {figure.ours:12,.1f}  {figure.against:12,.1f}  {figure.ratio:8.2f}  {goal}".rstrip())


def keep(figures: Sequence[Figure], *, beside_others: bool = False) -> None:
    """Keep the figures instead of those before, or instead of those of the same names alone."""
    rows = [asdict(figure) for figure in figures]
    if beside_others and REPORT.exists():
        measured = {figure.name for figure in figures}
        rows = [row for row in orjson.loads(REPORT.read_bytes()) if row["name"] not in measured] + rows
    REPORT.write_bytes(orjson.dumps(rows, option=orjson.OPT_INDENT_2) + b"\n")
