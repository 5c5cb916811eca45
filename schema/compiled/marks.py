"""What stands in an answer while it is made: a value that failed, one that is still awaited, the place of an object."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final


class NotUnderstood(Exception):
    """The operation holds something that is left to graphql-core."""


class Failure:
    """A value that could not be had. It stands where the value would, so that its path is known when it is needed.

    ``waited`` says that it was awaited although its field does not look like it.
    """

    __slots__ = ("error", "waited")

    def __init__(self, error: Exception, *, waited: bool = False) -> None:
        self.error = error
        self.waited = waited


class Pending:
    """A value that an attribute promised; ``complete`` makes of it what its field shows."""

    __slots__ = ("awaitable", "complete", "value")

    def __init__(self, awaitable: Awaitable[Any], complete: Callable[[Any], Any]) -> None:
        self.awaitable = awaitable
        self.complete = complete
        self.value: Any = None


PLACE: Final = object()
"""In a pattern of places: here belongs the next object."""
