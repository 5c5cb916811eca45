"""A payment is told of, and its status, its money, the books and what is announced follow."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from domain.kit.database import execute
from domain.kit.ids import new_id
from domain.kit.unit_of_work import unit_of_work
from domain.payments.states import Outcome, PaymentStatus
from tests.domain.payments.rules.factory import ASKED, DUE_AT, EXPIRES_AT, LATER, RECEIPT, SENT_AT, SOON, callback
from tests.domain.payments.settling.factory import PHONE, Made, a_payment, all_is_well, books, rows, told, write_claims
from tests.support.happenings import names_of_events

pytestmark = pytest.mark.usefixtures("database")


async def test_a_payment_that_is_paid_is_matched() -> None:
    made = await a_payment()
    settled = await told(made, callback())
    payment, result = settled.payment, settled.reconciliation
    assert (payment.status, payment.transaction_id, payment.purpose_amount) == ("PAID", RECEIPT, ASKED)
    assert (result.status, result.transaction_id, result.issues, result.attempts) == ("MATCHED", RECEIPT, [], 1)
    assert await books() == {"1210": 250_000, "2910": 250_000}
    assert await rows("select receipt, payment_id from mpesa_receipt") == [(RECEIPT, made.id)]
    assert await names_of_events() == [
        "ledger.entry_posted",
        "payments.payment_changed",
        "payments.payment_credited",
        "payments.reconciliation_finished",
    ]
    await all_is_well()


async def _asked_again(made: Made) -> UUID:
    """The same telephone is about to be prompted once more."""
    again = new_id()
    await execute(
        """insert into payment_prompt (id, payment_id, attempt_no, phone, amount_minor, currency, state, created_at)
           values ($1, $2, 2, $3, $4, $5, 'WAITING', $6)""",
        again,
        made.id,
        PHONE,
        ASKED.amount_minor,
        ASKED.currency,
        SENT_AT,
    )
    return again


async def test_a_prompt_that_failed_does_not_end_a_payment_that_can_still_be_paid() -> None:
    made = await a_payment()
    again = await _asked_again(made)
    settled = await told(made, callback(Outcome.EXPIRED), at=SOON)
    assert (settled.payment.status, settled.reconciliation.status) == (PaymentStatus.PROCESSING, "UNVERIFIED")
    await execute("update payment_prompt set state = 'REFUSED' where id = $1", again)
    assert (await told(made, at=SOON)).payment.status is PaymentStatus.EXPIRED


async def test_a_payment_that_was_asked_for_again_ends_with_its_time() -> None:
    made = await a_payment()
    await _asked_again(made)
    assert (await told(made, callback(Outcome.CANCELLED), at=SOON)).payment.status is PaymentStatus.PROCESSING
    assert (await told(made, at=LATER)).payment.status is PaymentStatus.CANCELLED


async def test_a_prompt_that_is_long_gone_does_not_keep_a_payment_open() -> None:
    made = await a_payment()
    again = await _asked_again(made)
    await execute("update payment_prompt set state = 'ASKED', asked_at = $2 where id = $1", again, SENT_AT)
    await execute(
        """update payment_prompt set state = 'ACCEPTED', checkout_request_id = 'ws_CO_again', accepted_at = $2,
                  callback_due_at = $3, expires_at = $4 where id = $1""",
        again,
        SENT_AT,
        EXPIRES_AT - timedelta(seconds=2),
        EXPIRES_AT,
    )
    # The first one's callback is overdue, so only the second could be paid, and it is declined.
    declined = replace(callback(Outcome.CANCELLED, after_s=200), prompt="ws_CO_again")
    async with unit_of_work() as work:
        await write_claims(work, [(replace(made, prompt="ws_CO_again"), declined)])
    assert (await told(made, at=DUE_AT + timedelta(seconds=1))).payment.status is PaymentStatus.CANCELLED
