"""Scalars: values that travel as text so that they arrive exactly as they left.

Each one is strict about what comes in, because a number that was rounded or a time without an offset cannot be repaired
later. Refusals are GraphQL errors with a code, so that they stay readable when unexpected errors are masked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final, NewType
from uuid import UUID

import orjson
from graphql import (
    ConstValueNode,
    FloatValueNode,
    GraphQLError,
    GraphQLScalarType,
    IntValueNode,
    StringValueNode,
)
from graphql.utilities import value_from_ast_untyped
from strawberry.types.scalar import ScalarDefinition

from domain.kit.money import CURRENCIES

Cursor = NewType("Cursor", str)
CurrencyCode = NewType("CurrencyCode", str)
Json = NewType("Json", object)

MAX_DIGITS: Final = 40
_PLAIN_DECIMAL: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?", re.ASCII)
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _refused(message: str, code: str = "INVALID_INPUT") -> GraphQLError:
    return GraphQLError(message, extensions={"code": code})


def read_decimal(value: object) -> Decimal:
    """An exact number from text such as ``"1250.00"``; a whole number may also come as a JSON integer."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, float):
        raise _refused("a decimal must be sent as a string, because a float is not exact", "INVALID_AMOUNT")
    if not isinstance(value, str) or not _PLAIN_DECIMAL.fullmatch(value):
        raise _refused(
            f'{_shown(value)} is not a plain decimal number such as "1250.00"; '
            "NaN, infinities, exponents and separators are not accepted",
            "INVALID_AMOUNT",
        )
    if len(value) > MAX_DIGITS:
        raise _refused(f"a decimal has at most {MAX_DIGITS} characters", "INVALID_AMOUNT")
    return Decimal(value)


def _decimal_literal(node: ConstValueNode) -> Decimal:
    # The text of a literal in the document is exact, with or without quotes.
    if isinstance(node, StringValueNode | IntValueNode | FloatValueNode):
        return read_decimal(node.value)
    raise _refused('a decimal is written as a string such as "1250.00"', "INVALID_AMOUNT")


def write_decimal(value: object) -> str:
    if not isinstance(value, Decimal) or not value.is_finite():
        raise TypeError(f"{value!r} is not a finite Decimal")
    return format(value, "f")


def read_instant(value: object) -> datetime:
    """An RFC 3339 instant with an offset, kept in UTC."""
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise _refused(f'{_shown(value)} is not an instant such as "2026-01-31T09:30:00Z"')


def write_instant(value: object) -> str:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise TypeError(f"{value!r} is not an instant with a time zone")
    # The database answers in UTC already, and finding that out by conversion would be most of the work.
    in_utc = value if value.tzinfo is UTC else value.astimezone(UTC)
    return f"{in_utc.isoformat()[:-6]}Z"


def read_date(value: object) -> date:
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise _refused(f'{_shown(value)} is not a date such as "2026-01-31"')


def write_date(value: object) -> str:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise TypeError(f"{value!r} is not a date")
    return value.isoformat()


def read_currency(value: object) -> str:
    if isinstance(value, str) and value in CURRENCIES:
        return value
    raise _refused(f'{_shown(value)} is not a currency code of the books such as "INR"', "CURRENCY_MISMATCH")


def read_uuid(value: object) -> UUID:
    if isinstance(value, str) and _UUID.fullmatch(value):
        return UUID(value)
    raise _refused(f"{_shown(value)} is not a UUID")


def write_uuid(value: object) -> str:
    if not isinstance(value, UUID):
        raise TypeError(f"{value!r} is not a UUID")
    return str(value)


def read_json(value: object) -> object:
    return value


def write_json(value: object) -> object:
    """A failure of its field where it is no JSON, whoever writes the answer, and not one of the whole answer."""
    orjson.dumps(value)
    return value


def read_text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise _refused(f"{_shown(value)} is not a cursor")


def write_text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


def _shown(value: object) -> str:
    return repr(value)[:42]


def _from_string(read: Callable[[object], Any], kind: str) -> Callable[[ConstValueNode], Any]:
    def literal(node: ConstValueNode) -> Any:
        if isinstance(node, StringValueNode):
            return read(node.value)
        raise _refused(f"a {kind} is written as a string")

    return literal


def _scalar(
    name: str,
    description: str,
    *,
    write: Callable[[object], object],
    read: Callable[[object], Any],
    read_literal: Callable[[ConstValueNode], Any] | None = None,
    specified_by_url: str | None = None,
) -> ScalarDefinition:
    implementation = GraphQLScalarType(
        name,
        description=description,
        coerce_output_value=write,
        coerce_input_value=read,
        coerce_input_literal=read_literal or _from_string(read, name),
        specified_by_url=specified_by_url,
    )
    return ScalarDefinition(
        name=name,
        description=description,
        specified_by_url=specified_by_url,
        serialize=write,
        parse_value=read,
        parse_literal=None,
        implementation=implementation,
    )


SCALARS: Final[dict[object, ScalarDefinition]] = {
    Decimal: _scalar(
        "Decimal",
        'An exact decimal number as a string, such as `"1250.00"`: a sign, digits, at most one point. '
        "Never a float; NaN, infinities, exponents and digits other than 0-9 are refused.",
        write=write_decimal,
        read=read_decimal,
        read_literal=_decimal_literal,
    ),
    datetime: _scalar(
        "DateTime",
        'An instant in RFC 3339, such as `"2026-01-31T09:30:00Z"`. Always answered in UTC; an input needs an offset.',
        write=write_instant,
        read=read_instant,
        specified_by_url="https://datatracker.ietf.org/doc/html/rfc3339",
    ),
    date: _scalar(
        "Date",
        'A calendar date, such as `"2026-01-31"`. Days begin and end in UTC.',
        write=write_date,
        read=read_date,
        specified_by_url="https://datatracker.ietf.org/doc/html/rfc3339",
    ),
    Cursor: _scalar(
        "Cursor",
        "An opaque place: in a list, or in the event log. Keep it and send it back unchanged; its content may change.",
        write=write_text,
        read=read_text,
    ),
    CurrencyCode: _scalar(
        "CurrencyCode",
        f"An ISO 4217 code of a currency that the books are kept in: {', '.join(CURRENCIES)}.",
        write=write_text,
        read=read_currency,
        specified_by_url="https://www.iso.org/iso-4217-currency-codes.html",
    ),
    UUID: _scalar(
        "UUID",
        "A UUID in its usual form with hyphens, for what is no object of this API: the id of a call, for example.",
        write=write_uuid,
        read=read_uuid,
        specified_by_url="https://datatracker.ietf.org/doc/html/rfc9562",
    ),
    Json: _scalar(
        "JSON",
        "Any JSON value, for what differs from case to case; the field says what to expect. Only answered, never asked for.",
        write=write_json,
        read=read_json,
        read_literal=value_from_ast_untyped,
        specified_by_url="https://datatracker.ietf.org/doc/html/rfc8259",
    ),
}
"""The Python type that a field is annotated with -> the scalar that clients see."""
