"""Having customers' own payments told to us: the provider is given our addresses. Giving them again changes nothing."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.jobs.queue import Attempt, GiveUp, Payload, Retry, enqueue, queued
from domain.kit.unit_of_work import retried, unit_of_work
from domain.payments import provider
from domain.payments.errors import MpesaNotConfigured
from domain.payments.provider import ProviderAway, ProviderBusy, ProviderRefused, WhenWeAreSilent
from domain.payments.rules.backoff import full_delay_s
from domain.payments.service.desk import require_account

REGISTER: Final = "payments.register"
ONE_AT_A_TIME: Final = "register"


@retried
async def register_mpesa_urls(actor: Actor) -> UUID:
    """Have the addresses registered; the id of the task that does it. Refuses with MPESA_NOT_CONFIGURED."""
    actor.require(Permission.PAYMENTS_RECONCILE)
    require_account()
    async with unit_of_work() as work:
        return await enqueue(work, REGISTER, {}, dedupe_key=ONE_AT_A_TIME)


@queued(REGISTER, purpose="Tell M-Pesa where to tell us of customers' own payments.", concurrency=1, max_attempts=10)
async def register_addresses(payload: Payload, attempt: Attempt) -> str:
    """An address that the provider does not like stays disliked."""
    try:
        await provider.current().register_urls(WhenWeAreSilent.COMPLETE)
    except (ProviderAway, ProviderBusy) as away:
        raise Retry(away.after_s or full_delay_s(attempt.number), f"M-Pesa is away: {away.code}") from away
    except (ProviderRefused, MpesaNotConfigured) as refused:
        raise GiveUp(f"M-Pesa takes no addresses: {refused.code}") from refused
    return "registered"
