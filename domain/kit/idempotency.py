"""Once and only once: an act with an idempotency key happens at most one time, however often it is sent.

The key, a hash of the request and the result are written in the same transaction as the effect, so there is no moment
at which one exists without the other. Keys belong to the caller, and are kept for :data:`KEPT_FOR`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Concatenate, Final, Generic, ParamSpec, Protocol, TypeVar
from uuid import UUID

import orjson

from domain.kit import clock
from domain.kit.attribution import literal
from domain.kit.database import execute
from domain.kit.errors import IdempotencyKeyReused, InProgress, InvalidInput
from domain.kit.snapshots import freeze, thaw
from domain.kit.unit_of_work import KeptResult, Work, retried, unit_of_work, unit_that_asks, work_in_progress

P = ParamSpec("P")
T = TypeVar("T")

KEPT_FOR: Final = timedelta(hours=48)
MAX_KEY_LENGTH: Final = 200
_CANONICAL: Final = json.JSONEncoder(sort_keys=True)

CLAIM: Final = "select is_ours, request, result from claim_idempotency_key($1, $2, $3)"
# Finds nothing when the key is free and new, as nearly all are: then there is nothing to read, and asking costs nothing.
CLAIM_AT_ONCE: Final = (
    "select from claim_idempotency_key({number}, {actor_id}, {key}) where not is_ours or request is not null"
)
NOTHING_FOUND: Final = "SELECT 0"
KEEP: Final = "insert into idempotency_key (actor_id, key, request, result, created_at) values ($1, $2, $3, $4, $5)"


class Caller(Protocol):
    @property
    def id(self) -> UUID: ...


A = TypeVar("A", bound=Caller)


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What came of an act; ``replayed`` when it had been done before and this is the first result again."""

    result: T
    replayed: bool


async def once(
    key: str | None, act: Callable[Concatenate[A, P], Awaitable[T]], actor: A, *args: P.args, **kwargs: P.kwargs
) -> Outcome[T]:
    """Do ``act(actor, ...)``, or return what it gave the first time that this caller sent this key.

    Refuses with IDEMPOTENCY_KEY_REUSED when the key came with another request, and IN_PROGRESS while the first is still
    running. A refused or failed act leaves no trace, so its key may be sent again. Without a key the act is simply done.
    """
    if key is None:
        return Outcome(await act(actor, *args, **kwargs), replayed=False)
    if not 1 <= len(key) <= MAX_KEY_LENGTH or not key.isprintable():
        raise InvalidInput(f"an idempotency key has 1 to {MAX_KEY_LENGTH} printable characters", field=InProgress.field)
    request = _fingerprint(act, kwargs)
    return await _claimed(key, request, act, actor, *args, **kwargs)


@retried
async def _claimed(
    key: str, request: bytes, act: Callable[..., Awaitable[T]], actor: Caller, *args: Any, **kwargs: Any
) -> Outcome[T]:
    is_outermost = work_in_progress() is None
    number = _number_of(actor.id, key)
    at_once = CLAIM_AT_ONCE.format(number=number, actor_id=literal(str(actor.id)), key=literal(key))
    async with unit_that_asks(at_once) if is_outermost else unit_of_work() as work:
        is_new = is_outermost and work.first_answer == NOTHING_FOUND
        earlier = None if is_new else await _claim(work, number, actor.id, key)
        if earlier is not None:
            if earlier["request"] != request:
                raise IdempotencyKeyReused("this idempotency key was already used for a different request")
            return Outcome(thaw(earlier["result"]), replayed=True)
        result = await act(actor, *args, **kwargs)
        kept = KeptResult(actor.id, key, request, orjson.dumps(freeze(result)).decode(), clock.now())
        if is_outermost:
            work.kept = kept
        else:
            # The wider unit goes on, and may come to this key again.
            await work.execute(KEEP, *kept.columns())
    return Outcome(result, replayed=False)


def _number_of(actor_id: UUID, key: str) -> int:
    """By which the key is locked."""
    return int.from_bytes(hashlib.blake2b(actor_id.bytes + key.encode(), digest_size=8).digest(), "big", signed=True)


async def _claim(work: Work, number: int, actor_id: UUID, key: str) -> Any:
    """Take the key for this transaction, which may have it already, and see what it gave before."""
    row = await work.fetchrow(CLAIM, number, actor_id, key)
    assert row is not None
    if not row["is_ours"]:
        raise InProgress("the first request with this idempotency key is still running")
    return row if row["request"] is not None else None


def _fingerprint(act: Callable[..., Any], arguments: dict[str, Any]) -> bytes:
    name = f"{act.__module__}.{act.__qualname__}"
    body = _CANONICAL.encode([name, freeze(arguments)])
    return hashlib.blake2b(body.encode(), digest_size=16).digest()


async def forget_old_keys() -> None:
    """The clean-up job: keys older than :data:`KEPT_FOR` are free again."""
    await execute("delete from idempotency_key where created_at < $1", clock.now() - KEPT_FOR)
