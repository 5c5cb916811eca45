"""What payments do when something was announced: money that came goes to what it was paid for, and what could not be given
back is looked at again."""

from __future__ import annotations

from domain.events.event import LoggedEvent
from domain.events.listeners import listener
from domain.payments.events import CommandChanged, PaymentCredited
from domain.payments.purposes.applying import bring_to_purpose
from domain.payments.service.discrepancies import reopen_what_was_not_refunded

purposes = listener("payments")


@purposes.on(PaymentCredited)
async def bring_money_to_its_purpose(fact: PaymentCredited, logged: LoggedEvent) -> None:
    """What is there now counts, and not what was there when it was told: hearing it late or twice is harmless."""
    await bring_to_purpose(fact.payment.id)


@purposes.on(CommandChanged)
async def reopen_what_a_refund_was_for(fact: CommandChanged, logged: LoggedEvent) -> None:
    """A refund that the provider did not make leaves what it was for as it was."""
    await reopen_what_was_not_refunded(fact.command)
