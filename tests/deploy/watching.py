"""What the rules for Prometheus and the board for Grafana ask for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import promql_parser
import yaml

from tests.deploy.installations import DEPLOY

FOLDER: Final = DEPLOY / "observability"
GUIDE: Final = DEPLOY / "observability.md"
RULES: Final = FOLDER / "alerts.yaml"
BOARD: Final = FOLDER / "dashboard.json"

PAGE: Final = FOLDER / "metrics.md"
HEAD: Final = """# Metrics

Everything that servers and workers tell at `/metrics`, besides what Python and the operating system know of a process
(`process_*`, `python_*`). `../observability.md` says what is to be done about some of them. This page is written by
`WRITE_PAGES=1 pytest tests/api/observability/test_metrics.py`, and compared with what is told.
"""


class Asked(NamedTuple):
    """An expression, and what asks for it."""

    by: str
    expression: str


def rules() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]


def board() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(BOARD.read_text())
    return found


def panels() -> list[dict[str, Any]]:
    return [panel for panel in board()["panels"] if panel["type"] != "row"]


def everything_asked() -> list[Asked]:
    """Of Grafana's own variables that stand for a duration, one that Prometheus knows stands in."""
    alerts = [Asked(f"alert {rule['alert']}", rule["expr"]) for rule in rules()]
    shown = [
        Asked(f"panel {panel['title']}", target["expr"].replace("$__rate_interval", "5m"))
        for panel in panels()
        for target in panel["targets"]
    ]
    return alerts + shown


def metrics_in(expression: str) -> set[str]:
    """The names of the metrics that an expression reads; raises ValueError when Prometheus would not understand it."""
    return set(_names_in(promql_parser.parse(expression)))


def _names_in(expression: Any) -> Iterator[str]:
    found: list[str] = []

    def note(node: Any) -> bool:
        if isinstance(node, promql_parser.VectorSelector):
            assert node.name, "a metric is asked for by its name"
            found.append(node.name)
        return True

    promql_parser.walk(expression, note)
    return iter(found)


class Told(NamedTuple):
    """A metric as a process tells it."""

    name: str
    kind: str
    purpose: str


def told_in(scraped: str) -> list[Told]:
    """Our own metrics, by name, without the times at which counters began."""
    purposes = dict(re.findall(r"^# HELP (daftari_\w+) (.*)$", scraped, re.MULTILINE))
    kinds = dict(re.findall(r"^# TYPE (daftari_\w+) (\w+)$", scraped, re.MULTILINE))
    return [Told(name, kinds[name], purposes[name]) for name in sorted(kinds) if not name.endswith("_created")]


def page_of(told: list[Told]) -> str:
    """``metrics.md``: every metric that there is."""
    rows = "".join(f"| `{each.name}` | {each.kind} | {each.purpose} |\n" for each in told)
    return f"{HEAD}\n| metric | is | tells |\n|---|---|---|\n{rows}"


def samples_in(scraped: str) -> set[str]:
    """The names that can be asked for of what a process has told, also of metrics that have counted nothing yet."""
    found: set[str] = set()
    for line in scraped.splitlines():
        match line.split(" "):
            case ["#", "TYPE", name, "histogram"]:
                found |= {f"{name}_{part}" for part in ("bucket", "count", "sum")}
            case ["#", "TYPE", name, _]:
                found.add(name)
    return found
