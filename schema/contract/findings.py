"""Findings: what does not hold in the contract, each a sentence that says where, what, and how to go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

REWRITE = "run: .venv/bin/python -m schema.contract"
"""How every way on ends: what is generated is made anew."""


@dataclass(frozen=True, order=True)
class Finding:
    """``where`` is a file with a line, or a coordinate of the schema."""

    where: str
    what: str
    go_on: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what} To go on, {self.go_on}"


def listed(names: Sequence[str], *, most: int = 6) -> str:
    """Names as a sentence has them; of very many only the first."""
    shown = list(names) if len(names) <= most else [*names[:most], f"{len(names) - most} more"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
