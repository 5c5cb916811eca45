"""Rows that go through statuses, along arrows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

S = TypeVar("S")


class Staged(Generic[S]):
    """``transitions`` are those of the model: which statuses may follow each."""

    status: S
    transitions: Mapping[S, frozenset[S]]

    def become(self, status: S) -> S:
        """Move on to another status; returns the one before. Staying where it is is no move."""
        before = self.status
        allowed = status is before or status in self.transitions[before]
        assert allowed, f"a {type(self).__name__.lower()} cannot go from {before} to {status}"
        self.status = status
        return before
