"""What the contract says of the edge: limits and close codes. This room does not know the edge, which hands them in."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from schema.contract.chapters import Chapter, Row, Table, code, codes

LIMITS_ABOUT = """\
Everything has a limit. These are the defaults; an installation chooses others by the variables that are named, so that a
client reads the code of a refusal, and does not reckon with a number. What an operation costs and what is left of the
budget comes with every answer in `extensions.cost { requested remaining limit resetAt }`, and over HTTP in the headers
`RateLimit` and `RateLimit-Policy` as well. An API key spends its owner's budget unless it has one of its own.
"""


@dataclass(frozen=True)
class Limit:
    """``value`` is in ``unit``; ``variables`` choose another one; ``refusal`` is the code of who goes over it."""

    name: str
    group: str
    value: int | float
    unit: str
    meaning: str
    variables: tuple[str, ...] = ()
    refusal: str | None = None


@dataclass(frozen=True)
class CloseCode:
    """A close code of the socket, why it is used, and whether the usual client library connects again by itself."""

    code: int
    name: str
    reason: str
    comes_back: bool


@dataclass(frozen=True)
class Edge:
    limits: tuple[Limit, ...]
    closings: tuple[CloseCode, ...]


def limits_chapter(edge: Edge) -> Chapter:
    groups = dict.fromkeys(limit.group for limit in edge.limits)
    tables = tuple(_table(group, [each for each in edge.limits if each.group == group]) for group in groups)
    return Chapter("limits", "Limits", LIMITS_ABOUT, tables, [asdict(limit) for limit in edge.limits])


def _table(group: str, limits: list[Limit]) -> Table:
    rows = tuple(
        Row(
            f"limit-{each.name}",
            (
                each.meaning,
                f"{each.value:,g} {each.unit}" if isinstance(each.value, float) else f"{each.value:,} {each.unit}",
                code(each.refusal) if each.refusal else "",
                codes(each.variables),
            ),
        )
        for each in limits
    )
    return Table(group, ("limit", "default", "refused with", "chosen by"), rows)


def closings_data(edge: Edge) -> list[dict[str, Any]]:
    return [
        {"code": each.code, "name": each.name, "reason": each.reason, "comesBack": each.comes_back} for each in edge.closings
    ]
