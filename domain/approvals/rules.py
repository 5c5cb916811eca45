"""What a comment may be."""

from __future__ import annotations

import unicodedata
from typing import Final

from domain.approvals.errors import InvalidComment

MAX_COMMENT_LENGTH: Final = 1_000
MAX_TITLE_LENGTH: Final = 200


def clean_comment(comment: str | None) -> str | None:
    """The comment without surrounding space; None when there is nothing left of it."""
    cleaned = unicodedata.normalize("NFC", comment or "").strip()
    if len(cleaned) > MAX_COMMENT_LENGTH:
        raise InvalidComment(f"a comment has at most {MAX_COMMENT_LENGTH} characters")
    if any(unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\r\t" for character in cleaned):
        raise InvalidComment("a comment has no control characters")
    return cleaned or None
