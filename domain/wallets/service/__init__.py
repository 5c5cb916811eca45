"""What one can do with wallets."""

from domain.wallets.service.finding import wallet_with
from domain.wallets.service.holding import expire_holds, hold_funds, release_hold, release_holds, spend_hold, spend_holds
from domain.wallets.service.opening import register_user, wallet_of
from domain.wallets.service.posting import post_to_wallets
from domain.wallets.service.transfer import Transfer, transfer_funds

__all__ = [
    "Transfer",
    "expire_holds",
    "hold_funds",
    "post_to_wallets",
    "register_user",
    "release_hold",
    "release_holds",
    "spend_hold",
    "spend_holds",
    "transfer_funds",
    "wallet_of",
    "wallet_with",
]
