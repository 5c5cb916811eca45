"""Prompts of which we never learned the id, because the provider's answer to our request got lost.

The telephone may have been prompted all the same. When a callback answers no prompt that we know, and whole number and
amount are those of just one such prompt, it is taken to be that one's. It is a guess, however good: nothing is credited
until the provider, asked about the id, says that it was paid.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from domain.kit.context import as_part_of
from domain.kit.database import Record
from domain.kit.unit_of_work import Work
from domain.payments import settings
from domain.payments.events import PaymentFigures, PromptChanged, PromptFigures
from domain.payments.intake.letters import Letter
from domain.payments.models import Payment, PaymentPrompt
from domain.payments.rules.messages import StkCallback
from domain.payments.states import Outcome

ASKED_WITHIN: Final = timedelta(minutes=15)
"""A prompt that was asked for longer ago has ended."""

# For each callback ($1: its place) the prompts that it may answer.
FITTING: Final = """
select said.place, p.id from unnest($1::int[], $2::text[], $3::bigint[], $4::text[], $5::timestamptz[])
     as said (place, phone, amount_minor, currency, received_at)
join payment_prompt p on p.phone = said.phone and p.amount_minor = said.amount_minor and p.currency = said.currency
where p.state = 'UNKNOWN' and p.asked_at between said.received_at - $6::interval and said.received_at
"""

# What made it UNKNOWN stays with it: that is how its id is known to be a guess.
ADOPT: Final = """
update payment_prompt
set state = 'ACCEPTED', checkout_request_id = $2, merchant_request_id = $3, accepted_at = asked_at,
    callback_due_at = asked_at + $4::interval, expires_at = asked_at + $5::interval
where id = $1 and state = 'UNKNOWN' and error_code is not null
returning *, true as is_doubtful
"""


async def adopt_prompts(work: Work, letters: Sequence[Letter]) -> dict[str, Record]:
    """The prompts that callbacks which nobody expected turn out to answer, by the ids that these give them."""
    said = [
        (letter, letter.said)
        for letter in letters
        if isinstance(letter.said, StkCallback) and letter.said.outcome is Outcome.PAID
    ]
    by_id = {told.checkout_request_id: (letter, told) for letter, told in said if _says_who(told)}
    if not by_id:
        return {}
    adopted = {}
    for checkout_request_id, prompt_id in (await _fitting(work, by_id)).items():
        row = await _adopt(work, prompt_id, by_id[checkout_request_id][1])
        if row is not None:
            adopted[checkout_request_id] = row
    return adopted


def _says_who(told: StkCallback) -> bool:
    return told.amount is not None and told.sender is not None and told.sender.msisdn is not None


async def _fitting(work: Work, by_id: dict[str, tuple[Letter, StkCallback]]) -> dict[str, object]:
    """Ids with the one prompt that each fits, when no other id fits it, too."""
    ids = sorted(by_id)
    told = [by_id[each] for each in ids]
    rows = await work.fetch(
        FITTING,
        list(range(len(ids))),
        [callback.sender and callback.sender.msisdn for _, callback in told],
        [callback.amount and callback.amount.amount_minor for _, callback in told],
        [callback.amount and callback.amount.currency for _, callback in told],
        [letter.received_at for letter, _ in told],
        ASKED_WITHIN,
    )
    of_place = Counter(row["place"] for row in rows)
    of_prompt = Counter(row["id"] for row in rows)
    return {ids[row["place"]]: row["id"] for row in rows if of_place[row["place"]] == of_prompt[row["id"]] == 1}


async def _adopt(work: Work, prompt_id: object, told: StkCallback) -> Record | None:
    chosen = settings.current()
    row = await work.fetchrow(
        ADOPT, prompt_id, told.checkout_request_id, told.merchant_request_id, chosen.callback_within, chosen.expires_after
    )
    if row is None:
        return None
    payment, prompt = await Payment.get(id=row["payment_id"]), await PaymentPrompt.get(id=prompt_id)
    with as_part_of(payment.correlation_id):
        work.record(PromptChanged(payment=PaymentFigures.of(payment), prompt=PromptFigures.of(prompt)))
    return row
