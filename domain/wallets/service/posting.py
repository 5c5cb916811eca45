"""Posting to wallets: the ledger moves the money, and every wallet it touched is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.kit.database import fetch
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, unit_of_work
from domain.ledger.service import Line, Posted, Reference, post_entry
from domain.wallets.events import BalanceChanged
from domain.wallets.models import Wallet

# The wallets behind some accounts, with what stands there now.
BEHIND = """
select w.id, w.user_id, w.account_id, w.currency, a.balance_minor, a.held_minor
from wallet w join ledger_account a on a.id = w.account_id
where w.account_id = any($1) order by w.id
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """A wallet, and what stands there now."""

    wallet_id: UUID
    user_id: UUID
    account_id: UUID
    balance: Money
    held: Money


async def post_to_wallets(
    *,
    kind: str,
    description: str,
    lines: Sequence[Line],
    reference: Reference | None = None,
    effective_on: date | None = None,
    reverses_id: UUID | None = None,
    branch_id: UUID | None = None,
    wallets: Sequence[Wallet] | None = None,
) -> Posted:
    """Post an entry with wallets' accounts among its lines, and announce each wallet's new balance.

    ``wallets`` are those behind the lines, when the caller has read them all; otherwise they are looked for.
    """
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
        changes = changes_of(lines)
        standing = await _standing_behind(changes) if wallets is None else _standing_after(posted, wallets)
        _announce(
            work,
            standing,
            kind=kind,
            description=description,
            changes=changes,
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
    standing = await _standing_behind(changes)
    _announce(work, standing, kind=kind, description=description, changes=changes, entry_id=entry_id, reference=reference)


async def _standing_behind(account_ids: Iterable[UUID]) -> list[Standing]:
    return [
        Standing(
            row["id"],
            row["user_id"],
            row["account_id"],
            Money(row["balance_minor"], row["currency"]),
            Money(row["held_minor"], row["currency"]),
        )
        for row in await fetch(BEHIND, list(account_ids))
    ]


def _standing_after(posted: Posted, wallets: Iterable[Wallet]) -> list[Standing]:
    """As :func:`_standing_behind` finds them after this posting, in the same order."""
    found = []
    for wallet in sorted(wallets, key=lambda wallet: wallet.id):
        balance = posted.balances[wallet.account_id]
        found.append(Standing(wallet.id, wallet.user_id, wallet.account_id, balance.posted, balance.held))
    return found


def _announce(
    work: Work,
    standing: Iterable[Standing],
    *,
    kind: str,
    description: str,
    changes: dict[UUID, int],
    entry_id: UUID | None,
    reference: Reference | None,
) -> None:
    for each in standing:
        work.record(
            BalanceChanged(
                wallet_id=each.wallet_id,
                user_id=each.user_id,
                balance=each.balance,
                held=each.held,
                available=each.balance - each.held,
                change=Money(changes[each.account_id], each.balance.currency),
                kind=kind,
                description=description,
                entry_id=entry_id,
                reference_kind=reference.kind if reference else None,
                reference_id=reference.id if reference else None,
            )
        )
