"""What every act on the school's records does with what it is told: words are put in order, a campus is found, and what the
rules and the tables refuse is said in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import asyncpg
from tortoise.exceptions import IntegrityError

from domain.identity.actor import NO_BRANCH, Actor
from domain.identity.errors import BranchNotFound, UserNotFound
from domain.identity.models import User
from domain.identity.service.branches import require_open_branch
from domain.kit import clock
from domain.kit.errors import DomainError, InvalidInput
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work
from domain.school.errors import BadPerson
from domain.school.rules import people as rules
from domain.school.states import SchoolChange
from domain.school.words import as_sent, require_version

Readers = Mapping[str, Callable[[Any], Any]]

__all__ = [
    "campus_of",
    "change_of",
    "changed",
    "new_row",
    "read",
    "refusals_of_tables",
    "require_said",
    "require_user",
    "require_version",
    "whole",
]


def field_of(column: str) -> tuple[str, ...]:
    return ("input", as_sent(column))


def read(said: Mapping[str, Any], readers: Readers) -> dict[str, Any]:
    """What is said, as the columns keep it; what is refused is so at its field. Null empties a column that may be empty."""
    return {column: _read_one(column, value, readers) for column, value in said.items()}


def _read_one(column: str, value: Any, readers: Readers) -> Any:
    if value is None or column not in readers:
        return value
    try:
        return readers[column](value)
    except rules.BadPerson as refused:
        raise BadPerson(str(refused), field=field_of(column)) from None
    except InvalidInput as refused:
        refused.field = refused.field or field_of(column)
        raise


def whole(least: int, most: int) -> Callable[[int], int]:
    """A number between two others, both included."""

    def check(value: int) -> int:
        if not least <= value <= most:
            raise InvalidInput(f"this takes a number from {least} to {most}")
        return value

    return check


def require_said(columns: Mapping[str, Any], *needed: str) -> None:
    """What a new one cannot be without."""
    for column in needed:
        if columns.get(column) is None:
            raise InvalidInput("a new one needs this", field=field_of(column))


def refuse_nothing(columns: Mapping[str, Any], *kept: str) -> None:
    """These are never empty: who has nothing to say of them leaves them out."""
    for column in kept:
        if column in columns and columns[column] is None:
            raise InvalidInput("this cannot be empty", field=field_of(column))


def changed(row: Any, columns: Mapping[str, Any]) -> dict[str, Any]:
    """Those columns that would get another value."""
    return {name: value for name, value in columns.items() if getattr(row, name) != value}


def change_of(wanted: Mapping[str, Any]) -> SchoolChange:
    """What a change of these columns is to those who follow."""
    if "active" not in wanted:
        return SchoolChange.EDITED
    return SchoolChange.REACTIVATED if wanted["active"] else SchoolChange.DEACTIVATED


def new_row(actor: Actor) -> dict[str, Any]:
    """What every new record begins with."""
    moment = clock.now()
    return {"id": new_id(), "version": 1, "created_by_id": actor.id, "created_at": moment, "updated_at": moment}


async def campus_of(work: Work, actor: Actor, branch_id: UUID | None) -> UUID | None:
    """The campus of something new: the one that is said, or the actor's own; BRANCH_NOT_FOUND for one they do not see.

    Whoever sees every branch, and says none, makes something of the whole school.
    """
    scope = actor.branch_scope
    if scope == NO_BRANCH or not actor.sees_branch(branch_id or scope):
        raise BranchNotFound("there is no such branch", field=field_of("branch_id"))
    chosen = branch_id or scope
    if chosen is not None:
        await require_open_branch(work, chosen)
    return chosen


async def require_user(user_id: UUID) -> User:
    """An active user, or USER_NOT_FOUND."""
    user = await User.get_or_none(id=user_id, active=True)
    if user is None:
        raise UserNotFound("there is no such user", field=field_of("user_id"))
    return user


@contextmanager
def refusals_of_tables(refusals: Mapping[str, Callable[[], DomainError]]) -> Iterator[None]:
    """Say in words what the tables refuse, constraint by constraint: they know what happens at the same moment."""
    try:
        yield
    except (IntegrityError, asyncpg.IntegrityConstraintViolationError) as error:
        cause = error.__cause__ if isinstance(error, IntegrityError) else error
        name = getattr(cause, "constraint_name", None)
        if name is None or name not in refusals:
            raise
        raise refusals[name]() from None
