"""What people and classes are called: names, admission numbers, codes, and who a student's guardians are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from domain.school.states import GuardianRelation

MAX_NAME: Final = 120
MAX_TITLE: Final = 80
MAX_GUARDIANS: Final = 8
MAX_AGE: Final = 100

_NUMBER: Final = re.compile(r"[A-Z0-9]+(?:[/.-][A-Z0-9]+)*", re.ASCII)
MAX_NUMBER: Final = 24
"""Of an admission number, or of the number of a teacher's contract."""

_CODE: Final = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)*", re.ASCII)
MAX_CODE: Final = 16
"""Of a class, a subject or a programme."""

_SERIAL_DIGITS: Final = 4

_UNSEEN: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})

_JOINERS: Final = frozenset("\u200c\u200d")
"""They are not seen either, but letters of some scripts are written apart or together by them."""


class BadPerson(ValueError):
    """A name, a number or a family that cannot be kept."""


def person_name(typed: str) -> str:
    """A name as it is written, without blanks that nobody sees. People have names in any script, and hyphens, dots and
    apostrophes in them."""
    return _text(typed, MAX_NAME, "a name")


def title(typed: str) -> str:
    """What a class, a term, a subject or a holiday is called."""
    return _text(typed, MAX_TITLE, "a title")


def _text(typed: str, longest: int, what: str) -> str:
    if len(typed) > 4 * longest:
        raise BadPerson(f"{what} has at most {longest} characters")
    text = " ".join(unicodedata.normalize("NFC", typed).split())
    if not any(character.isalnum() for character in text):
        raise BadPerson(f"{what} has letters or digits in it")
    if len(text) > longest:
        raise BadPerson(f"{what} has at most {longest} characters")
    if any(unicodedata.category(character) in _UNSEEN and character not in _JOINERS for character in text):
        raise BadPerson(f"{what} has characters in it that nobody can see")
    return text


def number(typed: str) -> str:
    """An admission number in upper case: letters and digits, in parts between strokes, dots or dashes."""
    return _symbol(typed, _NUMBER, MAX_NUMBER, "a number")


def code(typed: str) -> str:
    """The short name of a class, a subject or a programme: letters and digits, in parts between dashes."""
    return _symbol(typed, _CODE, MAX_CODE, "a code")


def _symbol(typed: str, form: re.Pattern[str], longest: int, what: str) -> str:
    found = unicodedata.normalize("NFKC", typed[: 4 * longest]).strip().upper()
    if len(found) > longest or not form.fullmatch(found):
        raise BadPerson(f"{what} has at most {longest} letters and digits, with single separators between them")
    return found


def admission_number(year: int, serial: int) -> str:
    """The number that the school gives to who brings none: ``2025/0042``."""
    assert serial > 0, "numbers are counted from 1"
    return f"{year}/{serial:0{_SERIAL_DIGITS}d}"


def require_born_on(born_on: date, today: date) -> date:
    """A day of birth that is not to come, and not further back than people live."""
    if born_on > today:
        raise BadPerson("a student is born before today")
    if born_on.year < today.year - MAX_AGE:
        raise BadPerson(f"nobody here is older than {MAX_AGE}")
    return born_on


@dataclass(frozen=True, slots=True)
class Guardian:
    """Somebody who answers for a student. The primary one gets the bills and is told first."""

    user_id: UUID
    relation: GuardianRelation
    is_primary: bool = False


def with_guardian(family: Sequence[Guardian], wanted: Guardian) -> tuple[Guardian, ...]:
    """The family with one more, or with what is known of one changed.

    There is exactly one primary guardian: the first, until another is named.
    """
    others = [guardian for guardian in family if guardian.user_id != wanted.user_id]
    if len(others) >= MAX_GUARDIANS:
        raise BadPerson(f"a student has at most {MAX_GUARDIANS} guardians")
    if wanted.is_primary:
        others = [replace(guardian, is_primary=False) for guardian in others]
    at = next((at for at, guardian in enumerate(family) if guardian.user_id == wanted.user_id), len(others))
    return _one_primary((*others[:at], wanted, *others[at:]))


def without_guardian(family: Sequence[Guardian], user_id: UUID) -> tuple[Guardian, ...]:
    """The family without one. The first of those who are left is the primary one then."""
    left = tuple(guardian for guardian in family if guardian.user_id != user_id)
    if len(left) == len(family):
        raise BadPerson("this is no guardian of the student")
    return _one_primary(left)


def primary(family: Sequence[Guardian]) -> Guardian | None:
    return next((guardian for guardian in family if guardian.is_primary), None)


def _one_primary(family: tuple[Guardian, ...]) -> tuple[Guardian, ...]:
    if not family or primary(family):
        return family
    return (replace(family[0], is_primary=True), *family[1:])
