"""What payments do when something was announced: money that came goes to what it was paid for."""

from __future__ import annotations

from domain.events.event import LoggedEvent
from domain.events.listeners import listener
from domain.payments.applying import bring_to_purpose
from domain.payments.events import PaymentCredited

purposes = listener("payments")


@purposes.on(PaymentCredited)
async def bring_money_to_its_purpose(fact: PaymentCredited, logged: LoggedEvent) -> None:
    """What is there now counts, and not what was there when it was told: hearing it late or twice is harmless."""
    await bring_to_purpose(fact.payment.id)
