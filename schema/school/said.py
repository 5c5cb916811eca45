"""What several inputs say in the same words, and inputs that change a record: what is left out stays, and what is sent as
null is none where there may be none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import strawberry

from schema.kit import attribute

EXPECTED: Final = "The version that you read; refused with RECORD_CHANGED when somebody has changed it since."
FEE_EXPECTED: Final = "The version that you read; refused with FEE_CHANGED_MEANWHILE when somebody has changed it since."
SLIP: Final = "The number of a slip or a cheque, in up to 60 characters."
REASON: Final = "Why, in up to 300 characters."


def change(description: str) -> Any:
    """A field of an input that changes something: what is not sent stays."""
    return attribute(description, default=strawberry.UNSET)


def said(input: object, *without: str, readers: Mapping[str, Callable[[Any], Any]] | None = None) -> dict[str, Any]:
    """What was sent of an input, by the names of its fields; ``without`` those that say which record is meant."""
    readers = readers or {}
    return {
        name: value if value is None or name not in readers else readers[name](value)
        for name, value in vars(input).items()
        if value is not strawberry.UNSET and name not in without
    }
