"""Payments are locked, in one order, and all that is known of them is read: a statement for each table."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.kit.database import Record
from domain.kit.money import Money
from domain.kit.unit_of_work import Work
from domain.payments.rules.matching import Period
from domain.payments.settling import disagreeing
from domain.payments.settling.cases import Dossier
from domain.payments.states import Channel, Destination, Outcome

# Whoever touches several payments locks them in the order of their ids, then receipts in theirs, so that nobody waits in a
# circle. What only names a payment need not wait.
LOCK: Final = "select * from payment where id = any($1::uuid[]) order by id for no key update"

EVIDENCE: Final = "select * from payment_evidence where payment_id = any($1::uuid[]) order by id"
PROMPTS: Final = "select * from payment_prompt where payment_id = any($1::uuid[]) order by payment_id, attempt_no"
CREDITS: Final = "select * from payment_credit where payment_id = any($1::uuid[]) order by created_at, id"

# The times between two moments that statements tell all of.
COVERED: Final = """
select from_at, until_at from statement_import
where status = 'DONE' and from_at <= $2 and until_at >= $1 order by from_at, until_at
"""

# What is disposed of was in suspense, and stays there with its receipt. Whoever disposes of it has the payment locked.
DISPOSED: Final = "select distinct receipt from suspense_disposal where receipt = any($1::text[])"

# What was given back because we asked for it. That it was and that somebody says so is written down at once.
ORDERED_BACK: Final = """
select receipt, currency, sum(amount_minor)::bigint as amount_minor from mpesa_command
where receipt = any($1::text[]) and kind = 'REVERSAL' and state = 'DONE' group by receipt, currency
"""


async def open_dossiers(work: Work, payment_ids: Iterable[UUID]) -> list[Dossier]:
    """Lock payments and read what is known of them, in the order of their ids."""
    ids = sorted(set(payment_ids))
    dossiers = {row["id"]: Dossier(row) for row in await work.fetch(LOCK, ids)}
    assert len(dossiers) == len(ids), "a payment is never deleted"
    for row in await work.fetch(EVIDENCE, ids):
        dossiers[row["payment_id"]].evidence.append(row)
    for row in await work.fetch(PROMPTS, ids):
        dossiers[row["payment_id"]].prompts.append(row)
    for row in await work.fetch(CREDITS, ids):
        dossiers[row["payment_id"]].credits.append(row)
    for row in await work.fetch(disagreeing.READ, ids):
        dossiers[row["payment_id"]].discrepancies.append(row)
    return list(dossiers.values())


async def know_what_is_disposed(work: Work, dossiers: Collection[Dossier]) -> None:
    """Say of dossiers which of their money in suspense a person has taken out of there."""
    waiting = {
        credit["receipt"]: dossier
        for dossier in dossiers
        for credit in dossier.credits
        if credit["destination"] == Destination.SUSPENSE and credit["receipt"]
    }
    for row in await work.fetch(DISPOSED, list(waiting)) if waiting else ():
        waiting[row["receipt"]].disposed.add(row["receipt"])


async def know_what_we_gave_back(work: Work, dossiers: Collection[Dossier]) -> None:
    """Say of dossiers how much of what was taken back of them we had ordered."""
    taken_back = {row["reverses"]: dossier for dossier in dossiers for row in dossier.evidence if row["reverses"]}
    for row in await work.fetch(ORDERED_BACK, list(taken_back)) if taken_back else ():
        taken_back[row["receipt"]].ordered_back[row["receipt"]] = Money(row["amount_minor"], row["currency"])


async def covered_periods(work: Work, dossiers: Collection[Dossier]) -> list[Period]:
    """The times that statements tell all of, as far as they can matter for payments; those that meet are one."""
    moments = [at for dossier in dossiers for at in _untold(dossier.evidence)]
    if not moments:
        return []
    joined: list[Period] = []
    for row in await work.fetch(COVERED, min(moments), max(moments)):
        if joined and row["from_at"] <= joined[-1].until_at:
            joined[-1] = Period(joined[-1].from_at, max(joined[-1].until_at, row["until_at"]))
        else:
            joined.append(Period(row["from_at"], row["until_at"]))
    return joined


def _untold(evidence: Sequence[Record]) -> list[datetime]:
    """When receipts were made that no statement tells of."""
    told = {row["receipt"] for row in evidence if row["channel"] == Channel.STATEMENT}
    return [
        row["transacted_at"]
        for row in evidence
        if row["outcome"] == Outcome.PAID and row["transacted_at"] and row["receipt"] not in told
    ]
