"""``python -m tests.performance`` (``make bench``): run the benchmarks, print what they found, keep it in report.json.

With names (``python -m tests.performance dashboards``) only these are run, and the figures of the others stay.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Awaitable, Callable
from typing import Final

import uvloop

from tests.performance import dashboards, fan_out, mill, payments, report, school

BENCHMARKS: Final[dict[str, Callable[[], Awaitable[list[report.Figure]]]]] = {
    "fan_out": fan_out.measure,
    "dashboards": dashboards.measure,
    "mill": mill.measure,
    "payments": payments.measure,
    "school": school.measure,
}


async def measure(names: list[str]) -> list[report.Figure]:
    figures: list[report.Figure] = []
    for name in names or BENCHMARKS:
        figures += await BENCHMARKS[name]()
    return figures


def main() -> None:
    started = time.perf_counter()
    names = sys.argv[1:]
    figures = uvloop.run(measure(names))
    report.show(figures)
    report.keep(figures, beside_others=bool(names))
    print(f"{time.perf_counter() - started:.0f} s; kept in {report.REPORT.name}")


if __name__ == "__main__":
    main()
