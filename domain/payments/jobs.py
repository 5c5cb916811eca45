"""What payments do by the clock, and the closing of a day when somebody asks for it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from domain.jobs.queue import Attempt, Payload, queued
from domain.kit.jobs import is_time_for, job
from domain.payments import settings
from domain.payments.intake import jobs as intake_jobs
from domain.payments.service import commanding, prompting, registering
from domain.payments.service.asking import check_stuck_payments
from domain.payments.service.daily import SETTLE_DAY, reconcile_ended_days, settle_day
from domain.payments.service.folding import fold_tallies
from domain.payments.service.purging import purge_what_is_old
from domain.payments.service.watching import say_at_work, watch_figures
from domain.payments.statements import jobs as statement_jobs


@queued(
    SETTLE_DAY,
    purpose="Reconcile what does not agree of a day's payments, when somebody asks for the day's report.",
    concurrency=1,
    timeout_s=1_800.0,
)
async def settle_a_day(payload: Payload, attempt: Attempt) -> str:
    return await settle_day(date.fromisoformat(payload["on_date"]), requested_by=UUID(payload["requested_by"]))


QUEUES = (
    intake_jobs.drain_what_is_due,
    prompting.prompt_telephone,
    commanding.give_back,
    commanding.inquire,
    registering.register_addresses,
    *statement_jobs.QUEUES,
    settle_a_day,
)
"""What payments leave for later, beside what is settled: named here, so that every process knows who does it."""


@job(
    "payments.periodic_check",
    schedule="* * * * *",
    purpose="Have M-Pesa asked about payments that are stuck: some at each interval, the longest unasked first.",
)
async def periodic_check() -> int:
    """Returns how many are asked about."""
    return await check_stuck_payments() if is_time_for(settings.current().recon_interval) else 0


@job("payments.watch_figures", schedule="* * * * *", purpose="Raise and clear alarms about figures of reconciliation.")
async def figure_watch() -> int:
    """Returns how many alarms began or ended. That this runs is the sign of life of the pipeline."""
    await say_at_work()
    return await watch_figures()


@job("payments.purge_results", schedule="23 2 * * *", purpose="Forget results of reconciliations that are old.")
async def result_purge() -> int:
    """Returns how many went; the rest of very many is left for the next night."""
    return await purge_what_is_old()


@job(
    "payments.fold_tallies",
    schedule="7 * * * *",
    purpose="Keep one row of counted reconciliations for an hour that is over.",
)
async def tally_folding() -> int:
    """Returns how many rows went into others."""
    return await fold_tallies()


@job(
    "payments.daily",
    schedule="10 21 * * *",
    purpose="Reconcile the day that has ended in East Africa, ten minutes after midnight there, and keep its figures.",
)
async def reconcile_the_day() -> str:
    return await reconcile_ended_days()
