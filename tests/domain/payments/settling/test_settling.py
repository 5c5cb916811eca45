"""A payment is told of, and its status, its money, the books and what is announced follow."""

from __future__ import annotations

import pytest

from tests.domain.payments.rules.factory import ASKED, RECEIPT, callback
from tests.domain.payments.settling.factory import a_payment, all_is_well, books, rows, told
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
