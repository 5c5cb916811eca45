"""Posting to wallets: the ledger moves the money, and every wallet it touched is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from domain.kit.database import fetch
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, unit_of_work
from domain.ledger.service import Line, Posted, Reference, post_entry
from domain.wallets.events import BalanceChanged

# The wallets behind some accounts, with what stands there now.
BEHIND = """
select w.id, w.user_id, w.account_id, w.currency, a.balance_minor, a.held_minor
from wallet w join ledger_account a on a.id = w.account_id
where w.account_id = any($1) order by w.id
"""


async def post_to_wallets(
    *,
    kind: str,
    description: str,
    lines: Sequence[Line],
    reference: Reference | None = None,
    effective_on: date | None = None,
    reverses_id: UUID | None = None,
    branch_id: UUID | None = None,
) -> Posted:
    """Post an entry with wallets' accounts among its lines, and announce each wallet's new balance."""
    async with unit_of_work() as work:
        posted = await post_entry(
            kind=kind,
            description=description,
            lines=lines,
            reference=reference,
            effective_on=effective_on,
            reverses_id=reverses_id,
            branch_id=branch_id,
        )
        await announce(
            work,
            kind=kind,
            description=description,
            changes=changes_of(lines),
            entry_id=posted.entry_id,
            reference=reference,
        )
    return posted


def changes_of(lines: Sequence[Line]) -> dict[UUID, int]:
    """What an entry does to the balance of each account as a liability: credits raise it."""
    changes: dict[UUID, int] = {}
    for line in lines:
        changes[line.account_id] = changes.get(line.account_id, 0) - line.signed_minor
    return changes


async def announce(
    work: Work,
    *,
    kind: str,
    description: str,
    changes: dict[UUID, int],
    entry_id: UUID | None = None,
    reference: Reference | None = None,
) -> None:
    """Record BalanceChanged for every wallet behind ``changes`` (account id to minor units); pass over other accounts."""
    for row in await fetch(BEHIND, list(changes)):
        currency = row["currency"]
        balance, held = Money(row["balance_minor"], currency), Money(row["held_minor"], currency)
        work.record(
            BalanceChanged(
                wallet_id=row["id"],
                user_id=row["user_id"],
                balance=balance,
                held=held,
                available=balance - held,
                change=Money(changes[row["account_id"]], currency),
                kind=kind,
                description=description,
                entry_id=entry_id,
                reference_kind=reference.kind if reference else None,
                reference_id=reference.id if reference else None,
            )
        )
