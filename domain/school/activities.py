"""What people do at the school, as it is written down: in the transaction of the act itself, so that the log tells of what
happened and of nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Final
from uuid import UUID

from domain.identity.actor import SYSTEM_ID, Actor
from domain.kit import clock
from domain.kit.context import current_call
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import Work
from domain.school.words import as_sent

MAX_TITLE: Final = 200

WRITE: Final = """
insert into user_activity_log
    (id, at, actor_id, activity, subject_kind, subject_id, student_id, branch_id, title, data, correlation_id)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""


async def note_activity(
    work: Work,
    actor: Actor,
    activity: str,
    *,
    subject_kind: str,
    subject_id: UUID,
    title: str,
    student_id: UUID | None = None,
    branch_id: UUID | None = None,
    data: Mapping[str, object] | None = None,
) -> None:
    """Write down that somebody did something, such as ``fee_added``, to a ``school_fee``.

    ``title`` says it in words. ``data`` are figures of then: amounts, days, ids, words and numbers, kept as JSON. What no
    person did is nobody's.
    """
    await work.execute(
        WRITE,
        new_id(),
        clock.now(),
        None if actor.id == SYSTEM_ID else actor.id,
        activity,
        subject_kind,
        subject_id,
        student_id,
        branch_id,
        title if len(title) <= MAX_TITLE else f"{title[: MAX_TITLE - 1]}…",
        {as_sent(name): _plain(value) for name, value in (data or {}).items()},
        current_call().correlation_id,
    )


def _plain(value: object) -> Any:
    """As JSON has it; an amount is its number and its currency."""
    match value:
        case Money():
            return {"amount": str(value.amount), "currency": value.currency}
        case Enum():
            return value.value
        case UUID() | Decimal():
            return str(value)
        case date():
            return value.isoformat()
        case Mapping():
            return {str(name): _plain(each) for name, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(each) for each in value]
        case _:
            assert value is None or isinstance(value, bool | int | str), f"{type(value).__name__} is not kept as JSON"
            return value
