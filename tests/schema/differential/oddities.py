"""What rows may hold: right values of every scalar, and everything else that somebody may put there by mistake."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import Any, Final
from uuid import UUID

from graphql import GraphQLError

from domain.kit.errors import DomainError, InvalidInput, NotFound, Unauthenticated


class Colour(str, Enum):
    """Text that is also a member of an enum that no field shows."""

    RED = "red"


class Words(str):
    """Text of a class of its own, as drivers and libraries make it."""


class Count(int):
    """A number of a class of its own."""


class Strange:
    """A value that no scalar knows."""

    def __repr__(self) -> str:
        return "<strange>"


RIGHT: Final[dict[str, list[Any]]] = {
    "ID": ["a1", "TG9hbjox", 17, Words("w")],
    "String": [
        "",
        "tea",
        'a "quoted" \\ word',
        "naïve ☕ \u2028",
        "two\nlines\t\x7f",
        "x" * 70,
        Words("words"),
        "</script>",
    ],
    "Int": [0, 1, -1, 42, 2**31 - 1, -(2**31), Count(3)],
    "Float": [0.0, 0.1, -2.5, 1e300, 7],
    "Boolean": [True, False],
    "Decimal": [Decimal("1250.00"), Decimal("0"), Decimal("-3.5"), Decimal("1E+3"), Decimal("0.000000000000000001")],
    "DateTime": [
        datetime(2026, 1, 31, 9, 30, tzinfo=UTC),
        datetime(2026, 1, 31, 9, 30, 0, 250000, tzinfo=UTC),
        datetime(2026, 1, 1, 1, 30, tzinfo=timezone(timedelta(hours=3))),
        datetime(1, 1, 2, tzinfo=UTC),
    ],
    "Date": [date(2026, 1, 31), date(2024, 2, 29), date(999, 12, 31)],
    "Cursor": ["eyJh", "", Words("w")],
    "CurrencyCode": ["INR", "KES"],
    "UUID": [UUID(int=42), UUID(int=2**127)],
    "JSON": [None, {"b": [1, None, {"a": "é"}], "a": 1.5}, [], "x", 0, True],
}
"""By the name of the scalar."""

ODD: Final[list[Any]] = [
    "12", "", "true", "abc", 5.0, 5.5, float("nan"), float("inf"), True, 2**31, -(2**31) - 1, 2**70,
    Decimal("NaN"), Decimal("2"), datetime(2026, 1, 1), date(2026, 1, 1), UUID(int=1),  # noqa: DTZ001  it lacks its zone
    b"bytes", [], ["x"], {}, {"a": 1}, Colour.RED, Strange(), (), object,
]  # fmt: skip
"""For any leaf; some scalars take some of them."""

NO_LISTS: Final[list[Any]] = [5, "text", {"a": 1}, True, Strange(), b"bytes"]
"""In place of a list. A mapping and bytes can be walked through; nobody meant it."""

ACCIDENTS: Final[list[Callable[[], Exception]]] = [
    lambda: NotFound("there is no such thing"),
    lambda: InvalidInput("out of range", field=("input", "amount")),
    lambda: Unauthenticated("sign in again"),
    lambda: DomainError("not today"),
    lambda: GraphQLError("said by the field", extensions={"code": "INVALID_AMOUNT"}),
    lambda: GraphQLError("said without a code"),
    lambda: RuntimeError("the secret is 42"),
    lambda: AttributeError("no such attribute"),
    lambda: KeyError("key"),
    lambda: TypeError("types"),
    lambda: ValueError("value"),
    lambda: TimeoutError(),
    lambda: AssertionError(),
]
"""What may happen anywhere."""
