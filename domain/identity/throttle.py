"""How often somebody may try: failed sign-ins for an account and from an address, registrations from an address.

Sign-ins are counted in the database in a sliding window, so the limit holds across processes, and exactly: an attempt
takes its place *before* the password is looked at, and whoever might be one too many waits until those before it are
decided. A refused attempt is not written down, so hammering on a closed door does not keep it closed.
"""

from __future__ import annotations

import asyncio
import hashlib
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain.identity import settings
from domain.identity.errors import TooManyAttempts
from domain.identity.rules import counted_address
from domain.kit import clock
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work, retried, unit_of_work

POLL_S: Final = 0.025
MAX_WAIT_S: Final = 10.0

# An attempt whose process died stays pending for ever; after this long it counts as failed.
DECIDED_WITHIN: Final = timedelta(seconds=30)

# Whoever counts attempts of an account or from an address takes its turn until the transaction ends. Both locks come in
# one order, so that two who need the same two never wait for each other.
_TAKE_TURNS: Final = """
select pg_advisory_xact_lock(turn) from (
    select distinct hashtextextended('identity.attempts ' || subject, 0) as turn
    from unnest($1::text[]) as subject where subject is not null order by turn
) as turns
"""

# Failed and undecided attempts of one account or from one address within the window, and when the newest `limit` of the
# failures began: when the oldest of those leaves the window, there is room again.
_PRESSURE: Final = """
select count(*) filter (where failed) as failed,
       count(*) filter (where not failed) as pending,
       (array_agg(attempted_at order by attempted_at desc) filter (where failed))[$4] as oldest_that_counts
from (
    select attempted_at, not pending or attempted_at <= $3 as failed
    from sign_in_attempt where {column} = $1 and attempted_at > $2
) as attempt
"""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in that was let through to have its password checked."""

    id: UUID
    account_hash: str
    address: str | None


@dataclass(frozen=True, slots=True)
class Failures:
    """How many failures an account has within the window; ``blocked_until`` when that is the limit."""

    count: int
    blocked_until: datetime | None


class _Undecided(Exception):
    """Others before this attempt may still fail and fill the limit."""


async def admit(*, email: str, address: str | None) -> Attempt:
    """Let a sign-in through, or refuse it with TOO_MANY_ATTEMPTS. The attempt counts until it is settled."""
    attempt = Attempt(new_id(), hashlib.sha256(email.encode("utf-8", "surrogatepass")).hexdigest(), counted_address(address))
    waited_s = 0.0
    while waited_s < MAX_WAIT_S:
        try:
            await _take_place(attempt)
            return attempt
        except _Undecided:
            await asyncio.sleep(POLL_S)
            waited_s += POLL_S
    raise TooManyAttempts(1)


async def settle_failed(work: Work, attempt: Attempt) -> Failures:
    """The password was wrong: the attempt stays as a failure."""
    await work.execute(_TAKE_TURNS, [attempt.account_hash])
    await work.execute("update sign_in_attempt set pending = false where id = $1", attempt.id)
    chosen = settings.current()
    now = clock.now()
    row = await _pressure(work, "account_hash", attempt.account_hash, chosen.failures_per_account, now)
    return Failures(row.failed, row.free_at if row.failed == chosen.failures_per_account else None)


async def settle_succeeded(work: Work, attempt: Attempt) -> None:
    """The password was right: whoever fumbled before was most likely the owner, so the account starts afresh. Failures
    of other accounts from the same address stay."""
    await work.execute(
        "delete from sign_in_attempt where id = $1 or (account_hash = $2 and not pending)",
        attempt.id,
        attempt.account_hash,
    )


async def admit_registration(work: Work, address: str | None) -> None:
    """Refuse when too many users registered from this address lately; holds the address's turn until the commit."""
    origin = counted_address(address)
    if origin is None:
        return
    chosen = settings.current()
    now = clock.now()
    await work.execute(_TAKE_TURNS, [f"registration {origin}"])
    times = await work.fetch(
        """select created_at from app_user where registered_from = $1 and created_at > $2
           order by created_at desc limit $3""",
        origin,
        now - chosen.registrations_window,
        chosen.registrations_per_address,
    )
    if len(times) >= chosen.registrations_per_address:
        raise TooManyAttempts(_seconds_until(times[-1]["created_at"] + chosen.registrations_window, now))


@retried
async def _take_place(attempt: Attempt) -> None:
    chosen = settings.current()
    now = clock.now()
    async with unit_of_work() as work:
        await work.execute(_TAKE_TURNS, [attempt.account_hash, attempt.address])
        subjects = [("account_hash", attempt.account_hash, chosen.failures_per_account)]
        if attempt.address is not None:
            subjects.append(("address", attempt.address, chosen.failures_per_address))
        pressures = [(await _pressure(work, column, subject, limit, now), limit) for column, subject, limit in subjects]
        for pressure, _ in pressures:
            if pressure.free_at is not None:
                raise TooManyAttempts(_seconds_until(pressure.free_at, now))
        if any(pressure.failed + pressure.pending >= limit for pressure, limit in pressures):
            raise _Undecided
        await work.execute(
            "insert into sign_in_attempt (id, account_hash, address, attempted_at, pending) values ($1, $2, $3, $4, true)",
            attempt.id,
            attempt.account_hash,
            attempt.address,
            now,
        )


@dataclass(frozen=True, slots=True)
class _Pressure:
    """``free_at`` is set when the failures have reached the limit."""

    failed: int
    pending: int
    free_at: datetime | None


async def _pressure(work: Work, column: str, subject: str, limit: int, now: datetime) -> _Pressure:
    window = settings.current().failures_window
    row = await work.fetchrow(_PRESSURE.format(column=column), subject, now - window, now - DECIDED_WITHIN, limit)
    assert row is not None, "a count always answers"
    oldest = row["oldest_that_counts"]
    return _Pressure(row["failed"], row["pending"], None if oldest is None else oldest + window)


def _seconds_until(moment: datetime, now: datetime) -> int:
    return math.ceil((moment - now).total_seconds())
