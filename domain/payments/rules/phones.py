"""Telephone numbers as M-Pesa has them: twelve digits, masked, or hashed.

Newer confirmations and all statements hide the payer's number, so a number can speak for a match or against it, but is never
what a match rests on. A number is shown masked only; :class:`Sender` shows nothing else even when somebody prints it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Self

import phonenumbers

COUNTRY: Final = "KE"
MAX_WRITTEN: Final = 32

_MOBILE: Final = re.compile(r"254[17]\d{8}", re.ASCII)
_WRITTEN: Final = re.compile(r"[\d\s+().\-]+", re.ASCII)
_MASKED: Final = re.compile(r"(\d{0,9})(?:\*|[xX]){2,}(\d{0,9})", re.ASCII)
_INSIDE: Final = re.compile(
    r"(?<!\d)(?:254|0)[17]\d{8}(?!\d)"
    r"|(?<![\dA-Za-z])(?:\+?(?:254|0)[\s.()\-]*[17](?:[\s.()\-]*\d){8}|[17]\d{8})(?![\dA-Za-z])",
    re.ASCII,
)
_HASHED: Final = re.compile(r"[0-9a-fA-F]{64}")


class BadPhone(ValueError):
    """This is no Kenyan mobile number."""

    def __init__(self) -> None:
        super().__init__("a mobile number is like 07XX XXX XXX, 01XX XXX XXX or +254 7XX XXX XXX")


def normalise(written: str) -> str:
    """The number as the provider wants it: ``254712345678``, however it was written; refused when it is none.

    Whether a network really gave it out is the provider's to say: tables of number ranges go out of date.
    """
    if _MOBILE.fullmatch(written):
        return written
    text = unicodedata.normalize("NFKC", written[: MAX_WRITTEN + 1]).strip()
    if len(text) > MAX_WRITTEN or not _WRITTEN.fullmatch(text):
        raise BadPhone
    try:
        number = phonenumbers.parse(text, COUNTRY)
    except phonenumbers.NumberParseException:
        raise BadPhone from None
    digits = f"{number.country_code}{number.national_number}"
    if number.italian_leading_zero or not _MOBILE.fullmatch(digits):
        raise BadPhone
    return digits


def mask(msisdn: str) -> str:
    """``254712345678`` as ``2547*****678``: enough to recognise one's own, too little to call."""
    return f"{msisdn[:4]}*****{msisdn[-3:]}"


def scrubbed(text: str) -> str:
    """A text for people in which whole numbers are masked, with blanks and dashes in them too: payers type theirs as account
    numbers, clerks into remarks."""
    return _INSIDE.sub(_masked, text if text.isascii() else unicodedata.normalize("NFKC", text))


def _masked(found: re.Match[str]) -> str:
    digits = [place for place, character in enumerate(found[0]) if character.isdigit()]
    return f"{found[0][: digits[-8]]}*****{''.join(found[0][place] for place in digits[-3:])}"


class PhoneForm(StrEnum):
    """How much of the number was told."""

    FULL = "FULL"
    MASKED = "MASKED"
    HASHED = "HASHED"


class Agreement(StrEnum):
    """What two numbers say of each other. CONSISTENT: nothing that can be seen of them differs."""

    SAME = "SAME"
    CONSISTENT = "CONSISTENT"
    DIFFERENT = "DIFFERENT"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who paid, as far as a message tells: a full, masked or hashed number."""

    form: PhoneForm
    _text: str = field(repr=False)

    @classmethod
    def read(cls, written: str) -> Self:
        """Any of the three forms; :class:`BadPhone` when it is none of them."""
        text = written.strip()
        if masked := _MASKED.fullmatch(text):
            return cls(PhoneForm.MASKED, f"{masked[1]}*{masked[2]}")
        if _HASHED.fullmatch(text):
            return cls(PhoneForm.HASHED, text.lower())
        return cls(PhoneForm.FULL, normalise(text))

    @property
    def msisdn(self) -> str | None:
        """The whole number, for the provider and for nobody else."""
        return self._text if self.form is PhoneForm.FULL else None

    @property
    def masked(self) -> str:
        """For people."""
        if self.form is PhoneForm.FULL:
            return mask(self._text)
        return self._text.replace("*", "*****") if self.form is PhoneForm.MASKED else "*****"

    @property
    def stored(self) -> str:
        """What :meth:`read` makes the same of again."""
        return self._text.replace("*", "****") if self.form is PhoneForm.MASKED else self._text

    def __str__(self) -> str:
        return self.masked

    def agrees_with(self, other: Sender) -> Agreement:
        """Whether it is the same number, as far as both tell; the same both ways round."""
        forms = {self.form, other.form}
        if len(forms) == 1 and PhoneForm.MASKED not in forms:
            return Agreement.SAME if self._text == other._text else Agreement.DIFFERENT
        if forms == {PhoneForm.MASKED}:
            return _two_masks(self._text, other._text)
        if PhoneForm.FULL not in forms:
            return Agreement.UNKNOWN
        full, hidden = (self, other) if self.form is PhoneForm.FULL else (other, self)
        if hidden.form is PhoneForm.HASHED:
            return Agreement.SAME if hashed(full._text) == hidden._text else Agreement.DIFFERENT
        return Agreement.CONSISTENT if _fits(full._text, hidden._text) else Agreement.DIFFERENT


def hashed(msisdn: str) -> str:
    """The form in which confirmations carry a number that the merchant may not see: SHA-256 in hexadecimal."""
    return hashlib.sha256(msisdn.encode()).hexdigest()


def _fits(msisdn: str, masked: str) -> bool:
    """Statements hide the national form (``0****393``), confirmations the international one (``2547*****001``)."""
    head, tail = masked.split("*")
    return any(form.startswith(head) and form.endswith(tail) for form in (msisdn, f"0{msisdn[3:]}", msisdn[3:]))


def _two_masks(one: str, other: str) -> Agreement:
    tails = one.split("*")[1], other.split("*")[1]
    seen = min(map(len, tails))
    if seen == 0:
        return Agreement.UNKNOWN
    return Agreement.CONSISTENT if tails[0][-seen:] == tails[1][-seen:] else Agreement.DIFFERENT
