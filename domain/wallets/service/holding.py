"""Setting a wallet's money aside, giving it back, spending it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.kit.money import Money
from domain.kit.unit_of_work import retried, unit_of_work
from domain.ledger import service as ledger
from domain.ledger.models import Hold
from domain.ledger.service import Line, Posted, Reference
from domain.ledger.service.holds import HoldEnd
from domain.wallets.models import Wallet
from domain.wallets.service.posting import announce, changes_of

HELD: Final = "wallets.funds_held"
RELEASED: Final = "wallets.funds_released"


async def hold_funds(
    *,
    wallet: Wallet,
    amount: Money,
    description: str,
    reference: Reference | None = None,
    expires_at: datetime | None = None,
) -> Hold:
    """Set an amount aside; it is no longer available, but still in the wallet. INSUFFICIENT_FUNDS when it is not there."""
    async with unit_of_work() as work:
        hold = await ledger.place_hold(
            account_id=wallet.account_id,
            amount=amount,
            description=description,
            reference=reference,
            expires_at=expires_at,
        )
        await announce(work, kind=HELD, description=description, changes={wallet.account_id: 0}, reference=reference)
    return hold


async def release_hold(hold_id: UUID) -> None:
    """Give a held amount back to its wallet."""
    await release_holds([hold_id])


async def release_holds(hold_ids: Sequence[UUID], end: HoldEnd = HoldEnd.VOIDED) -> None:
    """Give several held amounts back at once."""
    async with unit_of_work() as work:
        for hold in await ledger.end_holds(hold_ids, end):
            about = hold.reference_kind, hold.reference_id
            reference = Reference(about[0], about[1]) if about[0] and about[1] else None
            await announce(
                work,
                kind=RELEASED,
                description=hold.description,
                changes={hold.account_id: 0},
                reference=reference,
            )


async def spend_hold(
    hold_id: UUID, amount: Money, *, kind: str, description: str, lines: Sequence[Line], reference: Reference | None = None
) -> Posted:
    """Spend up to what one hold set aside; see :func:`spend_holds`."""
    return await spend_holds({hold_id: amount}, kind=kind, description=description, lines=lines, reference=reference)


async def spend_holds(
    amounts: Mapping[UUID, Money],
    *,
    kind: str,
    description: str,
    lines: Sequence[Line],
    reference: Reference | None = None,
) -> Posted:
    """End several holds and post the one entry that spends them; what is not spent is available again."""
    async with unit_of_work() as work:
        posted = await ledger.spend_holds(amounts, kind=kind, description=description, lines=lines, reference=reference)
        await announce(
            work,
            kind=kind,
            description=description,
            changes=changes_of(lines),
            entry_id=posted.entry_id,
            reference=reference,
        )
    return posted


@retried
async def expire_holds() -> int:
    """Give back what was held until a time that has passed; returns how many holds."""
    async with unit_of_work():
        overdue = await ledger.expired_holds()
        if overdue:
            await release_holds([hold.id for hold in overdue], HoldEnd.EXPIRED)
    return len(overdue)
