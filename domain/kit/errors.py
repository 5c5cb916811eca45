"""Refusals: what a caller did that the rules do not allow.

A refusal is an answer, not an accident: it has a stable ``code``, says which input ``field`` it is about, and is raised
before anything is written, or rolls back what was.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar


class DomainError(Exception):
    """The base of all refusals. The first line of a subclass's docstring becomes the code's public description."""

    code: ClassVar[str] = "REFUSED"
    field: tuple[str, ...] | None = None
    retry_after_s: int | None = None
    figures: ClassVar[tuple[str, ...]] = ()
    """The attributes that clients get beside the message, such as what was asked for and what is there."""

    def __init__(self, message: str, *, field: tuple[str, ...] | None = None) -> None:
        super().__init__(message)
        if field is not None:
            self.field = field

    @property
    def message(self) -> str:
        return str(self.args[0])

    @classmethod
    def every_kind(cls) -> Iterator[type[DomainError]]:
        """This class and all its subclasses that have been imported, each once."""
        yield cls
        for child in cls.__subclasses__():
            yield from child.every_kind()


class InvalidInput(DomainError):
    """The input is malformed: empty, too long, out of range or not what the field holds."""

    code = "INVALID_INPUT"


class InvalidAmount(InvalidInput):
    """The amount is not a positive finite number within the currency's precision and the ledger's range."""

    code = "INVALID_AMOUNT"


class CurrencyMismatch(DomainError):
    """Two currencies met where only one is allowed."""

    code = "CURRENCY_MISMATCH"


class NotFound(DomainError):
    """There is no such object, or the caller may not know of it."""

    code = "NOT_FOUND"


class Unauthenticated(DomainError):
    """The caller is not signed in, or the token is expired or revoked."""

    code = "UNAUTHENTICATED"


class Forbidden(DomainError):
    """The caller is known but lacks the permission."""

    code = "FORBIDDEN"


class Conflict(DomainError):
    """Somebody else changed the object in the meantime, or it already exists."""

    code = "CONFLICT"


class IdempotencyKeyReused(DomainError):
    """The idempotency key was used before with another request."""

    code = "IDEMPOTENCY_KEY_REUSED"
    field = ("input", "idempotencyKey")


class InProgress(DomainError):
    """The first request with this idempotency key is still running; try again shortly."""

    code = "IN_PROGRESS"
    field = ("input", "idempotencyKey")


class Unavailable(DomainError):
    """The database cannot be reached or has too much to do; try again shortly, a mutation with its idempotency key."""

    code = "UNAVAILABLE"
    retry_after_s = 1

    def __init__(self) -> None:
        super().__init__("the database cannot be reached or has too much to do; try again shortly")
