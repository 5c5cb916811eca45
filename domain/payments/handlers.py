"""What payments do when something was announced: money that came goes to what it was paid for, and what could not be given
back is looked at again."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from domain.events.event import LoggedEvent
from domain.events.listeners import call_of, listener
from domain.kit.context import CallContext
from domain.payments.events import CommandChanged, PaymentCredited
from domain.payments.purposes.applying import bring_all_to_purpose
from domain.payments.service.discrepancies import reopen_what_was_not_refunded

purposes = listener("payments")


@purposes.on_several(PaymentCredited)
async def bring_money_to_its_purpose(told: Sequence[LoggedEvent]) -> None:
    """What is there now counts, and not what was there when it was told: hearing it late or twice is harmless."""
    payments: dict[UUID, CallContext] = {}
    for logged in told:
        payments.setdefault(logged.fact.payment.id, call_of(logged))
    await bring_all_to_purpose(payments)


@purposes.on(CommandChanged)
async def reopen_what_a_refund_was_for(fact: CommandChanged, logged: LoggedEvent) -> None:
    """A refund that the provider did not make leaves what it was for as it was."""
    await reopen_what_was_not_refunded(fact.command)
