"""Text as a telephone takes it: the characters of GSM 03.38, of which one text message holds 160.

Everything else would make the whole message UCS-2, with room for 70 characters, so it is written in the nearest letters.
"""

from __future__ import annotations

import unicodedata
from typing import Final

MAX_LENGTH: Final = 160
ELLIPSIS: Final = "..."

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = frozenset("^{}\\[~]|€")
_INSTEAD: Final = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "·": ".", "×": "x", "₹": "Rs",
     "\u00a0": " ", "\u202f": " ", "\t": " ", "`": "'", "ç": "c", "Ł": "L", "ł": "l", "ð": "d", "þ": "th", "œ": "oe"}
)  # fmt: skip


def to_gsm(text: str) -> str:
    """The text in characters of the alphabet; a letter with an unknown accent loses it, anything else becomes ``?``."""
    return "".join(_nearest(character) for character in text.translate(_INSTEAD))


def length_of(text: str) -> int:
    """How many of the 160 places a text takes: two for each character of the extension table."""
    return sum(2 if character in _EXTENDED else 1 for character in text)


def fitted(text: str, length: int = MAX_LENGTH) -> str:
    """The text, cut with three points when it takes more than so many places."""
    if length_of(text) <= length:
        return text
    kept = text[:length]
    while length_of(kept) > length - len(ELLIPSIS):
        kept = kept[:-1]
    return kept.rstrip() + ELLIPSIS


def _nearest(character: str) -> str:
    if character in _BASIC or character in _EXTENDED:
        return character
    letters = "".join(each for each in unicodedata.normalize("NFKD", character) if not unicodedata.combining(each))
    if letters and all(each in _BASIC or each in _EXTENDED for each in letters):
        return letters
    return "" if unicodedata.category(character) in {"Mn", "Me", "Cf", "Cc"} else "?"
