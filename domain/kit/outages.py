"""Telling an outage from a mistake: the database is away, starts again, is full or has too much to do.

The same may succeed a moment later, so it is nobody's fault: not the caller's, who is asked to come again, nor that of an
event or a task, which is not given up for it.
"""

from __future__ import annotations

from typing import Final

import asyncpg
from tortoise.exceptions import BaseORMException

from domain.kit.pool import NoConnectionInTime

_TURNED_AWAY: Final = (
    ConnectionRefusedError,
    NoConnectionInTime,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.DiskFullError,
    # A connection to what was the primary a moment ago.
    asyncpg.ReadOnlySQLTransactionError,
)
_LOST_OR_BUSY: Final = (
    ConnectionError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.LockNotAvailableError,
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    # A connection that is cut in the midst of an answer may leave the driver confused about itself.
    asyncpg.InternalClientError,
)
_ENDED: Final = ("connection is closed", "connection was closed", "pool is closing")


def turns_everybody_away(error: BaseException) -> bool:
    """Whether the database does nothing for anybody at present. A connection that is lost in the midst is no such thing:
    it may have been lost for what was asked on it."""
    return isinstance(_told_by_the_driver(error), _TURNED_AWAY)


def is_outage(error: BaseException) -> bool:
    """Whether the same may succeed later, with nothing changed but the time: the database is away, or it took too long or
    had to choose somebody else. Of a commit that was cut short nobody knows whether it was done."""
    error = _told_by_the_driver(error)
    if isinstance(error, (*_TURNED_AWAY, *_LOST_OR_BUSY)):
        return True
    # The driver has one class for connections that have ended and for arguments that do not fit.
    return isinstance(error, asyncpg.InterfaceError) and any(words in str(error) for words in _ENDED)


def _told_by_the_driver(error: BaseException) -> BaseException:
    while isinstance(error, BaseORMException) and isinstance(error.__cause__, BaseException):
        error = error.__cause__
    return error
