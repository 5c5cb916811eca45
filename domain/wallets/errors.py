"""What wallets refuse."""

from __future__ import annotations

from domain.kit.errors import DomainError


class WalletNotFound(DomainError):
    """There is no such wallet, or it is somebody else's."""

    code = "WALLET_NOT_FOUND"
    field = ("input", "walletId")


class SameWallet(DomainError):
    """Money cannot be moved from a wallet to itself."""

    code = "SAME_WALLET"
    field = ("input", "toWalletId")
