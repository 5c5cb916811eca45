"""What the rows of the school have in common: a version that grows with each change."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from domain.kit import clock

TOUCHED: Final = ("version", "updated_at")
"""The columns that :meth:`Kept.touch` changes."""


class Kept:
    """A row that remembers how often and when it was changed."""

    version: int
    updated_at: datetime

    def touch(self) -> None:
        """To be called once for each change, before saving."""
        self.version += 1
        self.updated_at = clock.now()
