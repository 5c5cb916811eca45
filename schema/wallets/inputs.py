"""What clients send about wallets."""

from __future__ import annotations

from schema.kit import ID, MoneyInput, attribute, idempotency_key, input_type


@input_type("Money to be sent from one wallet to another of the same currency.")
class TransferFundsInput:
    from_wallet_id: ID = attribute("The sender's own wallet.")
    to_wallet_id: ID = attribute("The recipient's wallet.")
    amount: MoneyInput = attribute("How much, in the wallets' currency.")
    description: str = attribute("What it is for, of 1 to 140 characters; both sides read it.", default="Transfer")
    idempotency_key: str | None = idempotency_key()
