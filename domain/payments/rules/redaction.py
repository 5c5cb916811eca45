"""What a person may read of a message that somebody sent: all of it but telephone numbers, wherever they hide.

A payer's number is a field of its own in some messages, the end of a CheckoutRequestID in others, a number written with an
exponent, or a text with blanks in it; and who sends messages may be anybody. So what is shown is looked through as text, and
what might be a number is masked: here a figure hidden too many is better than one too few.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

MAX_SHOWN: Final = 16_384
"""Characters. The longest message known has under four thousand."""

_ESCAPED: Final = re.compile(r"\\u00([2-7][0-9a-fA-F])", re.ASCII)
_EXPONENT: Final = re.compile(r"(?<![\w.])\d{1,24}(?:\.\d{1,24})?[eE]\+?\d{1,2}(?![\w.])", re.ASCII)
_HASH: Final = re.compile(r"(?<![0-9A-Za-z])[0-9a-fA-F]{64}(?![0-9A-Za-z])", re.ASCII)
_RUN: Final = re.compile(r"\d{9,}", re.ASCII)
_INSIDE: Final = re.compile(r"(?:254|0)[17]\d{8}", re.ASCII)
_GROUPED: Final = re.compile(r"(?<!\d)(?:\+?254|0)[\s()._,/\-]*[17](?:[\s()._,/\-]*\d){8}(?!\d)", re.ASCII)
_DAY: Final = re.compile(r"[0-3]\d[./-][01]\d[./-](?:19|20)\d\d[ T][0-2]\d", re.ASCII)
_DIGIT: Final = re.compile(r"\d", re.ASCII)

_KEPT: Final = 3
_NATIONAL: Final = 9


def shown_body(body: bytes) -> str:
    """The body as text for people: cut to size, without control characters and telephone numbers."""
    text = body[: 4 * MAX_SHOWN].decode("utf-8", errors="replace")
    return redacted(text)[:MAX_SHOWN]


def redacted(text: str) -> str:
    """Any text without whole telephone numbers: each keeps its last three digits, and what leads up to it."""
    text = _ESCAPED.sub(_unescaped, unicodedata.normalize("NFKC", text))
    text = "".join(_plain(each) for each in text)
    text = _EXPONENT.sub(_written_out, text)
    text = _HASH.sub("*****", text)
    text = _GROUPED.sub(lambda found: found[0] if _DAY.fullmatch(found[0]) else _masked(found[0]), text)
    return _RUN.sub(lambda found: _digits(found[0]), text)


def _plain(character: str) -> str:
    """Digits of every script as our own; control characters and what cannot be seen are left out."""
    if character in "\n\t":
        return character
    value = unicodedata.decimal(character, None)
    if value is not None:
        return str(value)
    return "" if unicodedata.category(character)[0] == "C" else character


def _unescaped(found: re.Match[str]) -> str:
    """Letters and digits that are written as escapes; what has a meaning in JSON stays as it is."""
    character = chr(int(found[1], 16))
    return character if character.isalnum() or character == "+" else found[0]


def _written_out(found: re.Match[str]) -> str:
    """2.54712345678E11 is a telephone number in disguise; another number with an exponent stays as it is."""
    try:
        digits = f"{Decimal(found[0]):f}".partition(".")[0]
    except InvalidOperation:
        return found[0]
    return digits if _RUN.fullmatch(digits) and _digits(digits) != digits else found[0]


def _digits(run: str) -> str:
    """A run of nine digits or more: a number alone, one with something before it, or one inside of it."""
    if _is_instant(run):
        return run
    tail = run[-_NATIONAL:]
    shown = f"{run[:-_NATIONAL]}{_masked(tail) if tail[0] in '17' else tail}"
    return _INSIDE.sub(lambda found: _masked(found[0]), shown)


def _is_instant(run: str) -> bool:
    """``20250712101544`` is when it happened, although it ends like a telephone number."""
    if len(run) != 14 or not run.startswith("20"):
        return False
    try:
        datetime.strptime(run, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return False
    return True


def _masked(number: str) -> str:
    """The number with stars for all but its last digits; an area code in front stays."""
    digits = [found.start() for found in _DIGIT.finditer(number)]
    return f"{number[: digits[-_NATIONAL]]}*****{number[digits[-_KEPT] :]}"
