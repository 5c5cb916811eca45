"""What wallets do by the clock."""

from __future__ import annotations

from domain.kit.jobs import job
from domain.wallets import service


@job("wallets.expire_holds", schedule="* * * * *", purpose="Give back what was held until a time that has passed.")
async def expire_holds() -> object:
    return await service.expire_holds()
