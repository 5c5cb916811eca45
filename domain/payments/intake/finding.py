"""Which payment a message is about: that of its prompt, of its receipt, or of the reference that the payer typed.

Somebody who pays by Paybill without being asked types the number of what they pay for: a loan, an invoice, a wallet. A
payment is made of that then. What no number explains is an orphan, and waits in suspense for a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain.kit.context import as_part_of
from domain.kit.unit_of_work import Work
from domain.payments import settings
from domain.payments.intake.letters import Letter
from domain.payments.intake.lost import adopt_prompts
from domain.payments.opening import one_at_a_time, open_payment, owners_of_receipts, payments_by_reference
from domain.payments.purposes import due_by_reference
from domain.payments.rules.evidence import Evidence
from domain.payments.rules.messages import C2BPayment
from domain.payments.rules.references import bare
from domain.payments.states import MessageKind, MessageState

# The id of a prompt whose request nobody answered was told by a callback, and is believed no more than that.
PROMPTS: Final = """
select checkout_request_id, payment_id, error_code is not null as is_doubtful from payment_prompt
where checkout_request_id = any($1::text[])
"""


async def find_payments(work: Work, letters: Sequence[Letter], now: datetime, *, park_for: timedelta) -> None:
    """Say of each letter with a claim whose payment it is about; those of orphans stay without."""
    await _by_prompt(work, [letter for letter in letters if letter.kind is MessageKind.STK_CALLBACK], now, park_for)
    _refuse_strangers(letters)
    nobodys = [letter for letter in letters if letter.claim is not None and letter.payment_id is None]
    nobodys = await _by_receipt(work, nobodys)
    nobodys = await _by_reference(work, nobodys)
    await _by_account(work, nobodys)


async def _by_prompt(work: Work, letters: Sequence[Letter], now: datetime, park_for: timedelta) -> None:
    """A callback can be quicker than the commit of the request that it answers, so it is waited for."""
    claims = [(letter, letter.claim) for letter in letters if letter.claim is not None]
    if not claims:
        return
    rows = await work.fetch(PROMPTS, [claim.prompt for _, claim in claims])
    known = {row["checkout_request_id"]: row for row in rows}
    strangers = [letter for letter, claim in claims if claim.prompt not in known]
    known |= await adopt_prompts(work, strangers)
    for letter, claim in claims:
        prompt = known.get(claim.prompt)
        if prompt is None:
            letter.park(now, "it answers no prompt of ours", at_most=park_for)
        else:
            letter.payment_id, letter.is_doubtful = prompt["payment_id"], prompt["is_doubtful"]


def _refuse_strangers(letters: Iterable[Letter]) -> None:
    """Money that came to somebody else's short code is not ours."""
    ours = settings.current().short_codes
    for letter in letters:
        if ours and letter.is_open and isinstance(letter.said, C2BPayment) and letter.said.short_code not in ours:
            letter.reject(MessageState.REFUSED, "it is about another short code than ours")


async def _by_receipt(work: Work, letters: Sequence[Letter]) -> list[Letter]:
    """Those of receipts that are nobody's so far are left over."""
    if not letters:
        return []
    owners = await owners_of_receipts(work, [letter.about for letter in letters if letter.about])
    for letter in letters:
        letter.payment_id = owners.get(letter.about or "")
    return [letter for letter in letters if letter.payment_id is None]


async def _by_reference(work: Work, letters: Sequence[Letter]) -> list[Letter]:
    """By a reference that we gave out."""
    typed = {bare(claim.reference) for claim in _claims(letters) if claim.reference} - {""}
    if not typed:
        return list(letters)
    known = await payments_by_reference(work, typed)
    for letter in letters:
        if letter.claim is not None and letter.claim.reference:
            letter.payment_id = known.get(bare(letter.claim.reference))
    return [letter for letter in letters if letter.payment_id is None]


async def _by_account(work: Work, letters: Sequence[Letter]) -> None:
    """By the number of something that can be paid for. Of two messages about one receipt the first makes the payment."""
    typed = [letter for letter in letters if letter.claim is not None and letter.claim.reference and letter.about]
    if not typed:
        return
    receipts = sorted({letter.about for letter in typed if letter.about})
    await one_at_a_time(work, receipts)
    found = await owners_of_receipts(work, receipts)
    for letter in typed:
        if letter.claim is None or letter.about is None:
            continue
        if found.get(letter.about) is None:
            with as_part_of(letter.correlation_id):
                found[letter.about] = await _payment_for(work, letter.claim)
        letter.payment_id = found[letter.about]


async def _payment_for(work: Work, claim: Evidence) -> UUID | None:
    """A new payment for what the payer's number means; None when it means nothing."""
    if claim.amount is None or not claim.reference:
        return None
    due = await due_by_reference(claim.reference)
    if due is None:
        return None
    amount = due.expected(claim.amount)
    if amount.amount_minor <= 0 or amount.currency != due.currency:
        return None
    payment = await open_payment(work, due, amount, created_by=None)
    return UUID(str(payment.id))


def _claims(letters: Iterable[Letter]) -> list[Evidence]:
    return [letter.claim for letter in letters if letter.claim is not None]
