"""Sending money."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.idempotency import once
from domain.wallets import queries, service
from schema.kit import (
    Answer,
    Info,
    Money,
    ReplayablePayload,
    argument,
    attribute,
    mutation,
    payload_type,
    read_id,
)
from schema.wallets.inputs import TransferFundsInput
from schema.wallets.types import Wallet, WalletTransaction


@payload_type("What came of a transfer.")
class TransferFundsPayload(ReplayablePayload):
    wallet: Wallet | None = attribute("The sender's wallet as it stands now.")
    transaction: WalletTransaction | None = attribute("The movement out of the sender's wallet.")
    amount: Money | None = attribute("How much was sent.")


@strawberry.type
class Mutation:
    @mutation(TransferFundsPayload, "Send money from one's own wallet to another.", requires=Permission.WALLET_USE)
    async def transfer_funds(
        self, info: Info, input: Annotated[TransferFundsInput, argument("From where to where, and how much.")]
    ) -> Answer:
        actor = info.context.actor
        outcome = await once(
            input.idempotency_key,
            service.transfer_funds,
            actor,
            from_wallet_id=read_id("Wallet", input.from_wallet_id, "input", "fromWalletId"),
            to_wallet_id=read_id("Wallet", input.to_wallet_id, "input", "toWalletId"),
            amount=input.amount.parse("input", "amount"),
            description=input.description,
        )
        transfer = outcome.result
        movement = transfer.movement
        if movement is None:
            movement = await queries.transaction_of_entry(actor, transfer.entry_id, wallet=transfer.from_wallet)
        return Answer(
            wallet=transfer.from_wallet,
            transaction=movement,
            amount=transfer.amount,
            replayed=outcome.replayed,
        )
