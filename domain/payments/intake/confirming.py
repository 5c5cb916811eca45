"""Callbacks that say paid and count only once the provider, asked by us, says so too.

Those are all of them where an installation wants it so, for whoever can reach our address and knows the id of a prompt could
say that it was paid; and those of prompts whose id we know from a callback alone. The question is left like any other, and
the callback waits for its answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain.jobs.queue import NewTask, enqueue_many
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work
from domain.payments import settings
from domain.payments.intake.letters import Letter
from domain.payments.rules.evidence import Evidence
from domain.payments.settling import ASK
from domain.payments.states import MessageKind, MessageOrigin, MessageState, Outcome, ReconTrigger

CONFIRMED_WITHIN: Final = timedelta(days=1)
"""The provider may be away for long, and an honest callback is not to be lost."""

ANSWERS: Final = """
select prompt, bool_or(outcome = 'PAID') as is_paid from payment_evidence
where prompt = any($1::text[]) and channel = 'QUERY' and outcome <> 'PENDING' group by prompt
"""

# Of payments that nobody is to ask about already.
QUESTIONS: Final = """
insert into reconciliation (id, payment_id, trigger, status, asks, due_at, queued_at, correlation_id)
select q.id, q.payment_id, $3, 'QUEUED', true, $4, $4, payment.correlation_id
from unnest($1::uuid[], $2::uuid[]) as q (id, payment_id) join payment on payment.id = q.payment_id
where not exists (select from reconciliation open
                  where open.payment_id = q.payment_id and open.asks and open.status in ('QUEUED', 'ACTIVE', 'UNVERIFIED')
                    and open.due_at <= $4)
returning id, correlation_id
"""


async def confirm_callbacks(work: Work, letters: Sequence[Letter], now: datetime) -> None:
    """Let through what the provider has confirmed, refuse what it denies, and have it asked about the rest."""
    doubtful = _doubtful(letters)
    if not doubtful:
        return
    rows = await work.fetch(ANSWERS, [claim.prompt for _, claim in doubtful])
    answered = {row["prompt"]: row["is_paid"] for row in rows}
    open_ones = []
    for letter, claim in doubtful:
        is_paid = answered.get(claim.prompt)
        if is_paid is None:
            letter.park(now, "the provider is asked whether it is so", at_most=CONFIRMED_WITHIN)
            open_ones.append(letter)
        elif not is_paid:
            letter.reject(MessageState.REFUSED, "the provider, asked by us, says otherwise")
    await _ask(work, open_ones, now)


def _doubtful(letters: Iterable[Letter]) -> list[tuple[Letter, Evidence]]:
    """What an administrator gave us was looked at by somebody."""
    confirms = settings.current().confirm_callbacks
    return [
        (letter, letter.claim)
        for letter in letters
        if letter.kind is MessageKind.STK_CALLBACK
        and letter.origin is MessageOrigin.WEBHOOK
        and letter.claim is not None
        and letter.claim.outcome is Outcome.PAID
        and (confirms or letter.is_doubtful)
    ]


async def _ask(work: Work, letters: Sequence[Letter], now: datetime) -> None:
    payments: list[UUID] = sorted({letter.payment_id for letter in letters if letter.payment_id is not None})
    if not payments:
        return
    rows = await work.fetch(
        QUESTIONS,
        [new_id() for _ in payments],
        payments,
        ReconTrigger.PAYMENT_CALLBACK.value,
        now,
    )
    tasks = [NewTask({"reconciliation_id": str(row["id"])}, correlation_id=row["correlation_id"]) for row in rows]
    if tasks:
        await enqueue_many(work, ASK, tasks)
