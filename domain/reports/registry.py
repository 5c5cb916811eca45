"""The kinds of reports: each room declares in its ``reports.py`` those that it can fill."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.reports.errors import ReportKindUnknown
from domain.reports.models import ReportFormat
from domain.reports.parameters import VOCABULARY, Parameters
from domain.reports.sheets import Sheet

P = TypeVar("P", bound=Parameters)


class Expecting(Protocol):
    """What whoever fills a sheet can say of how long it will be."""

    async def expect(self, rows: int) -> None:
        """So many more rows will come, as far as is known now."""
        ...


Fill = Callable[[Actor, Any, Expecting], Awaitable[Sheet | list[Sheet]]]


@dataclass(frozen=True, slots=True)
class ParameterOf:
    """A parameter of a kind, for forms: its public name, and whether there is a report without it."""

    name: str
    required: bool


@dataclass(frozen=True, slots=True)
class ReportKind:
    """A kind of report. ``requires`` is asked when it is requested, when it is made and when it is fetched."""

    name: str
    title: str
    purpose: str
    requires: Permission
    parameters: type[Parameters]
    formats: frozenset[ReportFormat]
    fill: Fill

    @property
    def parameter_list(self) -> Sequence[ParameterOf]:
        return [ParameterOf(VOCABULARY[name], field.is_required()) for name, field in self.parameters.model_fields.items()]

    @property
    def format_list(self) -> Sequence[ReportFormat]:
        return [each for each in ReportFormat if each in self.formats]


_kinds: dict[str, ReportKind] = {}


def report(
    name: str,
    *,
    title: str,
    purpose: str,
    requires: Permission,
    parameters: type[P],
    formats: Sequence[ReportFormat] = tuple(ReportFormat),
) -> Callable[[Callable[[Actor, P, Expecting], Awaitable[Sheet | list[Sheet]]]], ReportKind]:
    """Declare who fills a kind of report: ``async def f(actor, parameters, progress) -> Sheet | list[Sheet]``."""
    unknown = set(parameters.model_fields) - set(VOCABULARY)
    assert not unknown, f"the report {name} has parameters that nobody can give: {sorted(unknown)}"

    def declare(fill: Callable[[Actor, P, Expecting], Awaitable[Sheet | list[Sheet]]]) -> ReportKind:
        declared = ReportKind(name, title, purpose, requires, parameters, frozenset(formats), fill)
        known = _kinds.get(name)
        assert known is None or _qualified(known.fill) == _qualified(fill), f"two reports named {name}"
        _kinds[name] = declared
        return declared

    return declare


def _qualified(fill: object) -> tuple[str, str]:
    return str(getattr(fill, "__module__", "")), str(getattr(fill, "__qualname__", fill))


def every_kind() -> list[ReportKind]:
    return sorted(_kinds.values(), key=lambda kind: kind.name)


def kind_named(name: str) -> ReportKind:
    try:
        return _kinds[name]
    except KeyError:
        raise ReportKindUnknown(f"there is no report {name[:60]!r}") from None
