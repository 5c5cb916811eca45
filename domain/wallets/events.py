"""What wallets announce."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from domain.events.event import Event, event
from domain.kit.money import Money


@event("wallets.wallet_opened")
@dataclass(frozen=True, kw_only=True)
class WalletOpened(Event):
    """A person has a wallet in a currency; what it holds stands on an account of the ledger."""

    wallet_id: UUID
    user_id: UUID
    currency: str
    account_id: UUID | None = None

    def topics(self) -> Iterable[str]:
        return [f"wallet:{self.wallet_id}", f"user:{self.user_id}"]

    def audience(self) -> Iterable[str]:
        return [f"user:{self.user_id}", "permission:WALLETS_READ_ALL"]


@event("wallets.balance_changed")
@dataclass(frozen=True, kw_only=True)
class BalanceChanged(Event):
    """What a wallet holds after a movement or a hold. ``change`` is what it did to ``balance``: zero for a hold alone."""

    wallet_id: UUID
    user_id: UUID
    balance: Money
    held: Money
    available: Money
    change: Money
    kind: str
    description: str
    entry_id: UUID | None
    reference_kind: str | None
    reference_id: UUID | None

    @property
    def invoice_id(self) -> UUID | None:
        """The invoice that the movement is about, if it is about one."""
        return self.reference_id if self.reference_kind == "invoice" else None

    def topics(self) -> Iterable[str]:
        return [f"wallet:{self.wallet_id}", f"user:{self.user_id}"]

    def audience(self) -> Iterable[str]:
        return [f"user:{self.user_id}", "permission:WALLETS_READ_ALL"]
