"""A wallet as something that is paid for: money comes into it, and goes out again when the provider takes it back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.models import User
from domain.identity.permissions import Permission
from domain.kit.database import fetch
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.payments import accounts
from domain.payments.provider import CURRENCY
from domain.payments.purposes.registry import Due, PaidFor, PurposeKind, register_purpose, require_collector
from domain.payments.rules.references import bare
from domain.payments.states import Purpose
from domain.wallets.errors import WalletNotFound
from domain.wallets.models import Wallet
from domain.wallets.service import post_to_wallets, wallet_of, wallet_with

TITLE: Final = "Wallet top-up"

ACCOUNTS: Final = "select account_id from wallet where id = any($1::uuid[])"

_NUMBER: Final = re.compile(r"W([0-9A-F]{11})", re.ASCII)

# Wallets in a currency with these last digits. Two with the same ones are as good as none.
BY_TAIL: Final = "select id from wallet where right(replace(id::text, '-', ''), 11) = $1 and currency = $2 limit 2"


async def due(actor: Actor, wallet_id: UUID) -> Due:
    """Any amount. One's own id stands for one's own wallet, which opens on first need.

    Refuses with WALLET_NOT_FOUND, and staff who may not collect with FORBIDDEN.
    """
    if wallet_id == actor.id:
        actor.require(Permission.WALLET_USE)
        return await _due(await wallet_of(actor.id, CURRENCY))
    wallet = await Wallet.get_or_none(id=wallet_id)
    if wallet is None or (wallet.user_id != actor.id and not actor.may(Permission.WALLETS_READ_ALL)):
        raise WalletNotFound("there is no such wallet", field=("input", "targetId"))
    if wallet.user_id != actor.id:
        require_collector(actor, None)
    return await _due(wallet)


async def due_by_reference(reference: str) -> Due | None:
    named = _NUMBER.fullmatch(bare(reference))
    rows = await fetch(BY_TAIL, named[1].lower(), CURRENCY) if named else []
    return await _due(await Wallet.get(id=rows[0]["id"])) if len(rows) == 1 else None


async def candidates(amount: Money, limit: int) -> Sequence[Due]:
    """Any wallet takes any amount, so that none is likelier than another."""
    return []


async def _due(wallet: Wallet) -> Due:
    owner = await User.get(id=wallet.user_id)
    return Due(
        purpose=Purpose.WALLET_TOP_UP,
        target_id=wallet.id,
        title=TITLE,
        amount=None,
        currency=wallet.currency,
        client_id=owner.id,
        client_name=owner.name,
        payee_id=owner.id,
        payee_name=owner.name,
        branch_id=None,
        account_reference=wallet.number,
    )


@retried
async def apply(paid: PaidFor) -> UUID:
    wallet = await _wallet(paid)
    posted = await post_to_wallets(
        kind=accounts.TOPPED_UP,
        description=f"Top-up by M-Pesa, {paid.reference}",
        lines=await accounts.into_wallet(wallet.account_id, paid.amount),
        reference=accounts.of_payment(paid.payment_id),
        wallets=[wallet],
    )
    return posted.entry_id


@retried
async def undo(paid: PaidFor, record_id: UUID) -> None:
    """Take the money out of the wallet again; INSUFFICIENT_FUNDS when it was spent."""
    async with unit_of_work():
        wallet = await _wallet(paid)
        await post_to_wallets(
            kind=accounts.TOP_UP_TAKEN_BACK,
            description=f"Top-up by M-Pesa taken back, {paid.reference}",
            lines=await accounts.out_of_wallet(wallet.account_id, paid.amount),
            reference=accounts.of_payment(paid.payment_id),
            reverses_id=record_id,
            wallets=[wallet],
        )


async def lock(work: Work, wallet_ids: Sequence[UUID]) -> Sequence[UUID]:
    """A wallet's own row says whose it is, and is nobody's to change. Money moves on its account."""
    return [row["account_id"] for row in await work.fetch(ACCOUNTS, wallet_ids)]


async def _wallet(paid: PaidFor) -> Wallet:
    wallet = await wallet_with(paid.target_id)
    if wallet is None:
        raise WalletNotFound("there is no such wallet")
    return wallet


register_purpose(
    PurposeKind(
        purpose=Purpose.WALLET_TOP_UP,
        title=TITLE,
        due=due,
        due_by_reference=due_by_reference,
        candidates=candidates,
        apply=apply,
        undo=undo,
        lock=lock,
        numbers=_NUMBER,
    )
)
