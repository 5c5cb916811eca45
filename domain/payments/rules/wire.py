"""Reading what somebody sends who may be anybody: JSON in which every field may be absent, of another type, or hostile.

A :class:`Reading` gives fields by name and raises :class:`Bad` for what cannot be right. Numbers never pass through binary
floating point. Nothing here costs more than the body is long: bodies, numbers and texts have limits.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, NoReturn, TypeVar

from domain.kit.errors import DomainError, InvalidAmount
from domain.kit.money import Money
from domain.payments.rules.phones import BadPhone, Sender

T = TypeVar("T")

MAX_BODY: Final = 64 * 1024
"""Bytes. The longest message known is under four thousand."""

MAX_TEXT: Final = 200
MAX_DIGITS: Final = 24
"""Of a number: more than any amount or time has, and few enough that no arithmetic rounds it."""

EAST_AFRICA: Final = timezone(timedelta(hours=3), "EAT")

_STAMP: Final = re.compile(r"(20\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)", re.ASCII)
_RECEIPT: Final = re.compile(r"(?=[A-Z0-9]*[A-Z])[A-Z0-9]{10}", re.ASCII)
_ID: Final = re.compile(r"[A-Za-z0-9_\-.]{1,80}", re.ASCII)
_CODE: Final = re.compile(r"-?\d{1,9}", re.ASCII)


class Reason(StrEnum):
    """Why a message cannot be read."""

    TOO_LARGE = "TOO_LARGE"
    NOT_UTF8 = "NOT_UTF8"
    NOT_JSON = "NOT_JSON"
    WRONG_SHAPE = "WRONG_SHAPE"
    MISSING_FIELD = "MISSING_FIELD"
    BAD_FIELD = "BAD_FIELD"


class Bad(ValueError):
    """A message that cannot be read, and where."""

    def __init__(self, reason: Reason, field: str = "") -> None:
        super().__init__(f"{reason.value} {field}".strip())
        self.reason, self.field = reason, field


def receipt_of(written: str) -> str | None:
    """A receipt number in the one form in which it is compared; None when it is none."""
    text = written.strip().upper()
    return text if _RECEIPT.fullmatch(text) else None


def plain(text: str) -> str:
    """Text without what a database or a terminal would stumble over, cut to size."""
    kept = text[: 4 * MAX_TEXT]
    if not kept.isprintable():
        kept = "".join(" " if unicodedata.category(each)[0] in "CZ" else each for each in kept)
    return " ".join(kept.split())[:MAX_TEXT]


def object_of(body: bytes) -> dict[str, Any]:
    """The JSON object of a body."""
    if len(body) > MAX_BODY:
        raise Bad(Reason.TOO_LARGE)
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Bad(Reason.NOT_UTF8) from None
    try:
        found = json.loads(text, parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_once_each)
    except (ValueError, ArithmeticError, RecursionError):
        raise Bad(Reason.NOT_JSON) from None
    if not isinstance(found, dict):
        raise Bad(Reason.WRONG_SHAPE)
    return found


def _no_number(written: str) -> NoReturn:
    raise ValueError(f"{written} is no number")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of a field that is there twice nobody can say which one is meant, and two readers may take different ones."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field is there twice")
    return found


def _moment_of(stamp: str) -> datetime:
    """Taken apart here: strptime looks up the locale each time, which takes longer than reading the rest of a message."""
    parts = _STAMP.fullmatch(stamp)
    if parts is None:
        raise ValueError(stamp)
    return datetime(*map(int, parts.groups()), tzinfo=EAST_AFRICA).astimezone(UTC)  # type: ignore[misc,arg-type]


class Reading:
    """One object of a message. An absent field, null and an empty text are the same: not said."""

    __slots__ = ("_fields", "_where")

    def __init__(self, fields: Mapping[str, Any], where: str = "") -> None:
        self._fields, self._where = fields, where

    def inside(self, name: str) -> Reading:
        """An object that must be there."""
        value = self._fields.get(name)
        if value is None:
            raise Bad(Reason.MISSING_FIELD, self._at(name))
        if not isinstance(value, dict):
            raise Bad(Reason.WRONG_SHAPE, self._at(name))
        return Reading(value, self._at(name))

    def items(self, name: str, inner: str, key: str = "Name", value: str = "Value") -> Reading:
        """A list of names and values under ``name.inner``, in any order, as an object; empty when it is absent.

        One item may stand without its list, as some programs write a list of one. A name that comes twice with different
        values is refused.
        """
        outer = self._fields.get(name)
        if outer is None:
            return Reading({}, self._at(name))
        if not isinstance(outer, dict):
            raise Bad(Reason.WRONG_SHAPE, self._at(name))
        listed = outer.get(inner) or []
        if not isinstance(listed, dict | list):
            raise Bad(Reason.WRONG_SHAPE, self._at(f"{name}.{inner}"))
        found: dict[str, Any] = {}
        for item in [listed] if isinstance(listed, dict) else listed:
            if not isinstance(item, dict) or not isinstance(item.get(key), str):
                raise Bad(Reason.WRONG_SHAPE, self._at(f"{name}.{inner}"))
            if found.setdefault(item[key], item.get(value)) != item.get(value):
                raise Bad(Reason.BAD_FIELD, self._at(f"{name}.{item[key][:40]}"))
        return Reading(found, self._at(name))

    def text(self, name: str) -> str | None:
        """For people: letters without control characters, cut to size. A number is taken as it is written."""
        value = self._scalar(name)
        return plain(value) or None if value is not None else None

    def id(self, name: str) -> str | None:
        value = self._scalar(name)
        if value is not None and not _ID.fullmatch(value):
            raise Bad(Reason.BAD_FIELD, self._at(name))
        return value

    def id_required(self, name: str) -> str:
        return self._required(self.id(name), name)

    def code_required(self, name: str) -> int:
        """A result code, which comes as a number or as text."""
        value = self._required(self._scalar(name), name)
        if not _CODE.fullmatch(value):
            raise Bad(Reason.BAD_FIELD, self._at(name))
        return int(value)

    def receipt(self, name: str) -> str | None:
        value = self._scalar(name)
        if value is None:
            return None
        receipt = receipt_of(value)
        if receipt is None:
            raise Bad(Reason.BAD_FIELD, self._at(name))
        return receipt

    def receipt_required(self, name: str) -> str:
        return self._required(self.receipt(name), name)

    def amount(self, name: str, currency: str) -> Money | None:
        """2500, 2500.0 and "2500.00" are the same amount; nothing that is not more than zero is one."""
        value = self._scalar(name)
        if value is None:
            return None
        try:
            if len(value) > MAX_DIGITS:
                raise InvalidAmount("an amount has fewer digits")
            return Money.parse(value.strip(), currency)
        except DomainError:
            raise Bad(Reason.BAD_FIELD, self._at(name)) from None

    def amount_required(self, name: str, currency: str) -> Money:
        return self._required(self.amount(name, currency), name)

    def instant(self, name: str) -> datetime | None:
        """``20250305101544``, a number or text in East Africa time, as an instant."""
        value = self._scalar(name)
        if value is None:
            return None
        try:
            return _moment_of(value)
        except ValueError:
            raise Bad(Reason.BAD_FIELD, self._at(name)) from None

    def sender(self, name: str) -> Sender | None:
        """Who paid. A number that is none of the known forms is as good as none: it decides nothing."""
        value = self._scalar(name)
        try:
            return Sender.read(value) if value is not None else None
        except BadPhone:
            return None

    def _scalar(self, name: str) -> str | None:
        """The field as text, whether it came as text or as a number."""
        value = self._fields.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str):
            return value
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise Bad(Reason.BAD_FIELD, self._at(name))
        number = Decimal(value) if isinstance(value, Decimal) or value.bit_length() < 128 else None
        if number is None or abs(number.adjusted()) > MAX_DIGITS or len(number.as_tuple().digits) > MAX_DIGITS:
            raise Bad(Reason.BAD_FIELD, self._at(name))
        whole, _, decimals = f"{number:f}".partition(".")
        return f"{whole}.{decimals.rstrip('0')}".rstrip(".")

    def _required(self, value: T | None, name: str) -> T:
        if value is None:
            raise Bad(Reason.MISSING_FIELD, self._at(name))
        return value

    def _at(self, name: str) -> str:
        return f"{self._where}.{name}" if self._where else name
