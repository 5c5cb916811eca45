"""``python -m tests.performance`` (``make bench``): run the benchmarks, print what they found, keep it in report.json."""

from __future__ import annotations

import time

import uvloop

from tests.performance import fan_out, report


def main() -> None:
    started = time.perf_counter()
    figures = uvloop.run(fan_out.measure())
    report.show(figures)
    report.keep(figures)
    print(f"{time.perf_counter() - started:.0f} s; kept in {report.REPORT.name}")


if __name__ == "__main__":
    main()
