"""``python -m tests.performance`` (``make bench``): run the benchmarks, print what they found, keep it in the report.

With names (``python -m tests.performance queries``) only these are run, and what the others found stays.
"""

from __future__ import annotations

import inspect
import sys
import time
from types import ModuleType
from typing import Final

import uvloop

from tests.performance import (
    commit_to_client,
    dashboards,
    fan_out,
    growth,
    mill,
    payments,
    queries,
    relay,
    report,
    scale,
    school,
    storm,
    writes,
)
from tests.performance.programs import take_all_cores
from tests.performance.rounds import ONLY_TRYING

BENCHMARKS: Final[dict[str, ModuleType]] = {
    "queries": queries,
    "writes": writes,
    "fan_out": fan_out,
    "commit_to_client": commit_to_client,
    "relay": relay,
    "storm": storm,
    "scale": scale,
    "growth": growth,
    "dashboards": dashboards,
    "mill": mill,
    "payments": payments,
    "school": school,
}
"""Each has ``async def measure()``, which returns a chapter of the report, or the figures alone."""


async def measure(name: str) -> report.Chapter:
    """A benchmark's chapter. One that has only figures to tell is introduced by its module."""
    take_all_cores()
    found = await BENCHMARKS[name].measure()
    if isinstance(found, report.Chapter):
        return found
    title, _, about = (inspect.getdoc(BENCHMARKS[name]) or name).partition("\n\n")
    return report.Chapter(name.replace("_", " ").capitalize(), f"{title}\n\n{about}", found)


def main() -> None:
    started = time.perf_counter()
    names = sys.argv[1:]
    found = {name: uvloop.run(measure(name)) for name in names or BENCHMARKS}
    report.show([figure for chapter in found.values() for figure in chapter.figures])
    if not ONLY_TRYING:
        report.keep(found, beside_others=bool(names))
    kept = "nothing is kept of a trial" if ONLY_TRYING else f"kept in {report.FOR_PEOPLE.name}"
    print(f"{time.perf_counter() - started:.0f} s; {kept}")


if __name__ == "__main__":
    main()
