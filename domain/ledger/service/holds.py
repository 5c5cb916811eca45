"""Holds: an amount set aside now, posted or given back later.

A hold counts against the available balance from the moment it is placed. It ends once: posted (what is not needed is
given back), voided or expired. Accounts are locked before holds, in the order of their ids.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from uuid import UUID

from domain.kit import clock
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, unit_of_work
from domain.ledger.errors import HoldExceeded, HoldNotPending, InsufficientFunds
from domain.ledger.models import Hold
from domain.ledger.service.posting import Line, Posted, Reference, post_entry


class HoldEnd(str, Enum):
    """How a hold ends without being posted."""

    VOIDED = "VOIDED"
    EXPIRED = "EXPIRED"


async def place_hold(
    *,
    account_id: UUID,
    amount: Money,
    description: str,
    reference: Reference | None = None,
    expires_at: datetime | None = None,
) -> Hold:
    """Set ``amount`` aside on a guarded account; INSUFFICIENT_FUNDS when less is available."""
    assert amount.amount_minor > 0, "a hold is of more than zero"
    hold = Hold(
        id=new_id(),
        account_id=account_id,
        amount_minor=amount.amount_minor,
        currency=amount.currency,
        state="PENDING",
        description=description,
        reference_kind=reference.kind if reference else None,
        reference_id=reference.id if reference else None,
        placed_at=clock.now(),
        expires_at=expires_at,
    )
    async with unit_of_work() as work:
        available = await _lock_available(work, account_id, amount.currency)
        if available < amount:
            raise InsufficientFunds(available, amount)
        await hold.save(force_create=True)
    return hold


async def end_holds(hold_ids: Sequence[UUID], end: HoldEnd = HoldEnd.VOIDED) -> list[Hold]:
    """Give held amounts back; every hold must be pending (HOLD_NOT_PENDING)."""
    async with unit_of_work() as work:
        holds = await _locked(work, hold_ids)
        await work.execute(
            "update ledger_hold set state = $2, ended_at = $3 where id = any($1)", list(hold_ids), end.value, clock.now()
        )
    return holds


async def spend_hold(
    hold_id: UUID, amount: Money, *, kind: str, description: str, lines: Sequence[Line], reference: Reference | None = None
) -> Posted:
    """Post an entry out of one hold; see :func:`spend_holds`."""
    return await spend_holds({hold_id: amount}, kind=kind, description=description, lines=lines, reference=reference)


async def spend_holds(
    amounts: Mapping[UUID, Money],
    *,
    kind: str,
    description: str,
    lines: Sequence[Line],
    reference: Reference | None = None,
) -> Posted:
    """End holds and post one entry that spends up to what was held; the rest is available again at once.

    ``lines`` is the whole entry, the held accounts' side included. Refuses with HOLD_NOT_PENDING, HOLD_EXCEEDED.
    """
    async with unit_of_work() as work:
        holds = await _locked(work, list(amounts))
        for hold in holds:
            if amounts[hold.id] > hold.amount:
                raise HoldExceeded(f"only {hold.amount} is held")
        # The hold ends first, which frees the amount that the entry then takes; the account stays locked in between.
        entry_id, moment = new_id(), clock.now()
        await work.connection.executemany(
            """update ledger_hold set state = 'POSTED', posted_minor = $2, entry_id = $3, ended_at = $4 where id = $1""",
            [(hold.id, amounts[hold.id].amount_minor, entry_id, moment) for hold in holds],
        )
        return await post_entry(kind=kind, description=description, lines=lines, reference=reference, entry_id=entry_id)


async def expired_holds(limit: int = 100) -> list[Hold]:
    """Pending holds whose time is over, the oldest first."""
    return await Hold.filter(state="PENDING", expires_at__lte=clock.now()).order_by("expires_at").limit(limit)


async def _locked(work: Work, hold_ids: Sequence[UUID]) -> list[Hold]:
    """The holds, with their accounts and themselves locked; every one must be pending."""
    await work.execute(
        """select from ledger_account where id in (select account_id from ledger_hold where id = any($1))
           order by id for no key update""",
        list(hold_ids),
    )
    holds = await Hold.filter(id__in=hold_ids).order_by("id").select_for_update()
    if len(holds) != len(set(hold_ids)) or any(hold.state != "PENDING" for hold in holds):
        raise HoldNotPending("this hold was posted, given back or expired before")
    return holds


async def _lock_available(work: Work, account_id: UUID, currency: str) -> Money:
    row = await work.fetchrow(
        """select balance_minor - held_minor as available from ledger_account
           where id = $1 and guarded and currency = $2 for no key update""",
        account_id,
        currency,
    )
    assert row is not None, "only a guarded account of the same currency can be held"
    return Money(row["available"], currency)
