"""The suite's plugin that listens: which faults were tried, what tests counted, how many examples were imagined.

What a test tells travels with its report as a user property, also from the processes of a run in parallel.
"""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from collections.abc import Generator
from pathlib import Path
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
FIGURES: Final = Path(__file__).with_name("figures.json")
ASKED_FOR: Final = "TRUST"
FAULT, FIGURE, EXAMPLES = "trust-fault", "trust-figure", "trust-examples"
_TRIED: Final = re.compile(r"(\d+) passing, (\d+) failing, and (\d+) invalid")


class Figures:
    """What a test counts, by name."""

    def __init__(self) -> None:
        self.told: dict[str, int] = defaultdict(int)

    def add(self, name: str, count: int) -> None:
        self.told[name] += count


class Record:
    """What the tests of each file told, in this run."""

    def __init__(self) -> None:
        self._files: dict[str, dict[str, Any]] = {}

    def take(self, report: pytest.TestReport) -> None:
        if report.when != "call" or report.skipped:
            return
        told = self.of(report.nodeid.partition("::")[0])
        told["tests"] += 1
        told["failed"] += report.failed
        for kind, value in report.user_properties:
            if kind == FAULT and value not in told["faults"]:
                told["faults"].append(value)
            elif kind == FIGURE:
                figure, count = value
                told["figures"][figure] = told["figures"].get(figure, 0) + count
            elif kind == EXAMPLES:
                told["examples"] += value

    def of(self, name: str) -> dict[str, Any]:
        return self._files.setdefault(name, {"tests": 0, "failed": 0, "faults": [], "figures": {}, "examples": 0})

    def keep(self, file: Path = FIGURES) -> None:
        """Beside what other files told. Who tells nothing but that the tests pass is left out."""
        known = json.loads(file.read_text()) if file.exists() else {}
        known.update(self._files)
        kept = {
            name: told
            for name, told in sorted(known.items())
            if (ROOT / name).exists() and (told["faults"] or told["figures"] or told["examples"])
        }
        for told in kept.values():
            told["faults"] = sorted(told["faults"])
            told["figures"] = dict(sorted(told["figures"].items()))
        file.write_text(json.dumps(kept, indent=2) + "\n")


_record = Record()


@pytest.fixture
def figures() -> Figures:
    """Where a test tells what it did, for the page of trust."""
    return Figures()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        report.user_properties += [(FAULT, mark.args[0]) for mark in item.iter_markers("fault")]
        counted = getattr(item, "funcargs", {}).get("figures")
        if isinstance(counted, Figures):
            report.user_properties += [(FIGURE, told) for told in counted.told.items()]
        found = _TRIED.findall(getattr(item, "hypothesis_statistics", ""))
        if found:
            report.user_properties.append((EXAMPLES, sum(int(count) for phase in found for count in phase)))
    return report


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if os.environ.get(ASKED_FOR):
        _record.take(report)


def pytest_sessionfinish(session: pytest.Session) -> None:
    # The processes of a parallel run tell the one that asked them.
    if os.environ.get(ASKED_FOR) and not hasattr(session.config, "workerinput"):
        _record.keep()
