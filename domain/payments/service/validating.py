"""Whether a customer's own payment is wanted: the provider asks before it takes their money, and waits for the answer."""

from __future__ import annotations

from collections.abc import Collection

from domain.kit.money import Money
from domain.payments import settings
from domain.payments.models import Payment
from domain.payments.provider import MAX_REFERENCE
from domain.payments.purposes import due_by_reference
from domain.payments.rules.messages import C2BPayment, parse_c2b
from domain.payments.rules.references import bare
from domain.payments.rules.results import C2BAnswer


async def validate_paybill(body: bytes, *, short_codes: Collection[str], strict: bool) -> C2BAnswer:
    """Is it meant for us, and an amount that can be? ``strict``: and for something that we know, that is still to be paid.

    Without that, money of which nobody knows what it is for is taken, and waits until somebody says.
    """
    asked = parse_c2b(body)
    if not isinstance(asked, C2BPayment):
        return C2BAnswer.INVALID_AMOUNT if asked.field == "TransAmount" else C2BAnswer.OTHER
    if asked.short_code not in short_codes:
        return C2BAnswer.INVALID_SHORT_CODE
    if asked.amount > settings.current().most:
        return C2BAnswer.INVALID_AMOUNT
    return await _fits(asked.reference or "", asked.amount) if strict else C2BAnswer.ACCEPTED


async def _fits(reference: str, amount: Money) -> C2BAnswer:
    """Whether something is to be paid under the account number that was typed."""
    payment = await Payment.get_or_none(reference=bare(reference)[:MAX_REFERENCE])
    if payment is not None:
        if payment.is_taken:
            return C2BAnswer.INVALID_ACCOUNT
        return C2BAnswer.ACCEPTED if payment.amount == amount else C2BAnswer.INVALID_AMOUNT
    due = await due_by_reference(reference)
    if due is None or due.currency != amount.currency:
        return C2BAnswer.INVALID_ACCOUNT
    return C2BAnswer.ACCEPTED if due.expected(amount) == amount else C2BAnswer.INVALID_AMOUNT
