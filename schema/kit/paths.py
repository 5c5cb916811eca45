"""Saying where in the input a refusal points: the domain knows one flat input, clients send nested ones."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from domain.kit.errors import DomainError


@contextmanager
def fields_under(*path: str, only: Collection[str] | None = None) -> Iterator[None]:
    """What the block refuses of ``input`` is about a field below ``path``: of any, or of those named in ``only``."""
    try:
        yield
    except DomainError as refused:
        match refused.field:
            case ("input", name, *others) if only is None or name in only:
                refused.field = (*path, name, *others)
        raise
