"""What sellers hold of the mill's money, as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.kit.database import fetch
from domain.kit.money import Money
from domain.milling import settings

_SUMS: Final = """
select coalesce(sum(amount_minor) filter (where kind = 'RECEIVED'), 0)::bigint as received,
       coalesce(-sum(amount_minor) filter (where kind = 'COLLECTED'), 0)::bigint as collected,
       coalesce(-sum(amount_minor) filter (where kind = 'SPENT'), 0)::bigint as spent
from mill_proceeds where seller_id = $1 and currency = $2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FinanceProceeds:
    """What investors paid a seller for invoices of the mill, what the mill took of that, and what suppliers were paid."""

    received: Money
    collected: Money
    spent: Money

    @property
    def available(self) -> Money:
        """What is left with the seller."""
        return self.received - self.collected - self.spent


async def proceeds_of(seller_id: UUID) -> FinanceProceeds:
    currency = settings.current().currency
    [row] = await fetch(_SUMS, seller_id, currency)
    return FinanceProceeds(**{name: Money(row[name], currency) for name in ("received", "collected", "spent")})


async def finance_proceeds(actor: Actor) -> FinanceProceeds:
    """The actor's own."""
    return await proceeds_of(actor.id)
