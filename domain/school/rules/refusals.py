"""What the rules of fees refuse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class FeeRefusal(ValueError):
    """A figure or a configuration that fees cannot have; the message says so to whoever wrote it.

    ``path`` is where it is in what was read.
    """

    path: tuple[str, ...] = ()


@contextmanager
def refusals_at(*path: str) -> Iterator[None]:
    """What the block refuses is about the part at this path."""
    try:
        yield
    except FeeRefusal as refused:
        refused.path = (*path, *refused.path)
        raise


class BadFigure(FeeRefusal):
    """An amount or a percentage is out of its bounds."""


class BadStructure(FeeRefusal):
    """What a fee is made of does not fit together."""


class BadDiscount(FeeRefusal):
    """A discount takes more than there is, or of something that is not charged."""


class BadPlan(FeeRefusal):
    """The instalments of a plan have no dates, or not the total."""


class BadLateFee(FeeRefusal):
    """A rule of late fees is not one."""


class BadProration(FeeRefusal):
    """A part of the term is not one."""


class BadLadder(FeeRefusal):
    """The steps of a refund do not follow one another."""


class BadAllocation(FeeRefusal):
    """Money cannot go where it is sent."""
