"""The statement that the simulator exports, of payments that customers made there."""

from __future__ import annotations

import pytest

from domain.payments.models import StatementRow
from domain.payments.states import ImportStatus, PaymentStatus, RowState
from tests.support.happenings import assert_integrity
from tests.support.mpesa import Mpesa
from tests.support.mpesa_statements import a_payment, an_administrator, imported, shillings


@pytest.mark.parametrize("layout", ["customer", "organisation"])
async def test_its_payments_are_found_by_what_was_typed(mpesa: Mpesa, layout: str) -> None:
    payments = [await a_payment(100 + n) for n in range(3)]
    for n, payment in enumerate(payments):
        await mpesa.customer_pays(payment.reference.lower(), str(100 + n))
    await mpesa.customer_pays("who knows", "77")
    await mpesa.delivered()
    asked = {"layout": layout, "charges": "true"}
    written = (await mpesa.http.get("/simulator/statement.csv", params=asked)).raise_for_status()
    done = await imported(an_administrator(), written.content)
    assert (done.status, done.bad_rows, done.payments_in, done.matched, done.orphans) == (ImportStatus.DONE, 0, 4, 3, 1)
    assert done.others == await StatementRow.filter(state=RowState.IGNORED).count() == done.rows_done - 4
    truth = {each["reference"].upper(): each for each in await mpesa.truth()}
    for n, payment in enumerate(payments):
        await payment.refresh_from_db()
        assert (payment.status, payment.purpose_amount) == (PaymentStatus.PAID, shillings(100 + n))
        assert payment.transaction_id == truth[payment.reference]["receipt"]
    await assert_integrity("payments", "ledger")
