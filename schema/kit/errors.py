"""Refusals as clients see them: one enum of codes for the whole API, and the entry that a payload's ``errors`` hold."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any, Final

import domain
import subscriptions.errors  # noqa: F401  its refusals belong to the catalogue
from domain.kit.errors import DomainError
from domain.kit.money import Money
from schema.kit.fields import FieldRule, attribute
from schema.kit.types import enum_type, object_type

PIPELINE_CODES: Final = {
    "BAD_REQUEST": "The request is not one that GraphQL over HTTP or WebSocket knows.",
    "GRAPHQL_PARSE_FAILED": "The document is not GraphQL.",
    "GRAPHQL_VALIDATION_FAILED": "The document does not fit the schema.",
    "OPERATION_NOT_FOUND": "The document has no such operation, or several and none is named.",
    "INVALID_VARIABLES": "A variable is missing or does not fit its type.",
    "DOCUMENT_TOO_LARGE": "The document has more bytes or tokens than a document may have.",
    "DEPTH_LIMIT_EXCEEDED": "The document nests deeper than it may.",
    "ALIAS_LIMIT_EXCEEDED": "The document has more aliases than it may.",
    "ROOT_FIELD_LIMIT_EXCEEDED": "The operation selects more root fields than it may.",
    "DIRECTIVE_LIMIT_EXCEEDED": "The document has more directives than it may.",
    "COST_LIMIT_EXCEEDED": "The operation costs more points than one may; ask for shorter lists or fewer fields.",
    "RATE_LIMITED": "The budget of points is used up; `extensions.cost.resetAt` says when it is full again.",
    "DOCUMENT_NOT_TRUSTED": "This server runs known documents only, and this is none of them.",
    "DOCUMENT_NOT_FOUND": "There is no document with this id.",
    "BATCHING_NOT_SUPPORTED": "One request carries one operation.",
    "BUSY": "This server has as many event streams as it can bear; try again after a moment.",
    "TIMEOUT": "The operation took too long and was stopped. Send a mutation again with its idempotency key.",
    "INTERNAL": "An error of ours. It is logged under the `correlationId` that comes with it.",
}
"""Codes of top-level errors that no service raises: the pipeline does."""


ABOUT_SO_MANY_FIGURES: Final = 3


def _import_all_errors() -> None:
    """Every business keeps its refusals in ``errors.py``; the enum must know them all before the schema is built."""
    for room in pkgutil.iter_modules(domain.__path__):
        name = f"domain.{room.name}.errors"
        try:
            importlib.import_module(name)
        except ModuleNotFoundError as missing:
            if missing.name != name:
                raise


def _described_codes() -> dict[str, str]:
    _import_all_errors()
    codes = dict(PIPELINE_CODES)
    for kind in DomainError.every_kind():
        if "code" in vars(kind):
            meaning = (kind.__doc__ or "").strip().partition("\n")[0]
            assert codes.setdefault(kind.code, meaning) == meaning, f"{kind.code} means the same in every room"
    codes[DomainError.code] = "The rules do not allow it; the message says why."
    return dict(sorted(codes.items()))


DESCRIPTIONS: Final = _described_codes()

_made: Any = Enum("ErrorCode", {code: code for code in DESCRIPTIONS})  # type: ignore[misc]
ErrorCode: type[Enum] = enum_type(
    _made,
    "Why something was refused. Codes are added, and never renamed.",
    DESCRIPTIONS,
)


@object_type("A figure that a refusal is about.")
class ErrorFigure:
    name: str = attribute("What it is, such as `requested` or `available`.")
    value: str = attribute("The figure as text: a decimal number, or an amount in major units.")


@object_type("Something that the rules did not allow. Nothing was changed.")
class UserError:
    code: Any = attribute("What it is, for programs.", graphql_type=ErrorCode)
    message: str = attribute("What it is, for people; may be reworded.")
    field: list[str] | None = attribute('The input that it is about, as a path such as `["input", "amount"]`.')
    retry_after_seconds: int | None = attribute(
        "In how many seconds it may be tried again; null when waiting does not help."
    )
    figures: list[ErrorFigure] = attribute(
        "The figures that the message tells to people, for programs; empty when there are none.",
        rule=FieldRule(size=ABOUT_SO_MANY_FIGURES, shared=True),
    )


@dataclass(frozen=True, slots=True)
class Figure:
    """The row behind an :class:`ErrorFigure`."""

    name: str
    value: str

    @classmethod
    def of(cls, error: DomainError, attribute_name: str) -> Figure:
        value = getattr(error, attribute_name)
        first, *others = attribute_name.split("_")
        return cls(first + "".join(map(str.capitalize, others)), _as_text(value))


def _as_text(value: object) -> str:
    """An amount with all decimals of its currency, another number without the zeros that its column has room for."""
    if isinstance(value, Money):
        return f"{value.amount:f}"
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The row behind a :class:`UserError`."""

    code: str
    message: str
    field: Sequence[str] | None
    retry_after_seconds: int | None
    figures: Sequence[Figure] = ()

    @classmethod
    def of(cls, error: DomainError) -> Refusal:
        figures = [Figure.of(error, each) for each in error.figures]
        return cls(error.code, error.message, error.field, error.retry_after_s, figures)
